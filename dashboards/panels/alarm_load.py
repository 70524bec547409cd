"""What alarms ask of the people in the control room in 24 hours, against the standard's limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._desk import PERIOD
from dashboards.panels._load import OF_LIMITS, OF_RECENT, RULE, limit_of, recent
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.alarm_load import SLOTS_A_DAY, by_slot
from models.alarm_tables import ALARM_TABLES
from models.quantity import plain
from twin import formula
from twin.content import Content, figure, meta, text, value
from twin.lineage import Figure, Origin, item
from twin.screen import Look, Panel, Rows

# figure -> the limit that it is held against
HELD = {"average": "alarms_per_operator_10min", "peak": "alarms_per_10min", "flooded": "alarms_flood_percent"}


def draw(rows: Rows, look: Look) -> Content:
    """Average and highest rate, how much of the time was a flood, how long until somebody took one in hand."""
    alarms = recent(rows["period"])
    slots, operators = by_slot(alarms)["n"], limit_of(look, "alarms_operators")
    peak = limit_of(look, "alarms_per_10min")
    items = [
        _held("average", round(alarms.height / SLOTS_A_DAY / operators, 2), None, 2, look),
        _held("peak", max(slots, default=0), None, 0, look),
        _held("flooded", percent(slots.filter(slots > peak).len() / SLOTS_A_DAY), "%", 1, look),
        {"key": "ack", "label": text("alarm_load.ack"), "value": value(_minutes(alarms["ack_s"]), "min", 1)},
    ]
    return figure(items, meta=meta(latest(alarms, "alarm_at")))


def _held(name: str, number: float, unit: str | None, digits: int, look: Look) -> dict[str, Any]:
    most = limit_of(look, HELD[name])
    over = {"note_level": "orange"} if number > most else {}
    note = text("alarm_load.limit", limit=plain(most), unit=unit or "")
    return {
        "key": name,
        "label": text(f"alarm_load.{name}"),
        "value": value(number, unit, digits),
        "note": note,
        **over,
    }


def _minutes(seconds: pl.Series) -> float | None:
    known = seconds.drop_nulls().to_list()
    return round(sum(known) / len(known) / 60, 1) if known else None


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of the alarms of 24 hours and of their ten minutes."""
    one = {name: formula.one("limits", "value", f"limits.{name}") for name in (*HELD.values(), "alarms_operators")}
    every, day = formula.count("period"), formula.const(SLOTS_A_DAY)
    rate = formula.divide(formula.divide(every, day), one["alarms_operators"])
    flooded = formula.distinct("period", "slot", ("slot_n", ">", limit_of(look, "alarms_per_10min")))
    mean = formula.divide(formula.mean("period", "ack_s"), formula.const(60))
    made = {
        "average": (formula.rounded(rate, 2), None),
        "peak": (formula.greatest(formula.const(0), formula.highest("period", "slot_n")), None),
        "flooded": (formula.percent(flooded, day), "%"),
        "ack": (formula.rounded(mean, 1), "min"),
    }
    for name, (told, unit) in made.items():
        yield Figure(item(name), told, text(f"explain.alarm_load.{name}"), unit)
    for name, held in HELD.items():
        yield Figure(item(name, "note", "args", "limit"), one[held], text("explain.setting"))
    yield Figure("meta/ts", formula.highest("period", "alarm_at"), text("explain.desk.newest"), rules="")


PANEL = Panel(
    key="alarm_load",
    reads=ALARM_TABLES | {"minute"},
    queries={"period": PERIOD},
    draw=draw,
    rule=RULE,
    origin=Origin({"period": OF_RECENT, "limits": OF_LIMITS}, figures),
)
