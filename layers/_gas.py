"""What the gas layers and panels make of devices, what they measure, and the areas of risk sources."""

from __future__ import annotations

import orjson
import polars as pl

from layers._once import once
from models.coverage import Gap, Reach, gaps
from park.load import Park

DEVICES, INDICATORS, READINGS, HAZARDS = "gas/devices", "gas/indicators", "gas/readings", "gas/hazards"
# What covers an area is everybody's, whoever looks at it.
COVER = {"reaches": "gas/reaches", "carriers": "gas/carriers", "heard": "gas/heard"}
DEVICE_TABLES = frozenset({"gas_device", "parking_gas_device", "indicator"})
READS = DEVICE_TABLES | {"reading", "clock"}
SILENT = ("offline", "nodata")
UNTRUSTED = (*SILENT, "bad")
IN_USE = "01"
_AS_GRAVE = {"hh": 0, "h": 1, "normal": 2, "bad": 3, "stale": 4, "offline": 5, "nodata": 6}


@once
def measured(indicators: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """One row a point that measures a gas: what and where, its newest value, and its share of the first limit."""
    trusted = ~pl.col("status").is_in(UNTRUSTED) & (pl.col("alarm_hi") > 0)
    return (
        indicators.drop("alarm_hi", "alarm_hi_hi")
        .join(readings, on="id")
        .with_columns(share=pl.when(trusted).then(pl.col("value") / pl.col("alarm_hi")))
    )


@once
def answering(devices: pl.DataFrame, indicators: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Devices with ``points`` they measure with, how many of these are ``heard`` of, when last (``ts``), the gravest
    ``status``, and ``answering``: stopped, unmeasured (tells of leaks only), silent or online."""
    points = indicators.select("id", "device").join(readings.select("id", "ts", "status"), on="id")
    points = points.sort(pl.col("status").replace_strict(_AS_GRAVE, default=9), maintain_order=True)
    by_device = points.group_by(pl.col("device").alias("id")).agg(
        points=pl.len().cast(pl.Int64),
        heard=(~pl.col("status").is_in(SILENT)).sum().cast(pl.Int64),
        ts=pl.col("ts").max(),
        status=pl.col("status").first(),
    )
    found = devices.join(by_device, on="id", how="left", maintain_order="left").with_columns(
        pl.col("points", "heard").fill_null(0)
    )
    how = (
        pl.when(pl.col("device_status") != IN_USE).then(pl.lit("stopped"))
        .when(pl.col("points") == 0).then(pl.lit("unmeasured"))
        .when(pl.col("heard") == 0).then(pl.lit("silent"))
        .otherwise(pl.lit("online"))
    )  # fmt: skip
    return found.with_columns(answering=how)


def covering(devices: pl.DataFrame) -> pl.DataFrame:
    """The devices in use whose reach is known."""
    return devices.filter((pl.col("device_status") == IN_USE) & (pl.col("radius_m") > 0))


@once
def gaps_of(
    hazards: pl.DataFrame, reaches: pl.DataFrame, carriers: pl.DataFrame, heard: pl.DataFrame, park: Park
) -> dict[str, Gap]:
    """What of each risk source no device covers, by its id; the rest are the answers of ``COVER``."""
    covering = answering(reaches, carriers, heard).select(
        "lon", "lat", "radius_m", "direction_deg", "fov_deg", silent=pl.col("answering") == "silent"
    )
    areas = {id: boundary or _drawn(park, id) for id, boundary in hazards.select("id", "boundary").iter_rows()}
    return gaps(areas, [Reach(*row) for row in covering.iter_rows()])


def _drawn(park: Park, id: str) -> str:
    """The area of a risk source as the map has it, as GeoJSON text."""
    found = park.feature(id)
    return orjson.dumps(found.geometry).decode() if found else ""
