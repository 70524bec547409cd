"""How sendings go: sent, waiting, given up, unreachable in 24 hours, how long they take, the SMS budget (MS-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._state import latest
from dashboards.panels._words import counter
from twin import formula
from twin.content import Content, figure, meta, text
from twin.content import value as told
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, item, setting
from twin.screen import Look, Panel, Rows

BUDGET, COUNTED, SMS = "notify/budget", "notify/counted", "notify/sms"
STATES: dict[str, tuple[str, ...]] = {
    "sent": ("sent", "read"),
    "waiting": ("waiting",),
    "failed": ("failed",),
    "unreachable": ("unreachable",),
}
OF_COUNTED = Inputs(
    COUNTED,
    (
        ("message_state", "code", None),
        ("channel", "code", None),
        ("posted_at", "time", None),
        ("took_s", "number", "s"),
    ),
)


def _settings(look: Look) -> list[dict[str, Any]]:
    return [setting("notify.sms_budget", look.park.settings.notify.sms_budget)]


OF_SETTINGS = Inputs(columns=(("value", "number", None),), made=_settings)


def draw(rows: Rows, look: Look) -> Content:
    """Six numbers."""
    recent = rows["log"]
    items = [_count(recent, key) for key in STATES]
    by_channel = recent.filter((recent["channel"] != "app") & recent["took_s"].is_not_null())["took_s"].to_list()
    mean = round(sum(by_channel) / len(by_channel), 1) if by_channel else None
    items.append({"key": "took", "label": text("message_counts.took"), "value": told(mean, "s", 1)})
    spent = int(rows["budget"]["n"][0])
    budget = look.park.settings.notify.sms_budget
    note = text("message_counts.budget", of=budget)
    items.append({"key": "sms", "label": text("message_counts.sms"), "value": told(spent), "note": note})
    return figure(items, meta=meta(latest(recent, "known")))


def _count(recent: pl.DataFrame, key: str) -> dict[str, Any]:
    n = int(recent["message_state"].is_in(list(STATES[key])).sum())
    level = "orange" if key == "failed" and n else None
    return counter(key, text(f"message_counts.{key}"), n, list=None, level=level)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The counts."""
    for key, states in STATES.items():
        parts: list[Formula] = [formula.count("log", ("message_state", "=", each)) for each in states]
        many = parts[0] if len(parts) == 1 else formula.add(*parts)
        yield Figure(item(key), many, text(f"explain.message_counts.{key}"))
    took = formula.mean("log", "took_s", ("channel", "!=", "app"))
    yield Figure(item("took"), formula.rounded(took, 1), text("explain.message_counts.took"), "s")
    yield Figure(item("sms"), formula.count("sms"), text("explain.message_counts.sms"))
    limit = formula.one("settings", "value", "notify.sms_budget")
    yield Figure(item("sms", "note", "args", "of"), limit, text("explain.setting"))
    yield Figure("meta/ts", formula.highest("log", "known"), text("explain.messages.newest"), rules="")


PANEL = Panel(
    key="message_counts",
    reads=frozenset({"message", "notice", "minute"}),
    queries={"log": COUNTED, "budget": BUDGET},
    draw=draw,
    rule="MS-2",
    origin=Origin({"log": OF_COUNTED, "sms": Inputs(SMS), "settings": OF_SETTINGS}, figures),
)
