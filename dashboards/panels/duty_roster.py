"""The roster of the coming week: who stands on which shift, exchanged between two people; files of rosters are read
here (DR-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from dashboards.panels._duty import (
    COLUMNS,
    OF_TURNS,
    READS,
    TURNS,
    day_text,
    org_of,
    reach_text,
    shift_text,
    shifted,
    whose_field,
)
from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, Text, at, meta, requests, text
from twin.lineage import Figure, Origin
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

AHEAD = timedelta(days=7)
SHOWN = 60
ADDRESS = "/api/v1/rosters"
FILES = ".xlsx,.csv"


def draw(rows: Rows, look: Look) -> Content:
    """Those on duty and to come; each may be exchanged with another one, and a file sets whole shifts."""
    found = coming(rows["turns"], look)
    shown = found.head(SHOWN).to_dicts()
    more: dict[str, Any] = {}
    if look.enterprise is None:
        more["fields"] = [whose_field(look)]
    return requests(
        [_line(each) for each in shown],
        found.height,
        form=_form(),
        choices={"turns": [{"value": each["id"], "label": _named(each)} for each in shown]},
        empty=text("duty.no_turns"),
        list="turns",
        meta=meta(latest(found, "ts")),
        **more,
    )


def coming(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The turns of the roster looked at that are not over, of the next days."""
    now = look.at.replace(second=0, microsecond=0)
    own = turns.filter((pl.col("org") == org_of(look)) & (pl.col("ends") > now) & (pl.col("starts") < now + AHEAD))
    return shifted(own, look)


def _line(turn: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": turn["id"],
        "title": turn["duty_name"],
        "sub": [text(f"duty_role.{turn['duty_role']}"), turn["person"]],
        "by": [each for each in (reach_text(turn["mobile"]), _note(turn), _told_by(turn)) if each],
        "right": text("duty.on", day=day_text(turn["day"]), shift=shift_text(turn["shift"])),
        "right_sub": text("faults.period", start=at(turn["starts"]), end=at(turn["ends"])),
        "acts": [
            {
                "key": "swap",
                "label": text("duty.swap"),
                "said": text("duty.swap.said", who=turn["duty_name"]),
                "post": f"{ADDRESS}/swaps",
                "body": {"id": turn["id"]},
                "right": Right.manage_duty,
                "fields": [
                    {
                        "name": "with",
                        "type": "choice",
                        "label": text("duty.swap.with"),
                        "choices": "turns",
                        "also": ["id"],
                    },
                    {"name": "note", "type": "text", "label": text("duty.swap.note"), "optional": True},
                ],
            }
        ],
    }


def _note(turn: dict[str, Any]) -> Text | None:
    return f"“{turn['note']}”" if turn["note"] else None


def _told_by(turn: dict[str, Any]) -> Text:
    return text(f"duty.from.{turn['table']}", source=turn["source"])


def _named(turn: dict[str, Any]) -> Text:
    day, shift = day_text(turn["day"]), shift_text(turn["shift"])
    return text("duty.named", day=day, shift=shift, who=turn["duty_name"], role=text(f"duty_role.{turn['duty_role']}"))


def _form() -> dict[str, Any]:
    return {
        "label": text("duty.import"),
        "said": text("duty.import.said"),
        "link": {"label": text("duty.template"), "href": f"{ADDRESS}/template"},
        "post": f"{ADDRESS}/imports",
        "right": Right.manage_duty,
        "fields": [{"name": "file", "type": "file", "label": text("duty.file"), "accept": FILES}],
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many turns, and from when to when each is."""
    found = coming(rows["turns"], look)
    within = ("id", "in", tuple(found["id"]))
    yield Figure("total", formula.count("turns", within), text("explain.duty.turns"))
    yield Figure("meta/ts", formula.highest("turns", "ts", within), text("explain.duty.newest"), rules="")
    places = (("right_sub/args/start/at", "starts"), ("right_sub/args/end/at", "ends"))
    yield from lines_figures("turns", found.head(SHOWN), *places)


def listed(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """All of them."""
    return coming(turns, look).with_columns(day=pl.col("day").cast(pl.String))


PANEL = Panel(
    key="duty_roster",
    reads=READS,
    queries={"turns": TURNS},
    draw=draw,
    lists={"turns": ListOf(TURNS, COLUMNS[:10], rows=listed)},
    rule="DR-1",
    origin=Origin({"turns": OF_TURNS}, figures),
)
