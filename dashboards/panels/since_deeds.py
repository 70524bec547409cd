"""What people did since somebody last looked: alarms handled, limits changed, faults approved, shifts handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._origin import lines_figures
from dashboards.panels._since import DEEDS
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, Text, at, listing, meta, text
from twin.labels import catalogue
from twin.lineage import Figure, Inputs, Origin
from twin.screen import Look, Panel, Rows

SHOWN = 100
OF_DEEDS = Inputs(DEEDS, (("stream", "code", None), ("event", "text", None), ("subject", "text", None)))


def draw(rows: Rows, look: Look) -> Content:
    """The newest first."""
    found = rows["deeds"]
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    return listing(lines, found.height, text("since.no_deeds"), meta=meta(latest(found, "known")))


def _line(deed: dict[str, Any]) -> dict[str, Any]:
    alarm = deed["stream"] == "alarm"
    return {
        "key": deed["id"],
        "title": text("since.deed", what=text(f"log.stream.{deed['stream']}"), event=_event(deed)),
        "sub": text("since.about", subject=deed["subject"], note=deed["note"]),
        "right": deed["who"],
        "right_sub": at(deed["known"]),
        "pick": {"layer": "alarms", "id": deed["subject"]} if alarm else None,
    }


def _event(deed: dict[str, Any]) -> Text:
    key = f"alarm.event.{deed['event']}" if deed["stream"] == "alarm" else f"deed.{deed['event']}"
    return text(key) if key in catalogue("zh") else deed["event"]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many, and when each was done."""
    yield Figure("total", formula.count("deeds"), text("explain.since.deeds"))
    yield Figure("meta/ts", formula.highest("deeds", "known"), text("explain.since.newest"), rules="")
    yield from lines_figures("deeds", rows["deeds"].head(SHOWN), ("right_sub/at", "known"))


PANEL = Panel(
    key="since_deeds",
    reads=frozenset({"journal", "minute"}),
    queries={"deeds": DEEDS},
    draw=draw,
    origin=Origin({"deeds": OF_DEEDS}, figures),
)
