"""How new the newest reading is, and how many owners are heard of."""

from __future__ import annotations

from typing import Any

from dashboards.panels._words import FLOW, counter, newest
from dashboards.panels.headline import flow_of
from twin.content import Content, figure, meta, text, value
from twin.screen import ListOf, Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """Time of the newest reading, owners heard of, n of m."""
    flow = flow_of(rows["flow"])
    items: list[dict[str, Any]] = [
        {"key": "newest", "label": text("freshness.newest"), "value": value(None, ts=flow.newest)},
        counter("sources", text("freshness.sources"), flow.owners_online, of=flow.owners),
    ]
    told = meta(newest(rows["flow"], "ts"), look.park.settings.reading.period_s, (flow.owners_online, flow.owners))
    return figure(items, "freshness", meta=told)


PANEL = Panel(
    key="freshness",
    reads=frozenset({"reading", "clock"}),
    queries={"flow": FLOW},
    draw=draw,
    lists={
        "sources": ListOf(
            "state/sources",
            (("owner", "text", None), ("online", "number", None), ("points", "number", None), ("ts", "time", None)),
            ("enterprises", "owner"),
        )
    },
)
