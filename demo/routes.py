"""Ways through the park along its own roads, for vehicles to drive."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from demo.chance import Floats
from demo.folder import M_PER_DEG_LAT, Feature, Folder

Line = list[list[float]]


@lru_cache(maxsize=2)
def _neighbours(folder: Folder) -> Mapping[str, list[tuple[str, float, Line]]]:
    """Node → (next node, metres, line to it), over roads where dangerous goods may go."""
    found: dict[str, list[tuple[str, float, Line]]] = {}
    for road in folder.features("roads"):
        if road.props.get("hazmat_allowed", True) and road.geometry["type"] == "LineString":
            one, two, length = str(road.props["from_node"]), str(road.props["to_node"]), float(road.props["length_m"])
            line: Line = road.geometry["coordinates"]
            found.setdefault(one, []).append((two, length, line))
            found.setdefault(two, []).append((one, length, line[::-1]))
    return found


def _nearest_node(folder: Folder, place: Feature) -> str | None:
    known = _neighbours(folder)
    nodes = [each for each in folder.features("road_nodes") if each.id in known]
    return min(nodes, key=lambda n: (n.lon - place.lon) ** 2 + (n.lat - place.lat) ** 2).id if nodes else None


def _shortest(folder: Folder, start: str, goal: str) -> Line:
    """Dijkstra; an empty line where no road leads."""
    ways = _neighbours(folder)
    queue: list[tuple[float, str, Line]] = [(0.0, start, [])]
    done: set[str] = set()
    while queue:
        metres, node, line = heapq.heappop(queue)
        if node == goal:
            return line
        if node not in done:
            done.add(node)
            for after, length, part in ways[node]:
                heapq.heappush(queue, (metres + length, after, line + part))
    return []


@lru_cache(maxsize=1024)
def way(folder: Folder, gate: Feature, place: Feature) -> tuple[Floats, Floats]:
    """Corners of the way from a gate to a place (lon, lat), and how far along each lies (metres)."""
    start, goal = _nearest_node(folder, gate), _nearest_node(folder, place)
    between = _shortest(folder, start, goal) if start and goal else []
    corners = np.array([[gate.lon, gate.lat], *between, [place.lon, place.lat]], dtype=np.float64)
    scale = np.array([np.cos(np.radians(gate.lat)), 1.0]) * M_PER_DEG_LAT
    steps = np.hypot(*(np.diff(corners, axis=0) * scale).T)
    return corners, np.concatenate(([0.0], np.cumsum(steps)))


def along(corners: Floats, metres: Floats, at_m: Floats) -> Floats:
    """Places (lon, lat) that far along a way."""
    return np.column_stack([np.interp(at_m, metres, corners[:, axis]) for axis in (0, 1)])
