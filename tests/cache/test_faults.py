"""Points under approved repair raise no ledger alarm within the period, and what lasts beyond it does (R-AL-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from cache.books import Deed
from cache.store import Store
from layers import points
from models.fault_life import LONGEST, Fault
from tests.cache.batches import NOON, readings, second
from tests.cache.ledger import EVERY, detect, ledger
from tests.cache.test_alarms import LEVEL, PRESS, tell, told
from twin.errors import BadInput, Conflict, NotAllowed, NotFound
from twin.screen import Look


def application(**changed) -> Fault:
    """An hour of repair of one point, from noon on."""
    fault = Fault(
        id="F1", state="pending", reason="repair", target=LEVEL, points=(LEVEL,), starts=NOON, ends=second(3600),
        note="new probe", applied_by="li", applied_at=NOON, owner="LW1",
    )  # fmt: skip
    return replace(fault, **changed)


def apply(store: Store, **changed) -> Fault:
    fault = application(**changed)
    return store.do(Deed(lambda known: store.books.faults.apply(fault, known))).result()


def decide(store: Store, action: str = "approve", who: str = "wu", note: str = "", rights=EVERY) -> Fault:
    return store.do(Deed(lambda known: store.books.faults.decide("F1", action, note, who, rights, known))).result()


def raised(store: Store, seconds: float, point: str = LEVEL) -> bool:
    """Whether what is found then raises an alarm."""
    before = len(ledger(store))
    detect(store, (point, "HH", "raised", seconds))
    return len(ledger(store)) > before


def test_within_an_approved_period_the_point_raises_nothing_and_the_effect_is_noted(store):
    apply(store)
    decide(store)
    assert not raised(store, 1)
    tell(store, told(alarm_at=second(2)), told("R2", PRESS))
    assert list(ledger(store)) == ["R2"]
    row = store.reader().read("ledger/faults", at=store.tick(), id="F1", state=None, point=LEVEL, limit=9).to_dicts()[0]
    assert (row["state"], row["hushed"], row["running"], row["decided_by"]) == ("approved", 2, True, "wu")
    effects = store.reader().read("ledger/hushed", at=store.tick(), id="F1", limit=9)
    assert effects["kind"].to_list() == ["HH", "HH"]
    assert effects["alarm_at"].to_list() == [second(2), second(1)]
    assert store.reader().read("ledger/repair", at=store.tick(), point=None)["point"].to_list() == [LEVEL]


@pytest.mark.parametrize("seconds", [-1, 3600])
def test_outside_the_period_it_alarms_as_usual(store, seconds):
    apply(store)
    decide(store)
    assert raised(store, seconds)


def test_pending_refused_or_withdrawn_it_alarms_as_usual(store):
    apply(store)
    assert raised(store, 1)
    decide(store, "refuse", note="not needed")
    assert raised(store, 2, PRESS)


def test_what_lasts_raises_its_alarm_when_the_period_ends(opened, clock):
    store = opened()
    apply(store)
    decide(store)
    detect(store, (LEVEL, "HH", "raised", 1), (PRESS, "HH", "raised", 1))
    clock.forward(1800)
    store.append(readings((PRESS, 1800, 1.0)))
    assert len(ledger(store)) == 1
    store.close()
    again = opened()
    clock.forward(1801)
    again.append(readings((PRESS, 3601, 1.0)))
    said = ledger(again)
    assert said[f"{LEVEL}-HH-20261121T130000000000Z"]["alarm_at"] == second(3600)
    again.append(readings((PRESS, 3602, 1.0)))
    assert len(ledger(again)) == 2
    detect(again, (LEVEL, "HH", "cleared", 3700))
    assert not ledger(again)[f"{LEVEL}-HH-20261121T130000000000Z"]["active"]


def test_what_was_over_before_raises_nothing_then(store, clock):
    apply(store)
    decide(store)
    detect(store, (LEVEL, "HH", "raised", 1), (LEVEL, "HH", "cleared", 60))
    clock.forward(3601)
    store.append(readings((PRESS, 3601, 1.0)))
    assert ledger(store) == {}


def test_a_period_that_is_withdrawn_ends_at_once(store, clock):
    apply(store)
    decide(store)
    assert not raised(store, 1)
    clock.forward(60)
    decide(store, "withdraw", who="li")
    store.append(readings((PRESS, 61, 1.0)))
    assert [each["point"] for each in ledger(store).values()] == [LEVEL]


def test_who_applies_does_not_approve(store):
    apply(store)
    with pytest.raises(NotAllowed, match="another person"):
        decide(store, who="li")
    with pytest.raises(NotAllowed, match="approve_fault"):
        decide(store, rights=EVERY - {"approve_fault"})
    with pytest.raises(BadInput, match="reason"):
        decide(store, "refuse")
    with pytest.raises(BadInput, match="none of approve"):
        decide(store, "delete")
    decide(store)
    with pytest.raises(Conflict, match="'approved' already, by wu"):
        decide(store)


def test_an_application_that_cannot_be(store):
    wrong = {
        "reason": {"reason": "holiday"},
        "target": {"points": ()},
        "note": {"note": " "},
        "ends": {"ends": NOON},
    }
    for field, changed in wrong.items():
        with pytest.raises(BadInput) as refused:
            apply(store, **changed)
        assert refused.value.field == field
    for period in ({"starts": second(-99), "ends": second(-9)}, {"ends": NOON + LONGEST + timedelta(seconds=1)}):
        with pytest.raises(BadInput):
            apply(store, **period)
    apply(store)
    with pytest.raises(Conflict):
        apply(store)
    with pytest.raises(NotFound):
        store.do(Deed(lambda known: store.books.faults.decide("F9", "approve", "", "wu", EVERY, known))).result()


def test_it_is_too_late_to_approve_what_is_over(store, clock):
    apply(store)
    clock.forward(4000)
    with pytest.raises(Conflict, match="over"):
        decide(store)


def test_the_past_shows_the_application_as_it_stood(store, clock):
    apply(store)
    before = store.tick()
    clock.forward(1)
    decide(store)
    asked = {"id": "F1", "state": None, "point": None, "limit": 1}
    states = [store.reader().read("ledger/faults", at=at, **asked)["state"][0] for at in (before, store.tick())]
    assert states == ["pending", "approved"]
    other = store.reader("LW2")
    assert other.read("ledger/faults", at=store.tick(), **asked).is_empty()
    assert other.read("ledger/repair", at=store.tick(), point=LEVEL).is_empty()


def test_the_card_of_a_point_says_that_it_is_under_repair(store, small_park):
    look = Look(store.tick(), {}, small_park)
    before = orjson.dumps(points.detail(store.reader(), LEVEL, look), default=str)
    apply(store)
    decide(store)
    look = Look(store.tick(), {}, small_park)
    after = orjson.dumps(points.detail(store.reader(), LEVEL, look), default=str)
    assert (b"alarm.repair.repair" in before, b"alarm.repair.repair" in after) == (False, True)
