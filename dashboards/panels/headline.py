"""How the park is, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._origin import OPEN, newest
from dashboards.panels._state import READS, STATE, flow_of, own
from dashboards.panels._words import RECENT, owner_text, place_of
from layers._origin import ALARMS, HEARD, POINTS, field_of
from models.alarm_tables import ALARM_TABLES
from models.headline import URGENT, Urgent, headline
from twin import formula
from twin.content import Content, Text, text
from twin.level import RANK
from twin.lineage import Figure, Origin
from twin.screen import Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """The sentence, its colour, and where and since when."""
    alarms = rows["alarms"].filter(pl.col("open"))
    urgent = _urgent_of(alarms.filter(pl.col("colour").is_in(PRESSING[2])), look)
    return _of_whom(headline(alarms.height, urgent, flow_of(own(rows["state"], look))), look)


def _urgent_of(alarms: pl.DataFrame, look: Look) -> Urgent | None:
    """The urgent alarms, which come worst first, then newest first."""
    if alarms.is_empty():
        return None
    worst, handled = alarms.row(0, named=True), bool((alarms["handling"] != "open").all())
    gas = int(alarms["is_gas"].sum())
    return Urgent(alarms.height, gas, handled, worst["colour"], worst["alarm_at"], _where(worst, look))


def _of_whom(content: Content, look: Look) -> Content:
    """Who sees one enterprise only is not told that the park is quiet."""
    if look.enterprise is None or content["text"] != text("headline.quiet"):
        return content
    return {**content, "text": text("headline.quiet.own", owner=owner_text(look, look.enterprise))}


def _where(row: dict[str, Any], look: Look) -> Text:
    owner, place = owner_text(look, row["owner"]), place_of(look, row["point"])
    return text("headline.place", owner=owner, place=place) if place else owner


PRESSING = ("colour", "in", [colour for colour, rank in RANK.items() if rank in URGENT])


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """What the sentence counts: urgent alarms where there are any, else sources that are silent and lesser alarms."""
    urgent = rows["alarms"].filter(pl.col("open") & pl.col("colour").is_in(PRESSING[2]))
    yield from _urgent(urgent) if urgent.height else _quiet()


def _urgent(urgent: pl.DataFrame) -> Iterator[Figure]:
    gas, process = (formula.count("alarms", OPEN, PRESSING, ("is_gas", "=", each)) for each in (True, False))
    rest = formula.subtract(formula.count("alarms", OPEN, PRESSING), formula.const(1))
    since = formula.one("alarms", "alarm_at", urgent["id"][0])
    yield Figure("text/args/gas", gas, text("explain.headline.gas"))
    yield Figure("text/args/process", process, text("explain.headline.process"))
    only = ("gas", gas) if urgent["is_gas"].any() else ("process", process)
    yield Figure("text/args/n", only[1], text(f"explain.headline.{only[0]}"))
    yield Figure("sub/args/at/at", since, field_of("alarm_at"))
    yield Figure("sub/args/n", rest, text("explain.headline.more"))


def _quiet() -> Iterator[Figure]:
    heard, owners = formula.distinct("points", "owner", HEARD), formula.distinct("points", "owner")
    silent = formula.subtract(owners, heard)
    yield newest("points", "ts", at="text/args/at/at")
    yield Figure("text/args/n", silent, text("explain.headline.silent"), coverage=(heard, owners))
    yield Figure("sub/args/n", formula.count("alarms", OPEN), text("explain.alarms.open"))


PANEL = Panel(
    key="headline",
    reads=ALARM_TABLES | READS,
    queries={"alarms": RECENT, "state": STATE},
    draw=draw,
    rule="R-LV-1",
    origin=Origin({"alarms": ALARMS, "points": POINTS}, figures),
)
