"""Alarms raised every ten minutes of the last four hours, against what an operator can take (EEMUA 191, ISA-18.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import polars as pl

from dashboards.panels._desk import OF_PERIOD, PERIOD
from dashboards.panels._origin import limits_of
from dashboards.panels._state import latest
from models.alarm_tables import ALARM_TABLES
from models.quantity import plain
from twin import formula
from twin.content import Content, at, chart, meta, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path
from twin.moment import Moment, iso
from twin.screen import Look, Panel, Rows

STEP = timedelta(minutes=10)
STEPS = 24
MOST = 10.0  # in ten minutes: EEMUA 191 calls more a flood
HIGH = ("S", "A", "B")


def draw(rows: Rows, look: Look) -> Content:
    """A column every ten minutes; the part of S to B in their colour."""
    starts, most = _starts(look.at), look.park.settings.limits.get("alarms_per_10min", MOST)
    raised = rows["period"].with_columns(start=pl.col("alarm_at").dt.truncate("10m"))
    high = raised.filter(pl.col("level").is_in(HIGH))
    return chart(
        "columns",
        x=[iso(each) for each in starts],
        step="ten_minutes",
        series=[
            {"key": "all", "y": _counted(raised, starts)},
            {"key": "high", "level": "orange", "y": _counted(high, starts)},
        ],
        limit=most,
        note=text("alarm_rate.note", limit=plain(most)),
        meta=meta(latest(rows["period"], "alarm_at")),
    )


def _starts(now: Moment) -> list[Moment]:
    running = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    return [running - STEP * ago for ago in range(STEPS - 1, -1, -1)]


def _counted(alarms: pl.DataFrame, starts: Sequence[Moment]) -> list[int]:
    counts = dict(alarms["start"].value_counts().iter_rows())
    return [counts.get(each, 0) for each in starts]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Alarms by the ten minutes in which they were raised."""
    most = formula.one("limits", "value", "limits.alarms_per_10min")
    for named in ("limit", path("note", "args", "limit")):
        yield Figure(named, most, text("explain.setting"))
    yield Figure("meta/ts", formula.highest("period", "alarm_at"), text("explain.desk.newest"), rules="")
    for place, start in enumerate(_starts(look.at)):
        within: tuple[Where, Where] = (("alarm_at", ">=", start), ("alarm_at", "<", start + STEP))
        said = {"start": at(start), "end": at(start + STEP)}
        every, high = formula.count("period", *within), formula.count("period", *within, ("level", "in", HIGH))
        yield Figure(path("series", "all", "y", place), every, text("explain.alarms_24h.all", **said))
        yield Figure(path("series", "high", "y", place), high, text("explain.alarms_24h.high", **said))


PANEL = Panel(
    key="alarm_rate",
    reads=ALARM_TABLES | {"minute"},
    queries={"period": PERIOD},
    draw=draw,
    rule="EEMUA 191, ISA-18.2",
    origin=Origin({"period": OF_PERIOD, "limits": limits_of("alarms_per_10min", MOST)}, figures),
)
