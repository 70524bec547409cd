"""Down-sampling of one point's history: every sample when they fit, else buckets that keep each extreme.

Buckets begin at whole multiples of their length since 1970, so the same ones come back when a chart is moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

_NICE_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_ISO = "%Y-%m-%dT%H:%M:%S%.3fZ"


@dataclass(frozen=True)
class Cells:
    """Stretches of a history: when each begins (microseconds) and what it held. A sample is a stretch of one."""

    ts: NDArray[np.int64]
    n: NDArray[np.int64]
    min: NDArray[np.float64]
    max: NDArray[np.float64]
    mean: NDArray[np.float64]
    quality: NDArray[np.uint8]

    @classmethod
    def of_samples(cls, ts: NDArray[np.int64], value: NDArray[np.float64], quality: NDArray[np.uint8]) -> Cells:
        """One cell a sample."""
        return cls(ts, np.ones(len(ts), np.int64), value, value, value, quality)

    def frame(self) -> pl.DataFrame:
        """One row a cell; ``value`` is the mean."""
        return pl.DataFrame(
            {"ts": self.ts, "n": self.n, "value": self.mean, "min": self.min, "max": self.max, "quality": self.quality}
        )


def bucket_us(start: int, end: int, max_points: int) -> int:
    """The shortest round length of bucket (microseconds) of which so many cover the time from ``start`` to ``end``."""
    for seconds in _NICE_S:
        if _count(start, end, seconds * 1_000_000) <= max_points:
            return seconds * 1_000_000
    width = _NICE_S[-1] * 1_000_000
    while _count(start, end, width) > max_points:
        width *= 2
    return width


def _count(start: int, end: int, width: int) -> int:
    return end // width - start // width + 1


def bucketed(parts: Sequence[Cells], start: int, width: int) -> pl.DataFrame:
    """One row a bucket that holds anything: ``ts, value, min, max, quality``; ``value`` is the mean of all samples,
    ``quality`` the worst. The first bucket begins at ``start`` (microseconds) at the earliest."""
    cells = pl.concat([each.frame() for each in parts]).sort("ts")
    bucket = (pl.col("ts") // width * width).clip(lower_bound=start)
    weight = pl.col("n")
    rows = cells.group_by(bucket.alias("ts"), maintain_order=True).agg(
        ((pl.col("value") * weight).sum() / weight.sum()).alias("value"),
        pl.col("min").min(),
        pl.col("max").max(),
        pl.col("quality").max(),
    )
    # a mean may miss its own bounds by a rounding
    return rows.with_columns(pl.col("value").clip(pl.col("min"), pl.col("max")))


def as_columns(rows: pl.DataFrame) -> dict[str, list[Any]]:
    """Columns for JSON; times (microseconds) in ISO 8601, quality as its number."""
    return {
        "ts": rows["ts"].cast(pl.Datetime("us")).dt.strftime(_ISO).to_list(),
        "value": rows["value"].to_list(),
        "min": rows["min"].to_list(),
        "max": rows["max"].to_list(),
        "quality": rows["quality"].to_list(),
    }
