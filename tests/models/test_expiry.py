"""Papers that expire: how they stand on each day, which window they have come into, and what is told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.expiry import SCENES, PaperState, counts, judged, overdue_since, standing, told_id
from twin.duty_settings import ExpirySettings
from twin.errors import ParkError

ZONE = "Asia/Shanghai"
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
TODAY = date(2026, 11, 21)
windows = st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True)


def papers(*said: tuple[str, date | None, str | None]) -> pl.DataFrame:
    rows = [{"scene": scene, "id": f"p{n}", "due": due, "adds": adds} for n, (scene, due, adds) in enumerate(said)]
    return pl.DataFrame(rows, {"scene": pl.String, "id": pl.String, "due": pl.Date, "adds": pl.String})


@given(st.integers(-900, 900), windows)
def test_a_paper_is_in_the_smallest_window_that_holds_its_days(days: int, said: list[int]) -> None:
    found = standing(days, said)
    if days < 0:
        assert found.state == PaperState.OVERDUE
    elif days > max(said):
        assert (found.state, found.window) == (PaperState.FINE, None)
    else:
        assert found.state == PaperState.SOON
        assert found.window in said
        assert days <= found.window
        assert not [each for each in said if days <= each < found.window]


@given(st.integers(-900, 900), windows)
def test_as_days_pass_a_paper_never_gets_better(days: int, said: list[int]) -> None:
    order = [PaperState.FINE, PaperState.SOON, PaperState.OVERDUE]
    before, after = standing(days, said), standing(days - 1, said)
    assert order.index(after.state) >= order.index(before.state)
    assert (after.window is None) <= (before.window is None)


def test_the_last_day_is_a_good_one_and_the_park_s_midnight_ends_it() -> None:
    rows = judged(
        papers(("drill", TODAY, None), ("drill", TODAY - timedelta(days=1), None)), NOON, ZONE, ExpirySettings()
    )
    assert rows.select("days_left", "paper_state").rows() == [(-1, "overdue"), (0, "soon")]
    assert overdue_since(TODAY, ZONE) == datetime(2026, 11, 21, 16, tzinfo=UTC)
    late = judged(papers(("drill", TODAY, None)), overdue_since(TODAY, ZONE), ZONE, ExpirySettings())
    assert late["paper_state"].to_list() == ["overdue"]


def test_a_plan_is_good_for_the_months_that_are_set_and_no_day_is_no_deadline() -> None:
    said = papers(("plan_filing", date(2023, 12, 21), "filing"), ("materials", None, None))
    rows = judged(said, NOON, ZONE, ExpirySettings())
    assert rows.select("scene", "deadline", "window", "paper_state").rows() == [
        ("plan_filing", date(2026, 12, 21), 30, "soon"),
        ("materials", None, None, "undated"),
    ]
    assert judged(said, NOON, ZONE, ExpirySettings(filing_months=60))["paper_state"].to_list() == ["undated", "fine"]


def test_a_scene_may_have_windows_of_its_own() -> None:
    settings = ExpirySettings(scenes={"drill": (7,)})
    said = papers(("drill", TODAY + timedelta(days=20), None), ("materials", TODAY + timedelta(days=20), None))
    assert judged(said, NOON, ZONE, settings).select("scene", "paper_state").rows() == [
        ("materials", "soon"),
        ("drill", "fine"),
    ]


def test_a_window_of_minus_one_day_is_refused_by_name() -> None:
    with pytest.raises(ParkError) as told:
        ExpirySettings(days=(30, -1))
    assert told.value.field == "expiry.days"


@given(st.lists(st.tuples(st.sampled_from(SCENES), st.integers(-50, 200)), max_size=30))
def test_the_counts_are_all_papers(said: list[tuple[str, int]]) -> None:
    rows = papers(*((scene, TODAY + timedelta(days=days), None) for scene, days in said))
    many = counts(judged(rows, NOON, ZONE, ExpirySettings()))
    assert sum(sum(each.values()) for each in many.values()) == len(said)
    assert set(many) == set(SCENES)


def test_each_window_is_told_by_a_name_of_its_own() -> None:
    names = {told_id("drill", "p", TODAY, window) for window in (90, 60, 30, 7, 0)}
    assert len(names) == 5
    assert told_id("drill", "p", TODAY, 0).endswith(":overdue")
