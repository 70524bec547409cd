"""Open alarms, worst and newest first."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from dashboards.panels._columns import OPEN_ALARM_COLUMNS
from dashboards.panels._origin import OPEN, newest
from dashboards.panels._state import latest
from dashboards.panels._words import RECENT, alarm_row
from layers._origin import ALARMS, alarm_figures
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, listing, meta, text
from twin.lineage import Figure, Origin, path, within
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 12


def draw(rows: Rows, look: Look) -> Content:
    """The first dozen, and how many there are."""
    alarms = rows["alarms"].filter(pl.col("open"))
    shown = [alarm_row(row, look) for row in alarms.head(SHOWN).iter_rows(named=True)]
    return listing(shown, alarms.height, text("alarms.none"), list="open", meta=meta(latest(alarms, "alarm_at")))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The count, and what each row tells of its alarm."""
    yield Figure("total", formula.count("alarms", OPEN), text("explain.alarms.open"))
    yield newest("alarms", "alarm_at", OPEN)
    for row in rows["alarms"].filter(pl.col("open")).head(SHOWN).iter_rows(named=True):
        yield from within(path("rows", row["id"]), alarm_figures(row))


PANEL = Panel(
    key="alarms",
    reads=ALARM_TABLES,
    queries={"alarms": RECENT},
    draw=draw,
    lists={"open": ListOf("alarms/open", OPEN_ALARM_COLUMNS, ("alarms", "id"))},
    rule="R-AL-1, R-GAS-3",
    origin=Origin({"alarms": ALARMS}, figures),
)
