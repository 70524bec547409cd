"""Key figures of alarms (KPI-2 … KPI-6, KPI-12): given alarms, expected figures."""

from __future__ import annotations

from typing import Any

import pytest

from cache.store import Store
from tests.cache.batches import NOON, Clock, quick, second
from tests.cache.ledger import act, detect
from twin.moment import Moment

LEVEL, PRESS, TEMP = "LW1-T1-LEVEL", "LW1-U2-PRESS", "LW1-T1-TEMP"


@pytest.fixture
def clock() -> Clock:
    """A clock that is set by hand."""
    return Clock()


@pytest.fixture
def store(tmp_path, small_park, clock):
    """An empty store."""
    each = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    yield each
    each.close()


def figures(store: Store, at: Moment | None = None, scope: str = "park", **more: Any) -> dict[str, Any]:
    asked = {"start": NOON, "end": second(3600), "enterprise": None, **more}
    return store.reader(scope).read("kpi/alarms", at=at or store.tick(), **asked).to_dicts()[0]


def id_of(point: str, kind: str) -> str:
    return f"{point}-{kind}-20261121T120000000000Z"


def test_an_empty_park_has_no_rates(store):
    said = figures(store)
    assert (said["raised"], said["unhandled"], said["cleared"]) == (0, 0, 0)
    assert [said[each] for each in ("handling_rate", "timely_rate", "false_rate", "closed_rate", "clearing_s")] == [
        None
    ] * 5


def test_the_figures_of_four_alarms(store, clock):
    detect(
        store,
        (LEVEL, "HH", "raised", 0),
        (LEVEL, "L", "raised", 0),
        (PRESS, "H", "raised", 0),
        (TEMP, "H", "raised", 0),
    )
    first = store.tick()
    clock.forward(120)
    act(store, id_of(LEVEL, "HH"), "acknowledge")  # in time
    act(store, id_of(LEVEL, "L"), "judge", judged="false")
    detect(store, (LEVEL, "HH", "cleared", 100), (PRESS, "H", "cleared", 300))
    act(store, id_of(LEVEL, "HH"), "judge", judged="confirmed", to="LW1")
    act(store, id_of(LEVEL, "HH"), "report")
    act(store, id_of(LEVEL, "HH"), "close")
    clock.forward(1000)
    act(store, id_of(PRESS, "H"), "report")  # late
    said = figures(store)
    assert (said["raised"], said["handled"], said["timely"], said["lasting"]) == (4, 3, 2, 2)
    assert (said["handling_rate"], said["timely_rate"]) == (0.75, 0.5)
    assert (said["judged"], said["false_rate"]) == (2, 0.5)
    assert (said["cleared"], said["clearing_s"]) == (2, 200.0)
    assert (said["valid"], said["closed_rate"]) == (3, pytest.approx(1 / 3))
    assert said["unhandled"] == 1
    then = figures(store, first)
    assert (then["raised"], then["handled"], then["unhandled"]) == (4, 0, 4)
    assert figures(store, scope="LW2")["raised"] == 0
    assert figures(store, enterprise="LW1")["raised"] == 4
    assert figures(store, start=second(1), end=second(2))["raised"] == 0
