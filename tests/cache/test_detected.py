"""From a reading to the ledger: detection wired into the store."""

from __future__ import annotations

from models.limits import Change
from tests.cache.batches import readings
from tests.models.detecting import same_state
from tests.plants import wait_until
from twin.moment import Moment

POINT = "LW1-T1-TEMP"  # on-delay 3 s, off-delay 5 s


def alarms(store) -> list[tuple[str, float | None, bool]]:
    rows = store._database.query(
        "SELECT kind, value, cleared_at IS NULL AS lasts FROM alarm WHERE known_to IS NULL ORDER BY alarm_at"
    )
    return rows.rows()


def ask_and_approve(store, new: float) -> None:
    def ask(known: Moment) -> Change:
        return store.limits.ask(Change("LC-1", POINT, "H", None, new, "测试", "ann", known), known)

    store.change_limits(ask)
    store.change_limits(lambda known: store.limits.decide("LC-1", True, "bob", "", known))


def test_a_value_beyond_its_limit_is_in_the_ledger_with_the_reading_that_shows_it(store, clock):
    high = store.limits.given(POINT)["H"]
    store.append(readings((POINT, 0, high - 5), (POINT, 1, high + 1), (POINT, 3, high + 2)))
    assert alarms(store) == []
    clock.forward(4)
    store.append(readings((POINT, 4, high + 3)))
    assert alarms(store) == [("H", high + 2, True)]
    store.append(readings((POINT, 5, high - 5), (POINT, 10, high - 5)))
    assert alarms(store) == [("H", high + 2, False)]


def test_time_alone_raises_it_too(store, clock):
    high = store.limits.given(POINT)["H"]
    store.append(readings((POINT, 0, high + 1)))
    clock.forward(4)
    wait_until(lambda: alarms(store) == [("H", high + 1, True)])


def test_a_new_limit_counts_for_what_is_held_and_is_in_the_journal(store, clock):
    high = store.limits.given(POINT)["H"]
    store.append(readings((POINT, 0, high - 5)))
    clock.forward(1)
    ask_and_approve(store, high - 10)
    clock.forward(4)
    wait_until(lambda: alarms(store) == [("H", high - 5, True)])
    told = store._database.query("SELECT event, who FROM journal WHERE stream = 'limit' ORDER BY seq").rows()
    assert told == [("asked", "ann"), ("approved", "bob")]


def test_what_is_under_way_goes_on_when_the_file_is_opened_again(opened, clock):
    store = opened()
    high = store.limits.given(POINT)["H"]
    store.append(readings((POINT, 0, high + 1)))
    clock.forward(200)
    store.tidy()
    store.append(readings((POINT, 1, high + 2)))
    state = store.watch.detector.state
    store.close()
    store = opened()
    assert same_state(store.watch.detector.state, state) == []
    store.append(readings((POINT, 3, high + 1)))
    assert [kind for kind, *_ in alarms(store)] == ["H"]


def test_a_source_that_is_down_is_one_alarm_and_its_points_none(store, clock):
    store.append(readings((POINT, 0, 5.0)))
    store.timers.down = lambda: frozenset({"plant"})
    let_pass(store, clock, 120)
    assert [kind for kind, *_ in alarms(store)] == ["source"]
    store.timers.down = frozenset
    let_pass(store, clock, 80)
    assert [(kind, lasts) for kind, _, lasts in alarms(store)] == [("source", False), ("offline", True)]


def let_pass(store, clock, seconds: int) -> None:
    """Time that the twin is there for."""
    for _ in range(0, seconds, 4):
        clock.forward(4)
        wait_until(lambda: store.watch.detector._there >= clock.now)
