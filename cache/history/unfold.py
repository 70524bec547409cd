"""Rows of ``blocks`` back to readings. Pure and vectorised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.thinning import refill
from twin.columns import Columns

BLOCKS = pl.Schema(
    {
        "point": pl.Int32(), "first": pl.Datetime("us", "UTC"), "step": pl.Int32(), "n": pl.Int32(),
        "value": pl.List(pl.Float64()), "gap": pl.List(pl.Int32()), "slot": pl.List(pl.UInt16()),
        "thin": pl.UInt8(), "slack": pl.Float64(), "quality": pl.UInt8(), "qualities": pl.List(pl.UInt8()),
        "source": pl.UInt16(), "late": pl.Boolean(), "seq": pl.UInt8(),
        "known_first": pl.Int64(), "known_last": pl.Int64(), "known_list": pl.Int64(),
    }
)  # fmt: skip
LISTS = "SELECT id, gap FROM known_list WHERE id IN (SELECT id FROM wanted) AND id BETWEEN $low AND $high"
NO_LISTS = pl.DataFrame(schema={"id": pl.Int64(), "gap": pl.List(pl.Int32())})
Cells = NDArray[np.int64]


@dataclass(frozen=True)
class Readings(Columns):
    """Readings out of blocks: ``point`` by its lasting number, ``ts`` in microseconds, ``number`` of the commit,
    ``rank`` orders what one commit brought for one time; ``slack`` is how far the value may be from what came."""

    point: NDArray[np.int32]
    ts: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    source: NDArray[np.uint16]
    number: NDArray[np.int64]
    rank: NDArray[np.int32]
    slack: NDArray[np.float64]


def wanted_lists(blocks: pl.DataFrame) -> pl.DataFrame:
    """Ids of the lists of commits that the blocks name."""
    return blocks.select(id=pl.col("known_list")).drop_nulls().unique().sort("id")


def unfold(blocks: pl.DataFrame, lists: pl.DataFrame | None = None) -> Readings:
    """All readings of the blocks, block after block.

    Args:
        blocks: rows of ``blocks``.
        lists: ``id, gap`` of the lists that the blocks name; without them every reading counts as known with the
            newest of its block.
    """
    length = lengths(blocks)
    begin = begins(length)
    of, slot = _all_slots(length)
    value, there = values(blocks)
    number = _numbers(blocks, lists, begin, of)
    rank = blocks["late"].to_numpy().astype(np.int32) * 256 + blocks["seq"].to_numpy()
    every = Readings(
        blocks["point"].to_numpy()[of],
        times_at(blocks, of, slot),
        value,
        qualities_at(blocks, of, slot),
        blocks["source"].to_numpy()[of],
        number,
        rank[of],
        blocks["slack"].fill_null(0.0).to_numpy()[of],
    )
    return every if there.all() else every.take(there)


def lengths(blocks: pl.DataFrame) -> NDArray[np.int64]:
    """How many slots each block has."""
    return blocks["n"].to_numpy().astype(np.int64)


def _all_slots(length: NDArray[np.int64]) -> tuple[Cells, Cells]:
    """Block and slot of every cell, block after block."""
    of = np.repeat(np.arange(len(length)), length)
    return of, np.arange(len(of)) - begins(length)[of]


def times_at(blocks: pl.DataFrame, of: Cells, slot: Cells) -> NDArray[np.int64]:
    """Source times (microseconds) at slots of blocks, each named by its row."""
    step = blocks["step"].to_numpy().astype(np.int64)
    ts = blocks["first"].to_physical().to_numpy()[of] + step[of] * slot
    uneven = step == 0
    if uneven.any():
        passed = np.cumsum(flat(blocks["gap"].filter(pl.Series(uneven))).to_numpy(), dtype=np.int64)
        begin = begins(np.where(uneven, lengths(blocks), 0))
        some = np.flatnonzero(uneven[of])
        begun = begin[of[some]]  # a block's first gap is nothing
        ts[some] += passed[begun + slot[some]] - passed[begun]
    return ts


def begins(length: NDArray[np.int64]) -> Cells:
    """Where each list begins in the joined ones."""
    return np.cumsum(length) - length


def flat(lists: pl.Series) -> pl.Series:
    """The entries of lists, one list after another."""
    return lists.explode(empty_as_null=False, keep_nulls=False)


def values(blocks: pl.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values by slot, block after block, and the slots at which a reading came."""
    thin = blocks["thin"].to_numpy()
    if not thin.any():
        every = flat(blocks["value"])
        return every.to_numpy(), every.is_not_null().to_numpy()
    length = lengths(blocks)
    begin, total = begins(length), int(length.sum())
    value, there = np.zeros(total), np.ones(total, bool)
    for kind in np.unique(thin):
        some = np.flatnonzero(thin == kind)
        cells = cells_of(begin[some], length[some])
        entries = flat(blocks[some]["value"])
        empty = entries.is_null().to_numpy()
        if kind:
            at = _entries(blocks[some], length[some])
            there[cells[at[empty]]] = False
            ts = times_at(blocks[some], *_all_slots(length[some]))
            value[cells] = refill(int(kind), ts, at[~empty], entries.drop_nulls().to_numpy())
        else:
            value[cells], there[cells] = entries.fill_null(0.0).to_numpy(), ~empty
    return value, there


def cells_of(begin: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of all slots of some blocks, block after block."""
    return np.repeat(begin - begins(length), length) + np.arange(length.sum())


def _entries(blocks: pl.DataFrame, length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each entry of thinned blocks stands among all of their slots; a null entry is a slot without reading."""
    entries = blocks["value"].list.len().to_numpy()
    return flat(blocks["slot"]).to_numpy().astype(np.int64) + np.repeat(begins(length), entries)


def qualities_at(blocks: pl.DataFrame, of: Cells, slot: Cells) -> NDArray[np.uint8]:
    """Qualities at slots of blocks, each named by its row."""
    quality = blocks["quality"].to_numpy()[of]
    mixed = blocks["qualities"].is_not_null().to_numpy()
    if mixed.any():
        begin = begins(np.where(mixed, lengths(blocks), 0))
        some = np.flatnonzero(mixed[of])
        quality[some] = flat(blocks["qualities"]).fill_null(0).to_numpy()[begin[of[some]] + slot[some]]
    return quality


def _numbers(blocks: pl.DataFrame, lists: pl.DataFrame | None, begin: Cells, of: Cells) -> NDArray[np.int64]:
    if lists is None:
        return blocks["known_last"].to_numpy()[of]
    number = blocks["known_first"].to_numpy()[of]
    named = blocks.select("known_list").with_row_index("block").filter(pl.col("known_list").is_not_null())
    if len(named):
        gaps = named.join(lists, left_on="known_list", right_on="id", how="left", maintain_order="left")
        passed = np.zeros(len(of), np.int64)
        passed[np.isin(of, gaps["block"].to_numpy())] = flat(gaps["gap"]).to_numpy()
        total = np.cumsum(passed)
        number = number + total - (total[begin] - passed[begin])[of]
    return number
