"""Turns as they are told: of the twin's own rosters, and of the exchange's, which name no shift."""

from __future__ import annotations

from typing import Any

import polars as pl

from models.roster import shift_at
from twin.duty_settings import DutySettings
from twin.moment import Moment


def with_shifts(turns: pl.DataFrame, duty: DutySettings, zone: str) -> pl.DataFrame:
    """Rows of ``duty/turns`` with the ``day`` and ``shift`` that they stand on: where they say none, the one that
    their middle lies in."""
    told = turns.select("starts", "ends", "day", "shift").iter_rows(named=True)
    said = [_slot(each, duty, zone) for each in told]
    days, shifts = pl.Series([day for day, _ in said], dtype=pl.Date), [shift for _, shift in said]
    return turns.with_columns(day=days, shift=pl.Series(shifts, dtype=pl.String))


def _slot(turn: dict[str, Any], duty: DutySettings, zone: str) -> tuple[Any, str]:
    if turn["shift"] is not None:
        return turn["day"], turn["shift"]
    return shift_at(duty, zone, turn["starts"] + (turn["ends"] - turn["starts"]) / 2)


def standing(turns: pl.DataFrame, at: Moment) -> pl.DataFrame:
    """The turns that somebody stands on at a moment, leaders first."""
    now = turns.filter((pl.col("starts") <= at) & (pl.col("ends") > at))
    return now.sort(pl.col("duty_role") != "leader", "person", "id")
