"""The duty log: what shifts wrote, rosters that were set or exchanged, handovers (DR-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._duty import org_text
from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from models.roster import PARK_ORG
from twin import formula
from twin.content import Content, at, listing, meta, text
from twin.lineage import Figure, Inputs, Origin
from twin.screen import ListOf, Look, Panel, Rows

LOG = "duty/log"
SHOWN = 40
COLUMNS = (
    ("ts", "time", None),
    ("event", "code", None),
    ("head_name", "text", None),
    ("org", "text", None),
    ("said", "text", None),
)


def draw(rows: Rows, look: Look) -> Content:
    """The newest first."""
    found = rows["log"]
    lines = [_line(each, look) for each in found.head(SHOWN).iter_rows(named=True)]
    total = int(found["total"][0]) if found.height else 0
    return listing(lines, total, empty=text("duty.no_log"), list="log", meta=meta(latest(found, "ts")))


def _line(entry: dict[str, Any], look: Look) -> dict[str, Any]:
    said = f"“{entry['said']}”" if entry["said"] else None
    return {
        "key": entry["id"],
        "title": text(f"event.{entry['event']}", who=entry["head_name"]),
        "sub": [each for each in (org_text(look, entry["org"] or PARK_ORG), said) if each],
        "right": at(entry["ts"]),
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many entries, and when each was."""
    found = rows["log"]
    cut = found.height and found["total"][0] > found.height
    total = formula.highest("log", "total") if cut else formula.count("log")
    yield Figure("total", total, text("explain.duty.log"))
    yield Figure("meta/ts", formula.highest("log", "ts"), text("explain.duty.newest"), rules="")
    yield from lines_figures("log", found.head(SHOWN), ("right/at", "ts"))


PANEL = Panel(
    key="duty_log",
    reads=frozenset({"journal", "duty_roster", "person", "minute"}),
    queries={"log": LOG},
    draw=draw,
    lists={"log": ListOf(LOG, COLUMNS)},
    rule="DR-2",
    origin=Origin({"log": Inputs(LOG, COLUMNS)}, figures),
)
