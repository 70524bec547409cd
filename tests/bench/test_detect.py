"""What detection adds to the writing of readings."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import numpy as np
import pytest

from models.alarm_detect import fold, tick
from models.detect_rules import SECOND_US, Rules, rules
from models.detect_state import Heard, State
from models.point_state import Limits
from tests.bench.measure import took
from tests.conftest import Figure
from tests.models.detecting import START_US

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
