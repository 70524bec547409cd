"""How many alarms are open is kept at hand while a program asks for the figures, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cache.store import Store
from services import metrics as figures
from services.alarm_counts import COUNTS, alarm_counts
from services.metrics import Metrics
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


def raised(store: Store, id: str) -> None:
    told = {"id": id, "enterprise_id": "LW1", "hazard_point_id": "LW1-T1-LEVEL", "alarm_at": second(-60)}
    told |= {"alarm_type": "01", "alarm_status": "01", "handling_status": "01", "is_false_alarm": False}
    store.append(records("hazard_alarm", told))


def test_the_counts_are_read_anew_while_somebody_asks_and_no_longer(store, asked, small_park, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(figures, "monotonic", lambda: clock.now.timestamp())
    metrics = Metrics()
    look = alarm_counts(metrics).make(store, small_park)
    raised(store, "A1")
    look(store.tick())
    assert asked == [], "nobody has asked for the figures yet"
    metrics.text()
    look(store.tick())
    assert len(asked) == 1
    assert store.reader().read(COUNTS, at=store.tick())["n"].to_list() == [1]
    assert len(asked) == 1, "who asks finds it at hand"
    clock.forward(61)
    raised(store, "A2")
    look(store.tick())
    assert len(asked) == 1
