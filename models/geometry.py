"""Distances over the ground between places a few kilometres apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

M_PER_DEG = 111_320.0
CORNER_DEG = 5.0  # from corner to corner of a drawn circle

Ring = list[tuple[float, float]]


class Near(NamedTuple):
    """Something near, and how far away it is."""

    id: str
    distance_m: float


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Metres between two places given in degrees; right to 0.1 % within 50 km."""
    east = (lon_b - lon_a) * math.cos(math.radians((lat_a + lat_b) / 2)) * M_PER_DEG
    return math.hypot(east, (lat_b - lat_a) * M_PER_DEG)


def rings(geometry: Mapping[str, Any]) -> list[Ring]:
    """All lines of a GeoJSON geometry: rings of areas, lines, and single places as lines of one."""
    found = geometry.get("coordinates") or []
    kind = geometry.get("type", "")
    if kind == "Point":
        return [[tuple(found[:2])]]
    if kind in ("LineString", "MultiPoint"):
        return [[tuple(each[:2]) for each in found]]
    if kind in ("Polygon", "MultiLineString"):
        return [[tuple(each[:2]) for each in ring] for ring in found]
    return [[tuple(each[:2]) for each in ring] for part in found for ring in part] if kind == "MultiPolygon" else []


def distance_to_m(lon: float, lat: float, geometry: Mapping[str, Any]) -> float:
    """Metres from a place to the nearest edge of a geometry; infinite for an empty one.

    A place inside an area is measured to its edge as well.
    """
    scale = math.cos(math.radians(lat))
    flat = [[((x - lon) * scale * M_PER_DEG, (y - lat) * M_PER_DEG) for x, y in ring] for ring in rings(geometry)]
    return min((_to_line(ring) for ring in flat if ring), default=math.inf)


def _to_line(line: list[tuple[float, float]]) -> float:
    if len(line) == 1:
        return math.hypot(*line[0])
    return min(_to_segment(a, b) for a, b in pairwise(line))


def _to_segment(a: tuple[float, float], b: tuple[float, float]) -> float:
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + along * dx, ay + along * dy)


def nearest(lon: float, lat: float, shapes: Iterable[tuple[str, Mapping[str, Any]]]) -> Near | None:
    """The shape whose edge is nearest to a place, None where there are none."""
    near = ((distance_to_m(lon, lat, geometry), id) for id, geometry in shapes)
    best = min(near, default=None)
    return Near(best[1], best[0]) if best else None


def reach(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The area that a thing covers as a polygon: a circle of ``radius_m`` round ``lon``, ``lat``, or the sector of it
    that is ``fov_deg`` wide round ``direction_deg`` (degrees clockwise from north). None where no radius is given.

    ``reachOf`` of ``assets/js/map/features.js`` draws the same.
    """
    radius_m = row.get("radius_m")
    if not radius_m:
        return None
    wide = min(360.0, row.get("fov_deg") or 360.0)
    first = (row.get("direction_deg") or 0.0) - wide / 2
    steps = math.ceil(wide / CORNER_DEG)
    rim = [_from(row, radius_m, first + wide * step / steps) for step in range(steps + 1)]
    if wide == 360.0:
        return {"type": "Polygon", "coordinates": [[*rim[:-1], rim[0]]]}
    middle = [row["lon"], row["lat"]]
    return {"type": "Polygon", "coordinates": [[middle, *rim, middle]]}


def _from(row: Mapping[str, Any], distance_m: float, bearing_deg: float) -> list[float]:
    """The place that lies so far from a row's in a direction."""
    bearing, scale = math.radians(bearing_deg), math.cos(math.radians(row["lat"]))
    east, north = distance_m * math.sin(bearing), distance_m * math.cos(bearing)
    return [row["lon"] + east / (scale * M_PER_DEG), row["lat"] + north / M_PER_DEG]


def area_m2(geometry: Mapping[str, Any]) -> float:
    """Square metres inside the outer rings of an area, less its holes."""
    kind, found = geometry.get("type"), geometry.get("coordinates") or []
    parts = [found] if kind == "Polygon" else found if kind == "MultiPolygon" else []
    return sum(_ring_area(ring) * (1 if index == 0 else -1) for part in parts for index, ring in enumerate(part))


def _ring_area(ring: list[list[float]]) -> float:
    middle = math.cos(math.radians(sum(each[1] for each in ring) / max(1, len(ring))))
    lon0, lat0 = ring[0][0], ring[0][1]
    flat = [((each[0] - lon0) * middle * M_PER_DEG, (each[1] - lat0) * M_PER_DEG) for each in ring]
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(flat))) / 2
