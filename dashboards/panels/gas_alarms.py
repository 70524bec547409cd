"""Gas alarms by level, by state and by gas (GS-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import ALARM_INPUTS, ALARMS, alarm_list, recent
from dashboards.panels._gas_rank import rank_figures, ranked
from dashboards.panels._origin import OPEN, newest
from dashboards.panels._state import latest
from dashboards.panels._words import counter
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, bars, figure, meta, stack, text
from twin.formula import Where
from twin.level import RANK
from twin.lineage import Figure, Origin, item, path, within
from twin.screen import Look, Panel, Rows

STATES = {"unhandled": 0, "in_hand": 1, "cleared": 3}  # the tone of each


def draw(rows: Rows, look: Look) -> Content:
    """Open ones by colour, those of the day by how far they are, and which gases they are about."""
    alarms = recent(rows["alarms"], look)
    now_open = alarms.filter("open")
    levels = [
        counter(colour, text(f"level.{colour}"), int((now_open["colour"] == colour).sum()), level=colour)
        for colour in RANK
    ]
    parts = [
        {
            "key": each,
            "label": text(f"gas_alarms.{each}"),
            "value": _in_state(alarms, each).height,
            "tone": tone,
            "list": each,
        }
        for each, tone in STATES.items()
    ]
    by_gas = ranked(alarms, text("gas_alarms.gases"), text("gas_alarms.none"), "recent")
    shown = [figure(levels, "levels"), bars(parts, "stack", title=text("gas_alarms.states")), by_gas]
    return stack(*shown, meta=meta(latest(alarms, "alarm_at")))


def _in_state(alarms: pl.DataFrame, state: str) -> pl.DataFrame:
    if state == "cleared":
        return alarms.filter(~pl.col("open"))
    handled = pl.col("handling") == "handling"
    return alarms.filter(pl.col("open") & (handled if state == "in_hand" else ~handled))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of alarm records, each by what it is told by."""
    ids = tuple(recent(rows["alarms"], look)["id"])
    here: Where = ("id", "in", ids)
    yield newest("alarms", "alarm_at", here)
    yield from within(path("parts", 0), (
        Figure(item(colour), formula.count("alarms", OPEN, ("colour", "=", colour)), text("explain.gas.level"))
        for colour in RANK
    ))  # fmt: skip
    done: Where = ("handling", "=", "handling")
    states = {
        "unhandled": formula.subtract(formula.count("alarms", OPEN), formula.count("alarms", OPEN, done)),
        "in_hand": formula.count("alarms", OPEN, done),
        "cleared": formula.count("alarms", here, ("open", "=", False)),
    }
    for state, counted in states.items():
        yield Figure(path("parts", 1, "rows", state, "value"), counted, text(f"explain.gas.state.{state}"))
    yield from within(path("parts", 2), rank_figures(recent(rows["alarms"], look), here))


def _of_colour(colour: str) -> Any:
    return lambda alarms, look: alarms.filter(pl.col("open") & (pl.col("colour") == colour))


def _of_state(state: str) -> Any:
    return lambda alarms, look: _in_state(recent(alarms, look), state)


PANEL = Panel(
    key="gas_alarms",
    reads=ALARM_TABLES | {"indicator"},
    queries={"alarms": ALARMS},
    draw=draw,
    lists={
        **{colour: alarm_list(_of_colour(colour)) for colour in RANK},
        **{state: alarm_list(_of_state(state)) for state in STATES},
        "recent": alarm_list(recent),
    },
    rule="GS-3, R-LV-1, R-AL-2",
    origin=Origin({"alarms": ALARM_INPUTS}, figures),
)
