"""Floods and chattering alarms, against the plain reading of their definitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from models.alarm_flood import CHATTERS, MINUTE, MOST, WINDOW, chattering, floods

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
times = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 4_000)), max_size=60)


def alarms(rows: list[tuple[str, int]]) -> pl.DataFrame:
    """Alarms of units at seconds after noon."""
    said = [
        {"id": f"A{n:03}", "unit_id": unit, "point": unit, "alarm_kind": "H", "alarm_at": NOON + timedelta(seconds=at)}
        for n, (unit, at) in enumerate(rows)
    ]
    schema = {"id": pl.String, "unit_id": pl.String, "point": pl.String, "alarm_kind": pl.String}
    return pl.DataFrame(said, schema | {"alarm_at": pl.Datetime("us", "UTC")})


def in_flood(rows: list[tuple[str, int]], unit: str, at: int) -> bool:
    """Whether some window that holds the alarm holds too many of its unit."""
    mine = [other for name, other in rows if name == unit]
    starts = [start for start in mine if start <= at <= start + WINDOW.total_seconds()]
    return any(sum(start <= each <= start + WINDOW.total_seconds() for each in mine) > MOST for start in starts)


@given(times)
def test_an_alarm_is_in_a_flood_when_a_window_holds_too_many(rows: list[tuple[str, int]]) -> None:
    found = floods(alarms(rows)).to_list()
    assert [each is not None for each in found] == [in_flood(rows, unit, at) for unit, at in rows]


@given(times)
def test_a_flood_is_of_one_unit_and_named_after_its_first(rows: list[tuple[str, int]]) -> None:
    told = alarms(rows).with_columns(flood=floods(alarms(rows))).filter(pl.col("flood").is_not_null())
    for (flood,), each in told.group_by("flood"):
        ordered = each.sort("alarm_at", "id")
        assert ordered["id"][0] == flood
        assert ordered["unit_id"].n_unique() == 1


def test_two_floods_of_a_unit_a_day_apart_are_two() -> None:
    rows = [("a", second) for second in range(12)] + [("a", 86_400 + second) for second in range(12)]
    assert floods(alarms(rows)).n_unique() == 2


@given(times)
def test_a_point_chatters_when_a_minute_holds_three(rows: list[tuple[str, int]]) -> None:
    def chatters(unit: str) -> bool:
        mine = [at for name, at in rows if name == unit]
        return any(sum(at <= each <= at + MINUTE.total_seconds() for each in mine) >= CHATTERS for at in mine)

    assert chattering(alarms(rows)) == [unit for unit in "ab" if chatters(unit)]
