"""The points that raised most alarms in 24 hours, and what share of all the ten busiest have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._desk import PERIOD
from dashboards.panels._load import OF_LIMITS, OF_RECENT, RULE, limit_of, recent
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.alarm_load import by_point
from models.alarm_tables import ALARM_TABLES
from models.quantity import plain, quantity
from twin import formula
from twin.content import Content, both, listing, meta, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

SHOWN, BUSIEST = 5, 10
TOP: Where = ("point_rank", "<=", BUSIEST)


def draw(rows: Rows, look: Look) -> Content:
    """The first five; of the first ten together how much of all they are."""
    alarms = recent(rows["period"])
    points = by_point(alarms)
    shown = [_row(row) for row in points.head(SHOWN).iter_rows(named=True)]
    share = percent(sum(points.head(BUSIEST)["n"]) / alarms.height) if alarms.height else None
    said = text("alarm_busiest.note", share=share, limit=plain(limit_of(look, "alarms_busiest_percent")))
    return listing(
        shown,
        points.height,
        list="points",
        note=said if alarms.height else None,
        empty=text("desk.none"),
        meta=meta(latest(alarms, "alarm_at")),
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["point"],
        "title": both(row["name_zh"], row["name_en"]),
        "sub": row["point"],
        "right": quantity(row["n"], None),
        "pick": {"layer": "points", "id": row["point"]},
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of alarms by point."""
    alarms = rows["period"]
    points = formula.distinct("period", "point", ("point", "is not", None))
    yield Figure("total", points, text("explain.alarm_busiest.points"))
    for point in by_point(alarms)["point"].head(SHOWN):
        n = formula.count("period", ("point", "=", point))
        yield Figure(path("rows", point, "right"), n, text("explain.alarm_busiest.n"))
    if alarms.height:
        top = formula.percent(formula.count("period", TOP), formula.count("period"))
        yield Figure(path("note", "args", "share"), top, text("explain.alarm_busiest.top"), "%")
        held = formula.one("limits", "value", "limits.alarms_busiest_percent")
        yield Figure(path("note", "args", "limit"), held, text("explain.setting"), "%")
    yield Figure("meta/ts", formula.highest("period", "alarm_at"), text("explain.desk.newest"), rules="")


def _listed(period: pl.DataFrame, look: Look) -> pl.DataFrame:
    return by_point(recent(period)).with_columns(id=pl.col("point"))


COLUMNS = (
    ("rank", "number", None),
    ("id", "text", None),
    ("name", "text", None),
    ("owner", "text", None),
    ("n", "number", None),
)
PANEL = Panel(
    key="alarm_busiest",
    reads=ALARM_TABLES | {"minute"},
    queries={"period": PERIOD},
    draw=draw,
    lists={"points": ListOf(PERIOD, COLUMNS, ("points", "id"), rows=_listed)},
    rule=RULE,
    origin=Origin({"period": OF_RECENT, "limits": OF_LIMITS}, figures),
)
