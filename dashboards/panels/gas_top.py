"""Gas detectors nearest to (or beyond) their first limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import silence
from dashboards.panels._origin import covered, newest
from dashboards.panels._state import GAS_KINDS, READS, STATE, UNTRUSTED, latest, own
from layers._origin import POINTS, field_of
from models.quantity import quantity
from models.wording import medium_name
from twin import formula
from twin.content import Content, bars, both, meta, text
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 5
_NAMES = ("name_zh", "name_en", "owner", "medium", "unit")
_MEASURED = ("id", "kind", "status", "alarm_hi", "value", "ts")
LEVEL_OF_STATUS = {"hh": "red", "h": "orange"}


def draw(rows: Rows, look: Look) -> Content:
    """The first five as bars against the limit; how many detectors answer."""
    points = own(rows["state"], look)
    gas = points.select(_MEASURED).filter(pl.col("kind").is_in(GAS_KINDS))  # few columns: of many points few are shown
    answering = gas.filter(~pl.col("status").is_in(UNTRUSTED))
    limited = _limited(answering)
    told = meta(latest(gas, "ts"), look.park.settings.reading.period_s, (answering.height, gas.height))
    shown = [_bar(row) for row in _named(_nearest(limited), points).iter_rows(named=True)]
    total = {"value": limited.height, "list": "gas"}
    return bars(shown, "share", total=total, empty=silence(gas, "gas_top.none"), note=text("gas_top.note"), meta=told)


def _named(first: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Some rows with all that is known of their points."""
    names = points.filter(pl.col("id").is_in(first["id"].implode())).select("id", *_NAMES)
    return first.join(names, on="id", how="left", maintain_order="left")


def _limited(answering: pl.DataFrame) -> pl.DataFrame:
    """Detectors that show something."""
    return answering.filter((pl.col("alarm_hi") > 0) & (pl.col("value") > 0))


def _nearest(limited: pl.DataFrame) -> pl.DataFrame:
    """Those that are shown, nearest to their first limit first: of thousands they alone are put in order."""
    shares = limited.with_columns(share=pl.col("value") / pl.col("alarm_hi"))
    first = shares.top_k(SHOWN, by=["share", "id"], reverse=[False, True])
    return first.sort(["share", "id"], descending=[True, False])


def _bar(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["id"],
        "label": medium_name(row["medium"], short=True) or both(row["name_zh"], row["name_en"]),
        "sub": row["owner"],
        "right": quantity(row["value"], row["unit"]),
        "value": row["value"],
        "share": round(min(row["share"], 1.0), 4),
        "level": LEVEL_OF_STATUS.get(row["status"]),
        "pick": {"layer": "points", "id": row["id"]},
    }


GAS = ("point_kind", "in", GAS_KINDS)
ANSWERING = (GAS, ("status", "not in", UNTRUSTED))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Detectors that answer of all, those that show something, and the reading and share of each that is shown."""
    answering, gas = formula.count("points", *ANSWERING), formula.count("points", GAS)
    limited = formula.count("points", *ANSWERING, ("alarm_hi", ">", 0), ("value", ">", 0))
    yield Figure(path("total", "value"), limited, text("explain.gas_top.total"), coverage=(answering, gas))
    yield newest("points", "ts", GAS)
    yield from covered(answering, gas, "answering")
    trusted = rows["points"].filter(pl.col("point_kind").is_in(GAS_KINDS) & ~pl.col("status").is_in(UNTRUSTED))
    for row in _nearest(_limited(trusted)).iter_rows(named=True):
        yield from _figures_of(row)


def _figures_of(row: dict[str, Any]) -> Iterator[Figure]:
    value, limit = (formula.one("points", column, row["id"]) for column in ("value", "alarm_hi"))
    share = formula.rounded(formula.least(formula.divide(value, limit), formula.const(1)), 4)
    for name in ("value", "right"):
        yield Figure(path("rows", row["id"], name), value, field_of("value"), row["unit"])
    yield Figure(path("rows", row["id"], "share"), share, text("explain.gas_top.share"))


PANEL = Panel(
    key="gas_top",
    reads=READS,
    queries={"state": STATE},
    draw=draw,
    lists={
        "gas": ListOf(
            "state/gas",
            (
                ("id", "text", None),
                ("owner", "text", None),
                ("name", "text", None),
                ("value", "number", None),
                ("unit", "text", None),
                ("limit_value", "number", None),
                ("percent", "number", "%"),
                ("ts", "time", None),
            ),
            ("points", "id"),
        )
    },
    rule="R-GAS-15",
    origin=Origin({"points": POINTS}, figures),
)
