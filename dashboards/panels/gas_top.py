"""Gas detectors nearest to (or beyond) their first limit."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.panels._state import GAS_KINDS, READS, STATE, UNTRUSTED, latest, own
from models.quantity import quantity
from models.wording import medium_name
from twin.content import Content, bars, both, meta, text
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 5
LEVEL_OF_STATUS = {"hh": "red", "h": "orange"}


def draw(rows: Rows, look: Look) -> Content:
    """The first five as bars against the limit; how many detectors answer."""
    gas = own(rows["state"], look).filter(pl.col("kind").is_in(GAS_KINDS))
    answering = gas.filter(~pl.col("status").is_in(UNTRUSTED))
    limited = answering.filter((pl.col("alarm_hi") > 0) & (pl.col("value") > 0))
    first = limited.with_columns(share=pl.col("value") / pl.col("alarm_hi")).sort(
        ["share", "id"], descending=[True, False]
    )
    told = meta(latest(gas, "ts"), look.park.settings.reading.period_s, (answering.height, gas.height))
    shown = [_bar(row) for row in first.head(SHOWN).iter_rows(named=True)]
    total = {"value": limited.height, "list": "gas"}
    return bars(shown, "share", total=total, empty=text("gas_top.none"), note=text("gas_top.note"), meta=told)


def _bar(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["id"],
        "label": medium_name(row["medium"], short=True) or both(row["name_zh"], row["name_en"]),
        "sub": row["owner"],
        "right": quantity(row["value"], row["unit"]),
        "value": row["value"],
        "share": round(min(row["share"], 1.0), 4),
        "level": LEVEL_OF_STATUS.get(row["status"]),
        "pick": {"layer": "points", "id": row["id"]},
    }


PANEL = Panel(
    key="gas_top",
    reads=READS,
    queries={"state": STATE},
    draw=draw,
    lists={
        "gas": ListOf(
            "state/gas",
            (
                ("id", "text", None),
                ("owner", "text", None),
                ("name", "text", None),
                ("value", "number", None),
                ("unit", "text", None),
                ("limit_value", "number", None),
                ("percent", "number", "%"),
                ("ts", "time", None),
            ),
            ("points", "id"),
        )
    },
    rule="R-GAS-15",
)
