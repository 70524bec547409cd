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
ALONG_A_BEAM = 0.05  # of the concentration at a leak: what a sweeping device makes of it, on average over its beam
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
        self._points = points
        self._m_per_deg_lon = M_PER_DEG_LAT * float(np.cos(np.radians(leak.lat)))
        east, north = self._away(points.lon, points.lat)
        near = np.hypot(east, north) <= REACH_M
        near[[ix for ix, way in points.patrols.items() if way.travels]] = True
        answers = [points.is_gas(ix) and sees(leak.gas, points.mediums[ix]) for ix in range(len(points))]
        self.concerned: Bools = near & np.array(answers, dtype=bool)
        lel_ppm = LEL_PERCENT.get(leak.gas, OTHER_LEL_PERCENT) * 1e4
        of_lel = np.array([each.props.get("unit") == "%LEL" for each in points.features])
        self._per_ppm = np.where(of_lel, 100.0 / lel_ppm, 1.0)
        self._remote_m = np.zeros(len(points))
        for ix, way in points.patrols.items():
            self._remote_m[ix] = way.coverage_m if way.remote else 0.0

    def _away(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Metres east and north of the leak."""
        return (lon - self.leak.lon) * self._m_per_deg_lon, (lat - self.leak.lat) * M_PER_DEG_LAT

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
        away_east, away_north = self._away(*self._points.place(ix, t_ms))
        downwind = away_east * east + away_north * north
        across = away_east * north - away_north * east
        travel_ms = np.maximum(downwind, 0.0) / self._weather.wind_ms(t_s) * 1_000.0
        there = self.leak.strength(t_ms - travel_ms.astype(np.int64)) * dilution(downwind, across)
        swept = np.hypot(downwind, across) < self._remote_m[ix]
        return np.where(swept, self.leak.strength(t_ms) * ALONG_A_BEAM, there)


def plumes(leaks: Sequence[Leak], points: Points, weather: Weather) -> list[Plume]:
    """The plumes of all leaks."""
    return [Plume(leak, points, weather) for leak in leaks]
