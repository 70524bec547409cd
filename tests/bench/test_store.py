"""What the store itself can do in one process: writing, and looking things up beside it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import monotonic

import numpy as np
import polars as pl
import pytest

from cache.store import Store
from park.load import Park
from tests.bench.fill import SETTINGS, Course, Filled, batch_of
from tests.bench.measure import cpu_seconds, paced, percent, percentile, took
from tests.bench.scale import RATE, SECONDS, SHORT_S
from tests.cache.batches import Clock
from tests.conftest import Figure
from tests.plants import wait_until
from twin.moment import Moment, now, to_us

pytestmark = pytest.mark.bench
OWN_THREADS = ("cache-writer", "cache-tidy")
TURNS = 32  # values of each point, again and again
READERS = 10
BOX = 0.1  # of the park's width and height


def tell_now(store: Store, points: pl.DataFrame, rate: int, seconds: float) -> int:
    """Write at a pace, ten batches a second, each point in turn; how many readings were taken."""
    ids, rows, answers = points["id"], rate // 10, []
    turns = rows // len(ids) + 2
    line, values = pl.concat([ids] * turns), Course(points).at(np.arange(TURNS + turns)).ravel()
    for number, _ in enumerate(paced(0.1, round(seconds * 10))):
        first, at = number * rows % (TURNS * len(ids)), now()
        ts = to_us(at) + np.arange(rows) // len(ids)  # no two of a point at one time
        told = line.slice(first % len(ids), rows), ts, values[first : first + rows]
        answers.append(store.submit(batch_of(*told, str(number), at)))
    return sum(each.result().accepted for each in answers)


def busy_s() -> float:
    """Processor seconds of the store's own threads."""
    own = [each for each in threading.enumerate() if each.name in OWN_THREADS]
    return sum(cpu_seconds("self", each.native_id) for each in own)


@pytest.mark.parametrize(("rate", "share"), [(4_000, 0.08), (RATE, 0.25)])
def test_what_writing_costs(tmp_path: Path, demo_park: Park, figure: Figure, rate: int, share: float) -> None:
    store = Store.open(tmp_path, demo_park)
    before = busy_s()
    accepted = tell_now(store, demo_park.points, rate, SHORT_S)
    used = (busy_s() - before) / SHORT_S
    store.close()
    figure(f"writing {rate:,} readings/s, store's threads, share of a core", f"≤ {percent(share)}", percent(used, 1))
    assert accepted == rate // 10 * round(SHORT_S * 10)
    assert used <= share


class Questions:
    """What readers ask of a store, of things chosen by chance."""

    def __init__(self, store: Store, park: Park, seed: int) -> None:
        self._store = store
        self._park = park
        self._ids = park.points["id"]
        self._places = park.points["lon"].to_numpy(), park.points["lat"].to_numpy()
        self._chance = np.random.default_rng(seed)

    def hour(self) -> None:
        """The last hour of one point."""
        at, id = now(), self._ids[int(self._chance.integers(len(self._ids)))]
        self._store.history(id, at - timedelta(hours=1), at)

    def box(self) -> None:
        """The newest values of the points in a box."""
        west, south, east, north = self._park.bounds
        wide, high = (east - west) * BOX, (north - south) * BOX
        left, low = self._chance.uniform(west, east - wide), self._chance.uniform(south, north - high)
        lon, lat = self._places
        here = (lon >= left) & (lon <= left + wide) & (lat >= low) & (lat <= low + high)
        self._store.measured(self._store.tick(), np.flatnonzero(here))

    def alarms(self) -> None:
        """How many alarms are open, by state."""
        self._store.reader().read("ledger/counts", at=self._store.tick())


def test_lookups_beside_writing(tmp_path: Path, wide_store: Filled, figure: Figure) -> None:
    shutil.copytree(wide_store.folder, tmp_path / "data")
    store = Store.open(tmp_path / "data", wide_store.park)
    wait_until(lambda: store.settled, 300)
    noted: dict[str, list[float]] = {"hour": [], "box": [], "alarms": []}
    people = [
        threading.Thread(
            target=asking, args=(getattr(Questions(store, wide_store.park, turn), kind), begin, noted[kind])
        )
        for turn, kind in enumerate((*noted, *noted, *noted, "hour"))
        for begin in [monotonic() + 0.1 + turn / READERS]
    ]
    for each in people:
        each.start()
    accepted = tell_now(store, wide_store.park.points, RATE, SECONDS)
    for each in people:
        each.join()
    store.close()
    promised = {
        "hour": ("last hour of a point", 10),
        "box": ("newest values in a box", 5),
        "alarms": ("alarm counts", 5),
    }
    p95 = {kind: percentile(values, 95) for kind, values in noted.items()}
    for kind, (said, most) in promised.items():
        figure(f"{said} in the store while {RATE:,} readings/s come, p95", f"≤ {most} ms", f"{p95[kind]:.1f} ms")
    assert accepted == RATE // 10 * round(SECONDS * 10)
    assert all(p95[kind] <= most for kind, (_, most) in promised.items())


def asking(ask: Callable[[], None], begin: float, into: list[float]) -> None:
    """Ask once a second."""
    for _ in paced(1.0, round(SECONDS), begin):
        into.append(took(ask))


def test_any_moment_of_an_hour_is_asked_quickly(hour_store: Filled, figure: Figure) -> None:
    clock, ids = Clock(), hour_store.park.points["id"]
    clock.now = hour_store.last + timedelta(seconds=1)
    store = Store.open(hour_store.folder, hour_store.park, settings=SETTINGS, clock=clock)
    span = (hour_store.last - hour_store.first).total_seconds()
    live = [took(lambda: store.state(ticked(store, clock))) for _ in range(20)]
    past = [
        took(lambda ago=ago: store.state(hour_store.last - timedelta(seconds=ago)))
        for ago in span * np.linspace(0.01, 0.97, 20)
    ]
    hour = [took(lambda id=id: store.history(id, hour_store.first, hour_store.last)) for id in ids[:20]]
    store.close()
    figure("state of all points, live, median", "≤ 5 ms", f"{median(live):.1f} ms")
    figure("state of all points, any moment of an hour, worst", "≤ 100 ms", f"{max(past):.0f} ms")
    figure("last hour of one point out of 14 million readings, median", "≤ 200 ms", f"{median(hour):.0f} ms")
    assert median(live) <= 5
    assert max(past) <= 100
    assert median(hour) <= 200


def ticked(store: Store, clock: Clock) -> Moment:
    """A moment nobody has asked for yet."""
    clock.forward(0.5)
    return store.tick()
