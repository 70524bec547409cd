"""Where a warning lies (R-GAS-1), which enterprises it touches, and who is downwind of it.

All on one plane in metres that touches the park's middle: within 20 km lengths are right to 0.1 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from models.geometry import CORNER_DEG, M_PER_DEG
from models.wind import CALM_M_S
from park.load import Park

OCCUPIED = frozenset({"office", "control"})  # parts of a plant in which people sit
_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Wind:
    """The wind of a moment: where it comes from and how fast; None: nobody tells."""

    direction_deg: float | None = None
    speed_m_s: float | None = None

    @property
    def blows(self) -> bool:
        """Whether there is a downwind: without a direction, or in a calm, gas may go anywhere."""
        return self.direction_deg is not None and (self.speed_m_s is None or self.speed_m_s >= CALM_M_S)


@dataclass(frozen=True)
class Downwind:
    """Who is downwind: persons that are told of, and the places they are at."""

    people: int
    places: tuple[str, ...]


class Site:
    """The ground of a park: boundaries of its enterprises, parts in which people sit, sensitive targets."""

    def __init__(self, park: Park) -> None:
        west, south, east, north = park.bounds
        self._origin = ((west + east) / 2, (south + north) / 2)
        self._scale = np.array([M_PER_DEG * math.cos(math.radians(self._origin[1])), M_PER_DEG])
        plots = [each for each in park.features.get("enterprises", ()) if each.geometry.get("type") in _AREAS]
        self._ids = [each.id for each in plots]
        self._plots = np.array([self._flat(each.geometry) for each in plots], dtype=object)
        self._sizes = shapely.area(self._plots) if plots else np.empty(0)
        seats = [each for each in park.features.get("units", ()) if each.props.get("kind") in OCCUPIED]
        self._seats = [(each.owner, self._flat(each.geometry)) for each in seats]
        self._targets = [(each.id, self._place(each.lon, each.lat), _persons(each.props)) for each in _targets(park)]

    def metres(self, lon: float, lat: float) -> tuple[float, float]:
        """A place on the plane."""
        east, north = (np.array([lon, lat]) - self._origin) * self._scale
        return float(east), float(north)

    def plot(self, owner: str | None) -> str | None:
        """An owner, where it is an enterprise of the park."""
        return owner if owner in self._ids else None

    def owner_at(self, lon: float, lat: float) -> str | None:
        """The enterprise in whose boundary a place lies; of several the one with the smallest plot; None: public."""
        within = np.flatnonzero(shapely.intersects(self._plots, self._place(lon, lat)))
        return self._ids[int(within[np.argmin(self._sizes[within])])] if within.size else None

    def affected(self, lon: float, lat: float, radius_m: float) -> tuple[str, ...]:
        """Enterprises of which something lies within a radius, the nearest first."""
        if not self._ids:
            return ()
        far = shapely.distance(self._plots, self._place(lon, lat))
        return tuple(self._ids[each] for each in np.argsort(far, kind="stable") if far[each] <= radius_m)

    def downwind(
        self, lon: float, lat: float, wind: Wind, length_m: float, wide_deg: float, present: Mapping[str, int]
    ) -> Downwind:
        """Who is downwind of a place: targets in the sector, other enterprises that it touches and that count persons
        (``present``), and the own one where a part in which people sit lies in it.

        In a calm, or without a wind that is told, the whole round is looked at.
        """
        sector = self._sector(lon, lat, wind, length_m, wide_deg)
        own = self.owner_at(lon, lat)
        touched = {self._ids[each] for each in np.flatnonzero(shapely.intersects(self._plots, sector))} - {own}
        if own is not None and any(of == own and shapely.intersects(sector, seat) for of, seat in self._seats):
            touched.add(own)
        manned = {id: present[id] for id in sorted(touched) if present.get(id, 0) > 0}
        targets = {id: persons for id, place, persons in self._targets if shapely.intersects(sector, place)}
        return Downwind(sum(manned.values()) + sum(targets.values()), (*manned, *targets))

    def _sector(self, lon: float, lat: float, wind: Wind, length_m: float, wide_deg: float) -> Any:
        """The ground downwind, a sector round the way the wind goes."""
        middle = shapely.get_coordinates(self._place(lon, lat))[0]
        wide = wide_deg if wind.blows else 360.0
        first = (wind.direction_deg or 0.0) + 180.0 - wide / 2 if wind.blows else 0.0
        bearing = np.radians(first + np.linspace(0.0, wide, math.ceil(wide / CORNER_DEG) + 1))
        rim = middle + length_m * np.column_stack([np.sin(bearing), np.cos(bearing)])
        return shapely.make_valid(shapely.polygons(rim if wide >= 360.0 else np.vstack([middle, rim, middle])))

    def _place(self, lon: float, lat: float) -> Any:
        return shapely.points((np.array([lon, lat]) - self._origin) * self._scale)

    def _flat(self, geometry: Mapping[str, Any]) -> Any:
        def metres(corners: NDArray[np.float64]) -> NDArray[np.float64]:
            return (corners - self._origin) * self._scale

        return shapely.make_valid(shapely.transform(shape(geometry), metres))


def _targets(park: Park) -> list[Any]:
    return list(park.features.get("sensitive_targets", ()))


def _persons(props: Mapping[str, Any]) -> int:
    """Persons of a target; one that counts anything else, or nothing, has at least one."""
    said = props.get("population")
    told = isinstance(said, (int, float)) and said > 0 and props.get("population_unit") in (None, "persons")
    return int(said) if told and isinstance(said, (int, float)) else 1
