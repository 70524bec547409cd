"""Readings of a batch, brought in line: each point's together and in order, late ones left out, held values filled in,
and which of them could matter at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detect_rules import FROZEN, JUMP, RATE, SECOND_US, Rules
from models.detect_state import Heard, Newest, State
from models.point_state import NEVER
from twin.columns import Columns
from twin.reading import Quality

Mask = NDArray[np.bool_]
Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Lines(Columns):
    """Readings by point, within a point by time. ``value`` is what the point holds after the reading, ``value_ts``
    since when it was told; ``row`` is the reading's place in the batch."""

    row: Longs
    ix: NDArray[np.int32]
    ts: Longs
    known: Longs
    source: NDArray[np.uint16]
    good: Mask
    value: NDArray[np.float64]
    value_ts: Longs
    first: Mask  # of its point in the batch

    def newest(self) -> Newest:
        """The last reading of each point."""
        last = self.last()
        newest = Newest(self.ix, self.ts, self.known, self.value, self.value_ts, self.source)
        return newest if last.all() else newest.take(last)

    def last(self) -> Mask:
        """Which readings are the last of their point."""
        return np.append(self.first[1:], True) if len(self) else self.first


def line_up(state: State, rows: Heard) -> tuple[Lines, bool]:
    """The readings that are not late, and whether each is of another point."""
    alone = _alone(rows.ix, len(state.seen))
    row = np.arange(len(rows), dtype=np.int64)
    if not alone:
        row = np.argsort(rows.ix, kind="stable")
        rows = rows.take(row)
    newer = rows.ts > _seen_before(state, rows, alone)
    if not newer.all():
        row, rows = row[newer], rows.take(newer)
    first = np.ones(len(rows), bool) if alone else np.diff(rows.ix, prepend=np.int32(-1)) != 0
    good = (rows.quality != Quality.BAD) & np.isfinite(rows.value)
    value, value_ts = (rows.value, rows.ts) if good.all() else _held(state, rows, good, first)
    return Lines(row, rows.ix, rows.ts, rows.known, rows.source, good, value, value_ts, first), alone


def _alone(ix: NDArray[np.int32], points: int) -> bool:
    """Whether no point is there twice."""
    if len(ix) < 2 or np.all(ix[1:] > ix[:-1]):
        return True
    place = np.empty(points, np.int32)
    order = np.arange(len(ix), dtype=np.int32)
    place[ix] = order
    return bool(np.array_equal(place[ix], order))


def _seen_before(state: State, rows: Heard, alone: bool) -> Longs:
    """For each reading the newest source time of its point before it came."""
    if alone:
        return state.seen[rows.ix]
    first = np.diff(rows.ix, prepend=np.int32(-1)) != 0
    before = np.roll(rows.ts, 1)
    before[first] = state.seen[rows.ix[first]]
    if np.all(before <= rows.ts):
        return before
    # a running maximum by point: ranks keep their order, and each point starts above all ranks before it
    times, rank = np.unique(before, return_inverse=True)
    lift = np.cumsum(first) * np.int64(len(times))
    return times[np.maximum.accumulate(rank + lift) - lift]


def _held(state: State, rows: Heard, good: Mask, first: Mask) -> tuple[NDArray[np.float64], Longs]:
    """What each point holds after each reading, where some do not count."""
    order = np.arange(len(rows))
    of = np.maximum.accumulate(np.where(good, order, -1))
    carried = of < np.maximum.accumulate(np.where(first, order, 0))
    value = np.where(carried, state.value[rows.ix], rows.value[of])
    return value, np.where(carried, state.value_ts[rows.ix], rows.ts[of])


def noisy(state: State, rules: Rules, lines: Lines, alone: bool) -> Mask | None:
    """Readings of points at which something may happen; None where there are none. Never leaves one out."""
    low, high = rules.quiet
    ix = lines.ix
    some = state.busy[ix]
    some |= (lines.value < low[ix]) | (lines.value > high[ix])
    heard = state.heard[ix]
    if not alone:
        heard = np.where(lines.first, heard, np.roll(lines.known, 1))
    some |= (heard + rules.offline_us[ix] <= lines.known) & (heard != NEVER)
    if rules.stepped:
        some |= _steps(state, rules, lines)
    if rules.may_freeze is not None:
        some |= _may_freeze(state, rules, lines, alone)
    if not some.any():
        return None
    if alone:
        return some
    wanted = np.zeros(len(state.seen), bool)
    wanted[ix[some]] = True
    return wanted[ix]


def _steps(state: State, rules: Rules, lines: Lines) -> Mask:
    value, ts = before(lines, state.value, lines.value), before(lines, state.value_ts, lines.value_ts)
    with np.errstate(invalid="ignore"):
        jump = np.abs(lines.value - value)
        return (jump > rules.limit[JUMP, lines.ix]) | (rate(jump, lines.value_ts, ts) > rules.limit[RATE, lines.ix])


def _may_freeze(state: State, rules: Rules, lines: Lines, alone: bool) -> Mask:
    watched = rules.may_freeze[lines.ix]  # type: ignore[index]
    if not alone:
        return watched
    since = state.since[FROZEN, lines.ix]
    due = lines.ts >= since + rules.on_us[FROZEN, lines.ix]
    return watched & lines.good & ((since == NEVER) | (due & (lines.value == state.value[lines.ix])))


def changed(state: State, rules: Rules, lines: Lines) -> tuple[NDArray[np.int32], Longs]:
    """Points that may freeze and now hold another value, and since when; of lines of quiet points."""
    if rules.may_freeze is None or not len(lines):
        return np.empty(0, np.int32), np.empty(0, np.int64)
    anew = rules.may_freeze[lines.ix] & lines.good & (lines.value != state.value[lines.ix])
    return lines.ix[anew], lines.ts[anew]


def before(lines: Lines, carried: NDArray, column: NDArray) -> NDArray:
    """For each reading what its point had in a column before it."""
    prior = np.roll(column, 1)
    prior[lines.first] = carried[lines.ix[lines.first]]
    return prior


def rate(jump: NDArray[np.float64], ts: Longs, before_ts: Longs) -> NDArray[np.float64]:
    """Units a second between two readings that counted; NaN where there was none before, or none came."""
    gone = np.where(np.isnan(jump) | (ts <= before_ts), 0, ts - np.where(np.isnan(jump), ts, before_ts))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(gone > 0, jump / (gone / SECOND_US), np.nan)
