"""A polygon of five hundred corners over a hundred thousand points: which of them lie in it, and in which state."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import orjson
import pytest

from cache.store import Store
from models.drawing import read_drawn
from models.inside import Drawn
from park.load import Bounds
from services.builder import Builder
from services.within import Finder
from services.within_told import as_json
from tests.bench.fill import SETTINGS, Filled
from tests.bench.measure import percentile, took
from tests.bench.scale import MOMENTS
from tests.cache.batches import Clock
from tests.conftest import Figure
from tests.dashboards.conftest import the_house

pytestmark = pytest.mark.bench
CORNERS = 500
LISTED = 100
STEP_S = 0.1  # nobody becomes silent while it is measured


def star(bounds: Bounds) -> Drawn:
    """A ragged shape over the middle of the park."""
    west, south, east, north = bounds
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = 0.35 * (1 + 0.3 * np.sin(9 * angle) + 0.02 * np.cos(151 * angle))
    lons = (west + east) / 2 + reach * (east - west) * np.cos(angle)
    lats = (south + north) / 2 + reach * (north - south) * np.sin(angle)
    ring = np.column_stack((lons, lats)).tolist()
    return read_drawn({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def test_within(wide_store: Filled, figure: Figure) -> None:
    clock = Clock()
    clock.now = wide_store.last + timedelta(seconds=1)
    store = Store.open(wide_store.folder, wide_store.park, settings=SETTINGS, clock=clock)
    house = the_house()
    finder = Finder(house, wide_store.park, Builder(house, wide_store.park))
    drawn, points = star(wide_store.park.bounds), [house.layer("points")]
    answers: dict[str, bytes] = {}

    def ask(layers: str) -> None:
        wanted = points if layers == "the points" else list(house.layers.values())
        clock.forward(STEP_S)
        answers[layers] = orjson.dumps(as_json(finder.find(drawn, wanted, store.reader(), store.tick()), LISTED))

    took_ms: dict[str, float] = {}
    for layers, promised in (("the points", "≤ 50 ms"), ("every layer", "reported")):
        ask(layers)
        times = [took(lambda layers=layers: ask(layers)) for _ in range(MOMENTS)]
        took_ms[layers] = percentile(times, 50)
        said = f"median {took_ms[layers]:.0f} ms, p95 {percentile(times, 95):.0f} ms"
        figure(f"within {CORNERS} corners, {len(wide_store.park.points):,} points: {layers}", promised, said)
    store.close()
    assert orjson.loads(answers["the points"])["layers"][0]["count"] > len(wide_store.park.points) / 4
    assert took_ms["the points"] <= 50
