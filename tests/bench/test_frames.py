"""The whole map of a hundred thousand points, live and at a moment of the past."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cache.store import Store
from services.builder import Builder
from tests.bench.fill import SETTINGS, Filled
from tests.bench.measure import percentile, took
from tests.bench.scale import MOMENTS
from tests.cache.batches import Clock
from tests.conftest import Figure
from tests.dashboards.conftest import the_house
from twin.moment import Moment

pytestmark = pytest.mark.bench
LIVE_STEP_S = 0.1  # nobody becomes silent while it is measured


def test_frame(wide_store: Filled, figure: Figure) -> None:
    clock = Clock()
    clock.now = wide_store.last + timedelta(seconds=1)
    store = Store.open(wide_store.folder, wide_store.park, settings=SETTINGS, clock=clock)
    builder = Builder(the_house(), wide_store.park)
    key, reader = builder.key("overview", {}), store.reader()
    span, frames = wide_store.last - wide_store.first, []

    def build(at: Moment) -> None:
        frames.append(builder.frame(key, reader, at))

    live, past = [], []
    for share in np.linspace(0.05, 0.98, MOMENTS):
        clock.forward(LIVE_STEP_S)
        live.append(took(lambda: build(store.tick())))
        past.append(took(lambda at=wide_store.first + span * float(share): build(at)))
    store.close()
    for name, times in (("live", live), ("at a past moment", past)):
        said = f"median {percentile(times, 50):.0f} ms, p95 {percentile(times, 95):.0f} ms"
        figure(f"the overview's frame at {len(wide_store.park.points):,} points, {name}", "≤ 150 ms", said)
    assert all(each.layers and each.panels for each in frames)
    assert percentile(live, 95) <= 150
    assert percentile(past, 95) <= 150
