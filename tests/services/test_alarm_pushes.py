"""Alarms become notices: a confirmed one once, a missed one when its time is over, and the day before once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cache.store import Store
from models.routing import CONFIRMED, OVERDUE
from services.alarm_pushes import Digests, Pusher
from tests.cache.batches import NOON, Clock, quick
from tests.cache.ledger import act, detect

GAS, LEVEL = "LW2-U1-GC1", "LW1-T1-LEVEL"
ID, OTHER = f"{GAS}-HH-20261121T120000000000Z", f"{LEVEL}-HH-20261121T120000000000Z"
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path, small_park) -> Iterator[Store]:
    """Two alarms, of which one is judged to be real."""
    opened = Store.open(tmp_path, small_park, settings=quick(), clock=Clock())
    detect(opened, (LEVEL, "HH", "raised", 0), (GAS, "HH", "raised", 0))
    act(opened, ID, "acknowledge")
    act(opened, ID, "judge", judged="confirmed", to="LW2")
    yield opened
    opened.close()


def subjects(store: Store, template: str) -> list[str]:
    rows = store._database.query("SELECT subject, template FROM notice ORDER BY seq").to_dicts()
    return [each["subject"] for each in rows if each["template"] == template]


def test_a_confirmed_alarm_is_told_once_also_after_a_restart(store, small_park):
    Pusher(store, small_park, CONFIRMED).look(store.tick())
    told = subjects(store, "alarm")
    assert set(told) == {ID}
    Pusher(store, small_park, CONFIRMED).look(store.tick())
    assert subjects(store, "alarm") == told


def test_one_that_nobody_takes_in_hand_in_time_is_told_as_such(store, small_park):
    missed = Pusher(store, small_park, OVERDUE)
    missed.look(store.tick())
    assert subjects(store, "alarm_overdue") == []
    missed.look(store.tick() + timedelta(hours=1))
    assert set(subjects(store, "alarm_overdue")) == {OTHER}


def test_the_day_before_is_told_once_a_day_after_its_hour(store, small_park):
    digests = Digests(store, small_park)
    eight = (NOON + DAY).replace(hour=0, minute=0)  # at eight in the park's zone
    assert digests.due(eight - timedelta(minutes=1)) == []
    made = digests.due(eight)
    assert [each.args["n"] for each in made] == [1]
    assert digests.due(eight)  # what could not be kept is told again
    digests.told(eight)
    assert digests.due(eight + timedelta(hours=5)) == []
