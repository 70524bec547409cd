"""Readings of one point, one a source time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cache.history.unfold import Readings
from twin.columns import Columns


@dataclass(frozen=True)
class Samples(Columns):
    """In order of time (microseconds)."""

    ts: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    @classmethod
    def none(cls) -> Self:
        """No readings."""
        return cls(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8))

    @classmethod
    def resolved(cls, parts: Sequence[Samples]) -> Self:
        """One value a time out of parts that need not be in order: of equal times the one that stands last counts."""
        ts = np.concatenate([each.ts for each in parts])
        value, quality = (
            np.concatenate([each.value for each in parts]),
            np.concatenate([each.quality for each in parts]),
        )
        if (ts[1:] > ts[:-1]).all():
            return cls(ts, value, quality)
        order = np.argsort(ts, kind="stable")
        ts = ts[order]
        last = np.ones(len(ts), bool)
        last[:-1] = ts[1:] != ts[:-1]
        return cls(ts[last], value[order][last], quality[order][last])

    def within(self, start: int, end: int) -> Self:
        """Those between two times, inclusive."""
        low, high = np.searchsorted(self.ts, (start, end + 1))
        part = slice(low, high)
        return type(self)(self.ts[part], self.value[part], self.quality[part])


def place_of(points: NDArray[np.int32], point: int) -> slice:
    """Where a point's rows stand among rows by point.

    Numpy lets go of the interpreter to look for it; among many who want it, that takes longer than looking.
    """
    first = bisect_left(points.data, point)
    return slice(first, bisect_right(points.data, point, first))


def in_order(rows: Readings) -> Readings:
    """By point, and by time within a point."""
    rises = (rows.point[1:] > rows.point[:-1]) | ((rows.point[1:] == rows.point[:-1]) & (rows.ts[1:] >= rows.ts[:-1]))
    return rows if rises.all() else rows.take(np.lexsort((rows.ts, rows.point)))


def told_again(rows: Readings) -> NDArray[np.intp]:
    """Which rows, in order, have the point and the time of the one before."""
    return np.flatnonzero((rows.ts[1:] == rows.ts[:-1]) & (rows.point[1:] == rows.point[:-1])) + 1


def by_point(rows: Readings) -> dict[int, Samples]:
    """What each point has, of rows that are by point; of equal times the one that stands last counts."""
    points, first, count = np.unique(rows.point, return_index=True, return_counts=True)
    parts = zip(points.tolist(), map(slice, first, first + count), strict=True)
    samples = ((point, Samples(rows.ts[part], rows.value[part], rows.quality[part])) for point, part in parts)
    return {point: Samples.resolved([each]) for point, each in samples}
