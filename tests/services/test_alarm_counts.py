"""How many alarms are open is kept at hand while a program asks for the figures, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cache.store import Store
from services import alarm_counts
from services.alarm_counts import AlarmCounts
from tests.cache.batches import Clock, quick, records, second


@pytest.fixture
def store(tmp_path, small_park) -> Iterator[Store]:
    opened = Store.open(tmp_path, small_park, settings=quick(), clock=Clock())
    yield opened
    opened.close()


@pytest.fixture
def asked(store, monkeypatch) -> list[str]:
    """Every question about alarms that the file is asked."""
    said: list[str] = []
    query = store._database.query

    def heard(sql, *more, **tables):
        said.extend([sql] if "alarm_at(" in sql else [])
        return query(sql, *more, **tables)

    monkeypatch.setattr(store._database, "query", heard)
    return said


def raised(store: Store, id: str, owner: str = "LW1", point: str = "LW1-T1-LEVEL", kind: str = "01") -> None:
    told = {"id": id, "enterprise_id": owner, "hazard_point_id": point, "alarm_at": second(-60), "alarm_type": kind}
    told |= {"alarm_status": "01", "handling_status": "01", "is_false_alarm": False}
    store.append(records("hazard_alarm", told))


def test_the_counts_are_read_anew_while_somebody_asks_and_no_longer(store, asked, small_park, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(alarm_counts, "monotonic", lambda: clock.now.timestamp())
    counts = AlarmCounts(store)
    look = counts.round().make(store, small_park)
    raised(store, "A1")
    look(store.tick())
    assert asked == [], "nobody has asked for the figures yet"
    assert counts.at(store.tick()).open == 1
    assert len(asked) == 1
    raised(store, "A2")
    look(store.tick())
    assert len(asked) == 3, "by stage and by handling"
    assert counts.at(store.tick()).open == 2
    assert len(asked) == 3, "who asks finds it at hand"
    clock.forward(61)
    raised(store, "A3")
    look(store.tick())
    assert len(asked) == 3


def test_each_is_told_of_what_they_see_and_of_every_level_and_stage(store):
    raised(store, "A1")
    raised(store, "A2", kind="02")
    raised(store, "A3", "LW2", "LW2-U1-GC1")
    counts, at = AlarmCounts(store), store.tick()
    whole, own = counts.at(at), counts.at(at, "LW1")
    assert (whole.open, own.open) == (3, 2)
    assert set(whole.levels) == {"S", "A", "B", "C", "D"}
    assert set(whole.stages) == {"new", "screen", "watch", "held", "handled", "off"}
    for told in (whole, own):
        assert {sum(each.values()) for each in (told.levels, told.stages)} == {told.open}
        assert told.lasting == told.open
    assert counts.by_handling(at) == {"open": 3}
    assert counts.at(second(-3600)).open == 0
