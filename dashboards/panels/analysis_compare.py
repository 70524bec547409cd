"""The period against as long a one before it: what has changed, absolutely and in per cent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._analysis import EARLIER, HERE, INPUTS, READS, SLOTS, TALLIES, period_of, span_of
from dashboards.panels._load import limit_of
from dashboards.panels._measures import BY_LEVEL, COUNT, KEPT, STALE, TIMES, Measure, change
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.analysis import change_percent, flooded, total
from twin import formula
from twin.content import Content, meta, table, text
from twin.formula import Formula
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

COLUMNS = (("name", "text"), ("now", "number"), ("before", "number"), ("difference", "number"), ("percent", "number"))
DIGITS = 1


def draw(rows: Rows, look: Look) -> Content:
    """A line for each figure."""
    tallies = rows["tallies"]
    now, before = total(tallies.filter(~pl.col("earlier"))), total(tallies.filter("earlier"))
    for sums, earlier in ((now, False), (before, True)):
        slots = rows["slots"].filter(pl.col("earlier") == earlier)
        sums["flooded"] = flooded(slots, limit_of(look, "alarms_per_10min"))
    found = bool(now["n"] or before["n"])
    return table(
        [_column(key, kind) for key, kind in COLUMNS],
        [_row(each, now, before) for each in _measures(look)] if found else [],
        now["n"],
        empty=text("analysis.none"),
        note=text(f"analysis.before.{period_of(look)}"),
        meta=meta(latest(tallies, "newest_at")),
    )


def _measures(look: Look) -> tuple[Measure, ...]:
    return (COUNT, *BY_LEVEL, *KEPT, *TIMES, STALE, _time_in_flood(look))


def _time_in_flood(look: Look) -> Measure:
    slots, most = span_of(look).slots, limit_of(look, "alarms_per_10min")

    def told(*where: Any) -> Formula:
        over = formula.distinct("alarms", "slot", *where, ("slot_n", ">", most))
        return formula.percent(over, formula.const(slots))

    return Measure("flooded", "%", lambda row: percent(row["flooded"] / slots), told)


def _column(key: str, kind: str) -> dict[str, Any]:
    return {
        "key": key,
        "label": text(f"analysis_compare.{key}"),
        "type": kind,
        "unit": "%" if key == "percent" else None,
    }


def _row(measure: Measure, now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    this, that = measure.tell(now), measure.tell(before)
    named = text("analysis_compare.with_unit", name=measure.label, unit=measure.unit) if measure.unit else measure.label
    return {
        "key": measure.key,
        "name": named,
        "now": this,
        "before": that,
        "difference": None if this is None or that is None else round(this - that, DIGITS),
        "percent": change_percent(this, that),
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The same figure of both periods, and what lies between them."""
    for each in _measures(look) if rows["alarms"].height else ():
        now, before = each.told(HERE), each.told(EARLIER)
        made = {
            "now": (now, each.unit),
            "before": (before, each.unit),
            "difference": (formula.rounded(formula.subtract(now, before), DIGITS), each.unit),
            "percent": (change(now, before), "%"),
        }
        for column, (told, unit) in made.items():
            said = text("explain.analysis.change") if column in ("difference", "percent") else each.said
            yield Figure(path("rows", each.key, column), told, said, unit, rules=each.rules)
    yield Figure("total", COUNT.told(HERE), COUNT.said)
    yield newest("alarms", "alarm_at")


PANEL = Panel(
    key="analysis_compare",
    reads=READS,
    queries={"tallies": TALLIES, "slots": SLOTS},
    draw=draw,
    rule="AL-8",
    origin=Origin(INPUTS, figures),
)
