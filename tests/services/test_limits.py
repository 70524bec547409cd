"""Who may ask for another limit, who may approve it, and of which points."""

from __future__ import annotations

import pytest

from cache.store import Store
from services.limits import LimitDesk
from tests.cache.batches import Clock, quick
from twin.errors import Conflict, NotAllowed, NotFound
from twin.person import person_of

POINT = "LW1-T1-TEMP"
ANN = person_of("ann", "Ann", "operator", None)
BOB = person_of("bob", "Bob", "safety_bureau", None)
OWN = person_of("li", "Li", "enterprise_safety", "LW1")
OTHER = person_of("wu", "Wu", "enterprise_safety", "LW2")
AUDITOR = person_of("zhao", "Zhao", "auditor", None)


@pytest.fixture(scope="module")
def store(tmp_path_factory, small_park):
    each = Store.open(tmp_path_factory.mktemp("limits"), small_park, settings=quick(), clock=Clock())
    yield each
    each.close()


@pytest.fixture
def desk(store, small_park):
    store._present._clock.forward(1)
    return LimitDesk(store, small_park, store.change_limits)


def test_one_asks_another_approves_and_the_history_says_both(desk, store):
    before = store.limits.of(POINT, store.tick())
    asked = desk.propose(POINT, "H", before["H"] - 3, "夏季工况", OWN)
    assert (asked["state"], asked["old"], asked["owner"]) == ("waiting", before["H"], "LW1")
    with pytest.raises(Conflict):
        desk.propose(POINT, "H", before["H"] - 4, "again", ANN)
    with pytest.raises(NotAllowed):
        desk.decide(asked["id"], True, "", ANN)
    store._present._clock.forward(1)
    done = desk.decide(asked["id"], True, "同意", BOB)
    assert (done["state"], done["approver"], done["note"]) == ("approved", "bob", "同意")
    store._present._clock.forward(1)
    said = desk.of_point(POINT, store.tick(), ANN)
    assert said["limits"]["H"] == before["H"] - 3
    assert said["given"] == before
    assert [each["id"] for each in said["history"]] == [asked["id"]]
    with pytest.raises(Conflict, match="bob has approved it already"):
        desk.decide(asked["id"], False, "no", BOB)


def test_who_has_no_right_or_no_business_there(desk, store):
    with pytest.raises(NotAllowed) as caught:
        desk.propose(POINT, "HH", 1.0, "x", AUDITOR)
    assert caught.value.code == "no_right"
    for ask in (
        lambda: desk.propose(POINT, "HH", 1.0, "x", OTHER),
        lambda: desk.of_point(POINT, store.tick(), OTHER),
        lambda: desk.propose("NOPE", "HH", 1.0, "x", ANN),
        lambda: desk.decide("LC-none", True, "", BOB),
    ):
        with pytest.raises(NotFound):
            ask()
    asked = desk.propose(POINT, "L", None, "探头更换", OWN) if store.limits.given(POINT)["L"] is not None else None
    store._present._clock.forward(1)
    assert desk.listed(store.tick(), OTHER) == []
    if asked:
        assert asked["id"] in {each["id"] for each in desk.listed(store.tick(), OWN, state="waiting")}
