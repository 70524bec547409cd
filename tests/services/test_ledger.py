"""The ledger as people of the park and of an enterprise use it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cache.store import Store
from models.alarm_life import Wish
from services.alarms import Filter, Ledger, read_cursor, write_cursor
from services.faults import FaultDesk
from tests.cache.batches import NOON, Clock, quick, second
from tests.cache.ledger import detect
from twin.errors import BadInput, NotAllowed, NotFound
from twin.person import Person, person_of

LEVEL, GAS = "LW1-T1-LEVEL", "LW2-U1-GC1"
MINE, THEIRS = f"{GAS}-HH-20261121T120000000000Z", f"{LEVEL}-HH-20261121T120000000000Z"


@pytest.fixture
def store(tmp_path, small_park) -> Iterator[Store]:
    """One alarm of each of the two enterprises."""
    store = Store.open(tmp_path, small_park, settings=quick(), clock=Clock())
    detect(store, (LEVEL, "HH", "raised", 0), (GAS, "HH", "raised", 0))
    yield store
    store.close()


@pytest.fixture
def head() -> Person:
    """The head of the enterprise LW2."""
    return person_of("zhou", "周", "enterprise_head", "LW2")


def test_an_enterprise_sees_and_acts_on_its_own_only(store, head):
    ledger = Ledger(store, "UTC")
    assert [each["id"] for each in ledger.page(Filter(), store.tick(), head.scope, 9, None)["alarms"]] == [MINE]
    for forbidden in (
        lambda: ledger.one(THEIRS, store.tick(), head),
        lambda: ledger.act(THEIRS, Wish("note", "x"), head, ""),
    ):
        with pytest.raises(NotFound):
            forbidden()
    assert ledger.act_on([THEIRS, MINE], Wish("acknowledge"), head, "")["done"] == [MINE]
    assert ledger.one(MINE, store.tick(), head)["handler"] == "zhou"
    with pytest.raises(NotAllowed, match="close_alarm"):
        ledger.act(MINE, Wish("close", "it is over"), head, "")
    assert {"level": "S", "n": 1} not in ledger.counts(store.tick(), head.scope)


def test_what_somebody_may_do_depends_on_who_they_are(store, head):
    ledger, leader = Ledger(store, "UTC"), person_of("li", "李", "duty_leader", None)
    assert ledger.one(MINE, store.tick(), head)["actions"] == [
        "acknowledge",
        "watch",
        "contact",
        "dispatch",
        "report",
        "note",
    ]
    assert "judge" in ledger.one(MINE, store.tick(), leader)["actions"]


def test_who_when_and_from_where_are_in_the_journal(store, head):
    Ledger(store, "UTC").act(MINE, Wish("acknowledge", "seen"), head, "10.1.2.3")
    who, known, said = store._database.execute("SELECT who, known, said FROM journal WHERE event = 'acknowledge'")[0]
    assert (who, said) == ("zhou", '{"from":"10.1.2.3","note":"seen"}')
    assert known >= NOON.replace(tzinfo=None)
    assert "10.1.2.3" not in str(Ledger(store, "UTC").one(MINE, store.tick(), head))


def test_an_enterprise_applies_for_its_own_points_only_and_never_approves(store, small_park, head):
    desk = FaultDesk(store, small_park)
    said = {"reason": "repair", "note": "new probe", "starts": NOON, "ends": second(3600)}
    with pytest.raises(NotAllowed, match="not of your enterprise"):
        desk.apply({**said, "target": LEVEL}, head, "")
    made = desk.apply({**said, "target": "LW2"}, head, "")
    assert (made["owner"], GAS in made["points"]) == ("LW2", True)
    with pytest.raises(NotAllowed, match="approve_fault"):
        desk.decide(made["id"], "approve", "", head, "")
    leader = person_of("li", "李", "duty_leader", None)
    assert desk.decide(made["id"], "approve", "", leader, "")["running"]
    assert desk.listed(store.tick(), "LW1", None, None, 9) == []
    with pytest.raises(NotFound):
        desk.one(made["id"], store.tick(), person_of("wu", "吴", "enterprise_head", "LW1"))
    with pytest.raises(NotAllowed, match="apply_fault"):
        desk.apply({**said, "target": LEVEL}, leader, "")


def test_no_more_than_a_few_hundred_at_once(store, head):
    for ids in ([], ["x"] * 501):
        with pytest.raises(BadInput):
            Ledger(store, "UTC").act_on(ids, Wish("note", "x"), head, "")


def test_a_cursor_is_read_as_it_was_written():
    at = NOON + timedelta(microseconds=123456)
    assert read_cursor(write_cursor(at, second(0.000001), "A/中文")) == (at, second(0.000001), "A/中文")
    for nonsense in ("", "x", "!!!!", "bnVsbA", "WzEsMiwzXQ"):
        with pytest.raises(BadInput):
            read_cursor(nonsense)
