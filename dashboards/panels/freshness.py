"""How new the newest reading is, and how many owners are heard of."""

from __future__ import annotations

from typing import Any

from dashboards.panels._state import READS, STATE, flow_of, own
from dashboards.panels._words import counter
from twin.content import Content, figure, meta, text, value
from twin.screen import ListOf, Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """Time of the newest reading, owners heard of, n of m."""
    flow = flow_of(own(rows["state"], look))
    items: list[dict[str, Any]] = [
        {"key": "newest", "label": text("freshness.newest"), "value": value(None, ts=flow.newest)},
        counter("sources", text("freshness.sources"), flow.owners_online, of=flow.owners),
    ]
    told = meta(flow.newest, look.park.settings.reading.period_s, (flow.owners_online, flow.owners))
    return figure(items, "freshness", meta=told)


PANEL = Panel(
    key="freshness",
    reads=READS,
    queries={"state": STATE},
    draw=draw,
    lists={
        "sources": ListOf(
            "state/sources",
            (("owner", "text", None), ("online", "number", None), ("points", "number", None), ("ts", "time", None)),
            ("enterprises", "owner"),
        )
    },
)
