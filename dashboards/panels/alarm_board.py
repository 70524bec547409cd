"""What is on the screen: in hand, watched, held over, and off the screen but not closed (R-AL-2 … R-AL-6, AL-3)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from dashboards.panels._desk import OF_PERIOD, PERIOD, ledger_row, rows_figures
from dashboards.panels._state import latest
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, ledger, meta, stack, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

# the areas of the board, and the stages that stand in each
AREAS = {"screen": ("screen",), "watch": ("watch",), "held": ("held",), "off": ("handled", "off")}
SHOWN = 12


def draw(rows: Rows, look: Look) -> Content:
    """Four areas with their alarms, those that have lasted longest first."""
    parts = [_area(name, _in(rows["period"], name), look) for name in AREAS]
    return stack(*parts, meta=meta(latest(rows["period"], "alarm_at")))


def _in(period: pl.DataFrame, area: str) -> pl.DataFrame:
    return period.filter(pl.col("stage").is_in(AREAS[area]))


def _area(name: str, alarms: pl.DataFrame, look: Look) -> Content:
    shown = [ledger_row(each, look) for each in alarms.head(SHOWN).iter_rows(named=True)]
    title = text(f"desk.area.{name}", n=alarms.height)
    return ledger(shown, alarms.height, empty=text("desk.area.none"), key=name, title=title)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many alarms stand in each area, and what every line tells."""
    for name, stages in AREAS.items():
        many = formula.count("period", ("stage", "in", stages))
        for place in (path("parts", name, "total"), path("parts", name, "title", "args", "n")):
            yield Figure(place, many, text("explain.desk.area"))
        yield from rows_figures(
            _in(rows["period"], name).head(SHOWN).iter_rows(named=True), "period", path("parts", name, "rows")
        )
    yield Figure(path("meta", "ts"), formula.highest("period", "alarm_at"), text("explain.desk.newest"), rules="")


PANEL = Panel(
    key="alarm_board",
    reads=ALARM_TABLES,
    queries={"period": PERIOD},
    draw=draw,
    rule="R-AL-2, R-AL-4, R-AL-5, R-AL-6",
    origin=Origin({"period": OF_PERIOD}, figures),
)
