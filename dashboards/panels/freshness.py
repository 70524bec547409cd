"""How new the newest reading is, and how many owners are heard of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._origin import newest
from dashboards.panels._state import READS, STATE, flow_of, own
from dashboards.panels._words import counter
from layers._origin import HEARD, POINTS
from twin import formula
from twin.content import Content, figure, meta, text, value
from twin.lineage import Figure, Origin, item, path
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


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Time of the newest reading, owners of whose points at least one is heard of, owners in all."""
    heard, owners = formula.distinct("points", "owner", HEARD), formula.distinct("points", "owner")
    yield newest("points", "ts", at=item("newest", "value", "ts"))
    yield newest("points", "ts")
    for at in (item("sources"), path("meta", "coverage", 0)):
        yield Figure(at, heard, text("explain.freshness.sources"), coverage=(heard, owners))
    for at in (item("sources", "of"), path("meta", "coverage", 1)):
        yield Figure(at, owners, text("explain.freshness.owners"), coverage=(heard, owners))


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
    origin=Origin({"points": POINTS}, figures),
)
