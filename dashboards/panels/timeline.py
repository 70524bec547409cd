"""Alarm marks of the last 24 hours for the time bar, and the grave ones that are open now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from dashboards.panels._origin import OPEN
from dashboards.panels._words import RECENT, alarm_row
from layers._origin import ALARMS, alarm_figures, field_of
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, chart, text
from twin.lineage import Figure, Origin, path, within
from twin.moment import iso
from twin.screen import Look, Panel, Rows

MARKED = ("red", "orange", "yellow")
GRAVE = ("S", "A")
LEVELS = "SABCD"
MOST_MARKS = 200


def draw(rows: Rows, look: Look) -> Content:
    """Marks newest first (the graver ones where there are too many), open alarms by level, the grave ones in full."""
    marks = [
        {"at": iso(row["alarm_at"]), "level": row["colour"], "badge": row["level"]}
        for row in _marked(rows["alarms"]).iter_rows(named=True)
    ]
    now_open = rows["alarms"].filter(pl.col("open"))
    grave = now_open.filter(pl.col("level").is_in(GRAVE))
    counted = Counter(now_open["level"].to_list())
    banner = [alarm_row(row, look) for row in grave.head(1).iter_rows(named=True)]
    return chart("marks", marks=marks, open={each: counted[each] for each in LEVELS}, grave=grave.height, banner=banner)


def _marked(alarms: pl.DataFrame) -> pl.DataFrame:
    grave = pl.col("level").replace_strict({each: at for at, each in enumerate(LEVELS)})
    marked = alarms.filter(pl.col("colour").is_in(MARKED)).sort(
        grave, "alarm_at", descending=[False, True], maintain_order=True
    )
    return marked.head(MOST_MARKS)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Open alarms by level, how many of them are grave, and the time of each mark."""
    for level in LEVELS:
        of_level = formula.count("alarms", OPEN, ("level", "=", level))
        yield Figure(path("open", level), of_level, text("explain.timeline.level", level=level))
    grave = formula.count("alarms", OPEN, ("level", "in", GRAVE))
    yield Figure("grave", grave, text("explain.timeline.grave"))
    for place, id in enumerate(_marked(rows["alarms"])["id"]):
        yield Figure(path("marks", place, "at"), formula.one("alarms", "alarm_at", id), field_of("alarm_at"))
    first = rows["alarms"].filter(pl.col("open") & pl.col("level").is_in(GRAVE)).head(1)
    for row in first.iter_rows(named=True):
        yield from within(path("banner", row["id"]), alarm_figures(row))


PANEL = Panel(
    key="timeline",
    reads=ALARM_TABLES,
    queries={"alarms": RECENT},
    draw=draw,
    rule="R-LV-1",
    origin=Origin({"alarms": ALARMS}, figures),
)
