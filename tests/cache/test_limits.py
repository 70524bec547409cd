"""Limits change from the moment of their approval on; the past keeps those of then."""

from __future__ import annotations

import numpy as np
import pytest

from models.limits import Change
from tests.cache.batches import readings
from twin.errors import Conflict, NotFound, StoreError
from twin.moment import Moment

POINT = "LW1-T1-TEMP"


def ask(store, new: float | None, which: str = "H", id: str = "LC-1") -> Change:
    def work(known: Moment) -> Change:
        return store.limits.ask(Change(id, POINT, which, None, new, "测试", "ann", known), known)

    return store.change_limits(work)


def approve(store, id: str = "LC-1") -> Change:
    return store.change_limits(lambda known: store.limits.decide(id, True, "bob", "", known))


def status(store, at: Moment, knowledge: str = "known") -> tuple[str, float]:
    row = store.state(at, knowledge).row(store.index(POINT), named=True)
    return row["status"], row["alarm_hi"]


def moment(store, clock, seconds: float = 1.0) -> Moment:
    clock.forward(seconds)
    return store.tick()


def test_the_past_keeps_its_limits(store, clock):
    given = store.limits.given(POINT)["H"]
    store.append(readings((POINT, 0, given - 1)))
    before = moment(store, clock)
    ask(store, given - 2)
    asked = moment(store, clock)
    assert status(store, asked) == ("normal", given)
    clock.forward(1)
    approve(store)
    after = moment(store, clock)
    assert status(store, after) == ("h", given - 2)
    assert status(store, before) == ("normal", given)
    assert status(store, before, "latest") == ("normal", given)
    assert store.limits.of(POINT, before)["H"] == given
    assert store.limits.of(POINT, after)["H"] == given - 2
    assert store.state(after, points=[store.index(POINT)])["alarm_hi"].to_list() == [given - 2]
    for at in (before, after):
        ix = store.index(POINT)
        assert store.point(at, ix) == store.state(at).row(ix, named=True)


def test_what_was_approved_stays_when_the_file_is_opened_again(opened, clock):
    store = opened()
    given = store.limits.given(POINT)["H"]
    ask(store, given - 2)
    clock.forward(1)
    approve(store)
    ask(store, None, "HH", "LC-2")
    store.close()
    clock.forward(1)
    store = opened()
    assert store.limits.of(POINT, clock.now)["H"] == given - 2
    with pytest.raises(Conflict):
        ask(store, None, "HH", "LC-3")
    clock.forward(1)
    approve(store, "LC-2")
    assert store.limits.of(POINT, store.tick())["HH"] is None
    assert np.isnan(store.limits.at(moment(store, clock)).hi_hi[store.index(POINT)])


def test_what_is_refused_or_unknown_changes_nothing(store, clock):
    given = store.limits.of(POINT, store.tick())
    ask(store, given["H"] - 2)
    store.change_limits(lambda known: store.limits.decide("LC-1", False, "bob", "太低", known))
    assert store.limits.of(POINT, moment(store, clock)) == given
    with pytest.raises(NotFound):
        approve(store, "LC-9")
    with pytest.raises(Conflict):
        approve(store)


def test_each_change_is_told_inside_its_transaction(store, clock):
    told, detected = [], []
    store.limits.on_change.append(lambda change, event, who, known: told.append((change.id, event, who)))
    store.limits.on_approved.append(lambda known: detected.append(store.limits.at(known).hi[store.index(POINT)]))
    new = store.limits.given(POINT)["H"] - 2
    ask(store, new)
    clock.forward(1)
    approve(store)
    assert told == [("LC-1", "asked", "ann"), ("LC-1", "approved", "bob")]
    assert detected == [new], "who detects by new limits sees them before they are durable"


def test_the_history_as_known_at_a_moment(store, clock):
    empty = store.tick()
    wanted = {"point": None, "id": None, "state": None, "limit": 10}
    assert len(store.reader().read("limits/changes", at=empty, **wanted)) == 0
    ask(store, store.limits.given(POINT)["H"] - 2)
    asked = moment(store, clock)
    approve(store)
    after = moment(store, clock)
    states = {
        at: store.reader().read("limits/changes", at=at, **wanted)["state"].to_list() for at in (empty, asked, after)
    }
    assert states == {empty: [], asked: ["waiting"], after: ["approved"]}
    owner = store.state(after)["owner"][store.index(POINT)]
    assert len(store.reader(owner).read("limits/changes", at=after, **wanted)) == 1
    assert len(store.reader("LW2").read("limits/changes", at=after, **wanted)) == (owner == "LW2")


def test_what_was_undone_leaves_no_trace(store, clock):
    given = store.limits.of(POINT, store.tick())
    ask(store, given["H"] - 2)

    def fails(known: Moment) -> Change:
        store.limits.decide("LC-1", True, "bob", "", known)
        raise OSError("no room")

    with pytest.raises((OSError, StoreError), match="no room"):
        store.change_limits(fails)
    store.limits.forget()
    assert store.limits.of(POINT, moment(store, clock)) == given
    assert approve(store).state == "approved"
