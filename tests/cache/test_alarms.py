"""The ledger of alarms: in one transaction with what it comes from, from whatever side it is heard of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache.database import FILE
from cache.heads import HEADS
from cache.store import Store
from cache.verify import verify_folder
from models.alarm_state import Alarm
from tests.cache.batches import NOON, Clock, quick, readings, records, second
from tests.cache.ledger import act, alarm_of, all_folded, detect, folded, happened, ledger
from twin.alarm import ClosedAs, Stage
from twin.errors import Conflict, NotFound, ParkError, TwinError
from twin.settings import Mask, Merge

LEVEL, GAS, PRESS = "LW1-T1-LEVEL", "LW1-U1-GC1", "LW1-U2-PRESS"
DETECTED = f"{LEVEL}-HH-20261121T120000000000Z"


def told(id: str = "R1", point: str = LEVEL, kind: str = "02", **more: Any) -> dict[str, Any]:
    """A record of an alarm that lasts."""
    said = {"id": id, "hazard_point_id": point, "alarm_type": kind, "alarm_value": 9.0, "threshold": 8.5}
    said |= {"enterprise_id": "LW1", "hazard_source_id": "HZ1", "alarm_at": second(-60), "alarm_status": "01"}
    return said | {"handling_status": "01", "is_false_alarm": False, "is_deleted": False} | more


def tell(store: Store, *rows: dict[str, Any], table: str = "hazard_alarm") -> None:
    store.append(records(table, *rows))


def timeline(store: Store, id: str) -> list[str]:
    sql = "SELECT event FROM journal WHERE stream = 'alarm' AND subject = $id ORDER BY seq"
    return [event for (event,) in store._database.execute(sql, {"id": id})]


# --- records -----------------------------------------------------------------------------------


def test_a_record_raises_an_alarm_with_its_clocks(store):
    tell(store, told())
    alarm = alarm_of(store, "R1")
    assert (alarm.origin, alarm.source, alarm.stage, alarm.level) == ("hazard_alarm", "plant", Stage.NEW, "S")
    assert alarm.handle_by - alarm.raised == timedelta(minutes=3)
    assert (alarm.told, alarm.seen, alarm.active) == (True, False, True)
    assert timeline(store, "R1") == ["raised"]


def test_the_work_of_the_source_is_part_of_the_life(store, clock):
    tell(store, told())
    clock.forward(60)
    tell(store, told(handling_status="02"))
    taken = alarm_of(store, "R1")
    assert (taken.stage, taken.handler) == (Stage.SCREEN, "plant")
    assert second(60) <= taken.first_handled_at <= store.tick()
    clock.forward(60)
    over = {"alarm_status": "02", "cleared_at": second(100)}
    tell(store, told(handling_status="03", **over))
    done = alarm_of(store, "R1")
    assert (done.stage, done.active, done.cleared_at) == (Stage.HANDLED, False, second(100))
    clock.forward(60)
    tell(store, told(handling_status="03", **{**over, "alarm_status": "03"}))
    assert alarm_of(store, "R1").closed_as == ClosedAs.SOURCE
    assert timeline(store, "R1") == ["raised", "taken", "cleared", "done", "ended"]
    all_folded(store)


def test_what_a_person_has_reopened_stays_open_though_its_source_repeats_itself(store, clock):
    over = told(handling_status="03", alarm_status="03", cleared_at=second(100))
    tell(store, over)
    assert alarm_of(store, "R1").stage == Stage.CLOSED
    act(store, "R1", "reopen")
    tell(store, over | {"cause": "found later"})
    assert alarm_of(store, "R1").stage == Stage.SCREEN


def test_a_false_mark_of_the_source_of_a_loud_alarm_waits_for_a_second_look(store):
    tell(store, told(is_false_alarm=True, handling_status="03", alarm_status="03", cleared_at=second(1)))
    waits = alarm_of(store, "R1")
    assert (waits.stage, waits.waits_for_second_look) == (Stage.HANDLED, True)
    assert act(store, "R1", "second_look", agree=True).closed_as == ClosedAs.FALSE
    tell(store, told("R2", PRESS, "03", is_false_alarm=True))
    assert alarm_of(store, "R2").closed_as == ClosedAs.FALSE


def test_one_person_does_not_take_a_loud_alarm_off_the_screens(store):
    tell(store, told())
    act(store, "R1", "judge", judged="false")
    assert ledger(store)["R1"]["open"]
    act(store, "R1", "second_look", who="wu", agree=True)
    assert not ledger(store)["R1"]["open"]


def test_a_record_that_is_taken_back_is_gone_from_the_screens_and_stays_in_the_journal(store, clock):
    tell(store, told())
    before = store.tick()
    clock.forward(60)
    tell(store, told(is_deleted=True))
    assert ledger(store) == {}
    assert "R1" in ledger(store, before)
    assert alarm_of(store, "R1").closed_as == ClosedAs.WITHDRAWN
    tell(store, told("R9", is_deleted=True))
    assert alarm_of(store, "R9") is None


@pytest.mark.parametrize(
    ("table", "row", "kind", "level"),
    [
        ("video_ai_alarm", {"alarm_type": "HZ", "alarm_device_id": "CAM1"}, "HZ", "S"),
        ("video_ai_alarm", {"alarm_type": None, "alarm_device_id": "CAM1"}, "other", "C"),
        (
            "special_work_alarm",
            {"alarm_type": "01", "special_work_plan_id": "W1", "enterprise_id": "LW1"},
            "work_gas",
            "A",
        ),
        ("parking_fire_alarm", {"parking_lot_id": "P1", "alarm_status": "01"}, "fire", "S"),
        ("closure_alarm", {"vehicle_id": "V1", "longitude": 121.5, "latitude": 30.2}, "closure", "C"),
        ("gas_leak_statistic", {"device_id": GAS, "max_value": 99.0, "updated_at": second(-1)}, "leak", "A"),
        ("parking_gas_alarm", {"indicator_id": GAS, "alarm_type": "01", "alarm_status": "01"}, "H", "B"),
    ],
)
def test_every_table_of_alarms_has_a_place_in_the_ledger(store, table, row, kind, level):
    tell(store, {"id": "X", "alarm_at": second(-5), "handling_status": "01", "is_deleted": False, **row}, table=table)
    said = ledger(store)["X"]
    assert (said["origin"], said["kind"], said["level"], said["open"], said["stage"]) == (
        table,
        kind,
        level,
        True,
        "new",
    )


def test_a_record_that_says_almost_nothing_is_no_reason_to_stop(store):
    for table in ("hazard_alarm", "video_ai_alarm", "closure_alarm", "gas_leak_statistic", "special_work_alarm"):
        tell(store, {"id": table}, table=table)
    assert len(ledger(store)) == 5
    all_folded(store)


# --- detection ---------------------------------------------------------------------------------


def test_what_detection_finds_is_raised_and_cleared(store, clock):
    detect(store, (LEVEL, "HH", "raised", 0, 96.0, 95.0))
    said = ledger(store)[DETECTED]
    assert (said["origin"], said["level"], said["value"], said["threshold"]) == ("reading", "S", 96.0, 95.0)
    assert (said["owner"], said["open"], said["alarm_at"]) == ("LW1", True, NOON)
    clock.forward(60)
    detect(store, (LEVEL, "HH", "cleared", 30, 80.0, 95.0))
    said = ledger(store)[DETECTED]
    assert (said["open"], said["cleared_at"], said["stage"]) == (False, second(30), "new")


def test_the_hook_of_the_commit_is_the_same_transaction(opened, small_park, monkeypatch):
    store = opened()
    committer = store._writer._committer
    monkeypatch.setattr(committer, "detect", lambda rows, known: happened((LEVEL, "H", "raised", rows.value[0])))
    answer = store.append(readings((LEVEL, 0, 12.0)))
    rows = store._database.execute("SELECT known_from, last_by FROM alarm")
    assert rows == [(answer.known.replace(tzinfo=None), "twin")]


def test_a_replay_raises_nothing_twice(store, clock):
    for _ in range(2):
        detect(store, (LEVEL, "HH", "raised", 0), (LEVEL, "HH", "raised", 0))
    assert timeline(store, DETECTED) == ["raised"]
    detect(store, (LEVEL, "HH", "cleared", 10))
    act(store, DETECTED, "judge", judged="momentary")
    detect(store, (LEVEL, "HH", "raised", 0))
    assert timeline(store, DETECTED) == ["raised", "cleared", "judge"]


def test_raised_and_over_within_one_commit_is_one_version(store):
    detect(store, (LEVEL, "HH", "raised", 0), (LEVEL, "HH", "cleared", 1), (LEVEL, "HH", "raised", 2))
    assert [each["alarm_at"] for each in ledger(store).values()] == [NOON, second(2)]
    all_folded(store)


def test_what_is_cleared_and_was_never_raised_is_nothing(store):
    detect(store, (LEVEL, "HH", "cleared", 0))
    assert ledger(store) == {}


def test_a_condition_at_a_point_that_the_park_has_not_is_raised_all_the_same(store):
    detect(store, ("GONE-1", "source", "raised", 0))
    assert ledger(store)["GONE-1-source-20261121T120000000000Z"]["level"] == "C"


# --- one alarm, heard of twice -----------------------------------------------------------------


def test_a_record_of_a_detected_alarm_joins_it(store, clock):
    detect(store, (LEVEL, "HH", "raised", 0))
    clock.forward(30)
    tell(store, told())
    assert list(ledger(store)) == [DETECTED]
    assert timeline(store, DETECTED) == ["raised", "joined"]
    detect(store, (LEVEL, "HH", "cleared", 20))
    assert alarm_of(store, DETECTED).active, "its record says that it lasts"
    tell(store, told(alarm_status="02", cleared_at=second(40), handling_status="02"))
    alarm = alarm_of(store, DETECTED)
    assert (alarm.active, alarm.cleared_at, alarm.stage) == (False, second(40), Stage.SCREEN)
    all_folded(store)


def test_and_the_other_way_round(opened):
    store = opened()
    tell(store, told())
    detect(store, (LEVEL, "HH", "raised", 0))
    assert list(ledger(store)) == ["R1"]
    assert (alarm_of(store, "R1").seen, alarm_of(store, "R1").told) == (True, True)
    store.close()
    again = opened()
    detect(again, (LEVEL, "HH", "raised", 0))
    assert timeline(again, "R1") == ["raised", "joined"], "a replay after a restart joins nothing twice"
    detect(again, (LEVEL, "HH", "cleared", 5))
    assert not alarm_of(again, "R1").seen
    assert act(again, DETECTED, "acknowledge").id == "R1"


def test_another_kind_or_another_point_is_another_alarm(store):
    detect(store, (LEVEL, "HH", "raised", 0), (LEVEL, "H", "raised", 0), (PRESS, "HH", "raised", 0))
    tell(store, told("R1", LEVEL, "03"), told("R2", GAS, "02"))
    assert len(ledger(store)) == 5


# --- people ------------------------------------------------------------------------------------


def test_what_a_person_does_is_noted_with_who_and_shown_at_once(store, clock):
    tell(store, told())
    before = store.tick()
    clock.forward(10)
    alarm = act(store, "R1", "acknowledge", note="seen")
    assert (alarm.stage, alarm.handler) == (Stage.SCREEN, "li")
    assert (ledger(store)["R1"]["handling"], ledger(store, before)["R1"]["handling"]) == ("handling", "open")
    who, said = store._database.execute("SELECT who, said FROM journal WHERE event = 'acknowledge'")[0]
    assert (who, said) == ("li", '{"note":"seen"}')


def test_two_at_once_one_wins_and_the_other_hears_who(store):
    tell(store, told())

    def acknowledge(who: str) -> str | None:
        try:
            act(store, "R1", "acknowledge", who)
        except Conflict as refused:
            return refused.message
        return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(acknowledge, [f"P{n}" for n in range(8)]))
    winner = alarm_of(store, "R1").handler
    assert answers.count(None) == 1
    assert all(f"'acknowledge' by {winner}" in each for each in answers if each)
    assert timeline(store, "R1") == ["raised", "acknowledge"]


def test_an_alarm_that_there_is_not(store):
    with pytest.raises(NotFound, match="no alarm 'nothing'"):
        act(store, "nothing", "note")


def test_a_closed_alarm_is_found_again_after_a_restart(opened):
    store = opened()
    tell(store, told(handling_status="03", alarm_status="03", cleared_at=second(1)))
    store.close()
    again = opened()
    with pytest.raises(Conflict, match="'acknowledge' cannot be done"):
        act(again, "R1", "acknowledge")
    assert act(again, "R1", "reopen").stage == Stage.SCREEN
    all_folded(again)


def test_a_transaction_that_fails_leaves_nothing_in_memory_either(store, monkeypatch):
    tell(store, told())
    books = store.books
    write = books.journal.write
    monkeypatch.setattr(books.journal, "write", lambda *_: (_ for _ in ()).throw(RuntimeError("no")))
    with pytest.raises(TwinError):
        act(store, "R1", "acknowledge")
    monkeypatch.setattr(books.journal, "write", write)
    assert act(store, "R1", "acknowledge").events == 2
    all_folded(store)


# --- masks and merges --------------------------------------------------------------------------


def with_settings(park: Any, **changed: Any) -> Any:
    return replace(park, settings=replace(park.settings, **changed))


def test_what_lies_behind_a_mask_raises_nothing_but_is_noted(opened, small_park):
    park = with_settings(small_park, masks=(Mask("steam", kinds=("HH",), points=(LEVEL,)),))
    store = opened(park=park)
    detect(store, (LEVEL, "HH", "raised", 0), (LEVEL, "H", "raised", 0))
    tell(store, told())
    assert [each["kind"] for each in ledger(store).values()] == ["H"]
    assert timeline(store, DETECTED) == timeline(store, "R1") == ["masked"]


def test_a_mask_may_be_an_area_of_the_park(opened, small_park):
    zone = next(each for each in small_park.features["zones"] if each.geometry["type"] == "Polygon")
    inside = {"vehicle_id": "V", "longitude": zone.lon, "latitude": zone.lat, "handling_status": "01"}
    store = opened(park=with_settings(small_park, masks=(Mask("all", zone=zone.id),)))
    tell(store, {"id": "IN", **inside}, {"id": "OUT", **inside, "longitude": 0.0}, table="closure_alarm")
    assert list(ledger(store)) == ["OUT"]
    store.close()
    with pytest.raises(ParkError, match="no area of this park"):
        opened(park=with_settings(small_park, masks=(Mask("all", zone="nowhere"),)))


def test_repeats_of_one_device_are_one_alarm_where_a_rule_says_so(opened, small_park, clock):
    store = opened(park=with_settings(small_park, merges=(Merge(("YW",), 60.0),)))
    for number in range(3):
        smoke = {"id": f"V{number}", "alarm_type": "YW", "alarm_device_id": "CAM1", "alarm_at": second(number)}
        tell(store, smoke | {"handling_status": "01"}, table="video_ai_alarm")
        clock.forward(30)
    assert list(ledger(store)) == ["V0"]
    assert timeline(store, "V0") == ["raised", "joined", "joined"]


def test_a_cut_journal_is_found_by_the_alarms_that_it_told_of(opened):
    store = opened()
    tell(store, told(), told("R2", PRESS))
    store.close()
    folder = store._database.path.parent
    (folder / HEADS).unlink()
    with duckdb.connect(str(folder / FILE)) as file:
        file.execute("DELETE FROM journal WHERE seq = 2")
    assert verify_folder(folder).entry == 2


# --- the past ----------------------------------------------------------------------------------


def test_alarms_stored_before_there_was_a_ledger_get_theirs(tmp_path, small_park, template, clock):
    store = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    tell(store, told("OLD"), told("SHUT", PRESS, handling_status="03", alarm_status="03", cleared_at=second(-1)))
    first = store.tick()
    clock.forward(60)
    tell(store, told("OLD", handling_status="02"))
    second_moment = store.tick()
    leak = {"id": "L", "device_id": GAS, "max_value": 30.0, "created_at": second(0), "updated_at": second(50)}
    tell(store, leak, table="gas_leak_statistic")
    moments = (first, second_moment, store.tick())
    shown = [ledger(store, at) for at in moments]
    store.close()
    with duckdb.connect(str(tmp_path / FILE)) as file:
        file.execute("DELETE FROM alarm; DELETE FROM journal; DELETE FROM shape WHERE name = 'alarms'")
    (tmp_path / HEADS).unlink()
    clock.forward(3600)
    again = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    assert [ledger(again, at) for at in moments] == shown
    all_folded(again)
    assert act(again, "OLD", "report").stage == Stage.HANDLED
    all_folded(again)
    again.close()
    assert verify_folder(tmp_path).sound


# --- whatever happens --------------------------------------------------------------------------

POINTS = st.sampled_from([LEVEL, GAS])
KINDS = st.sampled_from(["HH", "H"])
DETECTIONS = st.tuples(st.just("detect"), POINTS, KINDS, st.sampled_from(["raised", "cleared"]))
REPORTS = st.tuples(
    st.just("record"), POINTS, st.sampled_from(["01", "02"]), st.sampled_from(["01", "02", "03"]),
    st.sampled_from(["01", "02", "03"]), st.booleans(), st.integers(1, 3),
)  # fmt: skip
ACTS = st.tuples(
    st.just("act"),
    st.integers(0, 5),
    st.sampled_from(["acknowledge", "judge", "report", "close", "hold", "release", "reopen"]),
)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(DETECTIONS | REPORTS | ACTS, st.integers(0, 90)), max_size=25))
def test_the_projection_is_what_the_journal_tells(tmp_path_factory, template, small_park, steps):
    clock = Clock()
    folder = tmp_path_factory.mktemp("life")
    store = Store.open(folder, small_park, settings=quick(), clock=clock)
    try:
        seen: list[tuple[Any, dict[str, Any]]] = []
        for (what, *more), seconds in steps:
            clock.forward(seconds)
            take(store, clock, what, more)
            seen.append((store.tick(), ledger(store)))
        all_folded(store)
        for at, said in seen:
            assert ledger(store, at) == said, "what was known then does not change"
        active = [each for each in ledger(store).values() if each["active"] and each["stage"] != "closed"]
        assert len({(each["point"], each["kind"], each["origin"]) for each in active}) <= len(active)
    finally:
        store.close()
    assert verify_folder(folder).sound


def test_a_record_that_was_joined_to_an_alarm_closed_since_goes_on_with_that_one(store, clock):
    detect(store, ("LW1-U1-GC1", "H", "raised", 0.0))
    for point, false in (("LW1-U1-GC1", True), ("LW1-T1-LEVEL", False)):
        clock.forward(1)
        take(store, clock, "record", [point, "01", "01", "01", false, 1])
    assert len(ledger(store)) == 1
    all_folded(store)


def take(store: Store, clock: Clock, what: str, more: list[Any]) -> None:
    after_s = (clock.now - NOON).total_seconds()
    if what == "detect":
        point, kind, happens = more
        detect(store, (point, kind, happens, after_s))
    elif what == "record":
        point, kind, status, handling, false, number = more
        said = {"alarm_status": status, "handling_status": handling, "is_false_alarm": false}
        tell(store, told(f"R{number}", point, kind, **said, cleared_at=None if status == "01" else clock.now))
    else:
        ids = sorted(ledger(store))
        if ids:
            try:
                act(store, ids[more[0] % len(ids)], more[1], judged="false")
            except TwinError:
                return


def test_folding_nothing_is_nothing(store):
    assert folded(store, "X") is None
    assert isinstance(Alarm, type)
