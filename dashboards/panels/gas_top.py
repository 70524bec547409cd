"""Gas detectors nearest to (or beyond) their first limit."""

from __future__ import annotations

from typing import Any

from dashboards.panels._words import newest
from models.quantity import quantity
from models.wording import medium_name
from twin.content import Content, bars, both, meta, text
from twin.screen import ListOf, Look, Panel, Rows

LEVEL_OF_STATUS = {"hh": "red", "h": "orange"}


def draw(rows: Rows, look: Look) -> Content:
    """The first five as bars against the limit; how many detectors answer."""
    gas = rows["gas"]
    first = gas.row(0, named=True) if gas.height else None
    coverage = (first["answering"], first["detectors"]) if first else (0, 0)
    told = meta(newest(gas, "newest"), look.park.settings.reading.period_s, coverage)
    shown = [_bar(row) for row in gas.iter_rows(named=True) if row["share"] > 0]
    return bars(shown, "share", list="gas", empty=text("gas_top.none"), note=text("gas_top.note"), meta=told)


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
    reads=frozenset({"reading", "clock"}),
    queries={"gas": "state/gas_top"},
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
