"""How the park is, in one sentence."""

from __future__ import annotations

import polars as pl

from dashboards.panels._words import FLOW, RECENT, newest, owner_text
from models.alarm_tables import ALARM_TABLES
from models.headline import Flow, Trouble, headline
from twin.content import Content, text
from twin.screen import Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """The sentence, its colour, and where and since when."""
    alarms = rows["alarms"].filter(pl.col("open"))
    troubles = [
        Trouble(
            row["colour"],
            row["is_gas"],
            row["handling"] != "open",
            row["alarm_at"],
            text("alarm.where", owner=owner_text(look, row["owner"]), point=row["point"] or ""),
        )
        for row in alarms.iter_rows(named=True)
    ]
    return headline(troubles, flow_of(rows["flow"]))


def flow_of(flow: pl.DataFrame) -> Flow:
    """How data arrive, over all owners."""
    heard = int((flow["count"] > 0).sum())
    return Flow(int(flow["points"].sum()), int(flow["count"].sum()), heard, flow.height, newest(flow, "ts"))


PANEL = Panel(
    key="headline",
    reads=ALARM_TABLES | {"reading"},
    queries={"alarms": RECENT, "flow": FLOW},
    draw=draw,
)
