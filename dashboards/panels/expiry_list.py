"""Papers by their deadline: whose each is, how many days are left, and when somebody was reminded of it (AL-9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._expiry import COLUMNS, DUE, OF_PAPERS, PAPERS, READS, SHOWS, looked_at
from dashboards.panels._state import latest
from dashboards.panels._words import owner_text
from layers._origin import field_of
from models.expiry import SCENES, PaperState
from twin import formula
from twin.content import Content, Text, at, meta, requests, text
from twin.lineage import Figure, Origin, path
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 100
ADDRESS = "/api/v1/expiry/reminders"


def draw(rows: Rows, look: Look) -> Content:
    """What is over first, then what ends next; each with a reminder that can be sent, and a form for a whole scene."""
    found = looked_at(rows["papers"], look)
    lines = [_line(each, look) for each in found.head(SHOWN).iter_rows(named=True)]
    scenes = [{"value": each, "label": text(f"scene.{each}")} for each in SCENES]
    shows = [{"param": "show", "value": each, "label": text(f"expiry.show.{each}")} for each in SHOWS]
    return requests(
        lines,
        found.height,
        form=_form(look),
        choices={"scenes": scenes},
        filters=shows,
        defaults={"show": SHOWS[0]},
        fields=[{"param": "group", "type": "choice", "label": text("expiry.scene"), "options": scenes}],
        search=text("expiry.search"),
        empty=text("expiry.none"),
        list="papers",
        meta=meta(latest(found, "ts")),
    )


def _line(paper: dict[str, Any], look: Look) -> dict[str, Any]:
    state, days = paper["paper_state"], paper["days_left"]
    due = text("expiry.deadline", deadline=paper["deadline"].isoformat()) if paper["deadline"] else ""
    return {
        "key": paper["key"],
        "level": "yellow" if state == PaperState.OVERDUE else None,
        "title": paper["paper"] or paper["id"],
        "sub": [
            each for each in (text(f"scene.{paper['scene']}"), owner_text(look, paper["owner"]), _person(paper)) if each
        ],
        "by": [_reminded(paper), text("expiry.source", source=paper["source"])],
        "right": text(f"expiry.state.{state}", n=None if days is None else abs(days)),
        "right_sub": due,
        "acts": [_act(paper)] if state in DUE else [],
    }


def _person(paper: dict[str, Any]) -> Text | None:
    return paper["owner_person"]


def _reminded(paper: dict[str, Any]) -> Text:
    if paper["reminded_at"] is None:
        return text("expiry.not_reminded")
    who = paper["reminded_by"]
    by = text("expiry.by_itself") if who == "twin" else who
    return text("expiry.reminded", at=at(paper["reminded_at"]), who=by)


def _act(paper: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": "remind",
        "label": text("expiry.remind"),
        "post": ADDRESS,
        "body": {"paper": paper["key"]},
        "right": Right.send_notice,
    }


def _form(look: Look) -> dict[str, Any]:
    field = {"name": "scene", "type": "choice", "label": text("expiry.scene"), "choices": "scenes"}
    chosen = look.params.get("group")
    fields = [{**field, "value": chosen} if chosen in SCENES else field]
    return {"label": text("expiry.remind_scene"), "post": ADDRESS, "right": Right.send_notice, "fields": fields}


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many papers; deadline, days left and last reminder of each."""
    found = looked_at(rows["papers"], look)
    keys = ("key", "in", tuple(found["key"]))
    yield Figure("total", formula.count("papers", keys), text("explain.expiry.total"))
    yield Figure("meta/ts", formula.highest("papers", "ts", keys), text("explain.expiry.newest"), rules="")
    for each in found.head(SHOWN).iter_rows(named=True):
        here = path("rows", each["key"])
        left, deadline, reminded = (
            formula.one("papers", name, each["key"], "key") for name in ("days_left", "deadline", "reminded_at")
        )
        days = left if (each["days_left"] or 0) >= 0 else formula.subtract(formula.const(0), left)
        yield Figure(f"{here}/right/args/n", days, field_of("days_left"))
        yield Figure(f"{here}/right_sub/args/deadline", deadline, text("explain.expiry.deadline"))
        yield Figure(f"{here}/by/0/args/at/at", reminded, field_of("reminded_at"))


def of_address(papers: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The papers that the address asks for."""
    return looked_at(papers, look).with_columns(deadline=pl.col("deadline").cast(pl.String))


PANEL = Panel(
    key="expiry_list",
    reads=READS,
    queries={"papers": PAPERS},
    draw=draw,
    lists={"papers": ListOf(PAPERS, COLUMNS, rows=of_address)},
    rule="AL-9",
    origin=Origin({"papers": OF_PAPERS}, figures),
)
