"""Every gas that shows itself: its worst reading against its two limits (GS-2, R-GAS-15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import INDICATORS, SHOWS, by_share, measured, showing, silence
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from layers._gas import DEVICE_TABLES, READINGS
from layers._gas_origin import POINT_INPUTS
from layers._live import LEVEL_OF_STATUS
from layers._origin import field_of
from models.quantity import quantity
from models.wording import medium_name
from twin import formula
from twin.content import Content, bars, meta, text
from twin.lineage import Figure, Origin, path, within
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 6


def draw(rows: Rows, look: Look) -> Content:
    """The six gases nearest to (or beyond) a first limit; a click opens the card of one."""
    points = measured(rows["indicators"], rows["readings"])
    gases = _gases(points)
    shown = [_bar(row) for row in gases.head(SHOWN).iter_rows(named=True)]
    told = meta(latest(points, "ts"), look.park.settings.reading.period_s)
    total = {"value": gases.height, "list": "gases"}
    return bars(
        shown,
        "share",
        total=total,
        empty=silence(points, "gas_species.none"),
        note=text("gas_species.note", n=gases.height),
        meta=told,
    )


def _gases(points: pl.DataFrame) -> pl.DataFrame:
    """The worst point of every gas that shows itself, in order of its share of the first limit."""
    counted = points.group_by("medium").agg(points=pl.len().cast(pl.Int64))
    worst = showing(by_share(points)).drop_nulls("medium").unique("medium", keep="first", maintain_order=True)
    return worst.join(counted, on="medium", maintain_order="left")


def _bar(row: dict[str, Any]) -> dict[str, Any]:
    """A bar that ends at the second limit with a tick at the first; at the first where there is no second."""
    last = row["alarm_hi_hi"] or row["alarm_hi"]
    bar = {
        "key": row["id"],
        "label": medium_name(row["medium"], short=True),
        "right": quantity(row["value"], row["unit"]),
        "value": row["value"],
        "share": round(min(row["value"] / last, 1.0), 4),
        "level": LEVEL_OF_STATUS.get(row["status"]),
        "enter": {"gas": row["medium"]},
    }
    return bar | ({"tick": round(row["alarm_hi"] / last, 4)} if row["alarm_hi_hi"] else {})


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The reading and the share of the worst point of each gas, and how many gases there are."""
    gases = formula.distinct("points", "medium", *SHOWS)
    yield Figure(path("total", "value"), gases, text("explain.gas.species"))
    yield Figure(path("note", "args", "n"), gases, text("explain.gas.species"))
    yield newest("points", "ts")
    for row in _gases(rows["points"]).head(SHOWN).iter_rows(named=True):
        yield from within(path("rows", row["id"]), _of_bar(row))


def _of_bar(row: dict[str, Any]) -> Iterator[Figure]:
    value, first, second = (formula.one("points", each, row["id"]) for each in ("value", "alarm_hi", "alarm_hi_hi"))
    last = second if row["alarm_hi_hi"] else first
    share = formula.rounded(formula.least(formula.divide(value, last), formula.const(1)), 4)
    for name in ("value", "right"):
        yield Figure(name, value, field_of("value"), row["unit"])
    yield Figure("share", share, text("explain.gas.of_last"))
    yield Figure("tick", formula.rounded(formula.divide(first, last), 4), text("explain.gas.tick"))


def _listed(indicators: pl.DataFrame, look: Look, readings: pl.DataFrame) -> pl.DataFrame:
    return _gases(measured(indicators, readings))


PANEL = Panel(
    key="gas_species",
    reads=DEVICE_TABLES | {"reading", "clock"},
    queries={"indicators": INDICATORS, "readings": READINGS},
    draw=draw,
    lists={
        "gases": ListOf(
            INDICATORS,
            (
                ("medium", "medium", None),
                ("value", "number", None),
                ("unit", "text", None),
                ("percent", "number", "%"),
                ("alarm_hi", "number", None),
                ("alarm_hi_hi", "number", None),
                ("status", "code", None),
                ("points", "number", None),
                ("id", "text", None),
                ("place", "text", None),
                ("ts", "time", None),
            ),
            ("gas_toxic", "id"),
            also={"readings": READINGS},
            rows=_listed,
        )
    },
    rule="GS-2, R-GAS-15",
    origin=Origin({"points": POINT_INPUTS}, figures),
)
