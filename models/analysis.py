"""What the alarms of a period come to: sums by whatever they are told apart by, and shares and means of these.

Sums come by owner, kind and level (``cache/sql/analysis/tallies.sql``) or by day and level (``days.sql``); everything
here adds them up, so the figures of any two tables of one period agree to the last alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

LEVELS = ("S", "A", "B", "C", "D")
# what a row of sums holds, times in milliseconds
SUMS = (
    "n", "invalid", "handled", "timely", "judged", "untrue", "acked", "ack_ms", "cleared", "clearing_ms", "stale",
)  # fmt: skip
# share -> part and whole (KPI-2, KPI-3, KPI-5)
SHARES = {"handled": ("handled", "n"), "timely": ("timely", "n"), "untrue": ("untrue", "judged")}
BUSIEST = 10  # points, of which ISA-18.2 asks what share of all alarms they raise
# mean -> its sum in milliseconds and of how many it is
MEANS = {"ack": ("ack_ms", "acked"), "clearing": ("clearing_ms", "cleared")}
_MINUTE_MS = 60_000
Row = dict[str, Any]


def counted(alarms: pl.DataFrame) -> pl.DataFrame:
    """Alarms as rows of sums, each of one alarm (``cache/sql/analysis/alarms.sql``)."""
    holds = {
        "n": pl.lit(1),
        "invalid": pl.col("cause").is_in(["false", "momentary"]),
        "handled": pl.col("handled"),
        "timely": pl.col("timely"),
        "judged": pl.col("judged").is_not_null(),
        "untrue": pl.col("judged").eq_missing("false"),
        "acked": pl.col("ack_ms").is_not_null(),
        "ack_ms": pl.col("ack_ms").fill_null(0),
        "cleared": pl.col("clearing_ms").is_not_null(),
        "clearing_ms": pl.col("clearing_ms").fill_null(0),
        "stale": pl.col("stale"),
    }
    return alarms.with_columns(**{name: each.cast(pl.Int64) for name, each in holds.items()})


def total(tallies: pl.DataFrame) -> Row:
    """The sums over all rows: ``SUMS``, and ``level_<level>``."""
    return summed(tallies.with_columns(everything=pl.lit("all")), "everything")[0] if tallies.height else _nothing()


def _nothing() -> Row:
    return dict.fromkeys((*SUMS, *(f"level_{each}" for each in LEVELS)), 0)


def summed(tallies: pl.DataFrame, by: str) -> list[Row]:
    """Sums for each value of a column, the most alarms first: ``key``, ``SUMS`` and ``level_<level>``.

    Args:
        tallies: rows of sums with ``level`` and the column ``by``.
    """
    levels = [pl.col("n").filter(pl.col("level") == each).sum().alias(f"level_{each}") for each in LEVELS]
    sums = tallies.group_by(pl.col(by).alias("key")).agg(*(pl.col(each).sum() for each in SUMS), *levels)
    return sums.sort(["n", "key"], descending=[True, False], nulls_last=True).to_dicts()


def share(row: Row, name: str) -> float | None:
    """One of ``SHARES``, 0 … 1; None of nothing."""
    part, whole = SHARES[name]
    return row[part] / row[whole] if row[whole] else None


def mean_minutes(row: Row, name: str) -> float | None:
    """One of ``MEANS`` in minutes with one digit; None of nothing."""
    of, count = MEANS[name]
    return round(row[of] / row[count] / _MINUTE_MS, 1) if row[count] else None


def change_percent(now: float | None, before: float | None) -> float | None:
    """By how much a number has changed, per cent of what it was with one digit; None where it was nothing."""
    return round((now - before) / before * 100, 1) if before and now is not None else None


def ranked(rows: Sequence[Row], by: str) -> list[Row]:
    """Rows in the order of a rank: ``n`` the most alarms first; a share the worst first; a mean the longest first.
    What cannot be said of a row puts it last."""
    if by in SHARES:
        worst = 1 if by == "untrue" else -1
        return sorted(rows, key=lambda row: _last(share(row, by), worst))
    if by in MEANS:
        return sorted(rows, key=lambda row: _last(mean_minutes(row, by), 1))
    return sorted(rows, key=lambda row: -row["n"])


def flooded(slots: pl.DataFrame, most: float) -> int:
    """How many stretches of ten minutes had more alarms than ``most``.

    Args:
        slots: ``n`` alarms in so many ``slots`` (``cache/sql/analysis/slots.sql``).
    """
    return int(slots.filter(pl.col("n") > most)["slots"].sum())


def busiest_share(points: pl.DataFrame, n: int) -> float | None:
    """What share of all ``n`` alarms the ten points with most of them raised; None of nothing."""
    by_point = points.group_by("point").agg(pl.col("n").sum())["n"].sort(descending=True)
    return int(by_point.head(BUSIEST).sum()) / n if n else None


def _last(number: float | None, sign: int) -> tuple[bool, float]:
    return (True, 0.0) if number is None else (False, -sign * number)
