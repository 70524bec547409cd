"""Too many alarms to be read one by one: floods of a unit (AL-12), and points that chatter (ISA-18.2).

Both look at times only: what was raised where, and when.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

MOST = 10  # so many of one unit within the window are still read one by one (AL-12)
WINDOW = timedelta(minutes=10)
CHATTERS = 3  # so often within a minute (ISA-18.2, 16.4)
MINUTE = timedelta(minutes=1)


def floods(alarms: pl.DataFrame) -> pl.Series:
    """Which flood each alarm belongs to: the id of the alarm that came first in it; null for those in none.

    An alarm is in a flood when more than ``MOST`` of its unit were raised within some ``WINDOW`` that holds it; floods
    of a unit that overlap are one.

    Args:
        alarms: ``id``, ``unit_id`` and ``alarm_at`` in any order.
    """
    rows = alarms.select("id", "unit_id", "alarm_at").with_row_index("row").sort("unit_id", "alarm_at", "id")
    dense = _dense(rows, MOST, WINDOW)
    after_gap = (pl.col("alarm_at") - pl.col("alarm_at").shift(1).over("unit_id") > WINDOW).fill_null(True)
    flooded = rows.filter(dense).with_columns(run=after_gap.cum_sum())
    first = flooded.select("row", first=pl.col("id").first().over("unit_id", "run"))
    return rows.select("row").join(first, on="row", how="left").sort("row")["first"].alias("flood")


def chattering(alarms: pl.DataFrame) -> list[str]:
    """Points with an alarm that was raised three times or more within a minute, in order of their ids.

    Args:
        alarms: ``point``, ``alarm_kind`` and ``alarm_at`` in any order.
    """
    named = alarms.filter(pl.col("point").is_not_null())
    rows = named.select("point", "alarm_at", unit_id=pl.concat_str("point", pl.lit("\n"), "alarm_kind"))
    rows = rows.sort("unit_id", "alarm_at")
    return rows.filter(_dense(rows, CHATTERS - 1, MINUTE))["point"].unique().sort().to_list()


def _dense(rows: pl.DataFrame, most: int, window: timedelta) -> pl.Series:
    """Which rows (by unit, then time) lie in a stretch of more than ``most`` rows of their unit within the window."""
    later = pl.col("alarm_at").shift(-most).over("unit_id")
    begins = rows.select((later - pl.col("alarm_at") <= window).fill_null(False).alias("begins"))["begins"]
    # a row lies in such a stretch when one of the ``most`` rows before it, or itself, begins one in its own unit
    marked = rows.select("unit_id", begins=begins.cast(pl.Int8))
    return marked.select((pl.col("begins").rolling_max(most + 1, min_samples=1).over("unit_id") > 0).alias("dense"))[
        "dense"
    ]
