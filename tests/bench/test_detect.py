"""What detection adds to the writing of readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl
import pytest

from cache.database import FILE, Database
from cache.detection import Detector
from cache.history.ring import Kept
from cache.migrate import _split
from cache.numbers import PointNumbers, SourceNumbers
from models.alarm_detect import fold, tick
from models.detect_rules import HH, LL, SECOND_US, H, L, Rules, rules
from models.detect_state import Heard, State
from models.point_state import Limits
from tests.bench.measure import took
from tests.cache.batches import quick
from tests.cache.detecting import SCHEMA
from tests.conftest import Figure
from tests.models.detecting import START_US
from tests.serving import ROOT
from twin.moment import Moment, from_us

pytestmark = pytest.mark.bench
POINTS = 100_000
CROSSING = POINTS // 100
BATCHES = 20
BACKFILL = 10_000


def park(points: int, **more: float) -> Rules:
    """Points with all four limits around 50, and what else is asked for."""
    limits = Limits(*(np.full(points, each) for each in (10.0, 20.0, 80.0, 90.0)))
    return rules(limits, deadband=1.6, on_s=1.0, off_s=2.0, offline_s=60.0, **more)


def second(number: int, chance: np.random.Generator, shuffled: bool) -> Heard:
    """A reading of every point; one in a hundred crosses a limit, this way or that, another hundred each time."""
    value = chance.uniform(30, 70, POINTS)
    crossing = (np.arange(CROSSING) + number // 4 * CROSSING) % POINTS
    value[crossing] = chance.choice([5.0, 15.0, 85.0, 95.0], CROSSING)
    ix = chance.permutation(POINTS) if shuffled else np.arange(POINTS)
    ts = np.full(POINTS, START_US + number * SECOND_US)
    nothing = np.zeros(POINTS)
    return Heard(ix.astype(np.int32), ts, value[ix], nothing.astype(np.uint8), nothing.astype(np.uint16), ts)


@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "in any order"])
@pytest.mark.parametrize("more", [{}, {"rate": 100.0, "jump": 95.0, "frozen_s": 3600.0}], ids=["limits", "everything"])
def test_a_reading_of_each_of_a_hundred_thousand_points(figure: Figure, more: dict[str, float], shuffled: bool) -> None:
    looked_for, state, chance = park(POINTS, **more), State.empty(POINTS), np.random.default_rng(5)
    batches = [second(number, chance, shuffled) for number in range(BATCHES)]
    happened = []
    spent = [took(lambda each=each: happened.append(fold(state, looked_for, each))) for each in batches]
    fold_ms = median(spent[4:])
    if not more and not shuffled:
        said = f"detection, {POINTS:,} readings of as many points, 1 % crossing, median"
        figure(said, "≤ 15 ms", f"{fold_ms:.1f} ms")
    print(f"{more} {shuffled}: median {fold_ms:.1f} ms, worst {max(spent[4:]):.1f} ms, first {spent[0]:.1f} ms")
    assert sum(len(each) for each in happened[4:]) > CROSSING
    assert fold_ms <= (15 if not more else 30)


def test_a_tick_of_a_hundred_thousand_points(figure: Figure) -> None:
    looked_for, state, chance = park(POINTS), State.empty(POINTS), np.random.default_rng(5)
    for number in range(4):
        fold(state, looked_for, second(number, chance, False))
    spent = [took(lambda n=n: tick(state, looked_for, START_US + n * SECOND_US // 2)) for n in range(8, 28)]
    figure(f"detection, a tick of {POINTS:,} points, median", "≤ 5 ms", f"{median(spent):.1f} ms")
    assert median(spent) <= 5


@pytest.mark.parametrize(
    "signal",
    [
        lambda chance: chance.uniform(30, 70, BACKFILL),
        lambda chance: chance.uniform(0, 100, BACKFILL),
        lambda chance: np.where(np.arange(BACKFILL) % 2, 95.0, 50.0),
    ],
    ids=["quiet", "noise", "to and fro"],
)
def test_a_backfill_of_one_point(figure: Figure, signal: Callable[[np.random.Generator], np.ndarray]) -> None:
    looked_for, state = park(POINTS, rate=10.0, jump=30.0, frozen_s=60.0), State.empty(POINTS)
    fold(state, looked_for, second(-BACKFILL, np.random.default_rng(1), False))
    ts = START_US + np.arange(BACKFILL) * SECOND_US
    small = np.zeros(BACKFILL)
    rows = Heard(
        np.full(BACKFILL, 7, np.int32),
        ts,
        signal(np.random.default_rng(2)),
        small.astype(np.uint8),
        small.astype(np.uint16),
        np.full(BACKFILL, START_US),
    )
    spent = took(lambda: fold(state, looked_for, rows))
    figure(f"detection, {BACKFILL:,} readings of one point at once", "≤ 200 ms", f"{spent:.0f} ms")
    assert spent <= 200


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A file with the tables that detection has."""
    opened = Database(tmp_path / FILE, quick())
    with opened.transaction():
        for name in SCHEMA:
            for statement in _split((ROOT / "cache" / "schema" / name).read_text("utf-8")):
                opened.execute(statement)
    yield opened
    opened.close(shorten=False)


def open_detector(database: Database, numbers: PointNumbers, known: int | None) -> Detector:
    looked_for = park(POINTS)
    limits = Limits(*(looked_for.limit[each] for each in (LL, L, H, HH)))
    last = None if known is None else from_us(known)
    return Detector(database, numbers, SourceNumbers(database), looked_for.with_limits, lambda _: limits, last)


def kept(heard: Heard, numbers: PointNumbers) -> Kept:
    columns = (heard.ts, heard.value, heard.quality, heard.source, heard.known, np.ones(len(heard.ix), np.uint8))
    return Kept(numbers.of_ix(heard.ix), *columns)


def test_in_the_writers_transactions(database: Database, figure: Figure) -> None:
    numbers = PointNumbers(database, pl.Series([f"P{ix}" for ix in range(POINTS)]))
    detector, chance = open_detector(database, numbers, None), np.random.default_rng(5)
    batches = [kept(second(number, chance, False), numbers) for number in range(BATCHES)]

    def write(rows: Kept) -> None:
        detector.happened(rows, from_us(int(rows.known[0])))
        detector.done(from_us(int(rows.known[0])))

    spent = [took(lambda each=each: write(each)) for each in batches]
    last = from_us(int(batches[-1].known[0]))
    keeping = [took(lambda: keep_state(database, detector, last)) for _ in range(5)]
    again = took(lambda: open_detector(database, numbers, int(batches[-1].known[0])))
    figure(f"detection in a transaction of {POINTS:,} readings, median", "≤ 20 ms", f"{median(spent[4:]):.1f} ms")
    figure(
        f"detection's state of {POINTS:,} points kept, once a minute, median", "≤ 150 ms", f"{median(keeping):.0f} ms"
    )
    figure(f"detection's state of {POINTS:,} points found again", "≤ 1 s", f"{again / 1000:.2f} s")
    print(f"transaction {median(spent[4:]):.1f} ms, keep {median(keeping):.0f} ms, open {again:.0f} ms")
    assert median(spent[4:]) <= 20
    assert median(keeping) <= 150
    assert again <= 1000


def keep_state(database: Database, detector: Detector, known: Moment) -> None:
    with database.transaction():
        detector.keep(known)
