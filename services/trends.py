"""The history of several points as one sheet: what a trend shows, to be taken away as CSV or Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from services.sheets import csv_of, xlsx_of
from twin.content import Text, both, text
from twin.labels import say
from twin.moment import Moment, iso
from twin.reading import QUALITY_NAMES

Lines = list[list[str]]
_UNITS_S = (("d", 86400), ("h", 3600), ("min", 60))


@dataclass(frozen=True)
class Told:
    """Which history: source times from start to end, as ``known`` at a moment or with the ``latest`` knowledge."""

    start: Moment
    end: Moment
    at: Moment
    knowledge: str


@dataclass(frozen=True)
class Series:
    """One point: its names, and the answer of ``Store.history``."""

    name_zh: str
    name_en: str
    said: dict[str, Any]


def lasting(seconds: float) -> Text:
    """A length of time in the greatest unit of which it is a whole number: 30 s, 10 min, 1 d."""
    name, size = next((each for each in _UNITS_S if seconds >= each[1] and seconds % each[1] == 0), ("s", 1))
    return text(f"ui.unit.{name}", n=f"{seconds / size:g}")


def resolution(said: dict[str, Any]) -> Text:
    """What one row of a history stands for."""
    source_s = said.get("resolution") or 0
    if said["bucket_s"]:
        band = text("trend.resolution.band", span=lasting(said["bucket_s"]))
        return band if not source_s else text("trend.resolution.both", band=band, span=lasting(source_s))
    return text("trend.resolution.beyond", span=lasting(source_s)) if source_s else text("trend.resolution.raw")


def sheet_csv(series: Sequence[Series], told: Told, lang: str, zone: str) -> bytes:
    """All points side by side as CSV."""
    return csv_of(_head(series, told, lang, zone), _table(series, lang, zone))


def sheet_xlsx(series: Sequence[Series], told: Told, lang: str, zone: str) -> bytes:
    """All points side by side as Excel."""
    return xlsx_of(_head(series, told, lang, zone), _table(series, lang, zone))


def _head(series: Sequence[Series], told: Told, lang: str, zone: str) -> Lines:
    """What the rows below are: which times, known when, and what one row of each point stands for."""
    local = [each.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S") for each in (told.start, told.end, told.at)]
    known = text(f"trend.knowledge.{told.knowledge}", at=local[2])
    return [
        [say(text("trend.span"), lang), f"{local[0]} – {local[1]} {zone}", f"{iso(told.start)} – {iso(told.end)}"],
        [say(text("trend.knowledge"), lang), say(known, lang)],
        *([each.said["point"], _name(each, lang), say(resolution(each.said), lang)] for each in series),
        [],
    ]


def _name(series: Series, lang: str) -> str:
    return say(both(series.name_zh, series.name_en), lang)


def _table(series: Sequence[Series], lang: str, zone: str) -> pl.DataFrame:
    """One row per source time of any point, in the park's time and in UTC."""
    frames = [_columns(each, lang) for each in series]
    rows = reduce(lambda one, other: one.join(other, on="ts", how="full", coalesce=True), frames).sort("ts")
    local = pl.col("ts").str.to_datetime(time_unit="us", time_zone="UTC").dt.convert_time_zone(zone)
    times = [local.dt.replace_time_zone(None).alias(say(text("trend.time.local", zone=zone), lang))]
    return rows.select(*times, pl.col("ts").alias(say(text("trend.time.utc"), lang)), pl.exclude("ts"))


def _columns(series: Series, lang: str) -> pl.DataFrame:
    """A point's columns; the extremes of a bucket only where there are buckets."""
    said, id = series.said, series.said["point"]
    unit = f" [{said['unit']}]" if said["unit"] else ""
    names = {"value": f"{id} {_name(series, lang)}{unit}"}
    if said["bucket_s"]:
        names |= {name: f"{id} {say(text(f'trend.{name}'), lang)}{unit}" for name in ("min", "max")}
    rows = pl.DataFrame(
        {"ts": said["ts"], **{name: said[name] for name in names}},
        schema={"ts": pl.String(), **dict.fromkeys(names, pl.Float64())},
    )
    words = {int(code): say(text(f"quality.{name}"), lang) for code, name in QUALITY_NAMES.items()}
    quality = pl.Series(said["quality"], dtype=pl.Int64).replace_strict(words, return_dtype=pl.String())
    return rows.rename(names).with_columns(quality.alias(f"{id} {say(text('prop.quality'), lang)}"))
