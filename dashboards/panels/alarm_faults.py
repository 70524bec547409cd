"""Applications for points under repair or stopped: while one is approved, its points raise no alarm (R-AL-8, AL-7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._asked import by_whom
from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from models.fault_life import FaultReason
from twin import formula
from twin.content import Content, at, both, meta, requests, text
from twin.lineage import Figure, Inputs, Origin
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

FAULTS = "desk/faults"
SHOWN = 40
ADDRESS = "/api/v1/faults"
COLUMNS = (
    ("target", "text", None),
    ("name", "text", None),
    ("owner", "text", None),
    ("reason", "code", None),
    ("covers", "number", None),
    ("hushed", "number", None),
    ("starts", "time", None),
    ("ends", "time", None),
    ("state", "code", None),
    ("applied_by", "text", None),
    ("applied_at", "time", None),
    ("decided_by", "text", None),
    ("decided_at", "time", None),
    ("decision", "text", None),
    ("note", "text", None),
)
# what may still be done in a state, and the right that it needs
ACTS: dict[str, tuple[tuple[str, Right], ...]] = {
    "pending": (
        ("approve", Right.approve_fault),
        ("refuse", Right.approve_fault),
        ("withdraw", Right.apply_fault),
    ),
    "approved": (("withdraw", Right.apply_fault),),
}


def draw(rows: Rows, look: Look) -> Content:
    """Those that wait first; each with what can be done, and a form for a new one."""
    found = rows["faults"]
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    shown = meta(latest(found, "applied_at"))
    return requests(lines, found.height, form=_form(), empty=text("faults.none"), list="faults", meta=shown)


def _line(fault: dict[str, Any]) -> dict[str, Any]:
    state = text(f"faults.state.{'running' if fault['running'] else fault['state']}", n=fault["covers"])
    acts = () if fault["over"] else ACTS.get(fault["state"], ())
    return {
        "key": fault["id"],
        "title": both(fault["name_zh"], fault["name_en"]),
        "sub": text(
            "faults.what", target=fault["target"], reason=text(f"reason.{fault['reason']}"), note=fault["note"]
        ),
        "right": text("faults.hushed", state=state, hushed=fault["hushed"]) if fault["hushed"] else state,
        "right_sub": text("faults.period", start=at(fault["starts"]), end=at(fault["ends"])),
        "by": by_whom(fault, fault["applied_by"], fault["applied_at"], fault["decided_by"], fault["decision"]),
        "acts": [_act(fault, name, right) for name, right in acts],
    }


def _act(fault: dict[str, Any], name: str, right: Right) -> dict[str, Any]:
    return {
        "key": name,
        "label": text(f"faults.{name}"),
        "post": f"{ADDRESS}/{fault['id']}/actions",
        "body": {"action": name},
        "note": name == "refuse",
        "right": right,
        "except": None if name == "withdraw" else fault["applied_by"],
    }


def _form() -> dict[str, Any]:
    reasons = [{"value": each.value, "label": text(f"reason.{each}")} for each in FaultReason]
    return {
        "label": text("faults.apply"),
        "post": ADDRESS,
        "right": Right.apply_fault,
        "fields": [
            {"name": "target", "type": "text", "label": text("faults.target")},
            {"name": "reason", "type": "choice", "label": text("faults.reason"), "options": reasons},
            {"name": "starts", "type": "time", "label": text("faults.starts")},
            {"name": "ends", "type": "time", "label": text("faults.ends")},
            {"name": "note", "type": "text", "label": text("faults.note")},
        ],
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many applications, and points and period of each."""
    yield Figure("total", formula.count("faults"), text("explain.faults.total"))
    yield Figure("meta/ts", formula.highest("faults", "applied_at"), text("explain.faults.newest"), rules="")
    yield from lines_figures(
        "faults",
        rows["faults"].head(SHOWN),
        ("right/args/n", "covers"),
        ("right/args/state/args/n", "covers"),
        ("right/args/hushed", "hushed"),
        ("by/args/asked/at", "applied_at"),
        ("by/args/at/at", "decided_at"),
        ("right_sub/args/start/at", "starts"),
        ("right_sub/args/end/at", "ends"),
    )


PANEL = Panel(
    key="alarm_faults",
    reads=frozenset({"fault", "minute"}),
    queries={"faults": FAULTS},
    draw=draw,
    lists={"faults": ListOf(FAULTS, COLUMNS)},
    rule="R-AL-8",
    origin=Origin({"faults": Inputs(FAULTS, COLUMNS)}, figures),
)
