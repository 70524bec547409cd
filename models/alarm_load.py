"""How much alarms ask of people, as ISA-18.2 and EEMUA 191 count it: by ten minutes, by point, by priority."""

from __future__ import annotations

import polars as pl

SLOTS_A_DAY = 144
# the three priorities of the standard and the share that each should have (EEMUA 191: about 5, 15 and 80 per cent)
PRIORITIES: dict[str, tuple[tuple[str, ...], float]] = {
    "high": (("S", "A"), 0.05),
    "medium": (("B",), 0.15),
    "low": (("C", "D"), 0.80),
}


def slot_of(column: str) -> pl.Expr:
    """The beginning of the ten minutes in which a time lies."""
    return pl.col(column).dt.truncate("10m")


def by_slot(alarms: pl.DataFrame) -> pl.DataFrame:
    """How many alarms were raised in each ten minutes that had any.

    Args:
        alarms: ``alarm_at`` in any order.

    Returns:
        ``start`` and ``n``, in order of time.
    """
    slots = alarms.group_by(start=slot_of("alarm_at")).agg(n=pl.len().cast(pl.Int64))
    return slots.sort("start")


def by_point(alarms: pl.DataFrame) -> pl.DataFrame:
    """How many alarms each point raised, the most first; those of no point are left out.

    Args:
        alarms: ``point``, ``name_zh``, ``name_en`` and ``owner``, in any order.

    Returns:
        ``point name_zh name_en owner n rank``, rank from 1.
    """
    named = alarms.filter(pl.col("point").is_not_null()).sort("point")
    counted = named.group_by("point", maintain_order=True).agg(
        pl.col("name_zh", "name_en", "owner").first(), n=pl.len().cast(pl.Int64)
    )
    ordered = counted.sort(["n", "point"], descending=[True, False])
    return ordered.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
