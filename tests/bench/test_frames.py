"""The whole map of a hundred thousand points, live and at a moment of the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from cache.store import Store
from services.builder import Builder
from tests.bench.conftest import millions
from tests.bench.fill import SETTINGS, Filled
from tests.bench.measure import percentile, took
from tests.bench.scale import MOMENTS
from tests.cache.batches import Clock
from tests.conftest import Figure
from tests.dashboards.conftest import the_house
from twin.moment import Moment

pytestmark = pytest.mark.bench
LIVE_STEP_S = 0.1  # nobody becomes silent while it is measured


@pytest.fixture(scope="module")
def wide(wide_and_deep_store: Filled) -> Iterator[tuple[Store, Clock, str]]:
    """The store while it is asked, its clock, and how it is called in figures."""
    clock = Clock()
    clock.now = wide_and_deep_store.last + timedelta(seconds=1)
    store = Store.open(wide_and_deep_store.folder, wide_and_deep_store.park, settings=SETTINGS, clock=clock)
    points = len(wide_and_deep_store.park.points)
    yield store, clock, f"{millions(wide_and_deep_store)} of {points:,} points"
    store.close()


def moments(filled: Filled, seed: int) -> list[Moment]:
    """Any of the time that is filled."""
    span = filled.last - filled.first
    return [filled.first + span * float(each) for each in np.random.default_rng(seed).uniform(0.05, 0.98, MOMENTS)]


def test_the_whole_park(wide: tuple[Store, Clock, str], wide_and_deep_store: Filled, figure: Figure) -> None:
    store, _, name = wide
    heard: list[int] = []
    times = [took(lambda at=at: heard.append(store.state(at)["ts"].count())) for at in moments(wide_and_deep_store, 1)]
    said = f"median {percentile(times, 50):.0f} ms, worst {max(times):.0f} ms"
    figure(f"{name}: the whole park, any moment", "≤ 200 ms", said)
    assert min(heard) == len(wide_and_deep_store.park.points)
    assert max(times) <= 200


def test_frame(wide: tuple[Store, Clock, str], wide_and_deep_store: Filled, figure: Figure) -> None:
    store, clock, name = wide
    builder = Builder(the_house(), wide_and_deep_store.park)
    key, reader, frames = builder.key("overview", {}), store.reader(), []

    def build(at: Moment) -> None:
        frames.append(builder.frame(key, reader, at))

    live, past = [], []
    for at in moments(wide_and_deep_store, 2):
        clock.forward(LIVE_STEP_S)
        live.append(took(lambda: build(store.tick())))
        past.append(took(lambda at=at: build(at)))
    for which, times in (("live", live), ("at a past moment", past)):
        said = f"median {percentile(times, 50):.0f} ms, p95 {percentile(times, 95):.0f} ms"
        figure(f"{name}: the overview's frame, {which}", "≤ 150 ms", said)
    assert all(each.layers and each.panels for each in frames)
    assert percentile(live, 95) <= 150
    assert percentile(past, 95) <= 150
