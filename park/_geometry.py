"""Faults of geometry: form, numbers, rings, crossings, and places outside the park."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from park._entries import Entry, Folder
from park.fault import Fault, is_number
from park.format import GEOMETRY, MAY_LIE_OUTSIDE, OUTSIDE_TOLERANCE_M

_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_METRES_PER_DEGREE = 111_320.0
_LABEL_TOLERANCE_DEG = 1e-5

Drawn = list[tuple[Entry, Any]]


def geometry_faults(folder: Folder) -> Iterator[Fault]:
    """Faults of every feature's geometry, and the features that lie outside the boundary."""
    drawn: Drawn = []
    for entry in folder:
        faults = list(_form(entry))
        yield from faults
        if faults:
            continue
        geometry = entry.raw["geometry"]
        yield from _parts(entry, geometry["type"], geometry["coordinates"])
        if (figure := _shape(geometry)) is not None:
            drawn.append((entry, figure))
    yield from _crossings(drawn)
    yield from _labels(drawn)
    yield from _outside(drawn)


def _shape(geometry: dict[str, Any]) -> Any:
    """The shape, None where there are too few positions for one."""
    try:
        return shape(geometry)
    except (ValueError, shapely.errors.ShapelyError):
        return None


def _form(entry: Entry) -> Iterator[Fault]:
    geometry = entry.raw.get("geometry")
    if not isinstance(geometry, dict):
        yield entry.lacks("geometry", "there is no geometry")
        return
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in _DEPTH:
        yield entry.fault("geometry.type", kind, f"not one of {', '.join(_DEPTH)}")
        return
    allowed = GEOMETRY.get(entry.file)
    if allowed and kind not in allowed:
        yield entry.fault("geometry.type", kind, f"{entry.file}.geojson holds {' or '.join(sorted(allowed))}")
        return
    yield from _coordinates(entry, kind, geometry.get("coordinates"))


def _coordinates(entry: Entry, kind: str, coordinates: Any) -> Iterator[Fault]:
    positions: list[tuple[str, Any]] = []
    if not _flatten(coordinates, _DEPTH[kind], "geometry.coordinates", positions):
        yield entry.fault("geometry.coordinates", coordinates, f"not the coordinates of a {kind}")
        return
    bad = [(place, position, why) for place, position in positions if (why := position_fault(position))]
    for place, position, why in bad[:1]:
        more = f" (and {len(bad) - 1} more of its {len(positions)} positions)" if len(bad) > 1 else ""
        yield entry.fault(place, position, why + more)
    if not bad and len({len(position) for _, position in positions}) > 1:
        yield entry.fault("geometry.coordinates", coordinates, "some positions have a height and some have none")


def _flatten(coordinates: Any, depth: int, place: str, into: list[tuple[str, Any]]) -> bool:
    """Collect the positions with their place; False where the nesting is not that of the geometry's type."""
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if depth == 0:
        into.append((place, coordinates))
        return not isinstance(coordinates[0], list)
    return all(_flatten(each, depth - 1, f"{place}[{index}]", into) for index, each in enumerate(coordinates))


def position_fault(position: list[Any]) -> str | None:
    """What is wrong with a position (longitude, latitude and perhaps a height); None where nothing is."""
    if len(position) not in (2, 3) or not all(map(is_number, position)):
        return "a position is two finite numbers: longitude, latitude"
    if abs(position[0]) > 180 or abs(position[1]) > 90:
        return "outside longitude -180 to 180, latitude -90 to 90 (order: longitude first)"
    return None


def _parts(entry: Entry, kind: str, coordinates: Any) -> Iterator[Fault]:
    if kind in ("LineString", "MultiLineString"):
        lines = [coordinates] if kind == "LineString" else coordinates
        if any(len({tuple(each) for each in line}) < 2 for line in lines):
            yield entry.fault("geometry.coordinates", coordinates, "a line needs two different positions")
    if kind in ("Polygon", "MultiPolygon"):
        polygons = [coordinates] if kind == "Polygon" else coordinates
        yield from _rings(entry, [ring for polygon in polygons for ring in polygon])


def _rings(entry: Entry, rings: Sequence[Any]) -> Iterator[Fault]:
    for number, ring in enumerate(rings):
        name = f"geometry.coordinates ring {number}"
        if ring[0] != ring[-1]:
            yield entry.fault(
                name, [ring[0], ring[-1]], "the ring is not closed; its last position must repeat its first"
            )
        elif len(ring) < 4:
            yield entry.fault(name, ring, "a ring needs at least four positions")


def _crossings(drawn: Drawn) -> Iterator[Fault]:
    shapes = np.array([geometry for _, geometry in drawn], dtype=object)
    for index in np.flatnonzero(~shapely.is_valid(shapes)):
        reason = shapely.is_valid_reason(shapes[index])
        if not reason.startswith("Too few points"):  # already named by its ring or line
            yield drawn[index][0].lacks("geometry", f"not a valid shape: {reason}")


def _labels(drawn: Drawn) -> Iterator[Fault]:
    for entry, geometry in drawn:
        label = entry.props.get("label")
        if label is None:
            continue
        why = position_fault(label) if isinstance(label, list) else "a label is [longitude, latitude]"
        if why:
            yield entry.fault("label", label, why)
        elif shapely.distance(geometry, shapely.Point(label[:2])) > _LABEL_TOLERANCE_DEG:
            yield entry.fault("label", label, "the label lies outside its shape")


def _outside(drawn: Drawn) -> Iterator[Fault]:
    boundary = shapely.union_all([each for entry, each in drawn if entry.file == "boundary" and each.is_valid])
    inside = [(entry, each) for entry, each in drawn if entry.file in GEOMETRY.keys() - MAY_LIE_OUTSIDE - {"boundary"}]
    if boundary.is_empty or not inside:
        return
    scale = np.array([math.cos(math.radians(boundary.centroid.y)), 1.0]) * _METRES_PER_DEGREE
    corners, owner = shapely.get_coordinates([each for _, each in inside], return_index=True)
    distances_m = shapely.distance(
        shapely.points(corners * scale), shapely.transform(boundary, lambda each: each * scale)
    )
    farthest_m = np.zeros(len(inside))
    np.maximum.at(farthest_m, owner, distances_m)
    for index in np.flatnonzero(farthest_m > OUTSIDE_TOLERANCE_M):
        entry, geometry = inside[index]
        where = [round(each, 6) for each in geometry.centroid.coords[0]]
        yield entry.fault("geometry", where, f"lies {farthest_m[index]:,.0f} m outside the park's boundary")
