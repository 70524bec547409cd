"""Limits of points and who changed them: what was asked, why, by whom, and who decided (R-GAS-15, GS-9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._asked import by_whom
from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from models.limits import WHICH
from models.quantity import quantity
from twin import formula
from twin.content import Content, Text, both, meta, requests, text
from twin.lineage import Figure, Inputs, Origin
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

LIMITS = "desk/limits"
SHOWN = 40
ADDRESS = "/api/v1/limits"
COLUMNS = (
    ("point", "text", None),
    ("name", "text", None),
    ("owner", "text", None),
    ("which", "text", None),
    ("old", "number", None),
    ("new", "number", None),
    ("unit", "text", None),
    ("reason", "text", None),
    ("asked_by", "text", None),
    ("asked_at", "time", None),
    ("approver", "text", None),
    ("decided_at", "time", None),
    ("note", "text", None),
    ("state", "code", None),
)


def draw(rows: Rows, look: Look) -> Content:
    """Changes that wait first; each with what can be done, and a form for a new one."""
    found = rows["limits"]
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    shown = meta(latest(found, "asked_at"))
    return requests(lines, found.height, form=_form(), empty=text("limits.none"), list="limits", meta=shown)


def _line(change: dict[str, Any]) -> dict[str, Any]:
    old, new = (_said(change[name], change["unit"]) for name in ("old", "new"))
    return {
        "key": change["id"],
        "title": both(change["name_zh"], change["name_en"]),
        "sub": text("limits.what", point=change["point"], reason=change["reason"]),
        "right": text("limits.change", which=change["which"], old=old, new=new),
        "right_sub": text(f"state.{change['state']}"),
        "by": by_whom(change, change["asked_by"], change["asked_at"], change["approver"], change["note"]),
        "acts": [_act(change, name) for name in ("approve", "refuse")] if change["state"] == "pending" else [],
    }


def _said(value: float | None, unit: str | None) -> Text:
    return quantity(value, unit) if value is not None else text("limits.without")


def _act(change: dict[str, Any], name: str) -> dict[str, Any]:
    body = {"decision": name}
    return {
        "key": name,
        "label": text(f"faults.{name}"),
        "post": f"{ADDRESS}/{change['id']}/decision",
        "body": body,
        "note": name == "refuse",
        "right": Right.approve_limit,
        "except": change["asked_by"],
    }


def _form() -> dict[str, Any]:
    options = [{"value": each, "label": text(f"alarm_kind.{each}")} for each in WHICH]
    return {
        "label": text("limits.ask"),
        "post": ADDRESS,
        "right": Right.propose_limit,
        "fields": [
            {"name": "point", "type": "text", "label": text("limits.point")},
            {"name": "which", "type": "choice", "label": text("limits.which"), "options": options},
            {"name": "new", "type": "number", "label": text("limits.new"), "optional": True, "also": WHICH},
            {"name": "reason", "type": "text", "label": text("limits.reason")},
        ],
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many changes, and the values of each."""
    yield Figure("total", formula.count("limits"), text("explain.limits.total"))
    yield Figure("meta/ts", formula.highest("limits", "asked_at"), text("explain.limits.newest"), rules="")
    yield from lines_figures(
        "limits",
        rows["limits"].head(SHOWN),
        ("right/args/old", "old"),
        ("right/args/new", "new"),
        ("by/args/asked/at", "asked_at"),
        ("by/args/at/at", "decided_at"),
        measured=("old", "new"),
    )


PANEL = Panel(
    key="alarm_limits",
    reads=frozenset({"limit_change"}),
    queries={"limits": LIMITS},
    draw=draw,
    lists={"limits": ListOf(LIMITS, COLUMNS)},
    rule="R-GAS-15",
    origin=Origin({"limits": Inputs(LIMITS, COLUMNS)}, figures),
)
