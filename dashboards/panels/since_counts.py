"""Since somebody last looked, in numbers: what of it is new, worse and over, and what people did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._since import ALARMS, DEEDS, OF_ALARMS, since_of
from dashboards.panels._state import latest
from dashboards.panels._words import counter
from dashboards.panels.since_deeds import OF_DEEDS
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, at, figure, meta, text
from twin.lineage import Figure, Inputs, Origin, item, setting
from twin.moment import iso
from twin.screen import Look, Panel, Rows

# what is counted, and what has become of the alarms that count
COUNTED: dict[str, tuple[str, ...]] = {
    "raised": ("raised", "again"),
    "worse": ("worse",),
    "over": ("over", "closed"),
    "passed": ("passed",),
    "moved": ("moved", "told"),
}


def draw(rows: Rows, look: Look) -> Content:
    """Six numbers and since when they count."""
    found, deeds = rows["alarms"], rows["deeds"]
    items = [_count(found, key) for key in COUNTED]
    items.append(counter("deeds", text("since_counts.deeds"), deeds.height, list=None))
    return figure(items, meta=meta(latest(found, "known"), note=text("since.since", at=at(since_of(look)))))


def _count(found: pl.DataFrame, key: str) -> dict[str, Any]:
    n = int(found["become"].is_in(list(COUNTED[key])).sum())
    worst = found.filter(found["become"].is_in(list(COUNTED[key])) & found["open"])["colour"].to_list()[:1]
    shown = worst[0] if worst and key in ("raised", "worse") else None
    return counter(key, text(f"since_counts.{key}"), n, list=None, level=shown)


def _asked(look: Look) -> list[dict[str, Any]]:
    return [setting("since", iso(since_of(look)), None, "address")]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The counts."""
    for key, kinds in COUNTED.items():
        parts = [formula.count("alarms", ("become", "=", each)) for each in kinds]
        told = parts[0] if len(parts) == 1 else formula.add(*parts)
        yield Figure(item(key), told, text(f"explain.since_counts.{key}"))
    yield Figure(item("deeds"), formula.count("deeds"), text("explain.since.deeds"))
    yield Figure("meta/ts", formula.highest("alarms", "known"), text("explain.since.newest"), rules="")
    asked = formula.one("asked", "value", "since")
    yield Figure("meta/note/args/at/at", asked, text("explain.since.asked"), rules="")


PANEL = Panel(
    key="since_counts",
    reads=ALARM_TABLES | {"journal", "minute"},
    queries={"alarms": ALARMS, "deeds": DEEDS},
    draw=draw,
    origin=Origin(
        {"alarms": OF_ALARMS, "deeds": OF_DEEDS, "asked": Inputs(columns=(("value", "text", None),), made=_asked)},
        figures,
    ),
)
