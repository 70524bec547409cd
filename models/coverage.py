"""What gas devices cover, and where nobody would notice: circles and sectors against the areas of risk sources (GS-11).

All in metres on a plane that touches the park: within 20 km of its middle lengths are right to 0.1 %. A circle is
drawn from inside with a corner every few degrees, so what is called covered is, and its area is right to 0.2 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from models.geometry import CORNER_DEG, M_PER_DEG

_DIGITS = 6  # of degrees: about 0.1 m
_LEAST_M2 = 1.0  # slivers that are only rounding
_DRAWN_M = 0.5  # so exactly gaps are drawn; they are measured before that
_KEPT = 1024

Place = tuple[float, float]


class Reach(NamedTuple):
    """What one device covers: a circle, or the sector of it that it looks into. ``silent``: nothing is heard of it."""

    lon: float
    lat: float
    radius_m: float
    direction_deg: float | None = None
    fov_deg: float | None = None
    silent: bool = False


class Gap(NamedTuple):
    """What of an area no device covers (``blind``), and what only silent ones do (``silent``), in square metres.

    The shapes are GeoJSON in degrees, None where there is nothing to draw.
    """

    area_m2: float
    blind_m2: float
    silent_m2: float
    blind: dict[str, Any] | None
    silent: dict[str, Any] | None


def gaps(areas: Mapping[str, str], devices: Sequence[Reach]) -> dict[str, Gap]:
    """The gaps of each area (GeoJSON text by id); what is not an area has none."""
    boxes = _boxes(devices)
    return {id: found for id, text in areas.items() if (found := _gap(text, boxes, devices)) is not None}


def _boxes(devices: Sequence[Reach]) -> NDArray[np.float64]:
    """West, south, east, north of what each device can reach at most."""
    if not devices:
        return np.empty((4, 0))
    lon, lat, radius_m = np.array([each[:3] for each in devices], dtype=np.float64).T
    north = radius_m / M_PER_DEG
    east = north / np.cos(np.radians(lat))
    return np.array([lon - east, lat - north, lon + east, lat + north])


def _gap(text: str, boxes: NDArray[np.float64], devices: Sequence[Reach]) -> Gap | None:
    area = _area(text)
    if area is None:
        return None
    west, south, east, north = area.bounds
    near = (boxes[0] <= east) & (boxes[2] >= west) & (boxes[1] <= north) & (boxes[3] >= south)
    return _measured(text, tuple(devices[each] for each in np.flatnonzero(near).tolist()))


@lru_cache(_KEPT)
def _area(text: str) -> Any:
    """The area in degrees, None where the text draws none."""
    try:
        drawn = shapely.make_valid(shapely.from_geojson(text))
    except shapely.errors.GEOSException:
        return None
    return drawn if drawn.area > 0 else None


@lru_cache(_KEPT)
def _measured(text: str, devices: tuple[Reach, ...]) -> Gap:
    """One area against the devices near it; as long as neither changes it is not computed again."""
    drawn = _area(text)
    origin = drawn.centroid.coords[0]
    area = _flat(drawn, origin)
    heard, silent = (_covered([each for each in devices if each.silent == wanted], origin) for wanted in (False, True))
    unheard = shapely.difference(area, heard)
    blind, only_silent = shapely.difference(unheard, silent), shapely.intersection(unheard, silent)
    return Gap(area.area, _size(blind), _size(only_silent), _drawn(blind, origin), _drawn(only_silent, origin))


def _size(shape: Any) -> float:
    return float(shape.area) if shape.area >= _LEAST_M2 else 0.0


def _covered(devices: Sequence[Reach], origin: Place) -> Any:
    """All that some devices cover, in metres from an origin."""
    return shapely.union_all([shapely.polygons(_corners(each, origin)) for each in devices])


def _corners(device: Reach, origin: Place) -> NDArray[np.float64]:
    """The corners of ``models.geometry.reach``, in metres from an origin."""
    wide = min(360.0, device.fov_deg or 360.0)
    middle = (np.array(device[:2]) - origin) * _scale(origin)
    rim = middle + device.radius_m * _rim((device.direction_deg or 0.0) - wide / 2, wide)
    return rim if wide == 360.0 else np.vstack([middle, rim, middle])


@lru_cache(_KEPT)
def _rim(first_deg: float, wide_deg: float) -> NDArray[np.float64]:
    """Corners of an arc of radius 1, clockwise from a bearing."""
    bearing = np.radians(first_deg + np.linspace(0.0, wide_deg, math.ceil(wide_deg / CORNER_DEG) + 1))
    return np.column_stack([np.sin(bearing), np.cos(bearing)])


def _scale(origin: Place) -> NDArray[np.float64]:
    """Metres to the east and north in a degree."""
    return np.array([M_PER_DEG * math.cos(math.radians(origin[1])), M_PER_DEG])


def _flat(shape: Any, origin: Place) -> Any:
    """Degrees as metres from an origin."""
    return shapely.transform(shape, lambda corners: (corners - origin) * _scale(origin))


def _drawn(shape: Any, origin: Place) -> dict[str, Any] | None:
    """Metres as a polygon or several in degrees, without slivers; None where nothing is left."""
    drawn = shapely.get_parts(shapely.simplify(shape, _DRAWN_M))
    parts = [each for each in drawn if each.geom_type == "Polygon" and each.area >= _LEAST_M2]
    if not parts:
        return None
    whole = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    degrees = shapely.transform(whole, lambda corners: np.round(corners / _scale(origin) + origin, _DIGITS))
    said: dict[str, Any] = orjson.loads(shapely.to_geojson(degrees))
    return said
