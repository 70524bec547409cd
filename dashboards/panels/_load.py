"""What the panels of ISA-18.2's figures share: the alarms of the last 24 hours, and the standard's limits."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.panels._desk import OF_PERIOD, PERIOD
from dashboards.panels._origin import limit
from models.alarm_load import PRIORITIES, by_point, by_slot, slot_of
from models.quantity import plain
from twin.content import Text, text
from twin.lineage import Inputs
from twin.screen import Look

RULE = "ISA-18.2, EEMUA 191"
# name -> limit, unit; those of the standard where the park has none of its own
LIMITS: dict[str, tuple[float, str | None]] = {
    "alarms_per_operator_10min": (1.0, None),
    "alarms_per_10min": (10.0, None),
    "alarms_flood_percent": (1.0, "%"),
    "alarms_busiest_percent": (5.0, "%"),
    "alarms_operators": (1.0, None),
}


def limits(look: Look) -> list[dict[str, Any]]:
    """The limits as rows of what figures are made of."""
    return [limit(look, name, usual, unit) for name, (usual, unit) in LIMITS.items()]


def limit_of(look: Look, name: str) -> float:
    """One of them."""
    return float(look.park.settings.limits.get(name, LIMITS[name][0]))


def asked_shares() -> Text:
    """What share the standard asks of each priority, as a remark."""
    shares = " / ".join(plain(round(share * 100, 1)) for _, share in PRIORITIES.values())
    return text("alarm_priorities.note", shares=shares)


def recent(period: pl.DataFrame) -> pl.DataFrame:
    """Those that were raised in the last 24 hours."""
    return period.filter("recent")


def _counted(period: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Alarms with how many there were in their ten minutes, and how many of their point, which is the how-manyeth."""
    alarms = recent(period).with_columns(slot=slot_of("alarm_at"))
    slots = by_slot(alarms).select(slot="start", slot_n="n")
    points = by_point(alarms).select("point", point_n="n", point_rank="rank")
    return alarms.join(slots, on="slot", how="left").join(points, on="point", how="left").sort("alarm_at", "id")


OF_LIMITS = Inputs(columns=(("value", "number", None), ("unit", "text", None)), made=limits)
OF_RECENT = Inputs(
    PERIOD,
    (
        *OF_PERIOD.columns,
        ("ack_s", "number", "s"),
        ("slot_n", "number", None),
        ("point_n", "number", None),
        ("point_rank", "number", None),
    ),
    OF_PERIOD.pick,
    rows=_counted,
)
