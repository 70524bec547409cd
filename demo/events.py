"""Excursions: single points that leave their normal course for a while, on most days past a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.chance import Floats, Ints, generator
from demo.clock import HOUR_MS, MINUTE_MS, Calendar
from demo.folder import Points


@dataclass(frozen=True)
class Excursion:
    """A point is drawn to ``peak`` (its unit), kept there and let go; ``shake`` makes it tremble with a period."""

    ix: int
    start_ms: int
    rise_ms: int
    hold_ms: int
    fall_ms: int
    peak: float
    shake: float = 0.0
    shake_ms: int = MINUTE_MS

    @property
    def end_ms(self) -> int:
        """When the point is back."""
        return self.start_ms + self.rise_ms + self.hold_ms + self.fall_ms


class Timetable:
    """Many excursions, ready to be laid over the normal course of any points at any times."""

    def __init__(self, count: int, excursions: Sequence[Excursion]) -> None:
        ordered = sorted(excursions, key=lambda each: (each.ix, each.start_ms))
        self.excursions = ordered
        points = np.array([each.ix for each in ordered], dtype=np.int64)
        self._first = np.searchsorted(points, np.arange(count))
        self._count = np.searchsorted(points, np.arange(count), side="right") - self._first
        self._most = int(self._count.max(initial=0))
        self._rows = np.array(
            [(e.start_ms, e.rise_ms, e.hold_ms, e.fall_ms, e.peak, e.shake, e.shake_ms) for e in ordered],
            dtype=np.float64,
        ).reshape(-1, 7)

    def laid_over(self, values: Floats, ix: Ints, t_ms: Ints) -> None:
        """Change ``values`` in place where an excursion is under way."""
        for turn in range(self._most):
            concerned = np.flatnonzero(self._count[ix] > turn)
            if concerned.size:
                self._apply(values, concerned, self._first[ix[concerned]] + turn, t_ms[concerned])

    def _apply(self, values: Floats, where: Ints, which: Ints, t_ms: Ints) -> None:
        start, rise, hold, fall, peak, shake, shake_ms = self._rows[which].T
        since = t_ms - start
        pull = np.clip(np.minimum(since / rise, (rise + hold + fall - since) / fall), 0.0, 1.0)
        pull = pull * pull * (3 - 2 * pull)
        tremble = shake * np.sin(since * (2 * np.pi / shake_ms)) * (pull >= 1.0)
        values[where] += pull * (peak - values[where]) + tremble


@dataclass(frozen=True)
class Kind:
    """One kind of everyday excursion: how many a day, how long (minutes), how far past which limit."""

    key: str
    a_day: int
    limit: str
    beyond: str
    least_min: float
    most_min: float
    reach: float = 0.5
    gas: bool = False
    hazard: bool | None = None


# A quiet day: about three alarms an hour, nearly all of the lowest levels; traces of gas stay below their limit.
QUIET_DAY = (
    Kind("low", 58, "alarm_lo", "alarm_lo_lo", 30, 280),
    Kind("low_low", 2, "alarm_lo_lo", "range_lo", 4, 9, reach=0.25),
    Kind("high", 7, "alarm_hi", "alarm_hi_hi", 4, 24, hazard=False),
    Kind("gas", 2, "alarm_hi", "alarm_hi_hi", 2, 6, reach=0.4, gas=True),
    Kind("trace", 160, "alarm_hi", "range_lo", 15, 80, reach=0.6, gas=True),
)


def _candidates(points: Points, kind: Kind) -> Ints:
    known = ~np.isnan(points.limit(kind.limit)) & ~np.isnan(_beyond(points, kind))
    fits = [
        points.is_gas(ix) == kind.gas
        and ix not in points.patrols
        and points.kinds[ix] not in WEATHER_KINDS
        and (kind.hazard is None or bool(points.hazards[ix]) == kind.hazard)
        for ix in range(len(points))
    ]
    return np.flatnonzero(known & np.array(fits, dtype=bool))


WEATHER_KINDS = ("wind_direction", "wind_speed", "barometer", "rainfall", "visibility")


def _beyond(points: Points, kind: Kind) -> Floats:
    beyond = points.limit(kind.beyond)
    last = "range_lo" if kind.limit.startswith("alarm_lo") else "range_hi"
    return np.where(np.isnan(beyond), points.limit(last), beyond)


def _excursion(rng: np.random.Generator, ix: int, from_ms: int, kind: Kind, limit: float, beyond: float) -> Excursion:
    total = float(rng.uniform(kind.least_min, kind.most_min)) * MINUTE_MS
    peak = limit + (beyond - limit) * kind.reach * float(rng.uniform(0.6, 1.3))
    hour = float(rng.choice(24, p=_HOURS)) + float(rng.uniform())
    rise, hold, fall = (round(total * share) for share in (0.3, 0.45, 0.25))
    return Excursion(ix, from_ms + round(hour * HOUR_MS), rise, hold, fall, peak)


# The day shift disturbs more than the night: share of each hour.
_HOURS = np.array([2, 2, 2, 2, 2, 3, 4, 5, 6, 6, 6, 5, 5, 6, 6, 6, 6, 5, 5, 4, 4, 3, 3, 2], dtype=np.float64)
_HOURS /= _HOURS.sum()


def of_day(points: Points, seed: int, day: date, calendar: Calendar) -> list[Excursion]:
    """The everyday excursions of one local day; the same for the same seed and day."""
    planned = []
    for kind in QUIET_DAY:
        rng = generator(seed, f"excursions-{kind.key}", day)
        candidates = _candidates(points, kind)
        share = min(1.0, len(points) / 4_000)
        limits, beyond = points.limit(kind.limit), _beyond(points, kind)
        for ix in rng.choice(candidates, min(len(candidates), round(kind.a_day * share)), replace=False):
            start = calendar.midnight_ms(day)
            planned.append(_excursion(rng, int(ix), start, kind, float(limits[ix]), float(beyond[ix])))
    return planned
