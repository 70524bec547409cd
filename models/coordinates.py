"""China's shifted coordinates (GCJ-02 of the state, BD-09 of Baidu) and WGS 84, to and fro, arrays at once.

The state has never published its shift. These are the formulas that everybody uses since 2010 (the ``eviltransform``
and ``coordtransform`` projects): a series of sines in degrees from 105° E, 35° N, scaled to Krasovsky's ellipsoid; and
for BD-09 a small turn and stretch about 0° E, 0° N. The ways back have no formula; they are found by iteration.
Places outside the box around China are not shifted.

Degrees everywhere; longitude first. A missing number (NaN) stays one. Round trips agree to 0.01 m (promised: 0.1 m)
where both ends are inside the box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Shift = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]

_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_AXIS_M, _ECCENTRICITY_2 = 6378245.0, 0.00669342162296594323  # Krasovsky 1940
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_STEPS = 12  # each step leaves less than 3 % of the error
_CLOSE_DEG = 1e-10


def wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """WGS 84 to GCJ-02."""
    inside = _inside(lon, lat)
    east, north = _shift(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def gcj02_to_wgs84(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """GCJ-02 to WGS 84."""
    return _back(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """GCJ-02 to BD-09."""
    inside = _inside(lon, lat)
    reach = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    east, north = reach * np.cos(angle) + _BD_LON, reach * np.sin(angle) + _BD_LAT
    return np.where(inside, east, lon), np.where(inside, north, lat)


def bd09_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """BD-09 to GCJ-02."""
    return _back(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """WGS 84 to BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """BD-09 to WGS 84."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


TO_WGS84: Mapping[str, Shift] = MappingProxyType({"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84})


def _inside(lon: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """How far GCJ-02 lies to the east and north, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + 2.0 / 3.0 * (wave + _north(y))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + 2.0 / 3.0 * (wave + _east(x))
    return _in_degrees(east, north, np.radians(lat))


def _north(y: Degrees) -> Degrees:
    fine = 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)
    return np.asarray(fine + 160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0))


def _east(x: Degrees) -> Degrees:
    fine = 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)
    return np.asarray(fine + 150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0))


def _in_degrees(east_m: Degrees, north_m: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Metres on the ellipsoid in degrees."""
    magic = 1.0 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    along = _AXIS_M / np.sqrt(magic) * np.cos(latitude)
    up = _AXIS_M * (1.0 - _ECCENTRICITY_2) / (magic * np.sqrt(magic))
    return np.degrees(east_m / along), np.degrees(north_m / up)


def _back(forward: Shift, lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """The place that ``forward`` brings to ``lon``, ``lat``."""
    inside = _inside(lon, lat)
    east, north = lon, lat
    for _ in range(_STEPS):
        there = forward(east, north)
        off_lon, off_lat = lon - there[0], lat - there[1]
        east, north = np.where(inside, east + off_lon, lon), np.where(inside, north + off_lat, lat)
        if not np.any(np.abs(off_lon) + np.abs(off_lat) > _CLOSE_DEG):
            break
    return east, north
