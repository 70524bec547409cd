"""Readings of one look at the newest values, shared by every panel that speaks of them."""

from __future__ import annotations

import polars as pl

from layers._once import once
from models.headline import Flow
from twin.moment import Moment
from twin.screen import Look

STATE = "state/now"
READS = frozenset({"reading", "clock"})
SILENT = ("offline", "nodata")
UNTRUSTED = (*SILENT, "bad")
GAS_KINDS = ("combustible_gas", "toxic_gas")


@once
def _own(state: pl.DataFrame) -> pl.DataFrame:
    return state if state["own"].all() else state.filter(pl.col("own"))


def own(state: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The points that the viewer may see and, where one enterprise is looked at, those of it."""
    seen = _own(state)
    enterprise = look.params.get("enterprise")
    return seen.filter(pl.col("owner") == enterprise) if enterprise else seen


@once
def flow_of(points: pl.DataFrame) -> Flow:
    """How data arrive, over all owners of those points."""
    heard = points.with_columns(online=~pl.col("status").is_in(SILENT))
    owners = heard.group_by("owner").agg(pl.col("online").any())
    return Flow(
        points=points.height,
        online=int(heard["online"].sum()),
        owners_online=int(owners["online"].sum()),
        owners=owners.height,
        newest=latest(points, "ts"),
        known=latest(points, "known"),
    )


def latest(rows: pl.DataFrame, column: str) -> Moment | None:
    """The newest time in a column, None where there is none."""
    said = rows[column].max() if rows.height else None
    return said if isinstance(said, Moment) else None
