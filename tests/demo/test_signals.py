"""What the instruments show: believable, within their range, and the same for the same seed and clock."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from demo.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from demo.leaks import dilution
from demo.signals import Shown
from demo.slots import MOST_READINGS, Slots, Stretch
from demo.world import build
from tests.demo.worlds import AFTERNOON, ms, world
from twin.reading import Quality

NOW = ms(AFTERNOON)


def _shown(at_ms: int, of: str = "quiet_day") -> Shown:
    signals = world(of).signals
    ix = np.arange(len(signals.points), dtype=np.int64)
    return signals.shown(ix, np.full(ix.size, at_ms, dtype=np.int64))


def test_the_same_seed_and_clock_give_the_same_data() -> None:
    again = build(world().folder, 7, "quiet_day", NOW)
    other = build(world().folder, 8, "quiet_day", NOW)
    ix, at = np.arange(200, dtype=np.int64), np.full(200, NOW + HOUR_MS, dtype=np.int64)
    first = world().signals.shown(ix, at)
    np.testing.assert_array_equal(first.value, again.signals.shown(ix, at).value)
    assert not np.array_equal(first.value, other.signals.shown(ix, at).value)


def test_a_point_shows_the_same_whoever_is_asked_with_it() -> None:
    alone = world().signals.shown(np.array([17]), np.array([NOW]))
    assert alone.value[0] == _shown(NOW).value[17]


@pytest.mark.parametrize("hours", [0, 7, 19])
def test_values_keep_to_the_range_and_the_resolution_of_their_instrument(hours: int) -> None:
    points, shown = world().points, _shown(NOW + hours * HOUR_MS)
    assert np.all(shown.value >= np.nan_to_num(points.limit("range_lo"), nan=-np.inf))
    assert np.all(shown.value <= np.nan_to_num(points.limit("range_hi"), nan=np.inf))
    assert all(len(repr(value).partition(".")[2]) <= 4 for value in shown.value.tolist())


@pytest.mark.parametrize("hours", [0, 5, 11, 16, 21])
def test_a_quiet_day_is_quiet(hours: int) -> None:
    points, shown = world().points, _shown(NOW + hours * HOUR_MS)
    heard = shown.online & (shown.quality != Quality.BAD)
    beyond = heard & ((shown.value > points.limit("alarm_hi")) | (shown.value < points.limit("alarm_lo")))
    assert beyond.sum() <= 20
    assert 0.97 <= shown.online.mean() <= 0.995


def test_gas_is_zero_but_for_the_drift_of_its_zero_and_a_few_traces() -> None:
    points, shown = world().points, _shown(NOW)
    gas = np.array([points.is_gas(ix) for ix in range(len(points))]) & (shown.quality == Quality.GOOD)
    assert (shown.value[gas] == 0).mean() > 0.95
    assert 3 <= (shown.value[gas] > 0.15 * points.limit("alarm_hi")[gas]).sum() <= 40


def test_tanks_fill_and_empty_over_hours() -> None:
    signals = world().signals
    ix = signals.points.ix_of["E01-T01-LEVEL"]
    day = NOW + np.arange(0, 72 * HOUR_MS, HOUR_MS // 2, dtype=np.int64)
    levels = np.array([signals.shown(np.array([ix]), np.array([at])).value[0] for at in day.tolist()])
    assert levels.max() - levels.min() > 0.8
    assert np.quantile(np.abs(np.diff(levels)), 0.95) < 0.1  # but for a moment of a broken instrument


def test_wind_turns_slowly() -> None:
    at_s = (NOW + np.arange(0, 24 * HOUR_MS, MINUTE_MS)) / 1_000.0
    turned = (np.diff(world().signals.weather.wind_deg(at_s)) + 180) % 360 - 180
    assert np.abs(turned).max() < 25
    assert np.all(world().signals.weather.wind_ms(at_s) > 0)


def test_gas_thins_out_with_the_distance_and_stays_near_the_wind() -> None:
    ahead = dilution(np.array([10.0, 50.0, 200.0, 500.0]), np.zeros(4))
    assert np.all(np.diff(ahead) < 0)
    assert dilution(np.array([100.0]), np.array([200.0]))[0] < 0.05 * dilution(np.array([100.0]), np.array([0.0]))[0]
    assert dilution(np.array([-200.0]), np.array([0.0]))[0] < 0.01


def test_devices_drop_out_and_come_back_and_values_freeze() -> None:
    signals = world().signals
    ix = np.arange(len(signals.points), dtype=np.int64)
    times = [NOW + minutes * MINUTE_MS for minutes in range(0, 480, 10)]
    online = np.array([signals.shown(ix, np.full(ix.size, at, dtype=np.int64)).online for at in times])
    back = (~online[:-1] & online[1:]).sum()
    assert back > 100


def test_every_point_speaks_once_a_second_spread_over_it() -> None:
    slots = Slots(world().signals, "run")
    second = [slots.body(Stretch(NOW + at, NOW + at + 100)) for at in range(0, 1_000, 100)]
    counts = [len(each["readings"]) for each in second]
    assert sum(counts) == len({reading["point"] for each in second for reading in each["readings"]})
    assert min(counts) > 300
    stamps = [reading["ts"] for reading in second[0]["readings"]]
    assert stamps == sorted(stamps)
    assert stamps[0].endswith("Z")


def test_a_push_can_be_made_again_and_is_never_large() -> None:
    slots = Slots(world().signals, "run")
    pieces = list(slots.pieces(Stretch(NOW - 60 * SECOND_MS, NOW)))
    assert pieces[0].start_ms == NOW - 60 * SECOND_MS
    assert pieces[-1].end_ms == NOW
    assert all(one.end_ms == two.start_ms for one, two in pairwise(pieces))
    bodies = [slots.body(piece) for piece in pieces]
    assert max(len(body["readings"]) for body in bodies) <= 1.1 * MOST_READINGS
    assert bodies[3] == slots.body(pieces[3])
