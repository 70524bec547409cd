"""Readings of closed minutes as rows of ``block_new``: one a point, minute and source. Pure and vectorised.

What came in order lies in blocks without equal times; what came late, and what came again for a time that is there
already, lies in blocks of its own. So a block's times only ever rise, and most blocks need no list of times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from cache.history.knowns import Numbered, known_gaps
from cache.history.ring import Kept
from cache.live import LATE

MINUTE_US = 60_000_000
_SPARSE = 2  # a minute with fewer readings than one slot in two is kept by its times


@dataclass(frozen=True)
class Blocks:
    """Rows of ``block_new`` and of ``known_list``."""

    rows: pl.DataFrame
    lists: pl.DataFrame


@dataclass(frozen=True)
class Groups:
    """Where each block begins in the rows, how many rows it has, and which block each row belongs to."""

    start: NDArray[np.int64]
    size: NDArray[np.int64]
    of_row: NDArray[np.int64]

    @property
    def end(self) -> NDArray[np.int64]:
        """Index of each block's last row."""
        return self.start + self.size - 1


def encode(rows: Kept, numbered: Numbered, next_list: int) -> Blocks:
    """Blocks of readings.

    Args:
        rows: by point, within a point in order of commit.
        numbered: the number of each commit that the rows name.
        next_list: the first free id of ``known_list``.
    """
    rows, late, seq = _ordered(rows)
    groups = _grouped(rows, late, seq)
    slots = _Slots.of(rows, groups)
    numbers = numbered.of(rows.known)
    lists, list_id = known_gaps(numbers, groups.start, slots.place, slots.begin, slots.length, next_list)
    columns = {
        "point": rows.ix[groups.start],
        "first": _times(rows.ts[groups.start]),
        "step": slots.step.astype(np.int32),
        "n": slots.length.astype(np.int32),
        "value": _lists(rows.value, slots, None),
        "gap": _lists(slots.gap, slots, slots.step > 0),
        "slot": pa.nulls(len(groups.start), pa.list_(pa.uint16())),
        "thin": np.zeros(len(groups.start), np.uint8),
        "slack": pa.nulls(len(groups.start), pa.float64()),
        **_qualities(rows.quality, groups, slots),
        "source": rows.source[groups.start],
        "late": late[groups.start],
        "seq": seq[groups.start],
        "known_first": numbers[groups.start],
        "known_last": np.maximum.reduceat(numbers, groups.start) if len(rows) else numbers,
        "known_list": list_id,
    }
    return Blocks(_frame(columns), lists)


def _frame(columns: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(pa.table(columns)))


def _ordered(rows: Kept) -> tuple[Kept, NDArray[np.bool_], NDArray[np.uint8]]:
    """What came in order first, then what came again for its time, then what came late; with ``late`` and ``seq``."""
    late = rows.fold == LATE
    if late.any():
        straight, behind = np.flatnonzero(~late), np.flatnonzero(late)
        behind = behind[np.lexsort((rows.ts[behind], rows.ix[behind]))]  # stable: order of commit within a time
        order = np.concatenate([straight, behind])
        rows, late = rows.take(order), late[order]
    seq = _again(rows, late)
    if seq.any():
        order = np.lexsort((np.arange(len(seq)), rows.ix, seq, late))
        rows, late, seq = rows.take(order), late[order], seq[order]
    return rows, late, seq


def _again(rows: Kept, late: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """How many rows before each one have its point and time (255 at most)."""
    same = np.zeros(len(rows), bool)
    same[1:] = (rows.ix[1:] == rows.ix[:-1]) & (rows.ts[1:] == rows.ts[:-1]) & (late[1:] == late[:-1])
    if not same.any():
        return np.zeros(len(rows), np.uint8)
    index = np.arange(len(rows))
    begun = np.maximum.accumulate(np.where(same, 0, index))
    return np.minimum(index - begun, 255).astype(np.uint8)


def _grouped(rows: Kept, late: NDArray[np.bool_], seq: NDArray[np.uint8]) -> Groups:
    minute = rows.ts // MINUTE_US
    new = np.zeros(len(rows), bool)
    new[:1] = True
    for each in (rows.ix, minute, rows.source, late, seq):
        new[1:] |= each[1:] != each[:-1]
    new[1:] |= (seq[1:] == 255) & (rows.ts[1:] == rows.ts[:-1])  # times of a block rise, whatever comes
    start = np.flatnonzero(new)
    return Groups(start, np.diff(start, append=len(rows)), np.cumsum(new) - 1)


@dataclass(frozen=True)
class _Slots:
    """How the rows lie in their blocks: ``step`` (0: by ``gap``), ``length`` in slots, ``begin`` of each block in the
    joined lists, ``place`` of each row there; ``gap`` of each row from the one before it in its block."""

    step: NDArray[np.int64]
    length: NDArray[np.int64]
    begin: NDArray[np.int64]
    place: NDArray[np.int64]
    gap: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Kept, groups: Groups) -> _Slots:
        offset = rows.ts - rows.ts[groups.start][groups.of_row]
        step = _steps(offset, groups)
        row_step = np.maximum(step, 1)[groups.of_row]
        span = offset[groups.end] // np.maximum(step, 1) + 1 if len(rows) else groups.size
        even = (step > 0) & (span <= _SPARSE * groups.size)
        if len(rows):
            even &= np.add.reduceat(offset % row_step, groups.start) == 0
        length = np.where(even, span, groups.size)
        begin = np.cumsum(length) - length
        inside = np.where(even[groups.of_row], offset // row_step, np.arange(len(rows)) - groups.start[groups.of_row])
        gap = np.diff(offset, prepend=0)
        gap[groups.start] = 0
        return cls(np.where(even, step, 0), length, begin, begin[groups.of_row] + inside, gap.astype(np.int32))


def _steps(offset: NDArray[np.int64], groups: Groups) -> NDArray[np.int64]:
    """The shortest time between two rows of each block; 1 where there is only one row."""
    if not len(offset):
        return np.empty(0, np.int64)
    apart = np.diff(offset, prepend=0)
    apart[groups.start] = np.iinfo(np.int64).max
    shortest = np.minimum.reduceat(apart, groups.start)
    return np.where(groups.size > 1, shortest, 1)


def _lists(values: NDArray[Any], slots: _Slots, absent: NDArray[np.bool_] | None) -> pa.ListArray:
    """One list a block with the rows' values at their slots, null where no row is; ``absent`` blocks have no list."""
    length = slots.length if absent is None else np.where(absent, 0, slots.length)
    begin = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
    if absent is None:
        flat, place = np.zeros(int(begin[-1]), values.dtype), slots.place
        hole = np.ones(len(flat), bool)
    else:
        there = ~np.repeat(absent, slots.length) if len(absent) else np.empty(0, bool)
        shifted = np.cumsum(there) - 1
        mine = there[slots.place]
        values, place = values[mine], shifted[slots.place[mine]]
        flat, hole = np.zeros(int(begin[-1]), values.dtype), np.ones(int(begin[-1]), bool)
    flat[place], hole[place] = values, False
    child = pa.array(flat, mask=hole if hole.any() else None)
    return pa.ListArray.from_arrays(pa.array(begin), child, mask=None if absent is None else pa.array(absent))


def _qualities(quality: NDArray[np.uint8], groups: Groups, slots: _Slots) -> dict[str, Any]:
    """One quality a block where its rows agree, else the worst and a list."""
    if not len(quality):
        return {"quality": quality, "qualities": pa.nulls(0, pa.list_(pa.uint8()))}
    worst = np.maximum.reduceat(quality, groups.start)
    alike = np.minimum.reduceat(quality, groups.start) == worst
    return {"quality": worst, "qualities": _lists(quality, slots, alike)}


def _times(microseconds: NDArray[np.int64]) -> pa.Array:
    return pa.array(microseconds).cast(pa.timestamp("us"))
