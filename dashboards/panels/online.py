"""How many measuring points are heard of, against the target, and through the last day."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.panels._state import READS, STATE, flow_of, own
from dashboards.panels._words import counter, percent
from twin.content import Content, figure, meta, text, value
from twin.screen import ListOf, Look, Panel, Rows

TARGET = 99.5
QUARTERS = 96


def draw(rows: Rows, look: Look) -> Content:
    """Online rate with its line of the day, and how many are silent."""
    flow = flow_of(own(rows["state"], look))
    rate: dict[str, Any] = {
        "key": "rate",
        "label": text("online.rate"),
        "value": value(percent(flow.online / flow.points) if flow.points else None, "%", 1, ts=flow.known),
        "target": look.park.settings.limits.get("online_target", TARGET),
    }
    if "enterprise" not in look.params:
        rate["spark"] = _spark(rows["pulse"])
    counts: list[dict[str, Any]] = [
        counter("online", text("online.online"), flow.online, of=flow.points),
        counter("silent", text("online.silent"), flow.points - flow.online),
    ]
    told = meta(flow.known, look.park.settings.reading.period_s, (flow.online, flow.points))
    return figure([rate, *counts], "big", meta=told)


def _spark(pulse: pl.DataFrame) -> list[float | None]:
    """One rate a quarter of an hour, oldest first; a quarter without a count is a gap."""
    if pulse.is_empty():
        return []
    every = pulse.select("quarter", rate=(pl.col("online") / pl.col("points").replace(0, None) * 100).round(2))
    return every.upsample("quarter", every="15m")["rate"].tail(QUARTERS).to_list()


PANEL = Panel(
    key="online",
    reads=READS,
    queries={"state": STATE, "pulse": "state/pulse"},
    draw=draw,
    lists={
        "online": ListOf(
            "state/flow",
            (
                ("owner", "text", None),
                ("count", "number", None),
                ("points", "number", None),
                ("stale", "number", None),
                ("ts", "time", None),
            ),
            ("enterprises", "owner"),
        ),
        "silent": ListOf(
            "state/silent",
            (
                ("id", "text", None),
                ("name", "text", None),
                ("owner", "text", None),
                ("kind", "code", None),
                ("status", "code", None),
                ("last_at", "time", None),
            ),
            ("points", "id"),
        ),
    },
    rule="KPI-1",
)
