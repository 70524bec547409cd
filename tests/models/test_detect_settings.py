"""What park.toml says of alarms becomes rules of points, the later entry over the earlier."""

from __future__ import annotations

import tomllib

import numpy as np
import polars as pl
import pytest

from models.detect_rules import FROZEN, HH, JUMP, OFFLINE, RATE, SECOND_US, H, Rules
from models.detect_settings import rules_of
from models.point_state import Limits
from twin.alarm_settings import read_alarms
from twin.errors import ParkError

POINTS = pl.DataFrame(
    {
        "id": ["T1", "G1", "P1"],
        "kind": ["temperature", "toxic_gas", "pressure"],
        "medium": [None, "氨", "蒸汽"],
        "range_lo": [0.0, 0.0, None],
        "range_hi": [200.0, 100.0, None],
    }
)
NONE = np.full(3, np.nan)
LIMITS = Limits(NONE, NONE, np.array([80.0, 25.0, 1.5]), np.array([90.0, 50.0, np.nan]))


def looked_for(toml: str = "") -> Rules:
    return rules_of(POINTS, LIMITS, read_alarms(tomllib.loads(toml).get("alarms", {})).rules, 60.0)


def test_without_a_word_gas_is_raised_at_once_and_back_is_two_percent_of_the_limit():
    said = looked_for()
    assert said.on_us[H].tolist() == [3 * SECOND_US, 0, SECOND_US]
    assert said.on_us[JUMP].tolist() == [0, 0, 0]
    assert said.band[H].tolist() == [80 * 0.02, 25 * 0.02, 1.5 * 0.02]
    assert said.band[HH].tolist()[:2] == [90 * 0.02, 50 * 0.02]
    assert np.isnan(said.limit[[RATE, JUMP, FROZEN]]).all()
    assert said.limit[OFFLINE].tolist() == [60.0] * 3


def test_what_the_park_says_stands_over_the_defaults_and_the_later_over_the_earlier():
    said = looked_for(
        """
        [alarms]
        on_s = 10
        offline_s = 30
        [[alarms.rules]]
        kinds = ["temperature", "toxic_gas"]
        deadband_of_range_percent = 1
        rate_per_min = 120
        [[alarms.rules]]
        kinds = ["toxic_gas"]
        media = ["氨"]
        on_s = 0
        offline_s = 0
        frozen_s = 600
        [[alarms.rules]]
        points = ["P1"]
        deadband = 0.1
        jump = 0.5
        """
    )
    assert said.on_us[H].tolist() == [10 * SECOND_US, 0, 10 * SECOND_US]
    assert said.band[H].tolist() == [2.0, 1.0, 0.1]
    assert said.limit[RATE].tolist()[:2] == [2.0, 2.0]
    assert np.isnan(said.limit[RATE, 2])
    np.testing.assert_array_equal(said.limit[JUMP], [np.nan, np.nan, 0.5])
    np.testing.assert_array_equal(said.limit[FROZEN], [np.nan, 600.0, np.nan])
    np.testing.assert_array_equal(said.limit[OFFLINE], [30.0, np.nan, 30.0])


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (3, "alarms"),
        ({"rules": 3}, "alarms.rules"),
        ({"delay": 3}, "alarms.delay"),
        ({"rules": [{"delay": 3}]}, "alarms.rules[0].delay"),
    ],
)
def test_what_is_not_known_is_named(raw, field):
    with pytest.raises(ParkError) as caught:
        read_alarms(raw)
    assert caught.value.field == field
