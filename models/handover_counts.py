"""What a handover counts, of the rows that its queries give."""

from __future__ import annotations

import polars as pl

from models.handover import Counts

# of the rows of ``duty/handed_alarms``: what is counted, and the column that says so
OF_ALARMS = {
    "held": "is_held",
    "open_alarms": "is_open",
    "sources_down": "is_source",
    "raised": "is_raised",
    "closed": "is_closed",
}
SILENT = ("offline", "nodata")


def counted(alarms: pl.DataFrame, points: pl.DataFrame, repairs: pl.DataFrame, decisions: pl.DataFrame) -> Counts:
    """The counts of alarms, of points that are silent, of repairs that are in force and of what was decided."""
    of_alarms = {name: int(alarms[column].sum()) for name, column in OF_ALARMS.items()}
    return Counts(
        **of_alarms,
        offline=points.filter(pl.col("status").is_in(SILENT)).height,
        repair=int(repairs["running"].sum()),
        decided=decisions.height,
    )
