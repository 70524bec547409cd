"""Real-time tables of the exchange (``*_realtime``) are measured values and join the history of readings."""

from __future__ import annotations

import polars as pl

from twin.dictionary import Table
from twin.reading import DECODED_READINGS, Quality

POINT_FIELDS = ("indicator_id", "hazard_point_id", "device_id")
# 01 normal, 02 doubtful, 03 off line, 04 under repair or out of use
_QUALITY = {"01": Quality.GOOD, "02": Quality.UNCERTAIN, "03": Quality.BAD, "04": Quality.BAD}


def columns_of(table: Table) -> dict[str, str]:
    """Which field of a measured table is which column of a reading."""
    point = next(name for name in POINT_FIELDS if table.field(name))
    return {"point": point, "ts": "collected_at", "value": "value", "quality": "quality"}


def as_readings(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Records of a measured table as readings."""
    named = columns_of(table)
    quality = pl.col(named["quality"]).replace_strict({code: int(each) for code, each in _QUALITY.items()}, default=2)
    return rows.select(
        "index",
        pl.col(named["point"]).alias("point"),
        pl.col(named["ts"]).alias("ts"),
        "value",
        quality.alias("quality"),
    ).cast(DECODED_READINGS)
