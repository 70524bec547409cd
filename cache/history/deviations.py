"""Which points are thinned, how, and how far a kept value may be from what came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.history.unfold import Readings, unfold
from models.thinning import METHODS, NONE, thin
from twin.errors import ParkError
from twin.settings import Thinning

_FEWEST = 3  # readings of a minute that are worth it
_LEAST = 0.5  # where more than so large a part would be kept, each with its place, all as they came take less room


@dataclass(frozen=True)
class Deviations:
    """By lasting number of the point: the method (``models.thinning``) and the largest error in the point's unit."""

    method: NDArray[np.uint8]
    deviation: NDArray[np.float64]

    @classmethod
    def of(cls, points: pl.DataFrame, number: NDArray[np.int32], rules: Iterable[Thinning]) -> Deviations:
        """What the park's rules say of its points; a later rule stands over an earlier one.

        Raises:
            ParkError: a rule names a point that the park has not, or a percent of a range that is not given.
        """
        method, deviation = np.zeros(len(points), np.uint8), np.zeros(len(points))
        ids, kinds = points["id"], points["kind"]
        span = (points["range_hi"] - points["range_lo"]).fill_null(np.nan).to_numpy()
        for rule in rules:
            unknown = sorted(set(rule.points) - set(ids))
            if unknown:
                raise ParkError(
                    f"park.toml: thinning names a point '{unknown[0]}' that is not there", "thinning.points"
                )
            named = (ids.is_in(rule.points) | kinds.is_in(rule.kinds)).fill_null(False).to_numpy()
            wide = span * rule.percent / 100 if rule.percent else np.full(len(points), rule.deviation)
            named &= wide > 0
            method[named], deviation[named] = METHODS[rule.method], wide[named]
        size = int(number.max(initial=-1)) + 1
        by_number = cls(np.zeros(size, np.uint8), np.zeros(size))
        by_number.method[number], by_number.deviation[number] = method, deviation
        return by_number

    def apply(self, blocks: pl.DataFrame) -> pl.DataFrame:
        """The same blocks, with fewer values where the rules allow it."""
        point = blocks["point"].to_numpy()
        inside = point < len(self.method)
        method = np.where(inside, self.method[np.where(inside, point, 0)], NONE) if len(self.method) else point * 0
        plain = blocks.select(
            (pl.col("n") >= _FEWEST) & ~pl.col("late") & (pl.col("seq") == 0) & pl.col("qualities").is_null()
        ).to_series()
        some = np.flatnonzero((method != NONE) & plain.to_numpy())
        if not len(some):
            return blocks
        parts = [blocks.with_row_index("row")]
        for kind in np.unique(method[some]):
            chosen = some[method[some] == kind]
            parts.append(_thinned(parts[0][chosen], int(kind), self.deviation[point[chosen]]))
        done = np.isin(np.arange(len(blocks)), some)
        return pl.concat([parts[0].filter(~pl.Series(done)), *parts[1:]]).sort("row").drop("row")


def _thinned(blocks: pl.DataFrame, kind: int, deviation: NDArray[np.float64]) -> pl.DataFrame:
    holes = blocks["value"].list.eval(pl.element().is_null())
    readings = unfold(blocks)
    size = (blocks["n"] - holes.list.sum()).to_numpy().astype(np.int64)
    ts, value = _table(readings, size)
    kept = thin(kind, ts, value, size, deviation)
    there = np.arange(value.shape[1]) < size[:, None]
    flat = pl.DataFrame(
        {
            "row": np.repeat(np.arange(len(size)), size),
            "at": _slots(blocks, readings, size),
            "value": kept.value[there],
            "keep": kept.keep[there],
        }
    ).filter("keep")
    empty = _holes(holes)
    entries = pl.concat([flat.drop("keep"), empty]).sort("row", "at").group_by("row", maintain_order=True)
    lists = entries.agg(pl.col("value"), pl.col("at").cast(pl.UInt16).alias("slot"))
    less = lists["slot"].list.len() <= blocks["n"] * _LEAST
    thinned = {"value": lists["value"], "slot": lists["slot"], "thin": kind, "slack": pl.Series(deviation)}
    return blocks.with_columns(
        pl.when(less).then(pl.lit(each).cast(blocks.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, each in thinned.items()
    )


def _table(readings: Readings, size: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times and values, one row a block; what is beyond a block's size repeats its last reading."""
    begin = np.cumsum(size) - size
    cells = begin[:, None] + np.minimum(np.arange(size.max()), size[:, None] - 1)
    return readings.ts[cells], readings.value[cells]


def _slots(blocks: pl.DataFrame, readings: Readings, size: NDArray[np.int64]) -> NDArray[np.int64]:
    """The slot of each reading in its block."""
    first = np.repeat(blocks["first"].to_physical().to_numpy(), size)
    step = np.repeat(blocks["step"].to_numpy().astype(np.int64), size)
    begin = np.cumsum(size) - size
    return np.where(
        step > 0, (readings.ts - first) // np.maximum(step, 1), np.arange(len(first)) - np.repeat(begin, size)
    )


def _holes(holes: pl.Series) -> pl.DataFrame:
    at = holes.list.eval(pl.element().arg_true())
    frame = pl.DataFrame({"row": np.arange(len(holes)), "at": at}).explode("at").drop_nulls("at")
    return frame.select("row", pl.col("at").cast(pl.Int64), value=pl.lit(None, pl.Float64))
