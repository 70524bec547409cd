"""How the alarms of the period fall to the three priorities of the standard, against the shares that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._analysis import HERE, OF_ALARMS, READS, TALLIES, period_of
from dashboards.panels._load import RULE, asked_shares
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.alarm_load import PRIORITIES
from models.analysis import total
from models.quantity import quantity
from twin import formula
from twin.content import Content, bars, meta, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """A bar for each priority, the standard's share as a tick on it."""
    here = rows["tallies"].filter(~pl.col("earlier"))
    sums = total(here)
    shown = [_bar(each, sums) for each in PRIORITIES] if sums["n"] else []
    said = meta(latest(here, "newest_at"), note=text(f"analysis.of.{period_of(look)}"))
    return bars(shown, "share", note=asked_shares(), empty=text("analysis.none"), meta=said)


def _bar(name: str, sums: dict[str, Any]) -> dict[str, Any]:
    levels, tick = PRIORITIES[name]
    n = sum(sums[f"level_{each}"] for each in levels)
    return {
        "key": name,
        "label": text(f"alarm_priorities.{name}"),
        "sub": "·".join(levels),
        "value": n,
        "right": quantity(percent(n / sums["n"]), "%"),
        "share": round(n / sums["n"], 4),
        "tick": tick,
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of alarms by level, and what share of all they are."""
    every = formula.count("alarms", HERE)
    for name, (levels, tick) in PRIORITIES.items() if rows["alarms"].filter(~pl.col("earlier")).height else ():
        n, said = formula.count("alarms", HERE, ("level", "in", levels)), text("explain.alarm_priorities.share")
        yield Figure(path("rows", name, "value"), n, text("explain.analysis.n"))
        yield Figure(path("rows", name, "right"), formula.percent(n, every), said, "%")
        yield Figure(path("rows", name, "share"), formula.rounded(formula.divide(n, every), 4), said)
        yield Figure(path("rows", name, "tick"), formula.const(tick), text("explain.alarm_priorities.tick"))
    yield newest("alarms", "alarm_at", HERE)


PANEL = Panel(
    key="analysis_priorities",
    reads=READS,
    queries={"tallies": TALLIES},
    draw=draw,
    rule=RULE,
    origin=Origin({"alarms": OF_ALARMS}, figures),
)
