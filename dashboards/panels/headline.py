"""How the park is, in one sentence."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.panels._state import READS, STATE, flow_of, own
from dashboards.panels._words import RECENT, owner_text, place_of
from models.alarm_tables import ALARM_TABLES
from models.headline import Trouble, headline
from twin.content import Content, Text, text
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
            _where(row, look),
        )
        for row in alarms.iter_rows(named=True)
    ]
    return headline(troubles, flow_of(own(rows["state"], look)))


def _where(row: dict[str, Any], look: Look) -> Text:
    owner, place = owner_text(look, row["owner"]), place_of(look, row["point"])
    return text("headline.place", owner=owner, place=place) if place else owner


PANEL = Panel(
    key="headline",
    reads=ALARM_TABLES | READS,
    queries={"alarms": RECENT, "state": STATE},
    draw=draw,
)
