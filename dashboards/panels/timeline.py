"""Alarm marks of the last 24 hours for the time bar, and the grave ones that are open now."""

from __future__ import annotations

from collections import Counter

import polars as pl

from dashboards.panels._words import RECENT, alarm_row
from models.alarm_tables import ALARM_TABLES
from twin.content import Content, chart
from twin.moment import iso
from twin.screen import Look, Panel, Rows

MARKED = ("red", "orange", "yellow")
GRAVE = ("S", "A")
MOST_MARKS = 200


def draw(rows: Rows, look: Look) -> Content:
    """Marks newest first (the graver ones where there are too many), open alarms by level, the grave ones in full."""
    marked = rows["alarms"].filter(pl.col("colour").is_in(MARKED))
    kept = marked.sort(
        pl.col("level").replace_strict({each: at for at, each in enumerate("SABCD")}),
        "alarm_at",
        descending=[False, True],
    )
    marks = [
        {"at": iso(row["alarm_at"]), "level": row["colour"], "badge": row["level"]}
        for row in kept.head(MOST_MARKS).iter_rows(named=True)
    ]
    now_open = rows["alarms"].filter(pl.col("open"))
    grave = now_open.filter(pl.col("level").is_in(GRAVE))
    counted = Counter(now_open["level"].to_list())
    banner = [alarm_row(row, look) for row in grave.head(1).iter_rows(named=True)]
    return chart(
        "marks", marks=marks, open={each: counted[each] for each in "SABCD"}, grave=grave.height, banner=banner
    )


PANEL = Panel(key="timeline", reads=ALARM_TABLES, queries={"alarms": RECENT}, draw=draw)
