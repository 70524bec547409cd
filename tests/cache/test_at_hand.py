"""Closed readings that are kept in memory: the same answers as from the file, at once, whatever comes late."""

from __future__ import annotations

import math
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Event

import numpy as np
import pytest

from cache.database import Database
from cache.history.at_hand import HOUR_US, AtHand
from cache.history.reads import Reads
from cache.history.samples import Samples
from cache.store import Store
from tests.cache.batches import NOON, Clock, quick, readings, second
from twin.moment import Moment, parse_moment, to_us
from twin.settings import Thinning

LEVEL, TEMP = "LW1-T1-LEVEL", "LW1-T1-TEMP"
HOUR = 3600.0


@pytest.fixture
def store(opened):
    """An empty store that keeps no last hour, so that points are at hand by what was looked at alone."""
    return opened(quick(last_hour_bytes=0))


class Told:
    """All that a store was told of one point, and what a plain count says of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: list[tuple[Moment, float, float, int]] = []  # known, seconds after noon, value, quality

    def tell(self, *rows: tuple[float, float, int]) -> None:
        """Readings as seconds after noon, value and quality."""
        known = self._store.append(readings(*((LEVEL, *row) for row in rows))).known
        self._rows += [(known, *row) for row in rows]

    def known(self, start: float, end: float, at: Moment) -> dict[float, tuple[float, int]]:
        """Value and quality by time."""
        rows = sorted((row for row in self._rows if row[0] <= at and start <= row[1] <= end), key=lambda row: row[0])
        return dict(sorted({ts: (value, quality) for _, ts, value, quality in rows}.items()))

    def buckets(self, start: float, end: float, at: Moment, width: float) -> dict[float, list[tuple[float, int]]]:
        """The same by bucket."""
        found: dict[float, list[tuple[float, int]]] = {}
        noon = NOON.timestamp()
        for ts, each in self.known(start, end, at).items():
            found.setdefault(max(start, (noon + ts) // width * width - noon), []).append(each)
        return found


def same(told: Told, store: Store, start: float, end: float, at: Moment, most: int) -> None:
    """Ask both."""
    said = store.history(LEVEL, second(start), second(end), at=at, max_points=most)
    times = [(parse_moment(ts) - NOON).total_seconds() for ts in said["ts"]]
    plain = told.known(start, end, at)
    if len(plain) <= most:
        assert said["bucket_s"] == 0
        assert list(zip(times, zip(said["value"], said["quality"], strict=True), strict=True)) == list(plain.items())
        return
    buckets = told.buckets(start, end, at, said["bucket_s"])
    assert times == list(buckets)
    values = [[value for value, _ in each] for each in buckets.values()]
    assert said["min"] == [min(each) for each in values]
    assert said["max"] == [max(each) for each in values]
    assert said["value"] == pytest.approx([sum(each) / len(each) for each in values], rel=1e-12)
    assert said["quality"] == [max(quality for _, quality in each) for each in buckets.values()]


@pytest.mark.parametrize(
    ("at_hand_bytes", "last_hour_bytes", "seed"),
    [(0, 0, 1), (60_000, 0, 2), (10_000_000, 3_000, 3), (0, 10_000_000, 4)],
)
def test_whatever_comes_and_is_asked_the_answer_is_that_of_a_plain_count(
    opened, clock, at_hand_bytes, last_hour_bytes, seed
):
    store = opened(quick(at_hand_bytes=at_hand_bytes, last_hour_bytes=last_hour_bytes))
    chance = Random(seed)
    told, now, moments = Told(store), 0.0, [NOON]
    for _ in range(40):
        now += chance.choice((7.0, 61.0, 600.0, HOUR))
        clock.now = second(now)
        rows = [(now - each, float(chance.randrange(99)), chance.choice((0, 0, 1, 2))) for each in range(7)]
        late = [(round(chance.uniform(0, now)), float(chance.randrange(99)), 0) for _ in range(chance.randrange(2))]
        told.tell(*{row[0]: row for row in rows + late}.values())
        moments.append(store.tick())
        if chance.random() < 0.7:
            store.tidy()
        for at in (moments[-1], chance.choice(moments)):
            start, end = sorted((chance.uniform(0, now + 9), now + 1 - chance.choice((0, 0, HOUR))))
            same(told, store, round(start, 3), max(end, start + 1), at, chance.choice((3, 40, 2000)))


def test_a_correction_and_a_late_reading_show_at_once_and_stay(store, clock):
    store.append(readings(*((LEVEL, float(each), 1.0) for each in range(1, 7200, 60))))
    clock.now = second(3 * HOUR)
    store.tidy()
    for _ in range(2):
        assert set(store.history(LEVEL, second(0), second(7200))["value"]) == {1.0}
    store.append(readings((LEVEL, 61.0, 5.0), (LEVEL, 62.0, 6.0)))
    for _ in range(2):  # not closed yet, then closed
        assert store.history(LEVEL, second(0), second(7200))["value"][:4] == [1.0, 5.0, 6.0, 1.0]
        assert store.history(LEVEL, second(0), second(7200), max_points=5)["max"][0] == 6.0
        clock.forward(120)
        store.tidy()


def test_what_is_closed_while_a_page_is_read_is_not_missed_later(store, clock, monkeypatch):
    read = Reads.closed

    def slowly(*asked) -> dict[int, Samples]:
        found = read(*asked)
        store.tidy()
        return found

    monkeypatch.setattr(Reads, "closed", slowly)
    store.append(readings((LEVEL, 10.0, 1.0)))
    clock.forward(120)
    store.tidy()
    store.append(readings((LEVEL, 20.0, 2.0), (LEVEL, 100.0, 3.0)))
    clock.forward(120)
    for _ in range(2):
        assert store.history(LEVEL, second(0), second(100))["value"] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(("hours", "most"), [(0.5, 2000), (1.0, 100), (8.5, 600)])
def test_who_moves_along_asks_nothing_of_the_file(store, clock, monkeypatch, hours, most):
    def come(begin: float, end: float) -> None:
        store.append(readings(*((LEVEL, each, math.sin(each)) for each in np.arange(begin, end, 10.0).tolist())))
        clock.now = second(end)
        store.tidy()

    def look(end: float) -> dict:
        return store.history(LEVEL, second(end - hours * HOUR), second(end), max_points=most)

    come(0, 9.9 * HOUR)
    look(9.9 * HOUR)
    for end in (9.95, 10.05, 10.2):  # across the end of an hour too
        come(clock.now.timestamp() - NOON.timestamp(), end * HOUR)
        with monkeypatch.context() as patch:
            patch.setattr(Database, "query", lambda *_, **__: pytest.fail("the file was asked"))
            moved = look(end * HOUR - 3)
        assert moved["ts"]
        assert moved == look(end * HOUR - 3)


@pytest.mark.parametrize("last_hour_bytes", [0, 10_000_000])
def test_a_thinned_point_reads_the_same_from_memory_and_from_the_file(tmp_path, template, small_park, last_hour_bytes):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    rule = Thinning("swinging_door", points=(LEVEL,), deviation=0.02)
    park, clock = replace(small_park, settings=replace(small_park.settings, thinning=(rule,))), Clock()
    store = Store.open(tmp_path, park, settings=quick(last_hour_bytes=last_hour_bytes), clock=clock)
    for begin in range(0, 600, 60):
        store.history(LEVEL, second(0), second(600))
        store.append(readings(*((LEVEL, float(at), math.sin(at / 60)) for at in range(begin, begin + 60))))
        clock.forward(90)
        store.tidy()
    kept = store.history(LEVEL, second(0), second(600))
    store.close()
    again = Store.open(tmp_path, park, settings=quick(last_hour_bytes=0), clock=clock)
    assert again.history(LEVEL, second(0), second(600)) == kept
    again.close()


@pytest.mark.parametrize("last_hour_bytes", [0, 10_000_000])
def test_who_looks_while_minutes_are_closed_misses_nothing(opened, clock, last_hour_bytes):
    store, told, over = opened(quick(close_after_s=1.0, last_hour_bytes=last_hour_bytes)), [], Event()

    def look() -> int:
        looks = 0
        while not over.is_set():
            least = len(told)
            said = store.history(LEVEL, second(0), second(3000), at=store.tick())["value"]
            assert said == [float(each) for each in range(len(said))]
            assert len(said) >= least
            looks += 1
        return looks

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        for each in range(60):
            clock.now = second(each * 25.0)
            store.append(readings((LEVEL, each * 25.0, float(each))))
            told.append(each)
            store.tidy()
        over.set()
        assert looking.result() > 5


def test_memory_is_bounded_and_what_was_not_asked_for_longest_goes_first():
    asked = []

    def read(point: int, start: int, end: int) -> Samples:
        asked.append(point)
        ts = np.arange(start, end, 1_000_000)
        return Samples(ts, np.zeros(len(ts)), np.zeros(len(ts), np.uint8))

    hand = AtHand(read, to_us(NOON), 400_000)
    hour = [to_us(NOON - timedelta(hours=1)) // HOUR_US]
    for point in (1, 2, 3, 4, 1, 5, 1, 2):
        hand.readings(point, hour)
        assert 0 < hand.nbytes <= 400_000
    assert asked == [1, 2, 3, 4, 5, 2]
