"""Finds where the signals cross the points' limits: what a detector at the instrument would have raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from demo.chance import Bools, Floats, Ints
from demo.clock import MINUTE_MS, SECOND_MS
from demo.leaks import Plume
from demo.world import World
from twin.reading import Quality

AFTER_MS = 2 * MINUTE_MS  # a point is watched this long after its excursion
DEAD_BAND = 0.03  # of the limit: an alarm ends this far on the good side
_LIMITS = (("H", "alarm_hi", 1), ("HH", "alarm_hi_hi", 1), ("L", "alarm_lo", -1), ("LL", "alarm_lo_lo", -1))


@dataclass(frozen=True)
class Crossing:
    """A point beyond one of its limits, from one reading to another; ``cleared_ms`` is None if no end was seen."""

    ix: int
    kind: str
    limit: float
    value: float
    worst: float
    raised_ms: int
    cleared_ms: int | None


def _windows(world: World, day: date) -> list[tuple[int, int, int]]:
    """Point, start and end of everything that may cross a limit; windows of one point that touch are one."""
    excursions, leaks = world.signals.happening(day)
    raw = [(each.ix, each.start_ms, each.end_ms + AFTER_MS) for each in excursions]
    for leak in leaks:
        concerned = np.flatnonzero(Plume(leak, world.points, world.signals.weather).concerned).tolist()
        raw += [(ix, leak.start_ms, leak.end_ms + AFTER_MS) for ix in concerned]
    merged: list[tuple[int, int, int]] = []
    for ix, start_ms, end_ms in sorted(raw):
        if merged and merged[-1][0] == ix and start_ms <= merged[-1][2]:
            merged[-1] = (ix, merged[-1][1], max(end_ms, merged[-1][2]))
        else:
            merged.append((ix, start_ms, end_ms))
    return merged


def _beyond(values: Floats, limit: float, sign: int) -> Bools:
    """Whether the alarm stands at each reading: on beyond the limit, off only well on the good side."""
    dead = DEAD_BAND * abs(limit) or DEAD_BAND
    says = np.where(sign * (values - limit) > 0, 1, np.where(sign * (values - limit) < -dead, 0, -1))
    last = np.maximum.accumulate(np.where(says >= 0, np.arange(says.size), -1))
    return (last >= 0) & (says[last] == 1)


def _of_limit(ix: int, kind: str, limit: float, sign: int, t_ms: Ints, values: Floats) -> Iterable[Crossing]:
    stands = _beyond(values, limit, sign)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], stands.view(np.int8), [0]))))
    for first, last in edges.reshape(-1, 2).tolist():
        worst = sign * float((sign * values[first:last]).max())
        cleared = int(t_ms[last]) if last < t_ms.size else None
        yield Crossing(ix, kind, limit, float(values[first]), worst, int(t_ms[first]), cleared)


def _scan(world: World, ix: int, start_ms: int, end_ms: int) -> Iterable[Crossing]:
    first = start_ms // SECOND_MS * SECOND_MS + int(world.signals.turn[ix] * SECOND_MS)
    t_ms = np.arange(first, end_ms, SECOND_MS, dtype=np.int64)
    shown = world.signals.shown(np.full(t_ms.size, ix, dtype=np.int64), t_ms)
    heard = shown.online & (shown.quality != Quality.BAD)
    for kind, name, sign in _LIMITS:
        limit = float(world.points.limit(name)[ix])
        if not np.isnan(limit) and heard.any():
            yield from _of_limit(ix, kind, limit, sign, t_ms[heard], shown.value[heard])


@lru_cache(maxsize=4)
def of_day(world: World, day: date) -> tuple[Crossing, ...]:
    """Every crossing by what is planned to begin on that local day, in order of time."""
    found = [each for window in _windows(world, day) for each in _scan(world, *window)]
    return tuple(sorted(found, key=lambda each: (each.raised_ms, each.ix, each.kind)))
