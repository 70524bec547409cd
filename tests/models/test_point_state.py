"""A point's state from its newest value, its limits and its age."""

from __future__ import annotations

import numpy as np
import pytest

from models.point_state import NEVER, STATES, Limits, classify, online
from twin.settings import ReadingSettings

FRESH = ReadingSettings(stale_s=15, offline_s=60)
NONE = np.nan


def state(value: float, age_s: float = 0, quality: int = 0, limits: tuple[float, float, float, float] = (1, 2, 8, 9)):
    arrays = Limits(*(np.array([each], float) for each in limits))
    at = 10**15
    ts = np.array([at - int(age_s * 1e6)], np.int64)
    codes = classify(at, ts, np.array([value]), np.array([quality], np.uint8), arrays, FRESH)
    return STATES[codes[0]]


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.9, "ll"), (1.0, "l"), (1.9, "l"), (2.0, "normal"), (8.0, "normal"), (8.1, "h"), (9.0, "h"), (9.1, "hh")],
)
def test_a_value_beyond_a_limit_says_which(value, said):
    assert state(value) == said


def test_a_point_without_limits_is_normal_at_any_value():
    assert state(1e9, limits=(NONE, NONE, NONE, NONE)) == "normal"


@pytest.mark.parametrize(("age_s", "said"), [(15, "hh"), (15.1, "stale"), (60, "stale"), (60.1, "offline"), (-5, "hh")])
def test_an_old_value_is_not_shown_as_an_alarm_but_as_old(age_s, said):
    assert state(99, age_s) == said


def test_a_value_of_bad_quality_says_nothing_about_limits():
    assert state(99, quality=2) == "bad"
    assert state(99, quality=1) == "hh"


def test_a_point_never_heard_of_has_no_data():
    limits = Limits(*(np.full(2, NONE) for _ in range(4)))
    ts = np.array([NEVER, 10**15], np.int64)
    codes = classify(10**15, ts, np.array([NONE, 1.0]), np.zeros(2, np.uint8), limits, FRESH)
    assert [STATES[each] for each in codes] == ["nodata", "normal"]
    assert online(codes) == (1, 0)
