"""The wind of this moment."""

from __future__ import annotations

from dashboards.panels._origin import WIND
from dashboards.panels._state import READS, STATE
from dashboards.panels.wind import live_figures, live_wind
from twin.content import Content, chart, meta
from twin.lineage import Origin
from twin.screen import Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """An arrow, its name and its speed."""
    live, said, ts = live_wind(rows["state"])
    told = meta(ts, look.park.settings.reading.period_s)
    return chart("rose", sectors=[], speeds=[], live=live, text=said, meta=told)


PANEL = Panel(
    key="wind_now",
    reads=READS,
    queries={"state": STATE},
    draw=draw,
    origin=Origin({"wind": WIND}, lambda rows, look: live_figures()),
)
