"""How many measuring points are heard of, against the target, and through the last day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._origin import covered, limits_of, newest
from dashboards.panels._state import READS, SILENT, STATE, flow_of, own
from dashboards.panels._words import counter, percent
from layers._origin import HEARD, POINTS
from twin import formula
from twin.content import Content, figure, meta, text, value
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, item
from twin.moment import Moment, iso
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


def _quarters(pulse: pl.DataFrame) -> pl.DataFrame:
    """One rate a quarter of an hour, oldest first; a quarter without a count is a gap."""
    every = pulse.select("quarter", rate=pl.col("online") / pl.col("points").replace(0, None) * 100)
    return every.upsample("quarter", every="15m").tail(QUARTERS) if every.height else every


def _spark(pulse: pl.DataFrame) -> list[float | None]:
    return [None if rate is None else round(rate, 2) for rate in _quarters(pulse)["rate"]]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Points heard of out of all, now and in each quarter of the last day."""
    online, points = formula.count("points", HEARD), formula.count("points")
    silent, whole = formula.count("points", ("status", "in", SILENT)), (online, points)
    target = formula.one("limits", "value", "limits.online_target")
    yield Figure(item("rate"), formula.percent(*whole), text("explain.online.rate"), "%", whole)
    yield newest("points", "known", at=item("rate", "value", "ts"))
    yield Figure(item("rate", "target"), target, text("explain.setting"), "%")
    yield Figure(item("online"), online, text("explain.heard"), coverage=whole)
    yield Figure(item("online", "of"), points, text("explain.expected"), coverage=whole)
    yield Figure(item("silent"), silent, text("explain.online.silent"), coverage=whole)
    yield newest("points", "known")
    yield from covered(*whole)
    for place, quarter in enumerate(_quarters(rows["pulse"])["quarter"]):
        said = text("explain.online.quarter", at={"at": iso(quarter)})
        yield Figure(item("rate", "spark", place), _rate_of(quarter), said, "%")


def _rate_of(quarter: Moment) -> Formula:
    """The rate of the last count of a quarter of an hour."""
    online, points = (formula.last("pulse", each, ("quarter", "=", quarter)) for each in ("online", "points"))
    return formula.rounded(formula.multiply(formula.const(100), formula.divide(online, points)), 2)


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
    origin=Origin(
        {
            "points": POINTS,
            "pulse": Inputs("explain/pulse", (("online", "number", None), ("points", "number", None))),
            "limits": limits_of("online_target", TARGET, "%"),
        },
        figures,
    ),
)
