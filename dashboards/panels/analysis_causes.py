"""What became of the alarms of the period: verified, momentary, false, closed by their source, not closed yet."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from dashboards.panels._analysis import CAUSES, HERE, OF_ALARMS, READS, period_of
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, bars, meta, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows


def draw(rows: Rows, look: Look) -> Content:
    """A bar for each, the longest first."""
    causes = rows["causes"]
    most = max(causes["n"], default=1)
    shown = [
        {"key": cause, "label": text(f"analysis_causes.{cause}"), "value": n, "share": n / most}
        for cause, n in causes.select("cause", "n").iter_rows()
    ]
    said = meta(latest(causes, "newest_at"), note=text(f"analysis.period.{period_of(look)}"))
    return bars(shown, "rank", empty=text("analysis.none"), meta=said)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of alarms by how they ended."""
    causes = rows["alarms"].filter(~pl.col("earlier"))["cause"].unique().sort()
    counts = {each: formula.count("alarms", HERE, ("cause", "=", each)) for each in causes}
    most = formula.greatest(*counts.values()) if counts else formula.const(1)
    for cause, n in counts.items():
        yield Figure(path("rows", cause, "value"), n, text("explain.analysis_causes.n"))
        yield Figure(path("rows", cause, "share"), formula.divide(n, most), text("explain.analysis_causes.share"))
    yield newest("alarms", "alarm_at", HERE)


PANEL = Panel(
    key="analysis_causes",
    reads=READS,
    queries={"causes": CAUSES},
    draw=draw,
    rule="AL-8",
    origin=Origin({"alarms": OF_ALARMS}, figures),
)
