"""Alarms of the last 24 hours, hour by hour, against what one operator can take."""

from __future__ import annotations

from twin.content import Content, chart, meta, text
from twin.moment import iso
from twin.screen import ListOf, Look, Panel, Rows

LIMIT_PER_HOUR = 6.0  # ISA-18.2
DAY_COLUMNS = (
    ("level", "level", None),
    ("alarm_at", "time", None),
    ("cleared_at", "time", None),
    ("owner", "text", None),
    ("name", "text", None),
    ("point", "text", None),
    ("kind", "code", None),
    ("value", "number", None),
    ("unit", "text", None),
    ("handling", "code", None),
)


def draw(rows: Rows, look: Look) -> Content:
    """A column an hour; the part of high alarms in their colour."""
    hours = rows["hours"]
    limit = look.park.settings.limits.get("alarms_per_hour", LIMIT_PER_HOUR)
    series = [
        {"key": "all", "y": hours["count"].to_list()},
        {"key": "high", "level": "orange", "y": hours["high"].to_list()},
    ]
    totals = {"value": int(hours["count"].sum()), "list": "day"}
    x = [iso(each) for each in hours["hour"]]
    return chart(
        "columns", x=x, series=series, limit=limit, total=totals, note=text("alarms_24h.note", limit=limit), meta=meta()
    )


PANEL = Panel(
    key="alarms_24h",
    reads=frozenset({"hazard_alarm", "gas_leak_statistic", "parking_gas_alarm", "clock"}),
    queries={"hours": "alarms/hours"},
    draw=draw,
    lists={
        "day": ListOf("alarms/day", DAY_COLUMNS, ("alarms", "id")),
        "high": ListOf("alarms/day", DAY_COLUMNS, ("alarms", "id"), {"only": "high"}),
    },
    rule="ISA-18.2",
)
