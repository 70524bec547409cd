"""Five minutes at a time, closed minutes are laid in the order of points and summed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from cache.database import Database
from cache.history.edges import Edges
from cache.history.unfold import LISTS, Readings, unfold, wanted_lists
from twin.moment import from_us

SUMMARY_US = 300_000_000
_SLICE_BLOCKS = 50_000
_DUE = "SELECT point, count(*) AS blocks FROM block_new WHERE first < $edge GROUP BY point ORDER BY point"
_TAKE = "SELECT * FROM block_new WHERE first < $edge AND point BETWEEN $low AND $high ORDER BY point, first, late, seq"
_BEFORE = (
    "SELECT b.* FROM block AS b SEMI JOIN old ON b.point = old.point "
    "AND time_bucket(INTERVAL 5 MINUTE, b.first) = old.start WHERE b.first >= $low AND b.first < $high"
)
_MOVE = "DELETE FROM block_new WHERE first < $edge AND point BETWEEN $low AND $high"
_REPLACE = (
    "DELETE FROM summary WHERE start >= $low AND start < $high "
    "AND EXISTS (FROM old WHERE old.point = summary.point AND old.start = summary.start)"
)


@dataclass(frozen=True)
class Settled:
    """Blocks of some points, ready to be moved, and the summaries they make."""

    edge: int
    low: int
    high: int
    blocks: pl.DataFrame
    summary: pl.DataFrame
    old: pl.DataFrame  # point, start of summaries that were there before


class Settler:
    """Prepares in the background, writes in the writer's thread."""

    def __init__(self, database: Database, edges: Edges) -> None:
        self._database = database
        self._edges = edges

    def prepare(self, edge: int) -> Iterator[Settled]:
        """Parts of what is closed before ``edge``, some points at a time. Each is to be written before the next."""
        due = self._database.query(_DUE, {"edge": from_us(edge)})
        part = (due["blocks"].cum_sum() - due["blocks"]) // _SLICE_BLOCKS
        for points in due.with_columns(part=part).partition_by("part", maintain_order=True):
            yield self._part(edge, points["point"][0], points["point"][-1])

    def _part(self, edge: int, low: int, high: int) -> Settled:
        blocks = self._database.query(_TAKE, {"edge": from_us(edge), "low": low, "high": high})
        buckets = blocks.select("point", start=pl.col("first").dt.truncate("5m")).unique()
        old = buckets.filter(pl.col("start") < from_us(self._edges.settled))
        counted = blocks
        if len(old):
            bounds = {"low": old["start"].min(), "high": old["start"].max() + np.timedelta64(5, "m").astype(object)}
            counted = pl.concat([self._database.query(_BEFORE, bounds, {"old": old}), blocks])
        return Settled(edge, low, high, by_likeness(blocks), summarise(self._unfold(counted)), old)

    def _unfold(self, blocks: pl.DataFrame) -> Readings:
        readings = unfold(blocks)
        if not _repeated(readings):
            return readings
        wanted = wanted_lists(blocks)
        if not len(wanted):
            return readings
        bounds = {"low": wanted["id"][0], "high": wanted["id"][-1]}
        return unfold(blocks, self._database.query(LISTS, bounds, {"wanted": wanted}))

    def write(self, settled: Settled) -> None:
        """Move the blocks and replace the summaries (inside the caller's transaction)."""
        bounds = {"edge": from_us(settled.edge), "low": settled.low, "high": settled.high}
        self._database.execute(_MOVE, bounds)
        self._database.execute("INSERT INTO block BY NAME FROM rows", tables={"rows": settled.blocks})
        if len(settled.old):
            start = settled.old["start"]
            limits = {"low": start.min(), "high": start.max() + np.timedelta64(5, "m").astype(object)}
            self._database.execute(_REPLACE, limits, {"old": settled.old})
        self._database.execute("INSERT INTO summary BY NAME FROM rows", tables={"rows": settled.summary})

    def write_edge(self, edge: int) -> None:
        """Everything before ``edge`` is settled (inside the caller's transaction)."""
        self._edges.settled = edge
        self._edges.keep(self._database, "settled")


def by_likeness(blocks: pl.DataFrame) -> pl.DataFrame:
    """The blocks of one point together, next to points whose values are as large: the file packs some thousand values
    at a time, and with others that need as many digits they take half the room. So thinned ones lie apart: what is kept
    of them has a digit more."""
    size = pl.col("value").list.eval(pl.element().abs().max()).list.first().max().over("point")
    return blocks.with_columns(size=size).sort("thin", "size", "point", "first", "late", "seq").drop("size")


def _repeated(readings: Readings) -> bool:
    order = np.lexsort((readings.ts, readings.point))
    point, ts = readings.point[order], readings.ts[order]
    return bool(((point[1:] == point[:-1]) & (ts[1:] == ts[:-1])).any())


def summarise(readings: Readings) -> pl.DataFrame:
    """Rows of ``summary``: what five minutes of each point held; of equal times the one told last counts."""
    order = np.lexsort((readings.rank, readings.number, readings.ts, readings.point))
    rows = readings.take(order)
    last = np.ones(len(rows), bool)
    last[:-1] = (rows.point[1:] != rows.point[:-1]) | (rows.ts[1:] != rows.ts[:-1])
    newest = _newest_commit(rows)
    rows = rows.take(last)
    frame = pl.DataFrame(
        {
            "point": rows.point,
            "start": pl.Series(rows.ts // SUMMARY_US * SUMMARY_US).cast(pl.Datetime("us", "UTC")),
            "value": rows.value,
            "quality": rows.quality,
        }
    )
    value = pl.col("value")
    summed = frame.group_by("point", "start", maintain_order=True).agg(
        n=pl.len().cast(pl.Int32), min=value.min(), max=value.max(), mean=value.mean(), last=value.last(),
        quality=pl.col("quality").max(),
    )  # fmt: skip
    return summed.join(newest, on=["point", "start"], how="left", maintain_order="left")


def _newest_commit(rows: Readings) -> pl.DataFrame:
    start = pl.Series(rows.ts // SUMMARY_US * SUMMARY_US).cast(pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"point": rows.point, "start": start, "number": rows.number})
    return frame.group_by("point", "start").agg(known_last=pl.col("number").max())
