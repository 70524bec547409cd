"""Records say what was so from when to when, as known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cache.store import Store
from tests.cache.batches import readings, records, second
from twin.moment import Moment
from twin.reading import Batch


def commitment(id: str = "C1", **changed: Any) -> dict[str, Any]:
    said = {
        "id": id,
        "enterprise_id": "LW1",
        "commitment_date": date(2026, 11, 21),
        "unit_total": 3,
        "is_deleted": False,
    }
    return said | {"committed_at": second(-60), "commitment_text": "safe"} | changed


def sent(*rows: dict[str, Any]) -> Batch:
    return records("safety_commitment", *rows)


def at(store: Store, moment: Moment, table: str = "safety_commitment") -> list[dict[str, Any]]:
    """Rows as known at the moment."""
    return store._database.query(" ".join(("SELECT * FROM", table + "_at($at)")), {"at": moment}).to_dicts()


def test_a_record_is_known_from_its_commit_on(store):
    answer = store.append(sent(commitment()))
    (row,) = at(store, store.tick())
    assert (row["unit_total"], row["commitment_date"], row["committed_at"]) == (3, date(2026, 11, 21), second(-60))
    assert (row["valid_from"], row["source"]) == (answer.known, "plant")
    assert at(store, second(-1)) == []


def test_the_same_content_again_is_a_duplicate(store):
    store.append(sent(commitment()))
    answer = store.append(sent(commitment(), commitment("C2")))
    assert (answer.accepted, answer.duplicates) == (1, 1)


def test_a_change_closes_the_row_before_it(store, clock):
    store.append(sent(commitment()))
    before = store.tick()
    clock.forward(60)
    assert store.append(sent(commitment(unit_total=4))).accepted == 1
    assert [row["unit_total"] for row in at(store, before)] == [3]
    assert [row["unit_total"] for row in at(store, store.tick())] == [4]


def test_nothing_becoming_something_is_a_change(store):
    store.append(sent(commitment(commitment_text=None)))
    assert store.append(sent(commitment(commitment_text="safe"))).accepted == 1
    assert store.append(sent(commitment(commitment_text=None))).accepted == 1
    assert store.append(sent(commitment(commitment_text=None))).duplicates == 1


def test_changes_within_a_batch_count_in_the_order_sent(store):
    answer = store.append(sent(commitment(unit_total=1), commitment(unit_total=1), commitment(unit_total=2)))
    assert (answer.accepted, answer.duplicates) == (2, 1)
    assert [row["unit_total"] for row in at(store, store.tick())] == [2]


def test_a_deleted_record_is_gone_but_was_there(store, clock):
    store.append(sent(commitment()))
    before = store.tick()
    clock.forward(60)
    store.append(sent(commitment(is_deleted=True)))
    assert at(store, store.tick()) == []
    assert len(at(store, before)) == 1


def test_a_table_that_lists_parts_keeps_all_of_them(store):
    people = [{"presence_id": "A1", "person_id": person, "person_name": person} for person in ("P1", "P2")]
    store.append(records("area_presence_person", *people))
    store.append(records("area_presence_person", *people))
    assert len(at(store, store.tick(), "area_presence_person")) == 2


def test_columns_that_were_not_sent_are_null(store):
    store.append(records("hazard_alarm", {"id": "A1"}))
    assert at(store, store.tick(), "hazard_alarm")[0]["alarm_value"] is None


def test_records_survive_and_are_known_again(opened):
    store = opened()
    store.append(sent(commitment()))
    store.close()
    assert opened().append(sent(commitment())).duplicates == 1


# --- alarms ----------------------------------------------------------------------------------


def alarm(id: str, point: str, kind: str, **changed: Any) -> dict[str, Any]:
    said = {"id": id, "hazard_point_id": point, "alarm_type": kind, "alarm_value": 9.0, "threshold": 8.5}
    said |= {"enterprise_id": "LW1", "hazard_source_id": "HZ1", "alarm_at": second(-60), "alarm_status": "01"}
    return said | {"handling_status": "01", "is_deleted": False} | changed


def alarms(store: Store, moment: Moment | None = None) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in at(store, moment or store.tick(), "alarm")}


@pytest.mark.parametrize(
    ("point", "kind", "level", "colour"),
    [
        ("LW1-T1-LEVEL", "02", "S", "red"),
        ("LW1-T1-LEVEL", "01", "A", "red"),
        ("LW1-U2-PRESS", "01", "B", "orange"),
        ("LW1-U1-GC1", "02", "A", "red"),
        ("LW1-T1-LEVEL", "03", "C", "yellow"),
        ("LW1-T1-LEVEL", "04", "B", "orange"),
    ],
)
def test_an_alarm_has_the_level_of_its_points_class(store, point, kind, level, colour):
    store.append(records("hazard_alarm", alarm("A", point, kind)))
    said = alarms(store)["A"]
    assert (said["level"], said["colour"], said["open"], said["handling"]) == (level, colour, True, "open")
    assert said["name_en"]
    assert (said["point"], said["owner"], said["threshold"]) == (point, "LW1", 8.5)
    assert said["is_gas"] is (point == "LW1-U1-GC1")


def test_an_alarm_ends_when_its_source_says_so(store, clock):
    store.append(records("hazard_alarm", alarm("A", "LW1-T1-LEVEL", "01")))
    before = store.tick()
    clock.forward(60)
    cleared = {"alarm_status": "02", "cleared_at": second(30), "handling_status": "02"}
    store.append(records("hazard_alarm", alarm("A", "LW1-T1-LEVEL", "01", **cleared)))
    said = alarms(store)["A"]
    assert (said["open"], said["cleared_at"], said["handling"]) == (False, second(30), "handling")
    assert alarms(store, before)["A"]["open"]


def test_an_alarm_of_an_unknown_point_stands_where_its_hazard_is(store):
    store.append(records("hazard_alarm", alarm("A", "NOBODY", "01")))
    said = alarms(store)["A"]
    assert (said["level"], said["point"]) == ("B", "NOBODY")
    assert said["lon"] == pytest.approx(121.5, abs=0.1)


def test_a_leak_is_open_until_ten_minutes_after_its_last_report(store, clock):
    leak = {
        "id": "L",
        "device_id": "LW1-U1-GC1",
        "leaked_chemical_name": "甲苯",
        "max_value": 30.0,
        "is_deleted": False,
    }
    leak |= {"longitude": 121.5, "latitude": 30.2, "created_at": second(-60), "updated_at": second(0)}
    store.append(records("gas_leak_statistic", leak))
    said = alarms(store)["L"]
    assert (said["open"], said["level"], said["is_gas"], said["threshold"]) == (True, "B", True, 25.0)
    clock.forward(601)
    while (moment := store.tick()) < clock.now:  # what the writer had begun before keeps the present back
        store.feed.wait(0.1)
    said = alarms(store, moment)["L"]
    assert (said["open"], said["cleared_at"]) == (False, second(600))


def test_a_parking_alarm_takes_its_limit_from_its_point(store):
    row = {"id": "P", "indicator_id": "LW2-U1-GC1", "alarm_type": "02", "alarm_status": "01", "handling_status": "03"}
    store.append(
        records("parking_gas_alarm", row | {"alarm_at": second(-5), "is_deleted": False, "is_false_alarm": False})
    )
    said = alarms(store)["P"]
    assert (said["level"], said["threshold"], said["owner"], said["handling"]) == ("A", 50.0, "LW2", "done")


def test_records_and_readings_of_one_group_are_one_commit(store):
    store.append(readings(("LW1-T1-LEVEL", -2, 5.0)))
    answers = [store.submit(each) for each in (sent(commitment()), readings(("LW1-T1-LEVEL", -1, 6.0)))]
    assert [each.result().accepted for each in answers] == [1, 1]
