"""The ledger of all alarms (R-AL-1): filters that stand in the address, floods folded into one line (AL-12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._desk import (
    LEDGER,
    LEDGER_COLUMNS,
    OF_LEDGER,
    OF_PERIOD,
    PERIOD,
    as_told,
    ledger_row,
    rows_figures,
)
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import owner_text
from layers._origin import field_of
from models.alarm_flood import floods
from models.alarm_tables import ALARM_TABLES
from models.wording import title
from twin import formula
from twin.content import Content, at, ledger, meta, text
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 200
Alarm = dict[str, Any]
LEVELS = "SABCD"
SHOWS = ("open", "closed", "all")
GROUPS = ("gas", "process", "video", "closure", "work", "device", "expiry")
UNHANDLED, RECENT = ("unhandled", "=", True), ("recent", "=", True)


def draw(rows: Rows, look: Look) -> Content:
    """Single alarms and folded floods, newest first; how many wait, and how many there were today."""
    found, period = rows["alarms"], rows["period"]
    lines = [_line(each, look) for each in _folded(found)]
    total = int(found["total"][0]) if found.height else 0
    waiting, day = int(period["unhandled"].sum()), int(period["recent"].sum())
    return ledger(
        lines,
        total,
        empty=text("desk.none"),
        list="ledger",
        shown=found.head(SHOWN).height,
        note=text("desk.note", waiting=waiting, day=day),
        filters=_filters(),
        defaults={"show": SHOWS[0]},
        search=text("desk.search"),
        meta=meta(latest(found, "alarm_at")),
    )


def _filters() -> list[dict[str, Any]]:
    shows = [{"param": "show", "value": each, "label": text(f"desk.show.{each}")} for each in SHOWS]
    high = [{"param": "levels", "value": "SAB", "label": text("desk.levels.high")}]
    groups = [{"param": "group", "value": each, "label": text(f"business.{each}")} for each in GROUPS]
    return [*shows, *high, *groups]


def _folded(found: pl.DataFrame) -> list[list[Alarm]]:
    """Alarms that are told by themselves, and floods as a whole, oldest first, in the order of their newest alarms."""
    shown = found.head(SHOWN)
    folds: dict[str, list[Alarm]] = {}
    for flood, alarm in zip(floods(shown), shown.iter_rows(named=True), strict=True):
        folds.setdefault(flood or alarm["id"], []).append(alarm)
    return [sorted(each, key=lambda alarm: (alarm["alarm_at"], alarm["id"])) for each in folds.values()]


def _line(alarms: list[Alarm], look: Look) -> dict[str, Any]:
    return ledger_row(alarms[0], look) if len(alarms) == 1 else _flood(alarms, look)


def _flood(alarms: list[Alarm], look: Look) -> dict[str, Any]:
    """A flood: how many, of which unit, and what came first, which is kept on top of its rows."""
    first, worst = alarms[0], min(alarms, key=lambda alarm: LEVELS.index(alarm["level"]))
    return {
        "key": f"flood-{first['id']}",
        "level": worst["colour"],
        "badge": worst["level"],
        "at": at(alarms[-1]["alarm_at"]),
        "owner": owner_text(look, first["owner"]),
        "title": text("desk.flood", unit=first["unit_id"], n=len(alarms), first=title(as_told(first))),
        "sub": "",
        "stage": "",
        "sign": text("desk.first", at=at(first["alarm_at"])),
        "by": "",
        "rows": [ledger_row(each, look) for each in alarms],
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The counts, and what every line tells of its alarm."""
    found = rows["alarms"].with_columns(kind=pl.col("alarm_kind"))
    cut = found.height and found["total"][0] > found.height
    total = formula.highest("alarms", "total") if cut else formula.count("alarms")
    yield Figure("total", total, text("explain.desk.total"))
    yield Figure("shown", formula.least(formula.count("alarms"), formula.const(SHOWN)), text("explain.desk.shown"))
    yield Figure(path("note", "args", "waiting"), formula.count("period", UNHANDLED), text("explain.desk.waiting"))
    yield Figure(path("note", "args", "day"), formula.count("period", RECENT), text("explain.desk.day"))
    yield newest("alarms", "alarm_at")
    for each in _folded(found):
        yield from rows_figures(each, "alarms") if len(each) == 1 else _flood_figures(each)


def _flood_figures(alarms: list[Alarm]) -> Iterator[Figure]:
    first, ids = alarms[0], tuple(each["id"] for each in alarms)
    within, here = ("id", "in", ids), path("rows", f"flood-{first['id']}")
    begun = formula.one("alarms", "alarm_at", first["id"])
    worth = formula.one("alarms", "value", first["id"])
    yield Figure(f"{here}/title/args/n", formula.count("alarms", within), text("explain.desk.flood"))
    yield Figure(f"{here}/title/args/first/args/value", worth, field_of("value"), first["unit"])
    yield Figure(f"{here}/at/at", formula.highest("alarms", "alarm_at", within), field_of("alarm_at"))
    yield Figure(f"{here}/sign/args/at/at", begun, field_of("alarm_at"))
    yield from rows_figures(alarms, "alarms", f"{here}/rows")


PANEL = Panel(
    key="alarm_ledger",
    reads=ALARM_TABLES,
    queries={"alarms": LEDGER, "period": PERIOD},
    draw=draw,
    lists={"ledger": ListOf(LEDGER, LEDGER_COLUMNS, ("alarms", "id"))},
    rule="R-AL-1, AL-12",
    origin=Origin({"alarms": OF_LEDGER, "period": OF_PERIOD}, figures),
)
