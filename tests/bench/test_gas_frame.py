"""The gas screen of the demo park while ammonia leaks: every device, every gap, every card, live and in the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from adapters._records import record_batch
from cache.store import Store
from demo.books import books
from demo.clock import MINUTE_MS
from demo.world import World
from park.load import Park
from services.builder import Builder
from tests.bench.measure import percentile, took
from tests.cache.batches import Clock, quick
from tests.conftest import Figure
from tests.dashboards.conftest import the_house
from tests.demo.worlds import AFTERNOON, ms, world
from twin.dictionary import dictionary
from twin.reading import DECODED_READINGS, READING_TABLE, Batch

pytestmark = pytest.mark.bench
AFTER_MIN, FRAMES, STEP_S = 6, 40, 0.5


def _readings(staged: World, at_ms: int) -> Batch:
    """What every instrument of the demo park shows at a moment."""
    ix = np.arange(len(staged.points))
    shown = staged.signals.shown(ix, np.full(ix.size, at_ms))
    told = pl.DataFrame({"index": ix, "point": staged.points.ids, "value": shown.value, "quality": shown.quality})
    ts = datetime.fromtimestamp(at_ms / 1000, UTC)
    rows = told.filter(pl.Series(shown.online)).with_columns(ts=pl.lit(ts))
    return Batch(READING_TABLE, rows.select(DECODED_READINGS.names()).cast(DECODED_READINGS), "demo", str(at_ms), ts)


@pytest.fixture
def leaking(tmp_path: Path, demo_park: Park) -> tuple[Store, Builder, Clock, World]:
    """The demo park some minutes after its ammonia began to leak, told of everything."""
    staged, clock = world("ammonia_leak"), Clock()
    at_ms = ms(AFTERNOON) + AFTER_MIN * MINUTE_MS
    clock.now = datetime.fromtimestamp(at_ms / 1000, UTC)
    store = Store.open(tmp_path, demo_park, settings=quick(), clock=clock)
    for name, book in books(staged).items():
        told = book.page(None, at_ms, 100_000).records
        if told:
            store.append(record_batch(dictionary().table(name), told, "demo", name, clock.now, range(len(told))))
    return store, Builder(the_house(), demo_park), clock, staged


def test_frame_of_the_gas_screen(leaking: tuple[Store, Builder, Clock, World], figure: Figure) -> None:
    store, builder, clock, staged = leaking
    key, reader, moments = builder.key("gas", {}), store.reader(), []
    live, past = [], []
    for _ in range(FRAMES):
        store.append(_readings(staged, round(clock.now.timestamp() * 1000)))
        clock.forward(STEP_S)
        moments.append(store.tick())
        live.append(took(lambda at=moments[-1]: builder.frame(key, reader, at)))
    for at in moments[:-10]:
        past.append(took(lambda at=at - timedelta(milliseconds=1): builder.frame(key, reader, at)))
    shown = builder.frame(key, reader, moments[-1])
    store.close()
    assert shown.panels["gas_leaks"]["total"] > 5
    assert shown.layers["gas_blind"]
    said = f"live median {percentile(live, 50):.0f} ms, past median {percentile(past, 50):.0f} ms"
    figure("the gas screen's frame, 4,000 points, 1,308 devices, ammonia leaking", "≤ 50 ms", said)
    assert percentile(live, 50) <= 50
    assert percentile(past, 50) <= 50
