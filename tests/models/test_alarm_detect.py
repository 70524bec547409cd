"""Detection raises what the plain detector raises, in its order, however readings are cut into batches; and examples
that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.alarm_detect import fold, judge, pass_time, resume, retune, source_turns, speaks_for, tick
from models.detect_rules import NAMES, SECOND_US, Rules, rules
from models.detect_state import Happened, Heard, State
from models.point_state import Limits
from tests.models.detecting import START_US, Arrays, Read, by_plain, heard, same, same_state, some_deeds, some_rules

GOOD, UNCERTAIN, BAD = 0, 1, 2


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), points=st.integers(1, 5), count=st.integers(1, 150))
@example(seed=3, points=4, count=174)
def test_the_arrays_say_what_the_plain_detector_says(seed, points, count):
    chance = np.random.default_rng(seed)
    looked_for = some_rules(chance, points)
    deeds = some_deeds(chance, points, count)
    expected = by_plain(looked_for, deeds)
    in_pieces, at_once = Arrays(looked_for), Arrays(looked_for)
    assert same(in_pieces.go(deeds), expected)
    assert same(at_once.go(deeds, cut=False), expected)
    assert same_state(in_pieces.state, at_once.state) == []


def test_a_long_day_says_the_same_and_has_every_condition():
    chance = np.random.default_rng(11)
    looked_for = some_rules(chance, 12)
    deeds = some_deeds(chance, 12, 4_000)
    expected = by_plain(looked_for, deeds)
    assert same(Arrays(looked_for).go(deeds), expected)
    assert {(name, what) for _, name, what, *_ in expected} == {
        (name, what) for name in NAMES for what in ("raised", "cleared")
    }
    raised = [(point, name, at) for point, name, what, at, *_ in expected if what == "raised"]
    assert len(set(raised)) == len(raised), "an alarm's id is point, condition and time"


# --- by hand -----------------------------------------------------------------------------------


class Point:
    """One point (or some) with a limit H = 80 and HH = 90, led by hand; times are seconds."""

    def __init__(self, points: int = 1, **more: float) -> None:
        none = np.full(points, np.nan)
        self.rules: Rules = rules(Limits(none, none, np.full(points, 80.0), np.full(points, 90.0)), **more)
        self.state = State.empty(points)

    def told(self, *rows: tuple[float, float] | tuple[float, float, int], known: float | None = None) -> list[str]:
        """Readings (second, value, quality) of the first point, in one batch."""
        reads = [
            Read(0, us(at), value, quality[0] if quality else GOOD, 0, us(at if known is None else known), False)
            for at, value, *quality in rows
        ]
        return short(fold(self.state, self.rules, heard(reads)))

    def tick(self, now: float) -> list[str]:
        return short(tick(self.state, self.rules, us(now)))


def us(second: float) -> int:
    return START_US + round(second * SECOND_US)


def short(happened: Happened) -> list[str]:
    """``H raised 5 82`` – condition, what, second, value."""
    return [
        f"{name} {what} {(at - START_US) / SECOND_US:g}" + ("" if math.isnan(value) else f" {value:g}")
        for _, name, what, at, value, _ in happened.rows()
    ]


def test_beyond_the_limit_is_raised_at_once_without_a_delay_and_cleared_by_the_deadband():
    point = Point(deadband=2.0)
    assert point.told((0, 79), (1, 80), (2, 81), (3, 79), (4, 78), (5, 81)) == [
        "H raised 2 81",
        "H cleared 4 78",
        "H raised 5 81",
    ]


def test_a_delay_is_counted_from_the_first_reading_beyond():
    point = Point(on_s=5.0, off_s=3.0)
    assert point.told((0, 81), (4, 82)) == []
    assert point.told((6, 83)) == ["H raised 5 82"]
    assert point.told((7, 70), (9, 70)) == []
    assert point.told((11, 70)) == ["H cleared 10 70"]


def test_what_lasted_until_a_reading_that_is_back_is_raised_and_cleared():
    assert Point(on_s=5.0).told((0, 81), (5, 70)) == ["H raised 5 81", "H cleared 5 70"]
    assert Point(on_s=5.0).told((0, 81), (4.9, 70), (20, 70)) == []


def test_a_tick_raises_what_no_reading_tells_and_does_nothing_when_its_clock_went_back():
    point = Point(on_s=5.0)
    point.told((0, 81))
    assert point.tick(4) == []
    assert point.tick(-3600) == []
    assert point.tick(5) == ["H raised 5 81"]
    assert point.tick(-3600) == []
    assert point.told((6, 70)) == ["H cleared 6 70"]


def test_a_reading_of_before_the_tick_clears_not_before_it_was_raised():
    point = Point(on_s=5.0)
    point.told((0, 81))
    assert point.tick(6) == ["H raised 5 81"]
    assert point.told((2, 70)) == ["H cleared 5 70"]
    assert point.told((3, 95), (4, 70)) == []
    assert point.told((5, 85), (10, 85)) == ["H raised 10 85"]


def test_steps_of_severity_come_in_their_order():
    assert Point().told((0, 95), (1, 85), (2, 70)) == [
        "H raised 0 95",
        "HH raised 0 95",
        "HH cleared 1 85",
        "H cleared 2 70",
    ]


def test_bad_values_hold_uncertain_ones_count_and_time_goes_on():
    point = Point(on_s=2.0)
    assert point.told((0, 999, BAD), (3, 50)) == []
    assert point.told((4, 81, UNCERTAIN), (5, 0, BAD), (6, 0, BAD)) == ["H raised 6 81"]
    assert point.told((7, 0, BAD), (8, math.nan)) == []
    assert point.told((9, 70)) == ["H cleared 9 70"]


def test_late_and_repeated_readings_do_nothing():
    point = Point()
    point.told((10, 70))
    assert point.told((9, 99), (10, 99), (10, 70)) == []
    assert point.told((11, 99), (10.5, 10), (11, 10)) == ["H raised 11 99", "HH raised 11 99"]


def test_rate_and_jump_are_of_two_consecutive_readings():
    point = Point(rate=3.0, jump=10.0)
    assert point.told((0, 10), (1, 14), (2, 15), (10, 30), (11, 30)) == [
        "rate raised 1 4",
        "rate cleared 2 1",
        "jump raised 10 15",
        "jump cleared 11 0",
    ]


def test_frozen_is_the_same_value_told_again():
    point = Point(frozen_s=10.0)
    assert point.told((0, 5), (9, 5)) == []
    assert point.tick(100) == []
    assert point.told((10, 5), (11, 5), (12, 6)) == ["frozen raised 10 5", "frozen cleared 12 6"]
    assert point.told((40, 7)) == []


def test_offline_is_by_our_clock_and_a_point_never_heard_is_not():
    point = Point(2, offline_s=60.0)
    assert point.tick(1000) == []
    point.told((500, 5), known=1000)
    assert point.tick(1059) == []
    assert point.tick(1061) == ["offline raised 1060"]
    assert point.told((501, 5), known=1100) == ["offline cleared 1100"]
    assert point.told((502, 5), known=1200) == ["offline raised 1160", "offline cleared 1200"]


def test_a_source_that_is_down_is_one_alarm():
    point = Point(3, offline_s=60.0)
    rows = [Read(ix, us(0), 5.0, GOOD, ix // 2, us(0), False) for ix in range(3)]
    fold(point.state, point.rules, heard(rows))
    step = source_turns(point.state, 0, True, us(10))
    point.state.apply(step)
    assert step.happened.rows()[0][:4] == (0, "source", "raised", us(10))
    assert len(source_turns(point.state, 0, True, us(11)).happened) == 0
    late = pass_time(point.state, point.rules, us(100))
    assert [each[:2] for each in late.happened.rows()] == [(2, "offline")]
    point.state.apply(late)
    point.state.apply(source_turns(point.state, 0, False, us(120)))
    assert point.tick(179) == []
    assert point.tick(180) == ["offline raised 180", "offline raised 180"]


def test_who_speaks_for_a_source_is_covered_with_it():
    point = Point(2, offline_s=60.0)
    fold(point.state, point.rules, heard([Read(ix, us(0), 5.0, GOOD, ix, us(0), False) for ix in range(2)]))
    point.state.apply(speaks_for(1, 7))
    point.state.apply(source_turns(point.state, 7, True, us(10)))
    assert [each[:2] for each in pass_time(point.state, point.rules, us(100)).happened.rows()] == [(0, "offline")]
    point.state.apply(source_turns(point.state, 7, False, us(90)))
    late = pass_time(point.state, point.rules, us(200)).happened.rows()
    assert [(each[0], each[3]) for each in late] == [(0, us(60)), (1, us(150))]


def test_the_time_that_the_twin_was_away_is_nobodys_silence():
    point = Point(offline_s=60.0)
    point.told((0, 5))
    point.state.apply(resume(point.state, us(3600)))
    assert point.tick(3659) == []
    assert point.tick(3660) == ["offline raised 3660"]


def test_new_limits_count_for_what_is_held():
    point = Point(deadband=2.0)
    point.told((0, 75))
    none = np.array([np.nan])
    lower = Limits(none, none, np.array([70.0]), none)
    step = retune(point.state, point.rules, lower, np.array([0], np.int32), us(5))
    point.state.apply(step)
    assert short(step.happened) == ["H raised 5 75"]
    gone = retune(
        point.state, point.rules.with_limits(lower), Limits(none, none, none, none), np.array([0], np.int32), us(6)
    )
    assert short(gone.happened) == ["H cleared 6 75"]


def test_a_step_that_is_not_applied_leaves_no_trace():
    point = Point()
    point.told((0, 70))
    before = State(
        **{name: each.copy() if isinstance(each, np.ndarray) else each for name, each in vars(point.state).items()}
    )
    step = judge(point.state, point.rules, heard([Read(0, us(1), 99.0, GOOD, 0, us(1), False)]))
    assert short(step.happened) == ["H raised 1 99", "HH raised 1 99"]
    assert same_state(before, point.state) == []


@pytest.mark.parametrize("points", [1, 3])
def test_nothing_comes_of_nothing(points):
    empty = Heard(*(np.empty(0, kind) for kind in (np.int32, np.int64, np.float64, np.uint8, np.uint16, np.int64)))
    assert len(fold(State.empty(points), Point(points).rules, empty)) == 0
