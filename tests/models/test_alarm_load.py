"""Counts of alarms by ten minutes and by point are those that a plain count gives."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from models.alarm_load import PRIORITIES, by_point, by_slot
from tests.cache.batches import second
from twin.level import AlarmLevel

SCHEMA = {"alarm_at": pl.Datetime("us", "UTC"), "point": pl.String}
RAISED = st.lists(st.tuples(st.integers(0, 86_400), st.sampled_from([None, "A", "B", "C"])), max_size=60)


def alarms_of(raised: list[tuple[int, str | None]]) -> pl.DataFrame:
    """Alarms by when they were raised and of which point."""
    frame = pl.DataFrame([(second(at), point) for at, point in raised], SCHEMA, orient="row")
    return frame.with_columns(name_zh="point", name_en="point", owner=pl.lit("LW1"))


@given(RAISED)
def test_every_ten_minutes_has_the_alarms_that_were_raised_in_it(raised):
    slots = by_slot(alarms_of(raised))
    assert slots["n"].sum() == len(raised)
    assert slots["start"].is_sorted()
    for start, n in slots.iter_rows():
        assert n == sum(start <= second(at) < start + timedelta(minutes=10) for at, _ in raised)


@given(RAISED)
def test_the_busiest_points_come_first(raised):
    counted = Counter(point for _, point in raised if point)
    told = by_point(alarms_of(raised))
    assert dict(told.select("point", "n").iter_rows()) == counted
    assert told["n"].to_list() == sorted(counted.values(), reverse=True)
    assert told["rank"].to_list() == list(range(1, len(counted) + 1))


def test_every_level_is_of_one_priority():
    levels = [level for told, _ in PRIORITIES.values() for level in told]
    assert sorted(levels) == sorted(AlarmLevel)
    assert sum(share for _, share in PRIORITIES.values()) == 1
