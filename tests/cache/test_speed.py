"""Figures promised for the cache; measured by ``make bench``."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import numpy as np
import polars as pl
import pytest

from cache.store import Store
from tests.cache.batches import Clock
from twin.moment import Moment, now, to_us
from twin.reading import DECODED_READINGS, Batch
from twin.settings import StoreSettings

pytestmark = pytest.mark.bench
SECONDS = 20


def batches(ids: pl.Series, rows: int) -> Iterator[Batch]:
    """Batches of so many readings, stamped now, each point in turn."""
    chance = np.random.default_rng(1)
    for number in count():
        at = to_us(now())
        columns = {
            "index": np.arange(rows),
            "point": ids.gather((np.arange(rows) + number * rows) % len(ids)),
            "ts": pl.Series(at + np.arange(rows)).cast(DECODED_READINGS["ts"]),
            "value": chance.random(rows).round(2),
            "quality": np.zeros(rows, np.uint8),
        }
        yield Batch("reading", pl.DataFrame(columns), "bench", str(number), now())


def busy_s(store: Store) -> float:
    """Processor seconds the writer's thread has used."""
    with open(f"/proc/self/task/{store._writer._thread.native_id}/stat", encoding="ascii") as said:
        fields = said.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(("rate", "share"), [(4_000, 0.08), (100_000, 0.25)])
def test_what_writing_costs(tmp_path, demo_park, figure, rate, share):
    store = Store.open(tmp_path, demo_park)
    source, answers, began, before = batches(demo_park.points["id"], rate // 10), [], time.monotonic(), busy_s(store)
    for number in range(SECONDS * 10):
        answers.append(store.submit(next(source)))
        wait_until(began + (number + 1) / 10)
    accepted = sum(each.result().accepted for each in answers)
    used = (busy_s(store) - before) / (time.monotonic() - began)
    store.close()
    figure(f"writing {rate:,} readings/s, share of a core", f"≤ {share:.0%}", f"{used:.1%}")
    assert accepted == rate * SECONDS
    assert used <= share


def wait_until(moment: float) -> None:
    """Keep the pace of a real source."""
    time.sleep(max(0.0, moment - time.monotonic()))


def test_any_moment_of_an_hour_is_asked_quickly(tmp_path, demo_park, figure):
    clock, ids = Clock(), demo_park.points["id"]
    store = Store.open(tmp_path, demo_park, settings=StoreSettings(group_s=0.0), clock=clock)
    fill_an_hour(store, clock, ids)
    live = [took(lambda: store.state(ticked(store, clock))) for _ in range(20)]
    past = [took(lambda ago=ago: store.state(clock.now - timedelta(seconds=ago))) for ago in range(7, 3600, 359)]
    hour = [took(lambda id=id: store.history(id, clock.now - timedelta(hours=1), clock.now)) for id in ids[:10]]
    store.close()
    figure("state of all points, live, median", "≤ 5 ms", f"{statistics.median(live):.1f} ms")
    figure("state of all points, any moment of an hour, worst", "≤ 100 ms", f"{max(past):.0f} ms")
    figure("last hour of one point out of 14 million readings, median", "≤ 200 ms", f"{statistics.median(hour):.0f} ms")
    assert statistics.median(live) <= 5
    assert max(past) <= 100
    assert statistics.median(hour) <= 200


def fill_an_hour(store: Store, clock: Clock, ids: pl.Series) -> None:
    """One reading a second of every point, known as it came."""
    source = batches(ids, len(ids))
    for _ in range(3600):
        clock.forward(1)
        store.append(stamped(next(source), clock.now))


def ticked(store: Store, clock: Clock) -> Moment:
    """A moment nobody has asked for yet."""
    clock.forward(0.5)
    return store.tick()


def stamped(batch: Batch, at: Moment) -> Batch:
    """The same readings at another second."""
    times = pl.Series(to_us(at) - np.arange(len(batch.rows))).cast(DECODED_READINGS["ts"])
    return Batch(batch.table, batch.rows.with_columns(ts=times), batch.source, batch.batch_id, at)


def took(act) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
