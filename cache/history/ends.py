"""What blocks did to the newest values of their points, read off where they end; pure and vectorised.

A past state needs of each minute only its last reading and when the value last became another. To unfold the minute for
that would cost fifty times as much.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.unfold import Cells, begins, flat, lengths, qualities_at, times_at, values
from cache.live import Rows
from twin.moment import Moment

_NOWHERE = -1
_COMMITS = "SELECT number, known FROM committed WHERE known > $after AND known <= $until ORDER BY number"


@dataclass(frozen=True)
class Ends(Rows):
    """The last reading that counts of each block, by point and in order of time; ``ix`` is the point's number, times
    are microseconds. ``changed`` is when the block's value last became another: its first time that counts where it is
    ``alike`` from there on."""

    known: NDArray[np.int64]
    changed: NDArray[np.int64]
    alike: NDArray[np.bool_]


@dataclass(frozen=True)
class Span:
    """Commits in blocks that came after one moment and not after another: their numbers are above ``after`` and at most
    ``until``."""

    after: int
    until: int
    known: NDArray[np.int64]  # of each, microseconds

    @classmethod
    def of(cls, database: Database, after: Moment, until: Moment) -> Span:
        """As the file has them."""
        rows = database.query(_COMMITS, {"after": after, "until": until})
        number, known = (rows[name].to_physical().to_numpy() for name in ("number", "known"))
        return cls(int(number[0]) - 1, int(number[-1]), known) if len(rows) else cls(0, 0, known)

    def __len__(self) -> int:
        return len(self.known)

    def cut(self, blocks: pl.DataFrame) -> pl.Series:
        """Blocks that hold more than what came with these commits."""
        return (blocks["known_first"] <= self.after) | (blocks["known_last"] > self.until)


class Commits:
    """Commits by slot of the lists that blocks name."""

    def __init__(self, lists: pl.DataFrame) -> None:
        lists = lists.sort("id")
        self._id = lists["id"].to_numpy()
        length = lists["gap"].list.len().to_numpy().astype(np.int64)
        self._begin = begins(length)
        self._of = np.repeat(np.arange(len(length)), length)
        gap = flat(lists["gap"]).to_numpy()
        total = np.cumsum(gap, dtype=np.int64)
        self._passed = total - total[self._begin][self._of]  # a list's first gap is nothing
        self._span = int(self._passed.max(initial=0)) + 2
        self.falling = self._id[np.unique(self._of[gap < 0])]  # lists whose empty slots break the order

    def at(self, list_id: NDArray[np.int64], slot: Cells) -> NDArray[np.int64]:
        """How many commits after its block's first each slot is."""
        return self._passed[self._begin[np.searchsorted(self._id, list_id)] + slot]

    def until(self, list_id: NDArray[np.int64], passed: NDArray[np.int64]) -> Cells:
        """How many slots of each list are at most so many commits after its first."""
        which = np.searchsorted(self._id, list_id)
        lifted = self._passed + self._of * self._span  # each list above all before it: one search for all
        wanted = np.clip(passed, -1, self._span - 2) + which * self._span
        return np.searchsorted(lifted, wanted, "right") - self._begin[which]


def crossing(blocks: pl.DataFrame, commits: Commits) -> NDArray[np.bool_]:
    """Blocks of points whose blocks cannot be told one after another: their times cross, or their commits do."""
    odd = blocks["seq"].to_numpy() > 0
    if len(commits.falling):
        odd |= np.isin(blocks["known_list"].fill_null(_NOWHERE).to_numpy(), commits.falling)
    point = blocks["point"].to_numpy()
    return np.isin(point, point[odd]) if odd.any() else odd


def ends(blocks: pl.DataFrame, commits: Commits, span: Span) -> Ends:
    """Ends of blocks, of what came with the commits of a span. Blocks of which nothing counts have none.

    Args:
        blocks: rows of ``blocks`` in any order, none late and none ``crossing``.
        commits: the lists that the blocks name which are ``cut``.
    """
    begin = begins(lengths(blocks))
    low, high = (begin + each for each in _slots(blocks, commits, span))
    of, last, changed, alike, value = _searched(*values(blocks), low, high - 1)
    point, slot = blocks["point"].to_numpy()[of], last - begin[of]
    every = Ends(
        point,
        times_at(blocks, of, slot),
        value,
        qualities_at(blocks, of, slot),
        blocks["source"].to_numpy()[of],
        span.known[_numbers(blocks, commits, span, of, slot) - span.after - 1],
        times_at(blocks, of, changed - begin[of]),
        alike,
    )
    if np.bincount(point).max(initial=0) <= 1:
        return every
    return every.take(np.lexsort((every.known, every.ts, point)))


def _searched(
    value: NDArray[np.float64], there: NDArray[np.bool_], low: Cells, high: Cells
) -> tuple[Cells, Cells, Cells, NDArray[np.bool_], NDArray[np.float64]]:
    """Which blocks have anything from one cell to another; for these: the last cell, the one since which the value is
    the last one's, whether that is the first, and the value."""
    whole = bool(there.all())
    last = np.where(high >= low, high, _NOWHERE) if whole else _nearest(high, low, -1, lambda _, cell: there[cell])
    of = np.flatnonzero(last != _NOWHERE)
    last, low = last[of], low[of]
    mine = value[last]
    other = _nearest(last - 1, low, -1, lambda row, cell: there[cell] & (value[cell] != mine[row]))
    alike = other == _NOWHERE
    changed = np.where(alike, low, other + 1)
    if not whole:
        changed = _nearest(changed, last, 1, lambda _, cell: there[cell])
    return of, last, changed, alike, mine


def _slots(blocks: pl.DataFrame, commits: Commits, span: Span) -> tuple[Cells, Cells]:
    """The first slot of each block that counts, and the one after the last."""
    low, high = np.zeros(len(blocks), np.int64), lengths(blocks)
    some = np.flatnonzero(span.cut(blocks) & blocks["known_list"].is_not_null())
    first, lists = _named(blocks, some)
    low[some], high[some] = commits.until(lists, span.after - first), commits.until(lists, span.until - first)
    return low, high


def _named(blocks: pl.DataFrame, some: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first commit and the list of commits of some blocks."""
    return blocks["known_first"].to_numpy()[some], blocks["known_list"].gather(some).to_numpy()


def _numbers(blocks: pl.DataFrame, commits: Commits, span: Span, of: Cells, slot: Cells) -> NDArray[np.int64]:
    """Commits of the last slots that count, each block named by its row."""
    number = blocks["known_last"].to_numpy()[of]
    some = np.flatnonzero(number > span.until)
    first, lists = _named(blocks, of[some])
    number[some] = first + commits.at(lists, slot[some])
    return number


def _nearest(start: Cells, stop: Cells, by: int, wanted: Callable[[Cells, Cells], NDArray[np.bool_]]) -> Cells:
    """The first cell from ``start`` on in steps of ``by`` as far as ``stop`` that is wanted, row by row; ``_NOWHERE``
    where none is. Looks twice as far each time: most rows find theirs at once, few go through whole minutes."""
    found = np.full(len(start), _NOWHERE)
    rows, gone, wide = np.flatnonzero(by * (stop - start) >= 0), 0, 1
    while len(rows):
        cells = start[rows, None] + by * np.arange(gone, gone + wide)
        inside = by * (stop[rows, None] - cells) >= 0
        hit = inside & wanted(rows[:, None], np.where(inside, cells, start[rows, None]))
        first = hit.argmax(axis=1)
        has = hit[np.arange(len(rows)), first]
        found[rows[has]] = cells[has, first[has]]
        gone, wide = gone + wide, 2 * wide
        rows = rows[~has & (by * (stop[rows] - start[rows]) >= gone)]
    return found
