"""What every instrument shows at any moment: a pure, vectorised function of seed, point and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from demo import faults
from demo.chance import Bools, Floats, Ints, draws, noise
from demo.clock import SECOND_MS, Calendar
from demo.events import Excursion, Timetable, of_day
from demo.folder import GAS_KINDS, Points
from demo.forms import forms, resolution
from demo.leaks import Leak, Plume
from demo.scenarios import Scenario
from demo.weather import MEAN_C, Weather
from twin.reading import Quality

WEATHER: Mapping[str, Callable[[Weather, Floats], Floats]] = {
    "wind_direction": Weather.wind_deg,
    "wind_speed": Weather.wind_ms,
    "barometer": Weather.pressure_hpa,
    "rainfall": Weather.rain_mm_h,
    "visibility": Weather.visibility_m,
}
AT_A_STATION = {**WEATHER, "temperature": Weather.temperature_c, "humidity": Weather.humidity_pct}
# Filling, full, emptying, empty: where in its period a vessel is, and how full (-1 … 1).
_SWING_AT, _SWING_IS = (0.0, 0.32, 0.42, 0.88, 1.0), (-1.0, 1.0, 1.0, -1.0, -1.0)
_LOAD, _SWING, _NOISE = 2, 3, 9  # columns of a form


class Shown(NamedTuple):
    """Values at instrument resolution, their quality, and whether the instrument spoke at all."""

    value: Floats
    quality: npt.NDArray[np.uint8]
    online: Bools


class Signals:
    """All points of a park under one seed and scenario."""

    def __init__(self, points: Points, seed: int, calendar: Calendar, scenario: Scenario, near_ms: int) -> None:
        self.points, self.seed, self.calendar, self.scenario = points, seed, calendar, scenario
        self.weather = Weather(seed, calendar.offset_ms(near_ms) / 1_000.0)
        self._rows, self._phases = forms(points, seed)
        self._low, self._high, self._per_unit = self._scales()
        self._still()
        which = np.arange(len(points), dtype=np.int64)
        self.turn = draws(seed, 41, which, np.zeros_like(which))[0]  # where in its second each point is read
        self._outside = self._weather_points()
        self._tables: dict[date, tuple[Timetable, list[Plume]]] = {}

    def _scales(self) -> tuple[Floats, Floats, Floats]:
        low, high = self.points.limit("range_lo"), self.points.limit("range_hi")
        span = np.where(np.isnan(high - low), 100.0, high - low)
        units = [str(each.props.get("unit") or "") for each in self.points.features]
        steps = [resolution(unit, float(each)) for unit, each in zip(units, span, strict=True)]
        per_unit = 1.0 / np.array(steps, dtype=np.float64)
        return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high), per_unit

    def _still(self) -> None:
        """An idle plant has no load and fills nothing; a zero drifts by steps of its instrument."""
        for ix, owner in enumerate(self.points.owners):
            enterprise = self.points.folder.by_id.get(owner)
            if enterprise is not None and enterprise.props.get("status") == "idle":
                self._rows[ix, [_LOAD, _SWING]] = 0.0
        drifts = np.array([kind in ("smoke", *GAS_KINDS) for kind in self.points.kinds], dtype=bool)
        self._rows[drifts, _NOISE] /= self._per_unit[drifts]

    def _weather_points(self) -> dict[int, Callable[[Weather, Floats], Floats]]:
        stations = {each.id for each in self.points.folder.of_kind("stations", "weather")}
        found = {}
        for ix, kind in enumerate(self.points.kinds):
            table = AT_A_STATION if self.points.parents[ix] in stations else WEATHER
            if kind in table:
                found[ix] = table[kind]
        return found

    def happening(self, day: date) -> tuple[list[Excursion], list[Leak]]:
        """What is planned to begin on that local day, everyday and scenario alike."""
        begins = self.calendar.midnight_ms(day)
        ends = self.calendar.midnight_ms(day + timedelta(days=1))
        own = [each for each in self.scenario.excursions if begins <= each.start_ms < ends]
        leaks = [each for each in self.scenario.leaks if begins <= each.start_ms < ends]
        return of_day(self.points, self.seed, day, self.calendar) + own, leaks

    def _plans(self, t_ms: Ints) -> tuple[Timetable, list[Plume]]:
        """Excursions and plumes of the day of the last time and the day before; no call spans more."""
        day = self.calendar.day(int(t_ms.max()))
        if day not in self._tables:
            before, leaks_before = self.happening(day - timedelta(days=1))
            today, leaks = self.happening(day)
            seen = [Plume(leak, self.points, self.weather) for leak in leaks_before + leaks]
            kept = dict(list(self._tables.items())[-2:])
            self._tables = {**kept, day: (Timetable(len(self.points), before + today), seen)}
        return self._tables[day]

    def shown(self, ix: Ints, t_ms: Ints) -> Shown:
        """What the points ``ix`` show at the times ``t_ms``, element by element."""
        if not ix.size:
            return Shown(np.empty(0), np.empty(0, dtype=np.uint8), np.empty(0, dtype=bool))
        frozen, since = faults.FROZEN.spell(self.seed, ix, t_ms)
        seen_ms = np.where(frozen, since, t_ms)
        values = self._course(ix, seen_ms)
        timetable, plumes = self._plans(t_ms)
        timetable.laid_over(values, ix, seen_ms)
        for plume in plumes:
            plume.laid_over(values, ix, seen_ms)
        quality = self._disturbed(values, ix, t_ms)
        return Shown(self._rounded(values, ix), quality, self._online(ix, t_ms))

    def _course(self, ix: Ints, t_ms: Ints) -> Floats:
        """The undisturbed course of a normal day."""
        t_s = t_ms / 1_000.0
        mid, day, load, swing, swing_s, slow, slow_s, quick, quick_s, grain = self._rows[ix].T
        phase_1, phase_2, phase_3 = self._phases[ix].T
        values: Floats = mid + day * (self.weather.temperature_c(t_s) - MEAN_C) + load * self.weather.day_wave(t_s)
        values += swing * np.interp((t_s / swing_s + phase_1) % 1.0, _SWING_AT, _SWING_IS)
        values += slow * np.sin((t_s / slow_s + phase_2) * (2 * np.pi))
        values += quick * np.sin((t_s / quick_s + phase_3) * (2 * np.pi))
        values += grain * noise(self.seed, 31, ix, t_ms // SECOND_MS)
        for point, asked in self._outside.items():
            where = np.flatnonzero(ix == point)
            if where.size:
                values[where] = asked(self.weather, t_s[where])
        return values

    def _disturbed(self, values: Floats, ix: Ints, t_ms: Ints) -> npt.NDArray[np.uint8]:
        """Jumps and broken instruments: change ``values`` in place and say what they are worth."""
        quality = np.full(ix.size, Quality.GOOD, dtype=np.uint8)
        jumps, _ = faults.JUMP.spell(self.seed, ix, t_ms)
        values[jumps] += 0.07 * np.abs(values[jumps])
        quality[jumps] = Quality.UNCERTAIN
        broken, _ = faults.BROKEN.spell(self.seed, ix, t_ms)
        values[broken] = np.where(np.isfinite(self._low[ix[broken]]), self._low[ix[broken]], 0.0)
        quality[broken] = Quality.BAD
        return quality

    def _online(self, ix: Ints, t_ms: Ints) -> Bools:
        online: Bools = ~faults.AWAY.spell(self.seed, ix, t_ms)[0] & ~faults.DEAD.spell(self.seed, ix, t_ms)[0]
        online |= np.isin(ix, list(self._outside))  # the weather station is doubled: the park is never without wind
        for outage in self.scenario.outages:
            owned = np.array([owner == outage.owner for owner in self.points.owners], dtype=bool)
            online &= ~(owned[ix] & (t_ms >= outage.start_ms) & (t_ms < outage.end_ms))
        return online

    def _rounded(self, values: Floats, ix: Ints) -> Floats:
        per_unit = self._per_unit[ix]
        rounded: Floats = np.rint(np.clip(values, self._low[ix], self._high[ix]) * per_unit) / per_unit
        return rounded + 0.0  # no minus zero
