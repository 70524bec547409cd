"""An answer out of records stands until what it reads changes, and never says what was not known at its moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cache.reader import parse
from tests.cache.batches import readings, records, second
from tests.plants import wait_until

LEVEL = "LW1-T1-LEVEL"


def alarm(id: str) -> dict[str, object]:
    """An alarm as a plant reports it."""
    told = {"id": id, "enterprise_id": "LW1", "hazard_point_id": LEVEL, "alarm_type": "01", "alarm_at": second(-60)}
    return told | {"alarm_status": "01", "handling_status": "01", "is_false_alarm": False}


@pytest.fixture
def asked(store, monkeypatch):
    """Every question about alarms that the file is asked."""
    said: list[str] = []
    query = store._database.query

    def heard(sql, *more, **tables):
        said.extend([sql] if "alarm_at(" in sql else [])
        return query(sql, *more, **tables)

    monkeypatch.setattr(store._database, "query", heard)
    return said


@pytest.fixture
def count(store):
    """How many alarms are open at a moment."""
    return lambda at: sum(store.reader().read("alarm/by_handling", at=at)["n"])


def _later(store, clock, seconds):
    """The moment so much later, once no chore that began before is being written."""
    clock.forward(seconds)
    wait_until(lambda: store.tick() >= clock.now)
    return store.tick()


def test_the_file_is_asked_once_while_nothing_changes(store, clock, count, asked):
    store.append(records("hazard_alarm", alarm("A1")))
    for _ in range(3):
        assert count(store.tick()) == 1
        clock.forward(1)
        store.append(readings((LEVEL, 0, 5.0)))
    assert len(asked) == 1


def test_a_new_alarm_is_counted_at_once_and_never_before_it_was_known(store, clock, count):
    store.append(records("hazard_alarm", alarm("A1")))
    before = store.tick()
    assert count(before) == 1
    clock.forward(1)
    store.append(records("hazard_alarm", alarm("A2")))
    after = store.tick()
    assert [count(at) for at in (after, before, second(-3600), after)] == [2, 1, 0, 2]


def test_what_ends_with_the_minute_is_asked_again_with_the_minute(store, clock, count):
    leak = {"id": "L1", "device_id": "LW1-U1-GC1", "created_at": second(-580), "updated_at": second(-570)}
    store.append(records("gas_leak_statistic", leak))
    assert count(store.tick()) == 1
    assert count(_later(store, clock, 29)) == 1
    assert count(_later(store, clock, 60)) == 0


def test_what_was_known_before_the_file_was_opened_is_asked_of_the_file(opened, clock, count, store):
    store.append(records("hazard_alarm", alarm("A1")))
    known = store.tick()
    clock.forward(1)
    store.append(records("hazard_alarm", alarm("A2")))
    store.close()
    again = opened()
    told = [again.reader().read("alarm/by_handling", at=at)["n"].sum() for at in (again.tick(), known, again.tick())]
    assert told == [2, 1, 2]


def enterprise(staff: int) -> dict[str, object]:
    """What the register says of an enterprise."""
    return {"id": "LW1", "enterprise_name": "LW1", "enterprise_status": "01", "employee_count": staff}


def test_records_of_the_past_are_asked_once_between_two_changes(opened, clock, store, monkeypatch):
    changes = []
    for staff in (10, 20, 30):
        store.append(records("enterprise", enterprise(staff)))
        changes.append(store.tick())
        clock.forward(600)
    store.close()
    again, asked = opened(), []
    again.tick()
    query = again._database.query

    def heard(sql, *more, **tables):
        asked.extend([sql] if "enterprise_at(" in sql else [])
        return query(sql, *more, **tables)

    monkeypatch.setattr(again._database, "query", heard)

    def staff(at) -> int:
        rows = again.reader().read("park/enterprises", at=at, enterprise="LW1", only=None)
        return rows["employees"].to_list()[0]

    for _ in range(2):
        for which, moment in enumerate(changes):
            for late in (0, 1, 599):
                assert staff(moment + timedelta(seconds=late)) == 10 * (which + 1)
    assert len(asked) == 4, "once for each change, and once for what is so since the file was opened"
    clock.forward(600)
    again.append(records("enterprise", enterprise(40)))
    assert [staff(at) for at in (again.tick(), changes[1], changes[2] + timedelta(seconds=700))] == [40, 20, 30]


def test_what_looks_at_the_time_of_day_or_at_more_than_records_is_not_taken_for_records():
    def records_of(sql):
        return parse(sql).records

    assert records_of("select * from enterprise_at($at) e left join feature f on f.id = e.id") == {"enterprise"}
    assert records_of("with a as (select 1), b(x) as (select 2) select * from a, camera_at($at) join b on true") == {
        "camera"
    }
    assert records_of("select * from enterprise_at($at) where now > date_trunc('minute', $at::timestamp)") is None
    assert records_of("select * from alarm_at($at)") is None
    assert records_of("select * from camera_at($at) join account on true") is None
    assert records_of("select * from camera_at($at) join state on true") is None


def test_two_scopes_are_not_told_each_others_answers(store):
    store.append(records("hazard_alarm", alarm("A1")))
    at = store.tick()
    told = [
        store.reader(scope).read("alarms/recent", at=at, enterprise=None).height for scope in ("LW1", "LW2", "park")
    ]
    assert told == [1, 0, 1]


def test_what_is_told_of_ten_minutes_stands_for_them_whatever_becomes_known(store, clock, asked):
    counted = {"period": "month", "enterprise": None, **dict.fromkeys(PERIOD)}
    clock.forward(601)
    store.append(records("hazard_alarm", alarm("A1")))
    for _ in range(3):
        assert store.reader().read("analysis/tallies", at=_later(store, clock, 100), **counted).is_empty()
    assert len([each for each in asked if "analysed" in each]) == 1
    assert sum(store.reader().read("analysis/tallies", at=_later(store, clock, 400), **counted)["n"]) == 1
    own = {**counted, "starts": second(-3600), "ends": second(0)}
    store.append(records("hazard_alarm", alarm("A2")))
    assert sum(store.reader().read("analysis/tallies", at=_later(store, clock, 1), **own)["n"]) == 2


PERIOD = ("starts", "ends", "earlier_starts", "earlier_ends")
