"""A condition over the readings of many points at once, without a loop over readings.

A measure that stays beyond its limit for the on-delay sets the alarm, one that stays back for the off-delay resets it;
whether it was set before does not matter for either. So each unbroken run beyond or back gives at most one candidate,
and of the candidates those count that differ from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.point_state import NEVER
from twin.columns import Columns

Mask = NDArray[np.bool_]
Longs = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Track(Columns):
    """Readings of some points, one point after another; before each point's own stands a ``head``, which says how the
    point stood. ``of`` is the point's column, ``row`` the reading's place in the batch."""

    of: Longs
    row: Longs
    ts: Longs
    head: Mask


@dataclass(frozen=True)
class Candidates(Columns):
    """What would set (1) or reset (-1) a condition, by point and in order: when it was due, the place in the batch of
    the reading that shows it, the measure held then."""

    of: Longs
    kind: NDArray[np.int8]
    due: Longs
    row: Longs
    measure: Reals


@dataclass(frozen=True)
class Changes(Columns):
    """Candidates that count, with the time at which they do."""

    of: Longs
    raised: Mask
    at: Longs
    row: Longs
    measure: Reals


@dataclass(frozen=True)
class Standing:
    """One condition of some points: whether raised, and when that was raised and cleared last."""

    raised: Mask
    raised_at: Longs
    cleared_at: Longs


def runs(
    track: Track, zone: NDArray[np.int8], measure: Reals, since: Longs, on: Longs, off: Longs
) -> tuple[Candidates, NDArray[np.int8], Longs]:
    """Candidates of a measure in zones (see ``detect_rules.zones``; a head's is that of a run under way since
    ``since``), and by point the zone of the last run and when it began."""
    start = np.flatnonzero(track.head | (zone != np.roll(zone, 1)))
    of, kind, head = track.of[start], zone[start], track.head[start]
    begun = np.where(head, since[of], track.ts[start])
    last = np.append(head[1:], True)
    after = np.append(start[1:], len(track))
    stop = after + ~last  # the reading that ends a run shows that it lasted until then
    some = kind != 0
    start, of, kind, head, stop = start[some], of[some], kind[some], head[some], stop[some]
    due = begun[some] + np.where(kind > 0, on[of], off[of])
    shown = first_from(track.ts, due, start + head, stop)
    held = np.where(shown == start, start, shown - 1)
    fired = shown < stop
    row = track.row[np.minimum(shown, len(track) - 1)]
    found = Candidates(of, kind, due, row, measure[held]).take(fired)
    return found, zone[track_last(after, last)], begun[last]


def track_last(after: Longs, last: Mask) -> Longs:
    """The last place of each point, from where its runs end."""
    return after[last] - 1


def still(track: Track, value: Reals, since: Longs, on: Longs) -> tuple[Candidates, Longs]:
    """Candidates of a value that stays as it is; ``track`` has readings that count only. A value that differs resets
    at once; the same told again after ``on`` sets. And by point since when its value is what it is."""
    start = np.flatnonzero(track.head | (value != np.roll(value, 1)))
    of, head = track.of[start], track.head[start]
    begun = np.where(head, since[of], track.ts[start])
    stop = np.append(start[1:], len(track))
    known = begun != NEVER
    due = np.where(known, begun, 0) + on[of]
    shown = first_from(track.ts, due, start + 1, stop)
    fired = known & (shown < stop)
    at = np.where(fired, shown, start)
    both = Candidates(
        np.repeat(of, 2),
        np.tile(np.array([-1, 1], np.int8), len(of)),
        np.column_stack([begun, due]).ravel(),
        np.column_stack([track.row[start], track.row[at]]).ravel(),
        np.repeat(value[start], 2),
    )
    last = np.append(head[1:], True)
    return both.take(np.column_stack([~head, fired]).ravel()), begun[last]


def latch(found: Candidates, before: Standing) -> tuple[Changes, Standing]:
    """Which candidates count, and how the condition stands afterwards."""
    first = np.diff(found.of, prepend=np.int64(-1)) != 0
    prior = np.roll(found.kind, 1)
    prior[first] = np.where(before.raised[found.of[first]], 1, -1)
    found = found.take(found.kind != prior)
    if not len(found):
        return Changes(found.of, found.kind > 0, found.due, found.row, found.measure), before
    return _stamped(found, before)


def floors(raised: Mask, standing: Standing, of: Longs) -> Longs:
    """The earliest times that changes of these points may have: nothing is cleared before it was raised, or raised
    again before it was cleared; and no two raisings have one time."""
    again = np.maximum(standing.cleared_at[of], standing.raised_at[of] + 1)
    return np.where(raised, again, standing.raised_at[of])


def _stamped(found: Candidates, before: Standing) -> tuple[Changes, Standing]:
    raised, at = found.kind > 0, found.due.copy()
    held_up = at < floors(raised, before, found.of)
    for point in np.unique(found.of[held_up]).tolist():  # a tick had gone ahead of the source: rare
        _hold(at, np.flatnonzero(found.of == point), raised, before, point)
    after = Standing(before.raised.copy(), before.raised_at.copy(), before.cleared_at.copy())
    after.raised[found.of] = raised  # of several the last stands
    after.raised_at[found.of[raised]] = at[raised]
    after.cleared_at[found.of[~raised]] = at[~raised]
    return Changes(found.of, raised, at, found.row, found.measure), after


def _hold(at: Longs, places: Longs, raised: Mask, before: Standing, point: int) -> None:
    """Let the times of one point's changes keep their order."""
    up, down = int(before.raised_at[point]), int(before.cleared_at[point])
    for place in places.tolist():
        if raised[place]:
            up = at[place] = max(int(at[place]), down, up + 1)
        else:
            down = at[place] = max(int(at[place]), up)


def first_from(ts: Longs, due: Longs, low: Longs, stop: Longs) -> Longs:
    """For each stretch ``low`` … ``stop`` the first place whose time is ``due`` or later; ``stop`` where none is."""
    low, high = low.copy(), stop.copy()
    open_ = low < high
    while open_.any():
        middle = (low + high) >> 1
        reached = ts[np.minimum(middle, len(ts) - 1)] >= due
        high = np.where(open_ & reached, middle, high)
        low = np.where(open_ & ~reached, middle + 1, low)
        open_ = low < high
    return low
