"""Rows of ``blocks`` back to readings. Pure and vectorised."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.thinning import refill

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


@dataclass(frozen=True)
class Readings:
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

    def __len__(self) -> int:
        return len(self.ts)

    def take(self, which: NDArray[Any]) -> Self:
        """The rows of a mask or of indices."""
        return type(self)(*(getattr(self, each.name)[which] for each in fields(self)))


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
    length = blocks["n"].to_numpy().astype(np.int64)
    begin = np.cumsum(length) - length
    of_slot = np.repeat(np.arange(len(blocks)), length)
    slot = np.arange(len(of_slot)) - begin[of_slot]
    ts = _times(blocks, of_slot, slot)
    value, there = _values(blocks, begin, ts)
    number = _numbers(blocks, lists, begin, of_slot)
    rank = blocks["late"].to_numpy().astype(np.int32) * 256 + blocks["seq"].to_numpy()
    every = Readings(
        blocks["point"].to_numpy()[of_slot],
        ts,
        value,
        _qualities(blocks, begin, of_slot),
        blocks["source"].to_numpy()[of_slot],
        number,
        rank[of_slot],
        blocks["slack"].fill_null(0.0).to_numpy()[of_slot],
    )
    return every if there.all() else every.take(there)


def _times(blocks: pl.DataFrame, of_slot: NDArray[np.int64], slot: NDArray[np.int64]) -> NDArray[np.int64]:
    step = blocks["step"].to_numpy().astype(np.int64)
    ts = blocks["first"].to_physical().to_numpy()[of_slot] + step[of_slot] * slot
    uneven = step == 0
    if uneven.any():
        length = blocks["n"].filter(pl.Series(uneven)).to_numpy().astype(np.int64)
        passed = np.cumsum(_flat(blocks["gap"].filter(pl.Series(uneven))).to_numpy(), dtype=np.int64)
        begun = passed[np.cumsum(length) - length]  # a block's first gap is nothing
        ts[uneven[of_slot]] += passed - np.repeat(begun, length)
    return ts


def _flat(lists: pl.Series) -> pl.Series:
    return lists.explode(empty_as_null=False, keep_nulls=False)


def _values(
    blocks: pl.DataFrame, begin: NDArray[np.int64], ts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values by slot, and the slots at which a reading came."""
    thin = blocks["thin"].to_numpy()
    if not thin.any():
        flat = _flat(blocks["value"])
        return flat.to_numpy(), flat.is_not_null().to_numpy()
    value, there = np.zeros(len(ts)), np.ones(len(ts), bool)
    length = blocks["n"].to_numpy().astype(np.int64)
    for kind in np.unique(thin):
        some = np.flatnonzero(thin == kind)
        cells = _cells(begin[some], length[some])
        flat = _flat(blocks[some]["value"])
        empty = flat.is_null().to_numpy()
        if kind:
            at = _entries(blocks[some], length[some])
            there[cells[at[empty]]] = False
            value[cells] = refill(int(kind), ts[cells], at[~empty], flat.drop_nulls().to_numpy())
        else:
            value[cells], there[cells] = flat.fill_null(0.0).to_numpy(), ~empty
    return value, there


def _cells(begin: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of all slots of some blocks, block after block."""
    return np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(length.sum())


def _entries(blocks: pl.DataFrame, length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each entry of thinned blocks stands among all of their slots; a null entry is a slot without reading."""
    entries = blocks["value"].list.len().to_numpy()
    return _flat(blocks["slot"]).to_numpy().astype(np.int64) + np.repeat(np.cumsum(length) - length, entries)


def _qualities(blocks: pl.DataFrame, begin: NDArray[np.int64], of_slot: NDArray[np.int64]) -> NDArray[np.uint8]:
    quality = blocks["quality"].to_numpy()[of_slot]
    mixed = np.flatnonzero(blocks["qualities"].is_not_null().to_numpy())
    if len(mixed):
        inside = np.isin(of_slot, mixed)
        quality = quality.copy()
        quality[inside] = _flat(blocks["qualities"][mixed]).fill_null(0).to_numpy()
    return quality


def _numbers(
    blocks: pl.DataFrame, lists: pl.DataFrame | None, begin: NDArray[np.int64], of_slot: NDArray[np.int64]
) -> NDArray[np.int64]:
    if lists is None:
        return blocks["known_last"].to_numpy()[of_slot]
    number = blocks["known_first"].to_numpy()[of_slot]
    named = blocks.select("known_list").with_row_index("block").filter(pl.col("known_list").is_not_null())
    if len(named):
        gaps = named.join(lists, left_on="known_list", right_on="id", how="left", maintain_order="left")
        flat = np.zeros(len(of_slot), np.int64)
        flat[np.isin(of_slot, gaps["block"].to_numpy())] = _flat(gaps["gap"]).to_numpy()
        total = np.cumsum(flat)
        number = number + total - (total[begin] - flat[begin])[of_slot]
    return number
