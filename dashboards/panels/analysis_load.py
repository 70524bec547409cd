"""What alarms asked of the people in the control room over the period, against the limits of ISA-18.2 and EEMUA 191."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._analysis import HERE, INPUTS, POINTS, READS, SLOTS, TALLIES, period_of, span_of
from dashboards.panels._load import RULE, limit_of
from dashboards.panels._measures import STALE, TIMES
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.analysis import BUSIEST, busiest_share, flooded, total
from models.quantity import plain
from twin import formula
from twin.content import Content, figure, meta, text, value
from twin.lineage import Figure, Origin, item
from twin.screen import Look, Panel, Rows

# figure -> the limit that it is held against, its unit
HELD = {
    "average": ("alarms_per_operator_10min", None),
    "peak": ("alarms_per_10min", None),
    "flooded": ("alarms_flood_percent", "%"),
    "busiest": ("alarms_busiest_percent", "%"),
}
DIGITS = {"average": 2, "flooded": 1, "busiest": 1}


def draw(rows: Rows, look: Look) -> Content:
    """Rate, floods, the busiest ten, what stands and what chatters, how soon it is in hand and over."""
    sums, slots = total(rows["tallies"].filter(~pl.col("earlier"))), rows["slots"].filter(~pl.col("earlier"))
    busiest = busiest_share(rows["points"], sums["n"])
    told = {
        "average": round(sums["n"] / span_of(look).slots / limit_of(look, "alarms_operators"), 2),
        "peak": max(slots["n"], default=0),
        "flooded": percent(flooded(slots, limit_of(look, "alarms_per_10min")) / span_of(look).slots),
        "busiest": None if busiest is None else percent(busiest),
    }
    items = [
        *(_held(key, number, look) for key, number in told.items()),
        _item("stale", sums["stale"], None),
        _item("chattering", rows["points"].filter(pl.col("bursts") > 0)["point"].n_unique(), None),
        *(_item(each.key, each.tell(sums), "min", 1) for each in TIMES),
    ]
    note = text(f"analysis.of.{period_of(look)}")
    return figure(items, note=note, meta=meta(latest(rows["tallies"].filter(~pl.col("earlier")), "newest_at")))


def _item(key: str, number: float | None, unit: str | None, digits: int = 0) -> dict[str, Any]:
    return {"key": key, "label": text(f"analysis.{key}"), "value": value(number, unit, digits)}


def _held(key: str, number: float | None, look: Look) -> dict[str, Any]:
    name, unit = HELD[key]
    most = limit_of(look, name)
    over = {"note_level": "orange"} if number is not None and number > most else {}
    note = text("alarm_load.limit", limit=plain(most), unit=unit or "")
    return _item(key, number, unit, DIGITS.get(key, 0)) | {"note": note} | over


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of the alarms of the period, of their ten minutes and of their points."""
    one = {key: formula.one("limits", "value", f"limits.{name}") for key, (name, _) in HELD.items()}
    every, slots = formula.count("alarms", HERE), formula.const(span_of(look).slots)
    operators = formula.one("limits", "value", "limits.alarms_operators")
    over = formula.distinct("alarms", "slot", HERE, ("slot_n", ">", limit_of(look, "alarms_per_10min")))
    made = {
        "average": formula.rounded(formula.divide(formula.divide(every, slots), operators), 2),
        "peak": formula.greatest(formula.const(0), formula.highest("alarms", "slot_n", HERE)),
        "flooded": formula.percent(over, slots),
        "busiest": formula.percent(formula.count("alarms", HERE, ("point_rank", "<=", BUSIEST)), every),
        "stale": STALE.told(HERE),
        "chattering": formula.distinct("alarms", "point", HERE, ("chatters", "=", True)),
        **{each.key: each.told(HERE) for each in TIMES},
    }
    for key, told in made.items():
        unit = "min" if key in ("ack", "clearing") else HELD.get(key, (None, None))[1]
        yield Figure(item(key), told, text(f"explain.analysis.{key}"), unit)
    for key, held in one.items():
        yield Figure(item(key, "note", "args", "limit"), held, text("explain.setting"))
    yield newest("alarms", "alarm_at", HERE)


PANEL = Panel(
    key="analysis_load",
    reads=READS,
    queries={"tallies": TALLIES, "slots": SLOTS, "points": POINTS},
    draw=draw,
    rule=RULE,
    origin=Origin(INPUTS, figures),
)
