"""Periods of analysis, sums, ranks and suggestions: what holds for any of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.analysis import LEVELS, SUMS, change_percent, ranked, share, summed, total
from models.analysis_limits import SECONDS, SHARES, suggestions
from models.analysis_period import DAYS, bounds, bucket_name, bucket_of, calendar, days_of, rolling
from models.calendar import day_start
from twin.moment import Moment

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
PERIODS = ("week", "month", "year")
moments = st.integers(978_307_200, 4_070_908_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@given(st.sampled_from(PERIODS), days, st.sampled_from(ZONES))
def test_a_period_of_the_calendar_holds_its_day_and_touches_the_one_before(period: str, day: date, zone: str) -> None:
    span = calendar(period, day, zone, datetime(2100, 1, 1, tzinfo=UTC))
    assert span.whole
    assert span.starts <= day_start(day, zone) < span.ends
    assert span.earlier_ends == span.starts
    before = calendar(period, day_of(span.earlier_starts, zone), zone, datetime(2100, 1, 1, tzinfo=UTC))
    assert (before.starts, before.ends) == (span.earlier_starts, span.starts)


def day_of(at: Moment, zone: str) -> date:
    return next(days_of(rolling("week", at + timedelta(days=7)), zone))[0]


def test_a_week_starts_on_monday_and_a_year_ends_with_december() -> None:
    assert bounds("week", date(2026, 11, 22)) == (date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 9))
    assert bounds("month", date(2026, 3, 31)) == (date(2026, 3, 1), date(2026, 4, 1), date(2026, 2, 1))
    assert bounds("year", date(2026, 1, 1)) == (date(2026, 1, 1), date(2027, 1, 1), date(2025, 1, 1))


@given(st.sampled_from(PERIODS), moments, st.sampled_from(ZONES))
def test_a_period_that_is_not_over_is_held_against_as_long_a_one(period: str, at: Moment, zone: str) -> None:
    span = calendar(period, day_of(at, zone), zone, at)
    assert not span.whole
    assert span.ends == at
    assert span.earlier_ends <= span.starts
    assert span.earlier_ends - span.earlier_starts <= span.ends - span.starts


@given(st.sampled_from([*DAYS, None, "nonsense"]), moments, st.sampled_from(ZONES))
def test_the_days_of_a_period_have_all_its_ten_minutes(period: str | None, at: Moment, zone: str) -> None:
    span = rolling(period, at)
    assert timedelta(0) <= at - span.ends < timedelta(minutes=10)
    assert sum(slots for _, slots in days_of(span, zone)) == span.slots == DAYS.get(period or "month", 30) * 144


@given(days, st.sampled_from(["day", "week", "month"]))
def test_a_bucket_begins_on_or_before_its_day_and_is_named_by_it(day: date, step: str) -> None:
    first = bucket_of(day, step)
    assert first <= day
    assert bucket_of(first, step) == first
    assert bucket_name(first, step) == bucket_name(bucket_of(day, step), step)


rows_of_sums = st.lists(
    st.fixed_dictionaries(
        {
            "level": st.sampled_from(LEVELS),
            "owner": st.sampled_from(["E1", "E2", None]),
            **dict.fromkeys(SUMS, st.integers(0, 50)),
        }
    ),
    max_size=12,
)


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {"level": pl.String, "owner": pl.String, **dict.fromkeys(SUMS, pl.Int64)}
    return pl.DataFrame(rows, schema)


@given(rows_of_sums)
def test_the_lines_of_any_table_add_up_to_the_whole(rows: list[dict[str, Any]]) -> None:
    told = frame(rows)
    for by in ("owner", "level"):
        lines = summed(told, by)
        assert {name: sum(line[name] for line in lines) for name in SUMS} == {each: total(told)[each] for each in SUMS}
        assert [line["n"] for line in lines] == sorted((line["n"] for line in lines), reverse=True)
    assert sum(total(told)[f"level_{each}"] for each in LEVELS) == total(told)["n"]


@given(rows_of_sums)
def test_a_rank_begins_with_the_worst_and_ends_with_those_of_which_nothing_can_be_said(
    rows: list[dict[str, Any]],
) -> None:
    lines = ranked(summed(frame(rows), "owner"), "handled")
    said = [share(line, "handled") for line in lines]
    known = [each for each in said if each is not None]
    assert known == sorted(known)
    assert said[: len(known)] == known


def test_a_change_from_nothing_is_no_number() -> None:
    assert (change_percent(3, 0), change_percent(None, 3), change_percent(3, 2)) == (None, None, 50.0)


# --- suggestions -------------------------------------------------------------------------------


def evidence(**said: Any) -> dict[str, Any]:
    """A point whose twenty alarms say nothing."""
    counts = [f"{what}_{each}" for what in ("within", "within_idle", "again", "again_idle") for each in SECONDS]
    counts += [f"{what}_{each}" for what in ("beyond", "idle") for each in SHARES]
    empty = {"point": "P1", "kind": "H", "n": 20, "confirmed": 0, "threshold": 80.0, "unit": "℃", "is_gas": False}
    empty |= dict.fromkeys(("real_lasted_s", "real_gap_s", "real_over"))
    return empty | dict.fromkeys(counts, 0) | said


def within(**counts: int) -> dict[str, int]:
    return {f"within_{each.lstrip('s')}": n for each, n in counts.items()}


def test_alarms_that_are_over_within_seconds_ask_for_a_delay() -> None:
    row = evidence(**within(s10=12, s30=13, s60=13, s120=13), within_idle_10=4)
    (made,) = suggestions([row])
    assert (made.what, made.size, made.spared, made.n, made.idle, made.hidden) == ("delay", 10, 12, 20, 4, 0)


def test_no_delay_hides_an_alarm_that_was_real() -> None:
    row = evidence(**within(s10=2, s30=15, s60=15, s120=15), real_lasted_s=20.0, confirmed=1)
    assert suggestions([row]) == []
    (made,) = suggestions([row | {"real_lasted_s": 30.0}])
    assert (made.size, made.spared) == (30, 15)


def test_alarms_that_come_again_at_once_ask_to_be_held() -> None:
    (made,) = suggestions([evidence(again_10=0, again_30=16, again_60=16, again_120=16)])
    assert (made.what, made.size, made.spared) == ("rest", 30, 16)


@pytest.mark.parametrize(("kind", "to"), [("H", 84.0), ("L", 76.0)])
def test_alarms_just_beyond_the_limit_that_were_nothing_ask_for_another_limit(kind: str, to: float) -> None:
    row = evidence(kind=kind, beyond_2=1, beyond_5=10, beyond_10=10, idle_2=1, idle_5=8, idle_10=8)
    (made,) = suggestions([row])
    assert (made.what, made.size, made.to, made.spared, made.idle) == ("limit", 5, to, 10, 8)
    assert suggestions([row | {"real_over": 0.03, "confirmed": 1}]) == []
    assert suggestions([row | {"idle_5": 2, "idle_10": 2}]) == []


def test_of_gas_neither_delay_nor_limit_is_touched() -> None:
    row = evidence(is_gas=True, **within(s10=20, s30=20, s60=20, s120=20), beyond_2=20, idle_2=20)
    assert suggestions([row]) == []


def test_few_alarms_or_such_without_a_limit_bear_nothing_out() -> None:
    every = within(s10=9, s30=9, s60=9, s120=9)
    assert (
        suggestions([evidence(n=9, **every), evidence(kind="offline", **within(s10=20, s30=20, s60=20, s120=20))]) == []
    )


numbers = st.integers(0, 40)
found = st.builds(
    lambda within, again, beyond, idle, n, real, is_gas: evidence(
        n=n,
        is_gas=is_gas,
        real_lasted_s=real,
        real_gap_s=real,
        real_over=None if real is None else real / 1000,
        **{f"within_{each}": sum(within[: at + 1]) for at, each in enumerate(SECONDS)},
        **{f"again_{each}": sum(again[: at + 1]) for at, each in enumerate(SECONDS)},
        **{f"beyond_{each}": sum(beyond[: at + 1]) for at, each in enumerate(SHARES)},
        **{f"idle_{each}": min(idle, sum(beyond[: at + 1])) for at, each in enumerate(SHARES)},
    ),
    *(st.lists(numbers, min_size=4, max_size=4) for _ in range(3)),
    numbers,
    st.integers(0, 100),
    st.none() | st.floats(0, 200),
    st.booleans(),
)


@given(found)
def test_whatever_is_suggested_is_smaller_than_what_was_real(row: dict[str, Any]) -> None:
    for made in suggestions([row]):
        assert made.n >= 10
        assert made.spared >= 0.3 * made.n
        real = {"delay": row["real_lasted_s"], "rest": row["real_gap_s"]}.get(made.what)
        assert real is None or made.size <= real
        if made.what == "limit":
            assert row["real_over"] is None or made.size / 100 <= row["real_over"]
        assert not (row["is_gas"] and made.what != "rest")
