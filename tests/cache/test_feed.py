"""What changed since a version, told no sooner than it can be asked for."""

from __future__ import annotations

import threading

from tests.cache.batches import readings, records

LEVEL, TEMP = "LW1-T1-LEVEL", "LW1-T1-TEMP"


def test_changes_are_told_at_the_tick_they_belong_to(store):
    start = store.feed.version
    store.append(readings((TEMP, -1, 20.0), (LEVEL, -1, 5.0)))
    assert store.feed.changes_since(start).tables == frozenset()
    store.tick()
    said = store.feed.changes_since(start)
    assert (said.tables, said.points.tolist(), said.whole) == (frozenset({"reading"}), [0, 1], False)
    assert store.feed.changes_since(said.version).tables == frozenset()


def test_changes_of_many_commits_are_joined(store):
    start = store.feed.version
    store.append(readings((LEVEL, -2, 5.0)))
    store.append(readings((LEVEL, -1, 6.0)))
    store.append(records("hazard_alarm", {"id": "A"}))
    store.tick()
    said = store.feed.changes_since(start)
    assert said.tables == {"reading", "hazard_alarm", "alarm", "journal"}
    assert said.points.tolist() == [0]


def test_a_duplicate_and_a_late_reading_change_no_point(store):
    store.append(readings((LEVEL, -1, 5.0)))
    store.tick()
    start = store.feed.version
    store.append(readings((LEVEL, -1, 5.0)))
    store.append(records("hazard_alarm", {"id": "A"}))
    store.append(records("hazard_alarm", {"id": "A"}))
    store.append(readings((LEVEL, -9, 5.0)))
    store.tick()
    said = store.feed.changes_since(start)
    assert said.points.tolist() == []
    assert said.tables == {"reading", "hazard_alarm", "alarm", "journal"}


def test_who_was_away_too_long_hears_that_everything_may_have_changed(store):
    store.append(readings((LEVEL, -1, 5.0)))
    for _ in range(5000):
        store.feed.publish(frozenset({"pulse"}), store.feed.changes_since(0).points)
    store.tick()
    assert store.feed.changes_since(0).whole
    assert not store.feed.changes_since(store.feed.version - 10).whole


def test_waiting_ends_with_the_next_commit(store):
    assert not store.feed.wait(0.0)
    threading.Timer(0.05, lambda: store.append(readings((LEVEL, -1, 5.0)))).start()
    assert store.feed.wait(10.0)
    store.tick()
    assert not store.feed.wait(0.0)
