"""What the gas panels share: the rows they are made of, the lists behind their figures, and where these come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl

from layers._gas import COVER, DEVICES, HAZARDS, INDICATORS, READINGS, UNTRUSTED, answering, gaps_of, measured
from twin.content import Text, text
from twin.formula import Where
from twin.lineage import Inputs
from twin.moment import Moment
from twin.screen import ListOf, Look

ALARMS = "gas/alarms"
LATELY: Mapping[str, Any] = {}  # of the last 30 days, and whatever is open
OF_A_YEAR: Mapping[str, Any] = {"year": True}  # many: asked for what somebody wants to look into, not with every frame
LEAKS = ("leak", "HH", "H")
LEAK_DAYS = 30
GRAVITY = {level: turn for turn, level in enumerate("SABCD")}
LAYER_OF_TYPE = {
    "02": "gas_sweeps",
    "03": "gas_drones",
    "04": "gas_imaging",
    "05": "gas_vehicles",
    "06": "gas_rails",
    "99": "gas_others",
}
DETECTORS = {"toxic_gas": "gas_toxic", "combustible_gas": "gas_combustible"}
MEASURES = {"devices": DEVICES, "indicators": INDICATORS, "readings": READINGS}
SHOWS: tuple[Where, ...] = (("status", "not in", UNTRUSTED), ("alarm_hi", ">", 0), ("value", ">", 0))

Keep = Callable[[pl.DataFrame, Look], pl.DataFrame]


def recent(alarms: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Gas alarms that are open or were raised in the last 24 h, by the whole minute."""
    return alarms.filter(pl.col("open") | (pl.col("alarm_at") > _minute(look.at) - timedelta(hours=24)))


def leaks(alarms: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Leaks that last (the gravest first) or began in the last 30 days (the newest first).

    An excess of the second limit is part of that of the first.
    """
    begun = pl.col("open") | (pl.col("alarm_at") > _minute(look.at) - timedelta(days=LEAK_DAYS))
    found = alarms.filter(pl.col("kind").is_in(LEAKS) & pl.col("part_of").is_null() & begun)
    grave = pl.when("open").then(pl.col("leak_level").replace_strict(GRAVITY, default=len(GRAVITY))).otherwise(9)
    return found.sort(grave, "alarm_at", "id", descending=[False, True, False])


def _minute(at: Moment) -> Moment:
    return at.replace(second=0, microsecond=0)


def picked(points: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Points with the layer and the id that a click on them leads to: the detector itself, or what carries it."""
    types = devices.select(pl.col("id").alias("device"), "device_type")
    return points.join(types, on="device", how="left", maintain_order="left").with_columns(
        pick_layer=pl.coalesce(
            pl.col("device_type").replace_strict(LAYER_OF_TYPE, default=None, return_dtype=pl.String),
            pl.col("kind").replace_strict(DETECTORS, default=None, return_dtype=pl.String),
        ),
        pick_id=pl.when(pl.col("device_type").is_in(list(LAYER_OF_TYPE))).then("device").otherwise("id"),
    )


def with_layer(devices: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Devices with the layer that shows them."""
    kinds = indicators.select(pl.col("device").alias("id"), "kind").unique("id", keep="first", maintain_order=True)
    return devices.join(kinds, on="id", how="left", maintain_order="left").with_columns(
        pick_layer=pl.coalesce(
            pl.col("device_type").replace_strict(LAYER_OF_TYPE, default=None, return_dtype=pl.String),
            pl.col("kind").replace_strict(DETECTORS, default="gas_toxic", return_dtype=pl.String),
        )
    )


def in_alarm(alarms: pl.DataFrame) -> pl.DataFrame:
    """The devices with open alarms, each with its worst one."""
    return alarms.filter(pl.col("open")).unique("device", keep="first", maintain_order=True)


ALARM_COLUMNS = (
    ("level", "level", None),
    ("alarm_at", "time", None),
    ("cleared_at", "time", None),
    ("owner", "text", None),
    ("name", "text", None),
    ("point", "text", None),
    ("medium", "medium", None),
    ("kind", "code", None),
    ("value", "number", None),
    ("unit", "text", None),
    ("threshold", "number", None),
    ("handling", "code", None),
)
LEAK_COLUMNS = (
    ("leak_level", "level", None),
    ("name", "text", None),
    ("medium", "medium", None),
    ("alarm_at", "time", None),
    ("cleared_at", "time", None),
    ("place", "text", None),
    ("leak_state", "code", None),
    ("handling", "code", None),
    ("leak_value", "number", None),
    ("unit", "text", None),
    ("measures", "text", None),
)
DEVICE_COLUMNS = (
    ("id", "text", None),
    ("name", "text", None),
    ("device_type", "code", None),
    ("answering", "code", None),
    ("owner", "text", None),
    ("radius_m", "number", "m"),
    ("points", "number", None),
    ("heard", "number", None),
    ("ts", "time", None),
)
READING_COLUMNS = (
    ("id", "text", None),
    ("medium", "medium", None),
    ("value", "number", None),
    ("unit", "text", None),
    ("percent", "number", "%"),
    ("alarm_hi", "number", None),
    ("alarm_hi_hi", "number", None),
    ("status", "code", None),
    ("place", "text", None),
    ("owner", "text", None),
    ("ts", "time", None),
)


def alarm_list(keep: Keep, params: Mapping[str, Any] = LATELY) -> ListOf:
    """The gas alarms of a figure."""
    return ListOf(ALARMS, ALARM_COLUMNS, ("alarms", "id"), params=params, rows=keep)


def device_list(keep: Callable[[pl.DataFrame], pl.DataFrame]) -> ListOf:
    """The devices of a figure."""
    also = {"indicators": INDICATORS, "readings": READINGS, "alarms": ALARMS}
    return ListOf(DEVICES, DEVICE_COLUMNS, ("gas_toxic", "id"), also=also, rows=partial(_device_rows, keep))


def _device_rows(
    keep: Callable[[pl.DataFrame], pl.DataFrame],
    devices: pl.DataFrame,
    look: Look,
    indicators: pl.DataFrame,
    readings: pl.DataFrame,
    alarms: pl.DataFrame,
) -> pl.DataFrame:
    alarmed = in_alarm(alarms)["device"]
    found = answering(devices, indicators, readings).with_columns(alarmed=pl.col("id").is_in(alarmed.to_list()))
    return with_layer(keep(found), indicators)


def reading_list(keep: Callable[[pl.DataFrame], pl.DataFrame]) -> ListOf:
    """The points of a figure, the nearest to its limit first."""
    also = {"indicators": INDICATORS, "readings": READINGS}
    return ListOf(DEVICES, READING_COLUMNS, ("gas_toxic", "pick_id"), also=also, rows=partial(_reading_rows, keep))


def _reading_rows(
    keep: Callable[[pl.DataFrame], pl.DataFrame],
    devices: pl.DataFrame,
    look: Look,
    indicators: pl.DataFrame,
    readings: pl.DataFrame,
) -> pl.DataFrame:
    return picked(keep(by_share(measured(indicators, readings))), devices)


def by_share(points: pl.DataFrame) -> pl.DataFrame:
    """Points in order of their share of the first limit, with that in per cent."""
    return points.with_columns(percent=(100 * pl.col("share")).round(1)).sort(
        ["share", "id"], descending=[True, False], nulls_last=True
    )


def showing(points: pl.DataFrame) -> pl.DataFrame:
    """Points that show something against a limit."""
    return points.filter(pl.col("share") > 0)


def silence(points: pl.DataFrame, quiet: str) -> Text:
    """Why nothing shows itself: it is ``quiet`` (a key of the catalogue), or nobody could have told."""
    heard = not points["status"].is_in(UNTRUSTED).all()
    return text(quiet if heard else "gas.unheard")


def _as_hazards(hazards: pl.DataFrame, look: Look, **cover: pl.DataFrame) -> pl.DataFrame:
    return gap_rows(hazards, look, **cover).with_columns(
        kind=pl.when(pl.col("known").is_null()).then(pl.lit("feature")).otherwise(pl.lit("record")),
        ts=pl.col("known"),
        quality=pl.lit("good"),
    )


def gap_rows(hazards: pl.DataFrame, look: Look, **cover: pl.DataFrame) -> pl.DataFrame:
    """One row a risk source with an area: how large it is, and how much nothing covers, or only silent devices do."""
    found = gaps_of(hazards, *(cover[name] for name in COVER), look.park)
    sizes = [
        {"id": id, "area_m2": round(gap.area_m2), "blind_m2": round(gap.blind_m2), "unheard_m2": round(gap.silent_m2)}
        for id, gap in found.items()
    ]
    schema = {"id": pl.String, "area_m2": pl.Int64, "blind_m2": pl.Int64, "unheard_m2": pl.Int64}
    rows = hazards.drop("boundary").join(pl.DataFrame(sizes, schema, orient="row"), on="id", maintain_order="left")
    share = 100 * pl.col("blind_m2") / pl.col("area_m2")
    return rows.with_columns(blind_percent=share.round(1)).sort(["blind_m2", "id"], descending=[True, False])


def gap_list(keep: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows) -> ListOf:
    """The risk sources of a figure of gaps."""
    columns = (
        ("id", "text", None),
        ("name", "text", None),
        ("owner", "text", None),
        ("hazard_level", "code", None),
        ("chemicals", "text", None),
        ("area_m2", "number", "m²"),
        ("blind_m2", "number", "m²"),
        ("blind_percent", "number", "%"),
        ("unheard_m2", "number", "m²"),
    )

    def rows(hazards: pl.DataFrame, look: Look, **also: pl.DataFrame) -> pl.DataFrame:
        return keep(gap_rows(hazards, look, **also))

    return ListOf(HAZARDS, columns, ("hazards", "id"), also=COVER, rows=rows)


ALARM_INPUTS = Inputs(
    ALARMS,
    (("level", "level", None), ("alarm_at", "time", None), ("cleared_at", "time", None), ("medium", "medium", None),
     ("value", "number", None), ("unit", "text", None), ("handling", "code", None)),
    ("alarms", "id"),
    rows=lambda alarms, look: alarms.with_columns(kind=pl.lit("record"), quality=pl.lit("good")),
)  # fmt: skip
GAP_INPUTS = Inputs(
    HAZARDS,
    (
        ("owner", "text", None),
        ("area_m2", "number", "m²"),
        ("blind_m2", "number", "m²"),
        ("unheard_m2", "number", "m²"),
    ),
    ("hazards", "id"),
    also=COVER,
    rows=_as_hazards,
)
BEGUN_INPUTS = Inputs("gas/begun")
