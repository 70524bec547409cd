"""What each reading of a group does: new, duplicate, correction or late. Pure and vectorised.

Rows count in order of arrival, so the outcome does not depend on how batches were grouped:
same point, time and value as one already kept = duplicate; same point and time, other value = correction;
older than the point's newest = late; else it is the newest value. All but duplicates are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.live import CHANGED, LATE, NEWEST, Live, Rows
from models.point_state import NEVER

Mask = NDArray[np.bool_]
# given (ix, ts) of rows that may be kept already, the kept readings at these: columns ix, ts, value, slack
Stored = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Folded:
    """Outcome by row: masks over the rows given, and ``fold`` over the kept ones."""

    kept: Mask
    late: Mask
    corrected: Mask
    fold: NDArray[np.uint8]


def fold(live: Live, rows: Rows, stored: Stored) -> Folded:
    """Judge a group of readings against the newest values; asks ``stored`` only for rows that are not new."""
    order = np.argsort(rows.ix, kind="stable")
    judged = _fold_sorted(live, rows.take(order), stored)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    marks = np.zeros(len(order), np.uint8)
    marks[judged.kept] = judged.fold
    kept = judged.kept[back]
    return Folded(kept, judged.late[back], judged.corrected[back], marks[back][kept])


def _fold_sorted(live: Live, rows: Rows, stored: Stored) -> Folded:
    before = _newest_before(live, rows)
    newer = rows.ts > before
    kept, corrected = newer, np.zeros(len(rows), bool)
    if not newer.all():
        kept, corrected = _sift(live, rows, newer, stored)
    current = kept & (rows.ts >= before)
    fold = np.where(current, NEWEST, LATE).astype(np.uint8)
    fold[current] += differs(live, rows.take(current)) * np.uint8(CHANGED - NEWEST)
    return Folded(kept, kept & ~newer & ~corrected, corrected, fold[kept])


def _starts(ix: NDArray[np.int32]) -> Mask:
    """Which rows are the first of their point."""
    return np.diff(ix, prepend=np.int32(-1)) != 0


def _newest_before(live: Live, rows: Rows) -> NDArray[np.int64]:
    """For each row the newest source time of its point before it came."""
    first = _starts(rows.ix)
    before = np.roll(rows.ts, 1)
    before[first] = live.ts[rows.ix[first]]
    if np.all(before <= rows.ts):
        return before
    # a running maximum by point: ranks keep their order, and each point starts above all ranks before it
    times, rank = np.unique(before, return_inverse=True)
    lift = np.cumsum(first) * np.int64(len(times))
    return times[np.maximum.accumulate(rank + lift) - lift]


def differs(live: Live, rows: Rows) -> Mask:
    """Which of the rows that became newest changed their point's value; rows by point, within a point in order."""
    first = _starts(rows.ix)
    before = np.roll(rows.value, 1)
    before[first] = live.value[rows.ix[first]]  # NaN where nothing came yet, which differs from everything
    return before != rows.value


def _sift(live: Live, rows: Rows, newer: Mask, stored: Stored) -> tuple[Mask, Mask]:
    """Which rows are kept, and which of these correct another, when some are not newer than all before them."""
    frame = pl.DataFrame({"ix": rows.ix, "ts": rows.ts, "value": rows.value})
    seen = frame.select(
        again=~pl.struct("ix", "ts", "value").is_first_distinct(), moment=~pl.struct("ix", "ts").is_first_distinct()
    )
    again, moment = seen["again"].to_numpy().copy(), seen["moment"].to_numpy().copy()
    newest = live.ts[rows.ix]
    again |= (rows.ts == newest) & (rows.value == live.value[rows.ix])
    ask = ~again & (rows.ts <= newest) & (newest != NEVER)
    if ask.any():
        asked = frame.filter(ask)
        same, there = _told_before(asked, stored(asked.select("ix", "ts").unique()))
        again[ask] = same
        moment[ask] |= there
    kept = newer | ~again
    return kept, kept & ~newer & moment


def _told_before(asked: pl.DataFrame, found: pl.DataFrame) -> tuple[Mask, Mask]:
    """Which rows are kept already with this value, and at which times anything is."""
    pairs = asked.with_row_index("row").join(found, on=["ix", "ts"], how="inner", suffix="_kept")
    alike = pairs.filter((pl.col("value") - pl.col("value_kept")).abs() <= pl.col("slack"))
    same, there = np.zeros(len(asked), bool), np.zeros(len(asked), bool)
    same[alike["row"].to_numpy()] = True
    there[pairs["row"].to_numpy()] = True
    return same, there
