"""Mains drawn along the park's roads: the shortest ways from where something is supplied to every plot at work."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from demo.folder import Feature, Folder

M_PER_DEG_LON = 93_045.0


@dataclass(frozen=True)
class Reach:
    """From the nearest source: metres to each road node, and the road by which one comes there."""

    metres: dict[str, float]
    by: dict[str, Feature]


def _nearest(folder: Folder, place: Feature, known: Iterable[str]) -> str:
    nodes = [folder.by_id[each] for each in known]
    return min(nodes, key=lambda each: math.dist((each.lon * 0.839, each.lat), (place.lon * 0.839, place.lat))).id


def reach(folder: Folder, sources: Sequence[Feature]) -> Reach:
    """The shortest ways along the roads from the nearest of the sources to everywhere."""
    ways: dict[str, list[Feature]] = defaultdict(list)
    for road in folder.features("roads"):
        for end in ("from_node", "to_node"):
            ways[str(road.props[end])].append(road)
    begins = {_nearest(folder, each, ways) for each in sources}
    metres, by = dict.fromkeys(begins, 0.0), dict[str, Feature]()
    queue = [(0.0, each) for each in sorted(begins)]
    while queue:
        far, node = heapq.heappop(queue)
        for road in ways[node] if far <= metres[node] else ():
            there, total = other_end(road, node), far + float(road.props["length_m"])
            if total < metres.get(there, math.inf):
                metres[there], by[there] = total, road
                heapq.heappush(queue, (total, there))
    return Reach(metres, by)


def other_end(road: Feature, node: str) -> str:
    """The node at the road's other end."""
    return str(road.props["to_node"] if road.props["from_node"] == node else road.props["from_node"])


def served(folder: Folder, found: Reach) -> Counter[str]:
    """How many plots at work each road's main serves, by the road's id."""
    flow: Counter[str] = Counter()
    for plot in folder.operating:
        node = access(folder, plot, found)
        while node in found.by:
            flow[found.by[node].id] += 1
            node = other_end(found.by[node], node)
    return flow


def access(folder: Folder, plot: Feature, found: Reach) -> str:
    """The node by which a plot is reached soonest."""
    road = folder.by_id[str(plot.props["access_road"])]
    return min((str(road.props[each]) for each in ("from_node", "to_node")), key=lambda each: found.metres[each])
