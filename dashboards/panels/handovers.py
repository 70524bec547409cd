"""Handovers of shifts: what was handed over, who signed, what still waits for its second signature (AL-11, DR-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from models.handover import Counts
from twin import formula
from twin.content import Content, Text, at, meta, requests, text
from twin.lineage import Figure, Inputs, Origin
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

HANDOVERS = "duty/handovers"
ADDRESS = "/api/v1/handovers"
SHOWN = 30
COUNTS = tuple(each.name for each in fields(Counts))
# what may be done in a state, and who must not be the one
ACTS = {"prepared": (("give", None), ("withdraw", None)), "given": (("take", "given_by"),)}
COLUMNS = (
    ("day", "text", None),
    ("shift", "code", None),
    ("handover_state", "code", None),
    ("as_of", "time", None),
    *((name, "number", None) for name in COUNTS),
    ("remarks", "text", None),
    ("prepared_by", "text", None),
    ("prepared_at", "time", None),
    ("given_by", "text", None),
    ("given_at", "time", None),
    ("taken_by", "text", None),
    ("taken_at", "time", None),
)
_STEPS = (("withdrawn", "withdrawn"), ("done", "taken"), ("given", "given"), ("prepared", "prepared"))


def draw(rows: Rows, look: Look) -> Content:
    """Those that wait for a signature first; a form prepares the next one."""
    found = rows["handovers"]
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    shown = meta(latest(found, "prepared_at"))
    return requests(lines, found.height, form=_form(), empty=text("handover.none"), list="handovers", meta=shown)


def _line(handover: dict[str, Any]) -> dict[str, Any]:
    state = handover["handover_state"]
    return {
        "key": handover["id"],
        "title": text("handover.of", day=handover["day"].strftime("%m-%d"), shift=text(f"shift.{handover['shift']}")),
        "sub": text("handover.counts", **{name: handover[name] for name in COUNTS}),
        "by": [each for each in (*_signatures(handover), _remarks(handover)) if each],
        "right": text(f"handover.state.{state}", since=at(_since(handover))),
        "right_sub": text("handover.as_of", at=at(handover["as_of"])),
        "acts": [_act(handover, name, other) for name, other in ACTS.get(state, ())],
    }


def _since(handover: dict[str, Any]) -> Any:
    return next(handover[f"{name}_at"] for state, name in _STEPS if state == handover["handover_state"])


def _signatures(handover: dict[str, Any]) -> list[Text]:
    """Who prepared and who signed, each with when."""
    return [
        text(f"handover.by.{name}", who=handover[f"{name}_by"], at=at(handover[f"{name}_at"]))
        for name in ("prepared", "given", "taken", "withdrawn")
        if handover[f"{name}_by"]
    ]


def _remarks(handover: dict[str, Any]) -> Text | None:
    return f"“{handover['remarks']}”" if handover["remarks"] else None


def _act(handover: dict[str, Any], name: str, other: str | None) -> dict[str, Any]:
    return {
        "key": name,
        "label": text(f"handover.{name}"),
        "post": f"{ADDRESS}/{handover['id']}/actions",
        "body": {"action": name},
        "right": Right.hand_over,
        "except": handover[other] if other else None,
    }


def _form() -> dict[str, Any]:
    field = {"name": "remarks", "type": "text", "label": text("handover.remarks"), "optional": True}
    return {"label": text("handover.prepare"), "post": ADDRESS, "right": Right.hand_over, "fields": [field]}


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many handovers; counts and times of each."""
    found = rows["handovers"]
    yield Figure("total", formula.count("handovers"), text("explain.handovers.total"))
    yield Figure("meta/ts", formula.highest("handovers", "prepared_at"), text("explain.duty.newest"), rules="")
    counts = tuple((f"sub/args/{name}", name) for name in COUNTS)
    yield from lines_figures("handovers", found.head(SHOWN), *counts, ("right_sub/args/at/at", "as_of"))
    for each in found.head(SHOWN).iter_rows(named=True):
        changed = next(name for state, name in _STEPS if state == each["handover_state"])
        one = found.filter(found["id"] == each["id"])
        signed = [name for name in ("prepared", "given", "taken", "withdrawn") if each[f"{name}_by"]]
        places = [(f"by/{n}/args/at/at", f"{name}_at") for n, name in enumerate(signed)]
        yield from lines_figures("handovers", one, ("right/args/since/at", f"{changed}_at"), *places)


PANEL = Panel(
    key="handovers",
    reads=frozenset({"handover"}),
    queries={"handovers": HANDOVERS},
    draw=draw,
    lists={"handovers": ListOf(HANDOVERS, COLUMNS)},
    rule="AL-11, DR-2",
    origin=Origin({"handovers": Inputs(HANDOVERS, COLUMNS)}, figures),
)
