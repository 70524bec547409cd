"""Loud alarms go out at once, whatever has changed them: a record, a reading or a person."""

from __future__ import annotations

import queue
from typing import Any

import pytest

from cache.store import Store
from services.loud import Loud
from tests.cache.batches import NOON, Clock, quick, records
from tests.cache.ledger import act, detect

LEVEL, PRESS = "LW1-T1-LEVEL", "LW1-U2-PRESS"


@pytest.fixture
def heard(tmp_path, small_park):
    """A store, and what is cried."""
    clock, said = Clock(), queue.Queue[dict[str, Any]]()
    store = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    clock.forward(60)
    loud = Loud(store, said.put)
    yield store, clock, said
    loud.stop()
    store.close()


def test_it_is_cried_when_it_is_raised_and_whenever_somebody_goes_on_with_it(heard):
    store, clock, said = heard
    detect(store, (LEVEL, "HH", "raised", 61), (PRESS, "L", "raised", 61))
    first = said.get(timeout=20)
    assert (first["level"], first["stage"], first["open"]) == ("S", "new", True)
    clock.forward(1)
    act(store, first["id"], "acknowledge")
    assert said.get(timeout=20)["stage"] == "screen"
    clock.forward(1)
    act(store, first["id"], "note")
    detect(store, (LEVEL, "HH", "cleared", 70))
    assert said.get(timeout=20)["open"] is False
    assert said.empty(), "a quiet alarm and a note are not cried"


def test_one_that_has_ended_by_the_clock_is_over_at_the_next_cry(heard):
    store, clock, said = heard
    leak = {"id": "L", "device_id": "LW1-U1-GC1", "max_value": 90.0, "created_at": clock.now, "updated_at": clock.now}
    store.append(records("gas_leak_statistic", leak))
    assert said.get(timeout=20)["open"] is True
    clock.forward(660)
    detect(store, (LEVEL, "HH", "raised", 61))
    cried = {each["id"]: each["open"] for each in (said.get(timeout=20), said.get(timeout=20))}
    assert cried["L"] is False
    assert sorted(cried.values()) == [False, True]
    clock.forward(60)
    act(store, next(id for id in cried if id != "L"), "acknowledge")
    assert said.get(timeout=20)["stage"] == "screen"
    assert said.empty(), "what is over is told once"


def test_a_record_is_heard_as_well(heard):
    store, clock, said = heard
    row = {"id": "R", "hazard_point_id": LEVEL, "alarm_type": "02", "alarm_status": "01", "alarm_at": clock.now}
    store.append(records("hazard_alarm", row))
    assert said.get(timeout=20)["id"] == "R"
    assert clock.now > NOON
