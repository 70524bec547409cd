"""Scenarios: what happens on top of a quiet day."""

from __future__ import annotations

from collections import Counter

import numpy as np

from demo import crossings
from demo.books import books
from demo.clock import MINUTE_MS, SECOND_MS
from demo.scenarios import BEGINS_MS
from tests.demo.worlds import AFTERNOON, ms, world

NOW = ms(AFTERNOON)


def _since_start(scenario: str) -> list[crossings.Crossing]:
    staged = world(scenario)
    quiet = set(crossings.of_day(world(), staged.calendar.day(NOW)))
    return [each for each in crossings.of_day(staged, staged.calendar.day(NOW)) if each not in quiet]


def test_ammonia_rises_above_the_first_limit_then_the_second_at_the_tanks_of_e04() -> None:
    seen, points = _since_start("ammonia_leak"), world().points
    first = min(seen, key=lambda each: each.raised_ms)
    assert points.ids[first.ix].startswith("E04-U02-GT")
    assert first.kind == "H"
    assert NOW + BEGINS_MS < first.raised_ms < NOW + BEGINS_MS + 90 * SECOND_MS
    second = min((each for each in seen if each.kind == "HH"), key=lambda each: each.raised_ms)
    assert first.raised_ms < second.raised_ms < first.raised_ms + 2 * MINUTE_MS
    assert {points.kinds[each.ix] for each in seen} == {"toxic_gas"}


def test_the_gas_camera_that_looks_at_the_tanks_tells_of_the_leak() -> None:
    told = books(world("ammonia_leak"))["gas_leak_statistic"].page(None, NOW + 5 * MINUTE_MS, 100).records
    assert {record["device_id"] for record in told} == {"GCAM3"}


def test_a_flood_is_hundreds_of_alarms_of_one_unit_in_ten_minutes() -> None:
    seen, points = _since_start("alarm_flood"), world().points
    within = [each for each in seen if each.raised_ms < NOW + BEGINS_MS + 11 * MINUTE_MS]
    assert len(within) > 200
    assert len(Counter(points.parents[each.ix] for each in within)) == 1


def test_an_outage_silences_one_enterprise_for_two_minutes() -> None:
    staged = world("source_outage")
    outage = staged.signals.scenario.outages[0]
    owned = np.array([owner == outage.owner for owner in staged.points.owners])
    ix = np.arange(len(staged.points), dtype=np.int64)

    def online(after_s: int) -> float:
        return float(staged.signals.shown(ix, np.full(ix.size, NOW + after_s * SECOND_MS)).online[owned].mean())

    assert online(30) > 0.9
    assert online(61) == online(179) == 0.0
    assert online(181) > 0.9


def test_a_scenario_leaves_the_rest_of_the_park_as_it_was() -> None:
    ix = np.flatnonzero([owner == "E01" for owner in world().points.owners])
    at = np.full(ix.size, NOW + 5 * MINUTE_MS)
    quiet, staged = world().signals.shown(ix, at), world("alarm_flood").signals.shown(ix, at)
    flooded = {each.ix for each in world("alarm_flood").signals.scenario.excursions}
    untouched = [where for where, point in enumerate(ix.tolist()) if point not in flooded]
    np.testing.assert_array_equal(quiet.value[untouched], staged.value[untouched])
