"""A store with hundreds of millions of readings: any span, any moment, opened in no time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import numpy as np
import pytest

from cache.store import Store
from tests.bench.conftest import millions, serving
from tests.bench.fill import SETTINGS, Filled
from tests.bench.measure import percentile, took
from tests.bench.scale import MOMENTS
from tests.cache.batches import Clock
from tests.conftest import Figure

pytestmark = pytest.mark.bench
SEED = 20261121
MONTH = timedelta(days=30)


def opened(deep: Filled) -> Store:
    """The store at the moment it was filled."""
    clock = Clock()
    clock.now = deep.last + timedelta(seconds=1)
    return Store.open(deep.folder, deep.park, settings=SETTINGS, clock=clock)


@pytest.fixture(scope="module")
def store(deep_store: Filled) -> Iterator[Store]:
    """Open while it is asked."""
    each = opened(deep_store)
    yield each
    each.close()


def test_opening(deep_store: Filled, figure: Figure) -> None:
    began = monotonic()
    store = opened(deep_store)
    alone = monotonic() - began
    store.close()
    began = monotonic()
    with serving(deep_store.park, deep_store.folder):
        served = monotonic() - began
    figure(f"{millions(deep_store)}: start of the server until it is well", "≤ 10 s", f"{served:.1f} s")
    figure(f"{millions(deep_store)}: opening the store alone", "≤ 10 s", f"{alone:.1f} s")
    assert served <= 10


def test_thirty_days_of_a_point(deep_store: Filled, store: Store, figure: Figure) -> None:
    chance = np.random.default_rng(SEED)
    ids = [deep_store.park.points["id"][int(each)] for each in chance.integers(0, len(deep_store.park.points), MOMENTS)]
    rows: list[int] = []
    start, end = deep_store.last - MONTH, deep_store.last
    times = [took(lambda id=id: rows.append(len(store.history(id, start, end)["ts"]))) for id in ids]
    said = f"p95 {percentile(times, 95):.0f} ms, first {times[0]:.0f} ms"
    figure(f"{millions(deep_store)}: one point over 30 days in 2,000 buckets", "≤ 150 ms", said)
    assert 100 < min(rows) <= max(rows) <= 2_000
    assert percentile(times, 95) <= 150


def test_the_whole_park_at_any_moment(deep_store: Filled, store: Store, figure: Figure) -> None:
    chance, span = np.random.default_rng(SEED), deep_store.last - deep_store.first
    moments = [deep_store.first + span * float(each) for each in chance.uniform(0.05, 1, MOMENTS)]
    recent = [
        deep_store.last - min(timedelta(days=1), span / 2) * float(each) for each in chance.uniform(0.01, 1, MOMENTS)
    ]
    for name, asked in (("any moment", moments), ("any moment of the last day", recent)):
        heard: list[int] = []
        times = [took(lambda at=at, into=heard: into.append(store.state(at)["ts"].count())) for at in asked]
        said = f"median {percentile(times, 50):.0f} ms, worst {max(times):.0f} ms"
        figure(f"{millions(deep_store)}: the whole park, {name}", "≤ 200 ms", said)
        assert min(heard) == len(deep_store.park.points)
        assert max(times) <= 200


def test_nothing_is_missing_and_it_is_small(deep_store: Filled, store: Store, figure: Figure) -> None:
    each = deep_store.size_bytes / deep_store.readings
    figure(f"{millions(deep_store)}: bytes a reading, everything in the folder", "reported", f"{each:.2f}")
    figure(f"{millions(deep_store)}: written through the store in", "reported", f"{deep_store.took_s / 60:.1f} min")
    assert store.stats()["readings"] == deep_store.readings
