"""What the panels of the analysis share: the period looked at, its queries, what their figures are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import shapely
from shapely.geometry import shape

from dashboards.panels._load import OF_LIMITS
from models.alarm_load import by_point, by_slot, slot_of
from models.analysis_period import DAYS, USUAL, Span, bucket_name, bucket_of, rolling
from twin.content import Content, text
from twin.errors import TooLarge
from twin.formula import Where
from twin.lineage import Inputs
from twin.screen import Look

ALARMS, TALLIES, DAYS_SUMS, SLOTS = "analysis/alarms", "analysis/tallies", "analysis/days", "analysis/slots"
POINTS, CAUSES, ENTERPRISES = "analysis/points", "analysis/causes", "park/enterprises"
# A year of alarms costs more than a tick may: looked at again when ten minutes are over, as of which all is told
READS = frozenset({"ten_minutes"})
READS_ENTERPRISES = READS | {"enterprise"}
HERE: Where = ("earlier", "=", False)
EARLIER: Where = ("earlier", "=", True)
STEPS = ("day", "week", "month")
MOST_TOLD = 350_000  # alarms of which each can say that it counts: a year may have millions, which no memory would hold


def period_of(look: Look) -> str:
    """The period that is looked at."""
    said = look.params.get("period", USUAL)
    return said if said in DAYS else USUAL


def span_of(look: Look) -> Span:
    """When it begins and ends."""
    return rolling(period_of(look), look.at)


def period_filters() -> dict[str, Any]:
    """The filter by which a viewer chooses the period, for a content that has filters."""
    chips = [{"param": "period", "value": each, "label": text(f"analysis.period.{each}")} for each in DAYS]
    return {"filters": chips, "defaults": {"period": USUAL}}


def said_of(look: Look) -> Content:
    """Up to when a panel tells: the last full ten minutes."""
    return {"period_s": 3600.0, "note": text(f"analysis.of.{period_of(look)}")}


def areas(look: Look) -> dict[str, str]:
    """The functional zone of the plan that each owner's plot lies in, where it lies in one."""
    zones = [(each.id, shape(each.geometry)) for each in look.park.features.get("zones", ())]
    plots = {each.id: shapely.Point(each.lon, each.lat) for each in look.park.features.get("enterprises", ())}
    found = {owner: next((id for id, zone in zones if zone.contains(place)), "") for owner, place in plots.items()}
    return {owner: zone for owner, zone in found.items() if zone}


def by_owner(rows: pl.DataFrame, enterprises: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Rows of an ``owner`` with all that statistics tell apart by through it; what is not known is ''."""
    industry = dict(enterprises.select("id", "industry").drop_nulls().iter_rows()) if enterprises.height else {}
    owner = pl.col("owner").fill_null("")
    return rows.with_columns(
        enterprise=owner, industry=_looked_up(owner, industry), area=_looked_up(owner, areas(look))
    )


def by_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a ``day`` with the day, week and month that it lies in, as they are called."""
    days = [date.fromisoformat(each) for each in rows["day"].cast(pl.String).drop_nulls().unique()]
    steps = {step: {str(day): bucket_name(bucket_of(day, step), step) for day in days} for step in STEPS}
    day = pl.col("day").cast(pl.String)
    return rows.with_columns(**{f"of_{step}": _looked_up(day, steps[step]) for step in STEPS})


def _looked_up(key: pl.Expr, names: Mapping[str, str]) -> pl.Expr:
    return key.replace_strict(names, default="", return_dtype=pl.String) if names else pl.lit("")


def _counted(alarms: pl.DataFrame, look: Look, enterprises: pl.DataFrame) -> pl.DataFrame:
    """Alarms with how many there were in their ten minutes, the rank of their point, and what tells them apart.

    Raises:
        TooLarge: more than can be told one by one.
    """
    if alarms.height > MOST_TOLD:
        said = text("explain.analysis.too_many", most=MOST_TOLD)
        message = f"period: it has more than {MOST_TOLD:,} alarms to be told one by one; take a shorter one"
        raise TooLarge(message, "period", "too_many_inputs", said)
    here = alarms.filter(~pl.col("earlier"))
    slots = by_slot(alarms.select("alarm_at")).select(slot="start", slot_n="n")
    ranks = by_point(here).select("point", point_n="n", point_rank="rank")
    slotted = alarms.with_columns(slot=slot_of("alarm_at")).join(slots, on="slot", how="left")
    told = by_day(slotted.join(ranks, on="point", how="left"))
    return by_owner(told, enterprises, look).sort("alarm_at", "id")


_COLUMNS = (
    ("level", "level", None),
    ("alarm_kind", "code", None),
    ("point", "text", None),
    ("owner", "text", None),
    ("industry", "text", None),
    ("alarm_at", "time", None),
    ("first_handled_at", "time", None),
    ("cleared_at", "time", None),
    ("stage", "code", None),
    ("judged", "code", None),
    ("ack_ms", "number", "ms"),
    ("clearing_ms", "number", "ms"),
    ("value", "number", None),
    ("threshold", "number", None),
)
OF_ALARMS = Inputs(ALARMS, _COLUMNS, ("alarms", "id"), also={"enterprises": ENTERPRISES}, rows=_counted)
INPUTS = {"alarms": OF_ALARMS, "limits": OF_LIMITS}
