"""Alarms of the period told apart by day, week or month, enterprise, area, line of business, kind or level, ranked by
how many there were or how they were handled (AL-8, AL-13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._analysis import (
    DAYS_SUMS,
    EARLIER,
    ENTERPRISES,
    HERE,
    OF_ALARMS,
    READS_ENTERPRISES,
    TALLIES,
    by_day,
    by_owner,
    period_filters,
    period_of,
)
from dashboards.panels._measures import BY_LEVEL, COUNT, KEPT, TIMES, change
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import owner_text
from models.analysis import change_percent, counted, ranked, summed
from models.enterprise_words import in_words
from twin import formula
from twin.content import Content, Text, both, meta, table, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

# what alarms are told apart by -> the column that says it
BY = {
    "enterprise": "enterprise",
    "area": "area",
    "industry": "industry",
    "kind": "alarm_kind",
    "level": "level",
    "day": "of_day",
    "week": "of_week",
    "month": "of_month",
}
THROUGH_TIME = ("day", "week", "month")
RANKS = ("n", "handled", "timely", "untrue", "ack", "clearing")
SHOWN = 200
MEASURES = (COUNT, *BY_LEVEL, *KEPT, *TIMES)
NOBODY = "-"


def draw(rows: Rows, look: Look) -> Content:
    """A line for each of them: counts by level, shares, means, and how many there were in the period before."""
    by, lines = _asked(look), _lines(_tallies(rows, look), look)
    columns = [{"key": "name", "label": text(f"analysis.by.{by}"), "type": "text"}, *map(_column, MEASURES)]
    if by not in THROUGH_TIME:
        columns.append({"key": "change", "label": text("analysis.change"), "type": "number", "unit": "%"})
    return table(
        columns,
        [_row(each, by, look) for each in lines[:SHOWN]],
        len(lines),
        empty=text("analysis.none"),
        note=text(f"analysis.of.{period_of(look)}"),
        meta=meta(latest(rows["tallies"], "newest_at")),
        **_filters(),
    )


def _asked(look: Look) -> str:
    by = look.params.get("by", "enterprise")
    return by if by in BY else "enterprise"


def _filters() -> dict[str, Any]:
    periods = period_filters()
    apart = [{"param": "by", "value": each, "label": text(f"analysis.by.{each}")} for each in BY]
    order = [{"value": each, "label": text(f"analysis.rank.{each}")} for each in RANKS]
    fields = [{"param": "rank", "type": "choice", "label": text("analysis.rank"), "options": order}]
    return {
        "filters": [*periods["filters"], *apart],
        "defaults": {**periods["defaults"], "by": "enterprise"},
        "fields": fields,
    }


def _column(measure: Any) -> dict[str, Any]:
    return {"key": measure.key, "label": measure.label, "type": "number", "unit": measure.unit}


def _tallies(rows: Rows, look: Look) -> pl.DataFrame:
    if _asked(look) in THROUGH_TIME:
        return by_day(rows["days"]).with_columns(earlier=pl.lit(False))
    return by_owner(rows["tallies"], rows["enterprises"], look).rename({"kind": "alarm_kind"})


def _lines(tallies: pl.DataFrame, look: Look) -> list[dict[str, Any]]:
    """Sums by what is asked, ranked; through time the newest first. ``before``: how many there were before."""
    by = _asked(look)
    here = summed(tallies.filter(~pl.col("earlier")), BY[by])
    if by in THROUGH_TIME:
        first = tallies.filter(~pl.col("earlier")).group_by(BY[by]).agg(pl.col("day").min())
        order = dict(first.iter_rows())
        return sorted(here, key=lambda row: order[row["key"]], reverse=True)
    before = dict(tallies.filter("earlier").group_by(BY[by]).agg(pl.col("n").sum()).iter_rows())
    return ranked([row | {"before": before.get(row["key"], 0)} for row in here], look.params.get("rank", "n"))


def _row(row: dict[str, Any], by: str, look: Look) -> dict[str, Any]:
    said = {"key": row["key"] or NOBODY, "name": name_of(row["key"], by, look)}
    said |= {each.key: each.tell(row) for each in MEASURES}
    if by not in THROUGH_TIME:
        said["change"] = change_percent(row["n"], row["before"])
    if by == "enterprise" and row["key"] and look.park.feature(row["key"]):
        said["pick"] = {"layer": "enterprises", "id": row["key"]}
    return said


def name_of(key: str, by: str, look: Look) -> Text:
    """What a line is called; ``by`` is one of ``BY``."""
    if not key:
        return text("analysis.unnamed")
    if by == "enterprise":
        return owner_text(look, key)
    if by == "area":
        zone = look.park.feature(key)
        return both(zone.name_zh, zone.name_en) if zone else key
    if by == "industry":
        return in_words(key) or key
    return text(f"alarm_kind.{key}") if by == "kind" else key


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts, shares and means over the alarms of each line."""
    by = _asked(look)
    for row in _lines(counted(rows["alarms"]), look)[:SHOWN]:
        at, its = row["key"] or NOBODY, (BY[by], "=", row["key"])
        for each in MEASURES:
            yield Figure(path("rows", at, each.key), each.told(HERE, its), each.said, each.unit, rules=each.rules)
        if by not in THROUGH_TIME:
            yield _change(at, its)
    yield Figure("total", formula.distinct("alarms", BY[by], HERE), text("explain.analysis.total"))
    yield newest("alarms", "alarm_at")


def _change(at: str, its: Where) -> Figure:
    now, before = COUNT.told(HERE, its), COUNT.told(EARLIER, its)
    return Figure(path("rows", at, "change"), change(now, before), text("explain.analysis.change"), "%")


PANEL = Panel(
    key="analysis_statistics",
    reads=READS_ENTERPRISES,
    queries={"tallies": TALLIES, "days": DAYS_SUMS, "enterprises": ENTERPRISES},
    draw=draw,
    rule="AL-8, AL-13",
    origin=Origin({"alarms": OF_ALARMS}, figures),
)
