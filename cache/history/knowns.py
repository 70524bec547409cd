"""Which commit each reading came with, as numbers: commits are few, and the points of a batch share theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from cache.database import Database
from twin.moment import Moment

_OF_LENGTH = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed: lists of other lengths are other lists
ALL_KNOWN = np.iinfo(np.int64).max
_SCHEMA = pl.Schema({"id": pl.Int64(), "gap": pl.List(pl.Int32())})
_NUMBER = "SELECT coalesce(max(number), -1) AS number FROM committed WHERE known <= $at"
_SINCE = "SELECT number, known FROM committed WHERE known >= $since ORDER BY number"


@dataclass(frozen=True)
class Numbered:
    """Commits in order (microseconds) and the number of the first."""

    known: NDArray[np.int64]
    number: NDArray[np.int64]

    def of(self, known: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of commits."""
        return self.number[np.searchsorted(self.known, known)]

    @classmethod
    def with_new(cls, database: Database, knowns: NDArray[np.int64]) -> tuple[Numbered, pl.DataFrame]:
        """Numbers for all of ``knowns`` (in order), and the rows that ``committed`` lacks."""
        if not len(knowns):
            return cls(knowns, knowns.copy()), _rows(knowns, knowns)
        since = pl.Series(knowns[:1]).cast(pl.Datetime("us"))[0]
        there = database.query(_SINCE, {"since": since})
        old = there["known"].to_physical().to_numpy()
        newest = database.query("SELECT coalesce(max(number), -1) AS number FROM committed")["number"][0]
        fresh = np.setdiff1d(knowns, old, assume_unique=True)
        numbers = newest + 1 + np.arange(len(fresh), dtype=np.int64)
        known = np.concatenate([old, fresh])
        return cls(known, np.concatenate([there["number"].to_numpy(), numbers])), _rows(numbers, fresh)


def _rows(number: NDArray[np.int64], known: NDArray[np.int64]) -> pl.DataFrame:
    return pl.DataFrame({"number": number, "known": pl.Series(known).cast(pl.Datetime("us"))})


def number_at(database: Database, at: Moment) -> int:
    """The number of the last commit not after ``at``; -1 where there is none."""
    return int(database.query(_NUMBER, {"at": at})["number"][0])


def known_gaps(
    number: NDArray[np.int64],
    start: NDArray[np.int64],
    place: NDArray[np.int64],
    begin: NDArray[np.int64],
    length: NDArray[np.int64],
    next_list: int,
) -> tuple[pl.DataFrame, pa.Array]:
    """Lists of gaps from slot to slot, each kept once, and the list that each block names (null: one commit).

    Args:
        number: of the commit of each row.
        start: the first row of each block.
        place: of each row in the joined slots.
        begin: of each block in the joined slots.
        length: of each block in slots.
        next_list: the first free id.
    """
    if not len(start):
        return pl.DataFrame(schema=_SCHEMA), pa.nulls(0, pa.int64())
    flat = _filled(number, place, begin, length)
    gap = np.diff(flat, prepend=0)
    gap[begin] = 0
    several = np.logical_or.reduceat(gap != 0, begin)
    names = _digest(gap, begin, length)
    _, shown, which = np.unique(names[several], return_index=True, return_inverse=True)
    blocks = np.flatnonzero(several)[shown]
    lists = _lists(gap, begin[blocks], length[blocks], next_list)
    ids = np.zeros(len(start), np.int64)
    ids[several] = next_list + which
    return lists, pa.array(ids, mask=~several)


def _filled(
    number: NDArray[np.int64], place: NDArray[np.int64], begin: NDArray[np.int64], length: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Numbers by slot. A slot without a row gets what makes lists alike: that of the block which began with the same
    commit or the one before, where that has as many slots, else the slot's before."""
    total = int(length.sum())
    flat = np.full(total, -1, np.int64)
    flat[place] = number
    if len(place) < total:
        usual = np.bincount(length).argmax()
        alike = begin[length == usual]
        alike = alike[np.argsort(flat[alike], kind="stable")]
        cells = alike[:, None] + np.arange(usual)
        table = flat[cells]
        rank = np.maximum.accumulate(np.where(table >= 0, np.arange(len(table))[:, None], 0), axis=0)
        flat[cells] = table[rank, np.arange(usual)]
        last = np.maximum.accumulate(np.where(flat >= 0, np.arange(total), 0))
        flat = flat[last]  # a block's first slot always has a row
    return flat


def _digest(gap: NDArray[np.int64], begin: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A number that tells lists apart: 64 bits, so two different ones of a closing meet once in ages of ages."""
    slot = np.arange(len(gap)) - np.repeat(begin, length)
    weight = np.random.default_rng(20261121).integers(1, 2**63, int(length.max()), np.uint64) | np.uint64(1)
    said = np.add.reduceat(gap.view(np.uint64) * weight[slot], begin)
    return said + length.astype(np.uint64) * _OF_LENGTH


def _lists(gap: NDArray[np.int64], begin: NDArray[np.int64], length: NDArray[np.int64], next_list: int) -> pl.DataFrame:
    edges = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
    cells = np.repeat(begin - edges[:-1], length) + np.arange(int(edges[-1]))
    lists = pa.ListArray.from_arrays(pa.array(edges), pa.array(gap[cells].astype(np.int32)))
    table = pa.table({"id": next_list + np.arange(len(begin), dtype=np.int64), "gap": lists})
    return pl.DataFrame(pl.from_arrow(table))
