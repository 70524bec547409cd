"""The level of a gas warning (R-GAS-3): rises at once, falls late, and is the same however its history is told."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.gas_caution import CLEAN, CautionKind, asks_inspection, in_row
from models.gas_warning import Excess, Span, Stretch, demanded, episodes, level_at, next_change, stretches
from models.gas_warning_evidence import disturbance, evidence
from models.gas_warning_state import rank
from tests.cache.batches import NOON, second
from twin.errors import ParkError
from twin.warning_settings import WarningSettings

RULES = WarningSettings()
POINTS = ("A", "B", "C")


def excess(point: str, kind: str, begun: float, ended: float | None = None) -> Excess:
    """One alarm, in minutes after noon."""
    end = None if ended is None else second(60 * ended)
    return Excess(f"{point}-{kind}-{begun}", point, kind, second(60 * begun), end)


def close(one: str, other: str) -> bool:
    """C is far away."""
    return "C" not in (one, other)


def told(*excesses: Excess, exposed: tuple[Span, ...] = ()) -> list[Stretch]:
    return stretches(excesses, close, exposed, RULES)


def level(minutes: float, *excesses: Excess, exposed: tuple[Span, ...] = ()) -> str | None:
    found = level_at(told(*excesses, exposed=exposed), second(60 * minutes), RULES)
    return found.level if found else None


@pytest.mark.parametrize(
    ("minutes", "excesses", "wanted"),
    [
        (4.9, [excess("A", "H", 0)], "blue"),
        (5, [excess("A", "H", 0)], "yellow"),
        (41, [excess("A", "H", 0, 1), excess("A", "H", 20, 21), excess("A", "H", 40)], "yellow"),
        (81, [excess("A", "H", 0, 1), excess("A", "H", 20, 21), excess("A", "H", 80)], "blue"),
        (0, [excess("A", "HH", 0)], "orange"),
        (1, [excess("A", "H", 0), excess("B", "H", 1)], "orange"),
        (1, [excess("A", "H", 0), excess("C", "H", 1)], "blue"),
        (1.5, [excess("A", "H", 0, 1), excess("B", "H", 1.2)], "blue"),
        (10, [excess("A", "HH", 0)], "red"),
        (1, [excess("A", "HH", 0), excess("C", "HH", 1)], "red"),
    ],
)
def test_each_row_of_the_rule(minutes: float, excesses: list[Excess], wanted: str) -> None:
    assert level(minutes, *excesses) == wanted


def test_people_downwind_of_a_toxic_gas_make_it_red() -> None:
    beyond = excess("A", "HH", 0)
    assert level(1, beyond, exposed=(Span(second(60)),)) == "red"
    assert level(1, beyond, exposed=(Span(second(61)),)) == "orange"


def test_it_falls_only_when_the_value_has_stayed_below_for_ten_minutes() -> None:
    story = (excess("A", "H", 0, 8), excess("A", "HH", 2, 4))
    assert [level(each, *story) for each in (0, 2, 4, 13.9, 14, 17.9, 18)] == [
        "blue", "orange", "orange", "orange", "yellow", "yellow", None,
    ]  # fmt: skip


moments = st.integers(0, 90).map(float)
spans = st.tuples(moments, st.one_of(st.none(), st.integers(0, 40)))


@st.composite
def histories(draw: st.DrawFn) -> list[Excess]:
    found = draw(st.lists(st.tuples(st.sampled_from(POINTS), st.sampled_from(("H", "HH")), spans), max_size=8))
    return [
        Excess(f"{n}", point, kind, second(60 * begun), None if lasts is None else second(60 * (begun + lasts)))
        for n, (point, kind, (begun, lasts)) in enumerate(found)
    ]


@given(histories(), st.integers(0, 200))
def test_it_is_never_lower_than_what_the_inputs_demand_now(story: list[Excess], minutes: int) -> None:
    found = told(*story)
    at = second(60 * minutes)
    now, effect = demanded(found, at), level_at(found, at, RULES)
    assert rank(effect.level if effect else None) >= rank(now.level if now else None)


@given(histories(), st.integers(0, 200))
def test_it_falls_only_so_long_after_the_demand_did(story: list[Excess], minutes: int) -> None:
    found = told(*story)
    at = second(60 * minutes)
    effect = rank((lambda each: each.level if each else None)(level_at(found, at, RULES)))
    lately = [at - timedelta(seconds=each) for each in range(0, 600, 10)]
    asked = [demanded(found, each) for each in lately]
    assert effect >= max(rank(each.level if each else None) for each in asked)
    before = [demanded(found, at - RULES.calm - timedelta(seconds=each)) for each in (0, 1)]
    highest = max([rank(each.level if each else None) for each in (*asked, *before)])
    starts = [rank(each.level) for each in found if at - RULES.calm <= each.begun <= at]
    assert effect <= max([highest, *starts])


@given(histories(), st.integers(0, 200), st.randoms())
def test_it_is_the_same_in_whatever_order_it_is_told(story: list[Excess], minutes: int, chance: object) -> None:
    again = list(story)
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert level(minutes, *story, *story) == level(minutes, *again)


@given(histories(), st.integers(0, 120))
def test_between_two_changes_nothing_changes(story: list[Excess], minutes: int) -> None:
    found, at = told(*story), second(60 * minutes)
    ahead = next_change(found, at, RULES) or at + timedelta(hours=5)
    last = ahead - timedelta(microseconds=1)
    before, after = level_at(found, at, RULES), level_at(found, last, RULES)
    assert (before.level if before else None) == (after.level if after else None)


def test_a_flood_of_neighbours_is_judged_in_no_time() -> None:
    story = [Excess(f"{n}", f"P{n}", "H", second(n)) for n in range(5_000)]
    found = stretches(story, lambda one, other: True, (), RULES)
    assert level_at(found, second(6_000), RULES).level == "orange"  # type: ignore[union-attr]
    assert sum(each.why == "neighbours" for each in found) == 1


def test_evidence_counts_what_the_rule_names() -> None:
    story = [excess("A", "H", 0, 4), excess("A", "HH", 1, 2), excess("A", "H", 10, 12), excess("B", "HH", 11)]
    told_of = evidence(story, second(60 * 15), spread_m=40.0, people=7)
    assert (told_of.points, told_of.lasting, told_of.second, told_of.alarms, told_of.repeats) == (2, 1, 1, 3, 1)
    assert (told_of.per_point, told_of.clear_s, told_of.longest_s, told_of.people) == (1.5, 180.0, 240.0, 7)


def test_the_disturbance_is_how_much_of_the_limit_a_value_moves_in_a_minute() -> None:
    seconds = np.array([0.0, 30.0, 60.0])
    assert disturbance([(seconds, np.array([10.0, 15.0, 10.0]), 20.0)]) == 50.0
    assert disturbance([(seconds, np.array([10.0, np.nan, np.nan]), 20.0), (seconds, seconds, 0.0)]) is None


def test_spans_that_touch_are_one() -> None:
    joined = episodes([Span(second(5), second(9)), Span(second(0), second(5)), Span(second(20))])
    assert joined == [Span(second(0), second(9)), Span(second(20))]


@given(st.lists(st.sampled_from((CautionKind.CAUTION, CLEAN, CautionKind.INSPECTION)), max_size=12))
def test_notices_stand_in_a_row_until_a_clean_closure(events: list[str]) -> None:
    row = in_row((NOON + timedelta(minutes=n), each) for n, each in enumerate(events))
    since = events[len(events) - events[::-1].index(CLEAN) :] if CLEAN in events else events
    assert row == sum(each == CautionKind.CAUTION for each in since)


def test_three_in_a_row_ask_for_an_inspection_and_a_clean_closure_breaks_the_row() -> None:
    late = [(second(n), CautionKind.CAUTION) for n in range(2)]
    assert asks_inspection(in_row([*late, (second(9), CautionKind.CAUTION)]), RULES.row)
    assert not asks_inspection(in_row([*late, (second(5), CLEAN), (second(9), CautionKind.CAUTION)]), RULES.row)


@pytest.mark.parametrize("wrong", [{"calm_min": -1.0}, {"repeats": 0}, {"red_h": "half a day"}])
def test_a_setting_that_cannot_be_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ParkError) as refused:
        WarningSettings(**wrong)  # type: ignore[arg-type]
    assert refused.value.field == f"gas_warning.{next(iter(wrong))}"
