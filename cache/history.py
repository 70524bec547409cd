"""Down-sampling of one point's history: every sample when they fit, else buckets that keep each extreme."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from twin.moment import Moment, to_us

_NICE_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_ISO = "%Y-%m-%dT%H:%M:%S%.3fZ"


def downsample(samples: pl.DataFrame, start: Moment, end: Moment, max_points: int) -> tuple[float, pl.DataFrame]:
    """Length of a bucket in seconds (0: every sample) and at most ``max_points`` rows ``ts, value, min, max, quality``.

    A bucket's ``ts`` is its start, ``value`` the mean, ``quality`` the worst inside; empty buckets have no row.
    """
    if len(samples) <= max_points:
        return 0.0, samples.with_columns(min=pl.col("value"), max=pl.col("value"))
    span_us = max(to_us(end) - to_us(start), 1)
    bucket_us = _bucket_us(span_us, max_points)
    last = math.ceil(span_us / bucket_us) - 1
    number = ((pl.col("ts") - start).dt.total_microseconds() // bucket_us).clip(0, last)
    rows = samples.group_by(
        (start + pl.duration(microseconds=number * bucket_us)).alias("ts"), maintain_order=True
    ).agg(
        pl.col("value").mean(),
        pl.col("value").min().alias("min"),
        pl.col("value").max().alias("max"),
        pl.col("quality").max(),
    )
    return bucket_us / 1e6, rows


def _bucket_us(span_us: int, buckets: int) -> int:
    """The shortest round length that covers the span in so many buckets."""
    needed = math.ceil(span_us / max(buckets, 1))
    return next((each * 1_000_000 for each in _NICE_S if each * 1_000_000 >= needed), needed)


def as_columns(rows: pl.DataFrame) -> dict[str, list[Any]]:
    """Columns for JSON; times in ISO 8601, quality as its number."""
    return {
        "ts": rows["ts"].dt.strftime(_ISO).to_list(),
        "value": rows["value"].to_list(),
        "min": rows["min"].to_list(),
        "max": rows["max"].to_list(),
        "quality": rows["quality"].to_list(),
    }
