"""Wind: the rose of the year, and the wind of this moment on it (OV-8)."""

from __future__ import annotations

from typing import Any

import polars as pl

from models.quantity import quantity
from models.wind import CALM_M_S, compass, rose
from twin.content import Content, Text, chart, meta, text
from twin.moment import Moment
from twin.screen import Look, Panel, Rows


def live_wind(wind: pl.DataFrame) -> tuple[dict[str, Any] | None, Text, Moment | None]:
    """Direction and speed, how that is said, and its time; nothing where no station answers."""
    row = wind.row(0, named=True) if wind.height else {"direction_deg": None, "speed": None, "ts": None}
    if row["direction_deg"] is None or row["speed"] is None:
        return None, text("wind.none"), row["ts"]
    live = {"direction_deg": row["direction_deg"], "speed": row["speed"]}
    if row["speed"] < CALM_M_S:
        return live, text("wind.calm"), row["ts"]
    said = text(
        "wind.live", direction=text(f"wind.from.{compass(row['direction_deg'])}"), speed=quantity(row["speed"], "m/s")
    )
    return live, said, row["ts"]


def draw(rows: Rows, look: Look) -> Content:
    """Sixteen sectors of the newest recorded year, the arrow of now, and which direction is usual."""
    year = rows["year"]
    live, said, ts = live_wind(rows["wind"])
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


PANEL = Panel(
    key="wind",
    reads=frozenset({"reading", "park_wind_rose", "clock"}),
    queries={"year": "park/wind_rose", "wind": "state/wind"},
    draw=draw,
)
