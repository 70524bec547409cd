"""The calendar of a roster: a week or a month, who stands on which shift (DR-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboards.panels._duty import (
    COLUMNS,
    OF_TURNS,
    READS,
    TURNS,
    day_text,
    org_of,
    shifted,
    today,
    whose_field,
)
from dashboards.panels._state import latest
from models.roster import SHIFTS, DutyRole
from twin import formula
from twin.content import Content, Text, meta, table, text
from twin.lineage import Figure, Origin
from twin.screen import ListOf, Look, Panel, Rows

SPANS = {"week": (1, 7), "month": (3, 31)}  # days shown: some before today, so many in all


def draw(rows: Rows, look: Look) -> Content:
    """A row a day, a column a shift; who leads stands first."""
    found = _of_org(rows["turns"], look)
    held: dict[tuple[date, str], list[dict[str, Any]]] = {}
    for each in found.sort(pl.col("duty_role") != DutyRole.LEADER, "person", "id").iter_rows(named=True):
        held.setdefault((each["day"], each["shift"]), []).append(each)
    days = _days(look)
    lines = [_line(day, held, look) for day in days]
    columns = [{"key": "day", "label": text("column.day"), "type": "text"}]
    columns += [
        {"key": each, "label": text("duty.shift_of", shift=text(f"shift.{each}")), "type": "text"} for each in SHIFTS
    ]
    more: dict[str, Any] = {"filters": _filters(), "defaults": {"show": "week"}, "list": "turns"}
    if look.enterprise is None:
        more["fields"] = [whose_field(look)]
    return table(columns, lines, len(days), meta=meta(latest(found, "ts")), **more)


def _filters() -> list[dict[str, Any]]:
    return [{"param": "show", "value": each, "label": text(f"duty.show.{each}")} for each in SPANS]


def _days(look: Look) -> list[date]:
    before, many = SPANS.get(look.params.get("show", "week"), SPANS["week"])
    return [today(look) + timedelta(days=n - before) for n in range(many)]


def _of_org(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    days = _days(look)
    found = shifted(turns.filter(pl.col("org") == org_of(look)), look)
    return found.filter(pl.col("day").is_between(days[0], days[-1]))


def _line(day: date, held: dict[tuple[date, str], list[dict[str, Any]]], look: Look) -> dict[str, Any]:
    name = day_text(day)
    said: dict[str, Any] = {"day": text("duty.today", day=name) if day == today(look) else name}
    return said | {each: _cell(held.get((day, each), [])) for each in SHIFTS}


def _cell(turns: list[dict[str, Any]]) -> Text:
    """Who leads, then the others; a shift that nobody stands on says so."""
    if not turns:
        return text("duty.empty")
    leaders = [each["duty_name"] for each in turns if each["duty_role"] == DutyRole.LEADER]
    others = [each["duty_name"] for each in turns if each["duty_role"] != DutyRole.LEADER]
    if not leaders:
        return text("duty.cell.no_leader", others=others)
    return (
        text("duty.cell.both", leaders=leaders, others=others) if others else text("duty.cell.leader", leaders=leaders)
    )


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many days are shown."""
    yield Figure("total", formula.const(len(_days(look))), text("explain.duty.days"), rules="")
    within = ("id", "in", tuple(_of_org(rows["turns"], look)["id"]))
    yield Figure("meta/ts", formula.highest("turns", "ts", within), text("explain.duty.newest"), rules="")


def listed(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The turns of the calendar."""
    return _of_org(turns, look).with_columns(day=pl.col("day").cast(pl.String))


PANEL = Panel(
    key="duty_calendar",
    reads=READS,
    queries={"turns": TURNS},
    draw=draw,
    lists={"turns": ListOf(TURNS, COLUMNS, rows=listed)},
    rule="DR-1",
    origin=Origin({"turns": OF_TURNS}, figures),
)
