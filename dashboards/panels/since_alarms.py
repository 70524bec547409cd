"""Alarms that are new, worse, in other hands, over or closed since somebody last looked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._desk import as_told
from dashboards.panels._origin import lines_figures
from dashboards.panels._since import ALARMS, OF_ALARMS
from dashboards.panels._state import latest
from dashboards.panels._words import owner_text
from models.alarm_tables import ALARM_TABLES
from models.wording import by_whom, title
from twin import formula
from twin.content import Content, at, listing, meta, text
from twin.lineage import Figure, Origin
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 100


def draw(rows: Rows, look: Look) -> Content:
    """What is open first, the worst of it before all else."""
    found = rows["alarms"]
    lines = [_line(each, look) for each in found.head(SHOWN).iter_rows(named=True)]
    return listing(lines, found.height, text("since.none"), list="alarms", meta=meta(latest(found, "known")))


def _line(alarm: dict[str, Any], look: Look) -> dict[str, Any]:
    return {
        "key": alarm["id"],
        "level": alarm["colour"] if alarm["open"] else None,
        "badge": alarm["level"],
        "title": title(as_told(alarm)),
        "sub": text("since.of", owner=owner_text(look, alarm["owner"]), point=alarm["point"] or ""),
        "right": text(f"since.become.{alarm['become']}", before=alarm["level_before"] or ""),
        "right_sub": text("since.how", at=at(alarm["alarm_at"]), stage=text(f"alarm.stage.{alarm['stage']}"),
                          who=by_whom(alarm["handler"])),
        "pick": {"layer": "alarms", "id": alarm["id"]},
    }  # fmt: skip


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many, and the value and time of each."""
    yield Figure("total", formula.count("alarms"), text("explain.since.total"))
    yield Figure("meta/ts", formula.highest("alarms", "known"), text("explain.since.newest"), rules="")
    shown = rows["alarms"].head(SHOWN)
    yield from lines_figures("alarms", shown, ("right_sub/args/at/at", "alarm_at"))
    yield from lines_figures("alarms", shown, ("title/args/value", "value"), measured={"value"})


PANEL = Panel(
    key="since_alarms",
    reads=ALARM_TABLES | {"minute"},
    queries={"alarms": ALARMS},
    draw=draw,
    lists={"alarms": ListOf(ALARMS, OF_ALARMS.columns, ("alarms", "id"))},
    origin=Origin({"alarms": OF_ALARMS}, figures),
)
