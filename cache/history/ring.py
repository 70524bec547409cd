"""Readings of the minutes that are not closed yet, in memory: the same rows that ``reading_raw`` keeps durable.

Points are named by their lasting number. Chunks never change; merging them now and then keeps looks quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cache.history.samples import Samples, place_of
from cache.live import NEWEST, Rows

_FANOUT = 16
_LEVELS = 2


@dataclass(frozen=True)
class Kept(Rows):
    """Stored readings; ``ix`` is the point's number. ``known`` in microseconds, ``fold`` as in ``cache.live``."""

    known: NDArray[np.int64]
    fold: NDArray[np.uint8]

    @classmethod
    def none(cls) -> Kept:
        """No rows."""
        long, small = np.empty(0, np.int64), np.empty(0, np.uint8)
        return cls(np.empty(0, np.int32), long, np.empty(0), small, np.empty(0, np.uint16), long, small)

    @classmethod
    def joined(cls, parts: Sequence[Kept]) -> Kept:
        """All rows, part after part."""
        return super().joined(parts) if parts else cls.none()

    def newest(self) -> Kept:
        """The rows that set their point's newest value."""
        newest = self.fold >= NEWEST
        return self if newest.all() else self.take(newest)

    def by_point(self) -> Kept:
        """The rows of each point together, in the order they had."""
        return self.take(np.argsort(self.ix, kind="stable"))


@dataclass(frozen=True, eq=False)
class Chunk:
    """Rows by point, within a point in order of commit; the bounds of their times."""

    rows: Kept
    level: int
    first: int
    last: int
    knowns: NDArray[np.int64]  # the commits, in order

    @classmethod
    def of(cls, rows: Kept, level: int, knowns: NDArray[np.int64]) -> Chunk:
        """Rows that are by point already."""
        return cls(rows, level, int(rows.ts.min()), int(rows.ts.max()), knowns)

    @property
    def known(self) -> int:
        """The newest commit inside."""
        return int(self.knowns[-1])


class Ring:
    """Rows come by the writer's thread and leave by the one that closes minutes; any may look. Who reads both the ring
    and the file looks here first: rows leave the ring after they are in the file, so they may be seen twice but are
    never missed."""

    def __init__(self, points: int = 0) -> None:
        self._chunks: tuple[Chunk, ...] = ()
        self._changing = Lock()  # what one thread adds, another must not undo
        self._touched = np.zeros(points, np.int64)  # by point, the last commit that brought a reading of it

    def __len__(self) -> int:
        return sum(len(each.rows) for each in self._chunks)

    def add(self, rows: Kept) -> None:
        """Rows of one commit."""
        if not len(rows):
            return
        fresh = Chunk.of(rows.by_point(), 0, _commits(rows.known))
        with self._changing:
            self._chunks = tuple(_merged([*self._chunks, fresh]))

    def touch(self, rows: Kept) -> None:
        """The rows of a commit can be seen now: who kept an answer about their points may look again."""
        inside = rows.ix < len(self._touched)
        self._touched[rows.ix[inside]] = rows.known[inside]

    def touched(self, point: int) -> int:
        """When a reading of a point was stored last (microseconds); 0 when none was since the file was opened."""
        return int(self._touched[point])

    def of_point(self, point: int, start: int, end: int, known: int) -> Samples:
        """What was known of a point by ``known`` between two source times (inclusive), in order of commit; of one time
        there may be several."""
        parts = []
        for chunk in self._chunks:
            if chunk.first <= end and chunk.last >= start:
                place = place_of(chunk.rows.ix, point)
                if place.stop > place.start:
                    parts.append((chunk.rows, place))
        if not parts:
            return Samples.none()
        ts, value, quality, when = (
            np.concatenate([getattr(rows, name)[part] for rows, part in parts])
            for name in ("ts", "value", "quality", "known")
        )
        wanted = (ts >= start) & (ts <= end) & (when <= known)
        return Samples(ts[wanted], value[wanted], quality[wanted])

    def at_times(self, point: NDArray[np.int32], ts: NDArray[np.int64]) -> Kept:
        """Rows of the points and times asked for, in order of commit."""
        if not len(ts):
            return Kept.none()
        low, high = int(ts.min()), int(ts.max())
        wanted, times = np.unique(point), np.unique(ts)
        parts = [
            _matching(each.rows, wanted, times) for each in self._chunks if each.first <= high and each.last >= low
        ]
        return Kept.joined(parts)

    def known_within(self, after: int, until: int) -> Kept:
        """Rows of commits after one moment and not after another, in order of commit."""
        return Kept.joined(self.parts_within(after, until))

    def parts_within(self, after: int, until: int) -> list[Kept]:
        """The same in parts, each by point and of later commits than the one before it."""
        chunks = [each for each in self._chunks if each.known > after and each.knowns[0] <= until]
        return [_known_within(each, after, until) for each in chunks]

    def closing(self, edge: int) -> tuple[Kept, NDArray[np.int64]]:
        """Rows with a source time before ``edge``, by point, within a point in order of commit; and all commits of
        the ring's rows in order."""
        chunks = self._chunks
        parts = [each.rows.take(each.rows.ts < edge) for each in chunks if each.first < edge]
        knowns = [each.knowns for each in chunks]
        return Kept.joined(parts).by_point(), np.concatenate(knowns) if knowns else np.empty(0, np.int64)

    def drop(self, edge: int, known: int) -> None:
        """Let go of the rows before ``edge`` that were known by ``known``: they are in blocks now."""
        left = {each: _without(each, edge, known) for each in self._chunks}
        with self._changing:  # but for those that came meanwhile, all is done: the writer hardly waits
            now = [left[each] if each in left else _without(each, edge, known) for each in self._chunks]
            self._chunks = tuple(each for each in now if each is not None)


def _merged(chunks: list[Chunk]) -> list[Chunk]:
    """Sixteen chunks of a level at the end become one of the next."""
    for level in range(_LEVELS):
        tail = chunks[-_FANOUT:]
        if len(tail) == _FANOUT and all(each.level == level for each in tail):
            rows = Kept.joined([each.rows for each in tail]).by_point()
            knowns = np.concatenate([each.knowns for each in tail])
            chunks[-_FANOUT:] = [Chunk.of(rows, level + 1, knowns)]
    return chunks


def _matching(rows: Kept, points: NDArray[np.int32], times: NDArray[np.int64]) -> Kept:
    first, after = np.searchsorted(rows.ix, points), np.searchsorted(rows.ix, points, "right")
    spans = [np.arange(low, high) for low, high in zip(first, after, strict=True) if high > low]
    if not spans:
        return Kept.none()
    found = rows.take(np.concatenate(spans))
    return found.take(np.isin(found.ts, times))


def _known_within(chunk: Chunk, after: int, until: int) -> Kept:
    if chunk.knowns[0] > after and chunk.known <= until:
        return chunk.rows
    return chunk.rows.take((chunk.rows.known > after) & (chunk.rows.known <= until))


def _without(chunk: Chunk, edge: int, known: int) -> Chunk | None:
    if chunk.first >= edge:
        return chunk
    if chunk.last < edge and chunk.known <= known:
        return None
    left = chunk.rows.take((chunk.rows.ts >= edge) | (chunk.rows.known > known))
    return Chunk.of(left, chunk.level, chunk.knowns) if len(left) else None


def _commits(known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each commit once; rows come in order of commit."""
    return known[np.flatnonzero(np.diff(known, prepend=known[0] - 1))]
