"""The card of the gas that was chosen, else of the one that is nearest to its limit now (GS-10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import INDICATORS, by_share, measured, showing
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from layers._gas import DEVICE_TABLES, READINGS
from layers._gas_card import CHEMICALS, card_figures, gas_card
from layers._gas_origin import POINT_INPUTS
from models.quantity import plain
from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, listing, meta, sentence, stack, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

CHOSEN = "gas"


def draw(rows: Rows, look: Look) -> Content:
    """Which gas and why, its card, and the way back to the worst one."""
    points = measured(rows["indicators"], rows["readings"])
    worst, chosen = _worst(points), look.params.get(CHOSEN)
    told = meta(latest(points, "ts"))
    medium = chosen or (worst or {}).get("medium")
    if medium is None:
        return stack(sentence(text("gas_card.nothing")), meta=told)
    why = text("gas_card.chosen", gas=medium_name(medium)) if chosen else _why(worst or {})
    back = [listing([{"key": "worst", "title": text("gas_card.back"), "enter": {CHOSEN: ""}}], 1)] if chosen else []
    return stack(sentence(why), *gas_card(medium)["parts"], *back, meta=told)


def _worst(points: pl.DataFrame) -> dict[str, Any] | None:
    found = showing(by_share(points)).drop_nulls("medium").head(1).to_dicts()
    return found[0] if found else None


def _why(worst: dict[str, Any]) -> Text:
    return text(
        "gas_card.worst", gas=medium_name(worst["medium"]), percent=f"{plain(worst['percent'])} %", point=worst["id"]
    )


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The share of the worst reading, and every number of the card as the chemical table has it."""
    yield newest("points", "ts")
    worst = _worst(rows["points"])
    if worst:
        value, limit = (formula.one("points", column, worst["id"]) for column in ("value", "alarm_hi"))
        percent = formula.rounded(formula.multiply(formula.const(100), formula.divide(value, limit)), 1)
        yield Figure(path("parts", 0, "text", "args", "percent"), percent, text("explain.gas.share"), "%")
    yield from card_figures(look.params.get(CHOSEN) or (worst or {}).get("medium"), path("parts", 1))


PANEL = Panel(
    key="gas_card",
    reads=DEVICE_TABLES | {"reading", "clock"},
    queries={"indicators": INDICATORS, "readings": READINGS},
    draw=draw,
    rule="GS-10",
    origin=Origin(
        {
            "points": POINT_INPUTS,
            "chemicals": CHEMICALS,
        },
        figures,
    ),
)
