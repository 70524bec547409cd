"""Alarms of the last 24 hours, hour by hour, against what one operator can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import polars as pl

from dashboards.panels._columns import ALARM_COLUMNS
from dashboards.panels._origin import limits_of, newest
from dashboards.panels._state import latest
from dashboards.panels._words import RECENT
from layers._origin import ALARMS
from models.alarm_tables import ALARM_TABLES
from models.quantity import plain
from twin import formula
from twin.content import Content, at, chart, meta, text
from twin.lineage import Figure, Origin, path
from twin.moment import Moment, iso
from twin.screen import ListOf, Look, Panel, Rows

LIMIT_PER_HOUR = 6.0  # ISA-18.2
HOURS = 24
HIGH = ("red", "orange")


def draw(rows: Rows, look: Look) -> Content:
    """A column an hour; the part of high alarms in their colour."""
    hours = _hours(look)
    raised = (
        rows["alarms"].filter(pl.col("alarm_at") >= hours[0]).with_columns(hour=pl.col("alarm_at").dt.truncate("1h"))
    )
    high = raised.filter(pl.col("colour").is_in(HIGH))
    limit = look.park.settings.limits.get("alarms_per_hour", LIMIT_PER_HOUR)
    series = [
        {"key": "all", "y": _by_hour(raised, hours)},
        {"key": "high", "level": "orange", "y": _by_hour(high, hours)},
    ]
    return chart(
        "columns",
        x=[iso(each) for each in hours],
        series=series,
        limit=limit,
        total={"value": raised.height, "list": "day"},
        note=text("alarms_24h.note", limit=plain(limit)),
        meta=meta(latest(raised, "alarm_at")),
    )


def _hours(look: Look) -> list[Moment]:
    """Where the hours of the last day begin, the running one the last."""
    running = look.at.replace(minute=0, second=0, microsecond=0)
    return [running - timedelta(hours=ago) for ago in range(HOURS - 1, -1, -1)]


def _by_hour(alarms: pl.DataFrame, hours: Sequence[Moment]) -> list[int]:
    counted = dict(alarms["hour"].value_counts().iter_rows())
    return [counted.get(each, 0) for each in hours]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Alarms by the hour in which they were raised, all of them and the high ones; the limit they are held against."""
    hours = _hours(look)
    day, most = ("alarm_at", ">=", hours[0]), formula.one("limits", "value", "limits.alarms_per_hour")
    yield Figure(path("total", "value"), formula.count("alarms", day), text("explain.alarms_24h.total"))
    yield Figure("limit", most, text("explain.setting"))
    yield Figure(path("note", "args", "limit"), most, text("explain.setting"))
    yield newest("alarms", "alarm_at", day)
    for place, hour in enumerate(hours):
        within = (("alarm_at", ">=", hour), ("alarm_at", "<", hour + timedelta(hours=1)))
        said = {"start": at(hour), "end": at(hour + timedelta(hours=1))}
        every, high = formula.count("alarms", *within), formula.count("alarms", *within, ("colour", "in", HIGH))
        yield Figure(path("series", "all", "y", place), every, text("explain.alarms_24h.all", **said))
        yield Figure(path("series", "high", "y", place), high, text("explain.alarms_24h.high", **said))


PANEL = Panel(
    key="alarms_24h",
    reads=ALARM_TABLES,
    queries={"alarms": RECENT},
    draw=draw,
    lists={
        "day": ListOf("alarms/day", ALARM_COLUMNS, ("alarms", "id")),
        "high": ListOf("alarms/day", ALARM_COLUMNS, ("alarms", "id"), {"only": "high"}),
    },
    rule="ISA-18.2",
    origin=Origin({"alarms": ALARMS, "limits": limits_of("alarms_per_hour", LIMIT_PER_HOUR)}, figures),
)
