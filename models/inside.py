"""A shape drawn on the ground, and what lies in it: pure geometry, arrays at once.

Degrees are WGS 84, longitude first; lengths are metres on its ellipsoid. A length is taken by the mid-latitude formula
(Snyder, Map Projections – A Working Manual, 1987, eq. 4-19 and 4-20: radii of curvature along the meridian and across
it, both at the middle latitude), right to 0.01 % within 50 km below 70° of latitude. Areas are taken in the sinusoidal
projection, which keeps them. An edge is straight in degrees, as GeoJSON has it, and belongs to the shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Shapes = NDArray[np.object_]

_AXIS_M, _ECCENTRICITY_2 = 6_378_137.0, 0.006_694_379_990_14  # WGS 84
_ROUND_DEG = 1e-5  # a circle's outermost places stand out a little from the corners that it is drawn with
_SIDES = 256  # of a circle, where areas are cut with it: 0.01 % of the radius


def metres_per_degree(lat: Any) -> tuple[Numbers, Numbers]:
    """Metres to the east and to the north that a degree has at a latitude."""
    angle = np.radians(lat)
    bent = 1.0 - _ECCENTRICITY_2 * np.sin(angle) ** 2
    east = _AXIS_M * np.cos(angle) / np.sqrt(bent)
    north = _AXIS_M * (1.0 - _ECCENTRICITY_2) / bent**1.5
    return np.radians(east), np.radians(north)


def distances_m(lon: float, lat: float, lons: Numbers, lats: Numbers) -> Numbers:
    """Metres from a place to many others."""
    east, north = metres_per_degree((np.asarray(lats) + lat) / 2)
    return np.hypot((np.asarray(lons) - lon) * east, (np.asarray(lats) - lat) * north)


@dataclass(frozen=True)
class Drawn:
    """A drawn shape. ``outline`` is prepared, in degrees; ``radius_m`` is a circle's, None for others."""

    outline: Any
    lon: float
    lat: float
    area_m2: float
    perimeter_m: float
    radius_m: float | None = None

    @property
    def vertices(self) -> int:
        """Corners that were drawn; a circle has none."""
        rings = len(_rings(self.outline))  # each ends where it begins
        return 0 if self.radius_m else int(shapely.get_num_coordinates(self.outline)) - rings

    def distances_m(self, lons: Numbers, lats: Numbers) -> Numbers:
        """Metres from the middle."""
        return distances_m(self.lon, self.lat, lons, lats)

    def holds(self, lons: Numbers, lats: Numbers) -> NDArray[np.bool_]:
        """Which places lie in it; in a circle by their distance, so that its radius is one on the ground."""
        west, south, east, north = shapely.bounds(self.outline) + _ROUND_DEG * np.array([-1, -1, 1, 1])
        near = np.flatnonzero((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north))
        inside = np.zeros(len(lons), bool)
        if self.radius_m is None:
            inside[near] = shapely.intersects_xy(self.outline, lons[near], lats[near])
        else:
            inside[near] = self.distances_m(lons[near], lats[near]) <= self.radius_m
        return inside

    def shares(self, shapes: Shapes) -> Numbers:
        """How much of each valid area (of its ground) or line (of its length) lies in it, 0…1; NaN of those of which
        nothing does. What has no size lies in it wholly or not at all."""
        shares = np.full(len(shapes), np.nan)
        touched = np.flatnonzero(shapely.intersects(self.outline, shapes))
        if touched.size:
            areal = shapely.get_dimensions(shapes[touched]) == 2
            cut = shapely.intersection(self.outline, shapes[touched])
            whole, part = (_sizes(_flattened(each, self.lon, self.lat), areal) for each in (shapes[touched], cut))
            share = np.clip(np.divide(part, whole, out=np.ones_like(whole), where=whole > 0), 0.0, 1.0)
            shares[touched] = np.where(share > 0, share, np.nan)
        return shares


def circle(lon: float, lat: float, radius_m: float) -> Drawn:
    """The ground within ``radius_m`` of a place."""
    angle = np.linspace(0.0, 2 * np.pi, _SIDES, endpoint=False)
    _, north = metres_per_degree(lat)
    lats = lat + radius_m * np.cos(angle) / north
    east, north = metres_per_degree((lat + lats) / 2)
    lats = lat + radius_m * np.cos(angle) / north
    outline = shapely.Polygon(np.column_stack((lon + radius_m * np.sin(angle) / east, lats)))
    shapely.prepare(outline)
    return Drawn(outline, lon, lat, float(np.pi * radius_m**2), float(2 * np.pi * radius_m), radius_m)


def polygon(outline: Any) -> Drawn:
    """The ground within a valid polygon, or within the parts of several, less its holes."""
    first = shapely.get_point(shapely.get_exterior_ring(shapely.get_parts(outline)[0]), 0)
    lon, lat = float(shapely.get_x(first)), float(shapely.get_y(first))
    flat = _flattened(outline, lon, lat)
    middle = shapely.centroid(flat)
    centre_lat = lat + float(shapely.get_y(middle)) / float(metres_per_degree(lat)[1])
    centre_lon = lon + float(shapely.get_x(middle)) / float(metres_per_degree(centre_lat)[0])
    shapely.prepare(outline)
    return Drawn(outline, centre_lon, centre_lat, float(shapely.area(flat)), _length_m(outline))


def _flattened(shapes: Any, lon: float, lat: float) -> Any:
    """Shapes in metres round a place, in the sinusoidal projection."""

    def flat(places: Numbers) -> Numbers:
        east, _ = metres_per_degree(places[:, 1])
        _, north = metres_per_degree((places[:, 1] + lat) / 2)
        return np.column_stack(((places[:, 0] - lon) * east, (places[:, 1] - lat) * north))

    return shapely.transform(shapes, flat)


def _sizes(flat: Any, areal: NDArray[np.bool_]) -> Numbers:
    """Areas, and lengths of the rest."""
    return np.where(areal, shapely.area(flat), shapely.length(flat))


def _length_m(outline: Any) -> float:
    return float(sum(path_m(shapely.get_coordinates(each)) for each in _rings(outline)))


def _rings(outline: Any) -> Shapes:
    return np.asarray(shapely.get_rings(shapely.get_parts(outline)))


def path_m(places: Numbers) -> float:
    """Metres along a path of places, an array of [lon, lat]."""
    middle = (places[1:, 1] + places[:-1, 1]) / 2
    east, north = metres_per_degree(middle)
    steps = np.diff(places, axis=0)
    return float(np.hypot(steps[:, 0] * east, steps[:, 1] * north).sum())
