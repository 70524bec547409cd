"""A leak and its plume: what gas detectors around and downwind of it see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.chance import Bools, Floats, Ints
from demo.folder import M_PER_DEG_LAT, Points
from demo.weather import Weather

REACH_M = 700.0
LEL_PERCENT = {"氨": 15.0, "液氨": 15.0, "氨水": 15.0, "氢气": 4.0, "甲烷": 5.0, "天然气": 5.0, "一氧化碳": 12.5}
OTHER_LEL_PERCENT = 1.8
SAME_GAS = ({"氨", "液氨", "氨水"}, {"天然气", "甲烷"}, {"苯", "粗苯"})


@dataclass(frozen=True)
class Leak:
    """Gas escapes at one place: ``ppm`` in the air next to it at its worst."""

    id: str
    place_id: str
    gas: str
    lon: float
    lat: float
    start_ms: int
    rise_ms: int
    hold_ms: int
    fall_ms: int
    ppm: float

    @property
    def end_ms(self) -> int:
        """When the air is clean again."""
        return self.start_ms + self.rise_ms + self.hold_ms + self.fall_ms

    def strength(self, t_ms: Ints) -> Floats:
        """Concentration next to the leak (ppm)."""
        since = (t_ms - self.start_ms).astype(np.float64)
        total = float(self.end_ms - self.start_ms)
        return self.ppm * np.clip(np.minimum(since / self.rise_ms, (total - since) / self.fall_ms), 0.0, 1.0)


def sees(gas: str, medium: str) -> bool:
    """Whether a detector made for ``medium`` answers to ``gas``."""
    return gas == medium or any(gas in alike and medium in alike for alike in SAME_GAS)


def dilution(downwind_m: Floats, across_m: Floats) -> Floats:
    """Share of the concentration at the leak that is left; falls slowly downwind, fast elsewhere."""
    distance = np.hypot(downwind_m, across_m)
    cloud = 0.35 * np.exp(-distance / 45.0)
    ahead = np.maximum(downwind_m, 0.0)
    plume = np.exp(-0.5 * (across_m / (9.0 + 0.24 * ahead)) ** 2) / (1.0 + ahead / 45.0) ** 1.5
    return np.maximum(cloud, np.where(downwind_m > 0, plume, 0.0))


class Plume:
    """One leak as the points of a park see it."""

    def __init__(self, leak: Leak, points: Points, weather: Weather) -> None:
        self.leak = leak
        self._weather = weather
        m_per_deg_lon = M_PER_DEG_LAT * float(np.cos(np.radians(leak.lat)))
        self._east_m = (points.lon - leak.lon) * m_per_deg_lon
        self._north_m = (points.lat - leak.lat) * M_PER_DEG_LAT
        near = np.hypot(self._east_m, self._north_m) <= REACH_M
        answers = [points.is_gas(ix) and sees(leak.gas, points.mediums[ix]) for ix in range(len(points))]
        self.concerned: Bools = near & np.array(answers, dtype=bool)
        lel_ppm = LEL_PERCENT.get(leak.gas, OTHER_LEL_PERCENT) * 1e4
        combustible = np.array([kind == "combustible_gas" for kind in points.kinds])
        self._per_ppm = np.where(combustible, 100.0 / lel_ppm, 1.0)

    def laid_over(self, values: Floats, ix: Ints, t_ms: Ints) -> None:
        """Raise ``values`` in place where the gas is."""
        where = np.flatnonzero(self.concerned[ix] & (t_ms > self.leak.start_ms) & (t_ms < self.leak.end_ms))
        if where.size:
            seen = self._ppm(ix[where], t_ms[where]) * self._per_ppm[ix[where]]
            values[where] = np.maximum(values[where], seen)

    def _ppm(self, ix: Ints, t_ms: Ints) -> Floats:
        t_s = t_ms / 1_000.0
        towards = np.radians(self._weather.wind_deg(t_s) + 180.0)
        east, north = np.sin(towards), np.cos(towards)
        downwind = self._east_m[ix] * east + self._north_m[ix] * north
        across = self._east_m[ix] * north - self._north_m[ix] * east
        travel_ms = np.maximum(downwind, 0.0) / self._weather.wind_ms(t_s) * 1_000.0
        return self.leak.strength(t_ms - travel_ms.astype(np.int64)) * dilution(downwind, across)


def plumes(leaks: Sequence[Leak], points: Points, weather: Weather) -> list[Plume]:
    """The plumes of all leaks."""
    return [Plume(leak, points, weather) for leak in leaks]
