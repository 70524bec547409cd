"""Wind: the rose of the year, and the wind of this moment on it (OV-8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._origin import WIND, newest
from dashboards.panels._state import READS, STATE, UNTRUSTED, latest
from models.quantity import quantity
from models.wind import CALM_M_S, COMPASS, compass, rose
from twin import formula
from twin.content import Content, Text, chart, meta, text
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, path
from twin.moment import Moment
from twin.screen import Look, Panel, Rows


def live_wind(state: pl.DataFrame) -> tuple[dict[str, Any] | None, Text, Moment | None]:
    """Direction and speed, how that is said, and its time; nothing where no station answers."""
    answering = state.filter(pl.col("kind").str.starts_with("wind_") & ~pl.col("status").is_in(UNTRUSTED))
    by_kind = {row["kind"]: row["value"] for row in answering.sort("ts", maintain_order=True).iter_rows(named=True)}
    direction, speed = by_kind.get("wind_direction"), by_kind.get("wind_speed")
    ts = latest(answering, "ts")
    if direction is None or speed is None:
        return None, text("wind.none"), ts
    live = {"direction_deg": direction, "speed": speed}
    if speed < CALM_M_S:
        return live, text("wind.calm"), ts
    said = text("wind.live", direction=text(f"wind.from.{compass(direction)}"), speed=quantity(speed, "m/s"))
    return live, said, ts


def draw(rows: Rows, look: Look) -> Content:
    """Sixteen sectors of the newest recorded year, the arrow of now, and which direction is usual."""
    year = rows["year"]
    live, said, ts = live_wind(rows["state"])
    sectors = rose(year.select("direction", "percent").iter_rows())
    more: dict[str, Any] = {"empty": text("wind.unrecorded")}
    if year.height:
        usual = year.row(0, named=True)
        more = {
            "year": usual["year"],
            "note": text(
                "wind.usual", direction=text(f"wind.from.{usual['direction']}"), percent=f"{usual['percent']:.1f}"
            ),
        }
    told = meta(ts, look.park.settings.reading.period_s)
    return chart("rose", sectors=sectors if year.height else [], speeds=[None], live=live, text=said, meta=told, **more)


ANSWERING = ("status", "not in", UNTRUSTED)
ROSE = Inputs("explain/wind_rose", (("percent", "number", "%"), ("year", "text", None)))


def live_figures() -> Iterator[Figure]:
    """Direction and speed of the wind as the station that was heard of last tells them."""
    direction, speed = (_newest_of(kind) for kind in ("wind_direction", "wind_speed"))
    yield Figure("live/direction_deg", direction, text("explain.wind.direction"), "°")
    for at in ("live/speed", "text/args/speed"):
        yield Figure(at, speed, text("explain.wind.speed"), "m/s")
    yield newest("wind", "ts", ANSWERING)


def _newest_of(kind: str) -> Formula:
    return formula.last("wind", "value", ("point_kind", "=", kind), ANSWERING)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The wind of now, and the shares of the year by direction."""
    yield from live_figures()
    yield Figure("year", formula.highest("rose", "year"), text("explain.wind.year"))
    yield Figure("note/args/percent", formula.highest("rose", "percent"), text("explain.wind.usual"), "%")
    for place, name in enumerate(COMPASS):
        share = formula.divide(formula.total("rose", "percent", ("direction", "=", name)), formula.const(100))
        said = text("explain.wind.sector", direction=text(f"wind.from.{name}"))
        yield Figure(path("sectors", place, 0), formula.rounded(share, 5), said)


PANEL = Panel(
    key="wind",
    reads=READS | {"park_wind_rose"},
    queries={"year": "park/wind_rose", "state": STATE},
    draw=draw,
    origin=Origin({"wind": WIND, "rose": ROSE}, figures),
)
