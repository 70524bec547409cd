"""The leak ledger: what leaked, where, from when to when, and how far it is handled (GS-5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import ALARM_INPUTS, ALARMS, LEAK_COLUMNS, leaks
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from layers._origin import field_of
from models.alarm_tables import ALARM_TABLES
from models.quantity import quantity
from models.wording import medium_name
from twin import formula
from twin.content import Content, at, both, listing, meta, since, text
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 12


def draw(rows: Rows, look: Look) -> Content:
    """Those that last first, the gravest of them at the top; then the newest."""
    found = leaks(rows["alarms"], look)
    shown = [_row(row) for row in found.head(SHOWN).iter_rows(named=True)]
    return listing(shown, found.height, text("gas_leaks.none"), list="leaks", meta=meta(latest(found, "alarm_at")))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    gas = medium_name(row["medium"]) or both(row["name_zh"], row["name_en"])
    said = quantity(row["leak_value"], row["unit"]) if row["unit"] and row["leak_value"] is not None else None
    until = since(row["alarm_at"]) if row["open"] else at(row["cleared_at"])
    return {
        "key": row["id"],
        "level": row["leak_colour"] if row["open"] else None,
        "badge": row["leak_level"],
        "title": text("gas_leaks.peak", gas=gas, value=said) if said else text("gas_leaks.leak", gas=gas),
        "sub": text("gas_leaks.where", place=both(row["place_zh"], row["place_en"]), device=row["point"]),
        "right": at(row["alarm_at"]),
        "right_sub": text(f"gas_leaks.{row['leak_state']}.{row['handling']}", until=until),
        "pick": {"layer": "alarms", "id": row["id"]},
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many leaks, and peak, start and end of each that is listed."""
    found = leaks(rows["alarms"].with_columns(kind=pl.col("alarm_kind")), look)
    every = ("id", "in", tuple(found["id"]))
    yield Figure(path("total"), formula.count("alarms", every), text("explain.gas.leaks"))
    yield newest("alarms", "alarm_at", every)
    for row in found.head(SHOWN).iter_rows(named=True):
        at_row = path("rows", row["id"])
        end = "alarm_at" if row["open"] else "cleared_at"
        yield Figure(f"{at_row}/title/args/value", _one("leak_value", row), field_of("leak_value"), row["unit"])
        yield Figure(f"{at_row}/right/at", _one("alarm_at", row), field_of("alarm_at"))
        for step in ("since", "at"):
            yield Figure(f"{at_row}/right_sub/args/until/{step}", _one(end, row), field_of(end))


def _one(column: str, row: dict[str, Any]) -> formula.Formula:
    return formula.one("alarms", column, row["id"])


PANEL = Panel(
    key="gas_leaks",
    reads=ALARM_TABLES | {"indicator"},
    queries={"alarms": ALARMS},
    draw=draw,
    lists={"leaks": ListOf(ALARMS, LEAK_COLUMNS, ("alarms", "id"), rows=leaks)},
    rule="GS-5",
    origin=Origin({"alarms": ALARM_INPUTS}, figures),
)
