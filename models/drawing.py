"""Reading a drawn shape: a circle, or a polygon of GeoJSON with its bounds, every fault named by its place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from models.inside import Drawn, circle, metres_per_degree, polygon
from twin.errors import BadInput, TooLarge

MOST_VERTICES = 2_000
LEAST_RADIUS_M, MOST_RADIUS_M = 1.0, 50_000.0
MOST_REACH_M = 200_000.0  # beyond it lengths on the flat are no longer those on the ground
MOST_LATITUDE = 85.0
_NESTING = {"Polygon": 1, "MultiPolygon": 2}  # lists between the coordinates and a ring


def read_drawn(said: Mapping[str, Any]) -> Drawn:
    """``{"circle": {"lon", "lat", "radius_m"}}``, or a Polygon or MultiPolygon of GeoJSON.

    Raises:
        BadInput: neither of them, or a number, ring or crossing that no shape can have; the field names the place.
        TooLarge: more corners or more ground than are taken.
    """
    if "circle" in said:
        return _circle(said["circle"])
    kind = said.get("type")
    if not isinstance(kind, str) or kind not in _NESTING:
        raise BadInput("type: a shape is a Polygon, a MultiPolygon or a 'circle'", "type")
    return _polygon(kind, said.get("coordinates"))


def _circle(said: Any) -> Drawn:
    if not isinstance(said, dict):
        raise BadInput("circle: an object with lon, lat and radius_m", "circle")
    lon, lat, radius_m = (_number(said.get(name), f"circle.{name}") for name in ("lon", "lat", "radius_m"))
    _on_earth(lon, lat, "circle")
    if not LEAST_RADIUS_M <= radius_m <= MOST_RADIUS_M:
        raise BadInput(f"circle.radius_m: from {LEAST_RADIUS_M:g} to {MOST_RADIUS_M:g} m", "circle.radius_m")
    return circle(lon, lat, radius_m)


def _polygon(kind: str, coordinates: Any) -> Drawn:
    rings = list(_rings(coordinates, _NESTING[kind], "coordinates"))
    corners = sum(len(ring) for _, ring in rings)
    if corners > MOST_VERTICES + len(rings):  # each ring ends where it begins
        raise TooLarge(f"coordinates: {corners} positions; at most {MOST_VERTICES} are taken", "coordinates")
    for place, ring in rings:
        _check_ring(ring, place)
    outline = _outline(coordinates if kind == "MultiPolygon" else [coordinates])
    if not shapely.is_valid(outline):
        raise BadInput(f"coordinates: {shapely.is_valid_reason(outline)}", "coordinates", "invalid_shape")
    _check_reach(outline)
    return polygon(outline)


def _rings(said: Any, depth: int, place: str) -> Iterator[tuple[str, list[Any]]]:
    """Every ring with its place."""
    if not isinstance(said, list) or not said:
        raise BadInput(f"{place}: not the coordinates of such a shape", place)
    for index, each in enumerate(said):
        inner = f"{place}[{index}]"
        if depth > 1:
            yield from _rings(each, depth - 1, inner)
        elif isinstance(each, list):
            yield inner, each
        else:
            raise BadInput(f"{inner}: not a ring of positions", inner)


def _check_ring(ring: list[Any], place: str) -> None:
    for index, position in enumerate(ring):
        where = f"{place}[{index}]"
        if not isinstance(position, list) or len(position) not in (2, 3):
            raise BadInput(f"{where}: not a position of longitude and latitude", where)
        lon, lat, *_ = (_number(each, where) for each in position)
        _on_earth(lon, lat, where)
    if len(ring) < 4:
        raise BadInput(f"{place}: a ring has at least four positions", place, "short_ring")
    if ring[0][:2] != ring[-1][:2]:
        raise BadInput(f"{place}: not closed; its last position is not its first", place, "open_ring")


def _number(said: Any, place: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise BadInput(f"{place}: not a number", place)
    number = float(said)  # JSON knows no integer beyond 64 bits here
    if not math.isfinite(number):
        raise BadInput(f"{place}: not finite", place)
    return number


def _on_earth(lon: float, lat: float, place: str) -> None:
    if not (-180.0 <= lon <= 180.0 and -MOST_LATITUDE <= lat <= MOST_LATITUDE):
        message = f"{place}: outside longitude ±180°, latitude ±{MOST_LATITUDE:g}°; longitude stands first"
        raise BadInput(message, place, "out_of_range")


def _outline(parts: list[Any]) -> Any:
    """The parts as one shape, heights left out."""
    flat = [[[position[:2] for position in ring] for ring in part] for part in parts]
    return shapely.MultiPolygon([(shell, holes) for shell, *holes in flat])


def _check_reach(outline: Any) -> None:
    west, south, east, north = (float(each) for each in shapely.bounds(outline))
    east_m, north_m = (float(each) for each in metres_per_degree(np.float64((south + north) / 2)))
    if max((east - west) * east_m, (north - south) * north_m) > MOST_REACH_M:
        raise TooLarge(f"coordinates: the shape reaches over more than {MOST_REACH_M / 1000:g} km", "coordinates")
