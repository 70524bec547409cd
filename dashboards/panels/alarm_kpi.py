"""How well alarms are handled: the last 24 hours (KPI-2 … KPI-6, KPI-12), what is stale, what chatters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._desk import OF_PERIOD, PERIOD
from dashboards.panels._origin import limits_of
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.alarm_flood import chattering
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, figure, meta, text, value
from twin.formula import Formula, Where
from twin.lineage import Figure, Inputs, Origin, item
from twin.screen import Look, Panel, Rows

TIMELY_TARGET = 95.0
RECENT: Where = ("recent", "=", True)
HANDLED: Where = ("first_handled_at", "is not", None)
JUDGED: Where = ("judged", "is not", None)
FALSE: Where = ("judged", "=", "false")
CONFIRMED: Where = ("judged", "=", "confirmed")
CLOSED: Where = ("stage", "=", "closed")
# name -> which part of which whole (of the last 24 h)
SHARES: dict[str, tuple[tuple[Where, ...], tuple[Where, ...]]] = {
    "handled": ((RECENT, HANDLED), (RECENT,)),
    "timely": ((RECENT, ("timely", "=", True)), (RECENT,)),
    "false": ((RECENT, FALSE), (RECENT, JUDGED)),
    "closed": ((RECENT, CONFIRMED, CLOSED), (RECENT, CONFIRMED)),
}


def draw(rows: Rows, look: Look) -> Content:
    """Counts first, then shares with what they are shares of."""
    period = rows["period"]
    target = look.park.settings.limits.get("alarms_timely", TIMELY_TARGET)
    items = [
        _count("waiting", int(period["unhandled"].sum())),
        *(_share(name, period) for name in SHARES),
        _clearing(period.filter("recent")),
        _count("stale", int(period["old"].sum())),
        _count("chattering", len(_chattering(period))),
    ]
    items[2]["target"] = target
    return figure(items, meta=meta(latest(period, "alarm_at")))


def _count(name: str, number: int) -> dict[str, Any]:
    return {"key": name, "label": text(f"alarm_kpi.{name}"), "value": value(number)}


def _share(name: str, period: pl.DataFrame) -> dict[str, Any]:
    part, whole = (period.filter(*(_holds(each) for each in where)).height for where in SHARES[name])
    said = value(percent(part / whole) if whole else None, "%", 1)
    return {"key": name, "label": text(f"alarm_kpi.{name}"), "value": said}


def _holds(where: Where) -> pl.Expr:
    column, relation, wanted = where
    if relation == "is not":
        return pl.col(column).is_not_null()
    return pl.col(column) == wanted


def _clearing(recent: pl.DataFrame) -> dict[str, Any]:
    """Mean time until it was normal again, of those that are (KPI-4)."""
    seconds = recent["clearing_s"].drop_nulls()
    mean = round(sum(seconds.to_list()) / len(seconds) / 60, 1) if len(seconds) else None
    return {"key": "clearing", "label": text("alarm_kpi.clearing"), "value": value(mean, "min", 1)}


def _chattering(period: pl.DataFrame) -> list[str]:
    return chattering(period.filter("recent"))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts and shares over the alarms of the last 24 hours."""
    yield Figure(item("waiting"), formula.count("period", ("unhandled", "=", True)), text("explain.desk.waiting"))
    for name, (part, whole) in SHARES.items():
        share = formula.percent(formula.count("period", *part), formula.count("period", *whole))
        yield Figure(item(name), share, text(f"explain.alarm_kpi.{name}"), "%", rules=RULES[name])
    target = formula.one("limits", "value", "limits.alarms_timely")
    yield Figure(item("timely", "target"), target, text("explain.setting"), "%")
    yield Figure(item("clearing"), _mean_minutes(), text("explain.alarm_kpi.clearing"), "min", rules="KPI-4")
    stale = formula.count("period", ("old", "=", True))
    yield Figure(item("stale"), stale, text("explain.alarm_kpi.stale"), rules="ISA-18.2")
    chatters = formula.distinct("period", "point", ("point", "in", tuple(_chattering(rows["period"]))), RECENT)
    yield Figure(item("chattering"), chatters, text("explain.alarm_kpi.chattering"), rules="ISA-18.2")
    yield Figure("meta/ts", formula.highest("period", "alarm_at"), text("explain.desk.newest"), rules="")


def _mean_minutes() -> Formula:
    mean = formula.mean("period", "clearing_s", RECENT)
    return formula.rounded(formula.divide(mean, formula.const(60)), 1)


RULES = {"handled": "KPI-2", "timely": "KPI-3, R-AL-9", "false": "KPI-5", "closed": "KPI-6"}
_COLUMNS = (*OF_PERIOD.columns, ("clearing_s", "number", "s"))
PANEL = Panel(
    key="alarm_kpi",
    reads=ALARM_TABLES,
    queries={"period": PERIOD},
    draw=draw,
    rule="KPI-12",
    origin=Origin(
        {"period": Inputs(PERIOD, _COLUMNS, OF_PERIOD.pick), "limits": limits_of("alarms_timely", TIMELY_TARGET, "%")},
        figures,
    ),
)
