"""Where the figures of gas devices come from: what they measure, and what is known of them."""

from __future__ import annotations

import polars as pl

from layers._gas import DEVICES, INDICATORS, READINGS, measured
from layers._origin import as_points
from twin.lineage import Inputs
from twin.screen import Look


def _points(indicators: pl.DataFrame, look: Look, readings: pl.DataFrame) -> pl.DataFrame:
    return as_points(measured(indicators, readings), look)


def _devices(devices: pl.DataFrame, look: Look) -> pl.DataFrame:
    fixed = pl.col("known").is_null()
    return devices.with_columns(
        kind=pl.when(fixed).then(pl.lit("feature")).otherwise(pl.lit("record")),
        ts=pl.col("known"),
        quality=pl.lit("good"),
    )


POINT_INPUTS = Inputs(
    INDICATORS,
    (
        ("medium", "medium", None),
        ("value", "number", None),
        ("unit", "text", None),
        ("alarm_hi", "number", None),
        ("status", "code", None),
    ),
    ("points", "id"),
    also={"readings": READINGS},
    rows=_points,
)
DEVICE_INPUTS = Inputs(
    DEVICES,
    (
        ("device_type", "code", None),
        ("device_status", "code", None),
        ("radius_m", "number", "m"),
        ("owner", "text", None),
    ),
    rows=_devices,
)
