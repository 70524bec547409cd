"""How the alarms of 24 hours fall to the three priorities of the standard, against the shares that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._desk import PERIOD
from dashboards.panels._load import OF_RECENT, RULE, asked_shares, recent
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.alarm_load import PRIORITIES
from models.alarm_tables import ALARM_TABLES
from models.quantity import quantity
from twin import formula
from twin.content import Content, bars, meta, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """A bar for each priority, the standard's share as a tick on it."""
    alarms = recent(rows["period"])
    shown = [_bar(name, alarms) for name in PRIORITIES] if alarms.height else []
    return bars(
        shown,
        "share",
        note=asked_shares(),
        empty=text("desk.none"),
        meta=meta(latest(alarms, "alarm_at")),
    )


def _bar(name: str, alarms: pl.DataFrame) -> dict[str, Any]:
    levels, tick = PRIORITIES[name]
    n = alarms.filter(pl.col("level").is_in(levels)).height
    share = round(n / alarms.height, 4)
    label = text(f"alarm_priorities.{name}")
    return {
        "key": name,
        "label": label,
        "sub": "·".join(levels),
        "value": n,
        "right": quantity(percent(n / alarms.height), "%"),
        "share": share,
        "tick": tick,
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of alarms by level, and what share of all they are."""
    every = formula.count("period")
    for name, (levels, tick) in PRIORITIES.items() if rows["period"].height else ():
        n, said = formula.count("period", ("level", "in", levels)), text("explain.alarm_priorities.n")
        share = formula.rounded(formula.divide(n, every), 4)
        yield Figure(path("rows", name, "value"), n, said)
        yield Figure(
            path("rows", name, "right"), formula.percent(n, every), text("explain.alarm_priorities.share"), "%"
        )
        yield Figure(path("rows", name, "share"), share, text("explain.alarm_priorities.share"))
        yield Figure(path("rows", name, "tick"), formula.const(tick), text("explain.alarm_priorities.tick"))
    yield Figure("meta/ts", formula.highest("period", "alarm_at"), text("explain.desk.newest"), rules="")


PANEL = Panel(
    key="alarm_priorities",
    reads=ALARM_TABLES | {"minute"},
    queries={"period": PERIOD},
    draw=draw,
    rule=RULE,
    origin=Origin({"period": OF_RECENT}, figures),
)
