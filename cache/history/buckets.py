"""Down-sampling of one point's history: every sample when they fit, else buckets that keep each extreme.

Buckets begin at whole multiples of their length since 1970, so the same ones come back when a chart is moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.history.samples import Samples
from twin.columns import Columns

_NICE_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_ISO = "%Y-%m-%dT%H:%M:%S%.3fZ"


@dataclass(frozen=True)
class Cells(Columns):
    """Stretches of a history: when each begins (microseconds) and what it held. A sample is a stretch of one."""

    ts: NDArray[np.int64]
    n: NDArray[np.int64]
    min: NDArray[np.float64]
    max: NDArray[np.float64]
    mean: NDArray[np.float64]
    quality: NDArray[np.uint8]

    @classmethod
    def of_samples(cls, samples: Samples) -> Self:
        """One cell a sample."""
        value = samples.value
        return cls(samples.ts, np.ones(len(samples), np.int64), value, value, value, samples.quality)


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


def bucketed(parts: Sequence[Cells], start: int, width: int) -> Cells:
    """One cell a bucket that holds anything; ``mean`` is that of all samples, ``quality`` the worst. The first bucket
    begins at ``start`` (microseconds) at the earliest."""
    cells = Cells.joined(parts)
    if not len(cells):
        return cells
    if len(parts) > 1 and (cells.ts[1:] < cells.ts[:-1]).any():
        cells = cells.take(np.argsort(cells.ts, kind="stable"))
    bucket = cells.ts // width
    first = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - 1))
    low, high = np.minimum.reduceat(cells.min, first), np.maximum.reduceat(cells.max, first)
    n, quality = np.add.reduceat(cells.n, first), np.maximum.reduceat(cells.quality, first)
    mean = np.add.reduceat(cells.mean * cells.n, first) / n
    mean = np.minimum(np.maximum(mean, low), high)  # it may miss its own bounds by a rounding
    return Cells(np.maximum(bucket[first] * width, start), n, low, high, mean, quality)


def as_columns(rows: Cells) -> dict[str, list[Any]]:
    """Columns for JSON; times in ISO 8601, quality as its number."""
    return {
        "ts": pl.Series(rows.ts).cast(pl.Datetime("us")).dt.strftime(_ISO).to_list(),
        "value": rows.mean.tolist(),
        "min": rows.min.tolist(),
        "max": rows.max.tolist(),
        "quality": rows.quality.tolist(),
    }
