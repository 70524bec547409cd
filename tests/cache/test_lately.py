"""The last hour of every point, small in memory: the very same readings as in the file, at once."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.database import Database
from cache.history.blocks import encode
from cache.history.packed import pack, part_of, unpacked
from cache.history.samples import Samples, by_point, in_order
from cache.history.unfold import unfold
from cache.store import Store
from tests.cache.batches import quick, readings, second
from tests.cache.test_blocks import kept_of, numbered

LEVEL, TEMP = "LW1-T1-LEVEL", "LW1-T1-TEMP"
HOUR = 3600.0
VALUES = st.one_of(
    st.sampled_from([0.0, -0.5, 20.25, 1e9, -1e-9, math.pi, 2.0**40, 0.1 + 0.2]),
    st.integers(0, 999).map(lambda each: round(12 + each / 100, 2)),
    st.integers(-70_000, 70_000).map(lambda each: each / 10),
    st.floats(allow_nan=False, allow_infinity=False),
)
# point, time in tenths of a second, value, quality, source, commit
ROW = st.tuples(
    st.integers(0, 3), st.integers(-700, 1300), VALUES, st.sampled_from([0, 0, 0, 1, 2]),
    st.sampled_from([0, 0, 0, 1]), st.integers(0, 5),
)  # fmt: skip


def told(samples: Samples) -> list[tuple]:
    """One row a time."""
    return list(zip(samples.ts.tolist(), samples.value.tolist(), samples.quality.tolist(), strict=True))


def packed_in_turn(rows: list[tuple]) -> tuple[pl.DataFrame, list]:
    """Blocks closed in three turns, and what is kept of them."""
    blocks, packed = [], []
    for turn in range(3):
        some = [row for row in rows if row[5] // 2 == turn]
        if some:
            kept = kept_of(some)
            blocks.append(encode(kept, numbered(kept), 0).rows)
            packed.append(pack(blocks[-1], np.zeros(9, np.uint8)))
    return blocks, packed


@given(rows=st.lists(ROW, min_size=1, max_size=80))
def test_every_reading_comes_back_or_is_left_to_the_file(rows):
    blocks, packed = packed_in_turn(rows)
    for point in {row[0] for row in rows}:
        if any(point in each.unsure for each in packed):
            continue
        by_turn = [by_point(in_order(unfold(each))).get(point, Samples.none()) for each in blocks]
        assert told(unpacked([part_of(each, point) for each in packed])) == told(Samples.resolved(by_turn))


@given(st.lists(st.integers(-30_000, 30_000), min_size=1, max_size=60), st.integers(0, 4))
def test_values_of_an_instrument_take_two_bytes_at_most(steps, digits):
    rows = [(0, 10 * at, each / 10**digits, 0, 0, 0) for at, each in enumerate(steps)]
    kept = kept_of(rows)
    packed = pack(encode(kept, numbered(kept), 0).rows, np.zeros(1, np.uint8))
    assert not len(packed.pools[2])
    assert unpacked([part_of(packed, 0)]).value.tolist() == [row[2] for row in rows]


def test_a_hole_and_a_reading_late_for_it_come_back():
    regular = [(0, 10 * at, 1.5, 0, 0, 0) for at in range(20) if at != 7]
    kept = kept_of([*regular, (0, 70, 9.25, 0, 0, 1)])
    packed = pack(encode(kept, numbered(kept), 0).rows, np.zeros(1, np.uint8))
    values = unpacked([part_of(packed, 0)]).value.tolist()
    assert values == [1.5] * 7 + [9.25] + [1.5] * 12


def test_a_time_told_twice_at_once_is_left_to_the_file():
    kept = kept_of([(0, 0, 1.0, 0, 0, 0), (0, 10, 2.0, 0, 0, 0), (0, 0, 3.0, 0, 0, 1), (0, 0, 4.0, 0, 0, 2)])
    assert pack(encode(kept, numbered(kept), 0).rows, np.zeros(1, np.uint8)).unsure == {0}


def come(store: Store, clock, begin: float, end: float, every: float = 10.0) -> None:
    """Readings of two points, closed."""
    rows = [
        (point, at, round(math.sin(at + of), 2))
        for at in np.arange(begin, end, every).tolist()
        for of, point in enumerate((LEVEL, TEMP))
    ]
    store.append(readings(*rows))
    clock.now = second(end)
    store.tidy()


def unasked(store: Store, monkeypatch, begin: float, end: float, point: str = LEVEL) -> list[float]:
    """What a store says without its file."""
    with monkeypatch.context() as patch:
        patch.setattr(Database, "query", lambda *_, **__: pytest.fail("the file was asked"))
        return store.history(point, second(begin), second(end))["value"]


def test_a_point_that_nobody_looked_at_asks_nothing_of_the_file(store, clock, monkeypatch):
    come(store, clock, 0, 2 * HOUR)
    for end in (2 * HOUR, 2 * HOUR - 300):
        values = unasked(store, monkeypatch, 2 * HOUR - 3600, end)
        assert values == [round(math.sin(at), 2) for at in np.arange(2 * HOUR - 3600, min(end + 1, 2 * HOUR), 10.0)]


def test_after_a_start_the_hour_is_read_from_the_file(opened, clock, monkeypatch):
    first = opened(quick(last_hour_bytes=0, at_hand_bytes=0))
    come(first, clock, 0, 2 * HOUR)
    told = first.history(LEVEL, second(2 * HOUR - 3500), second(2 * HOUR))["value"]
    first.close()
    again = opened(quick(at_hand_bytes=0))
    again.tidy()
    assert unasked(again, monkeypatch, 2 * HOUR - 3500, 2 * HOUR) == told


def test_what_comes_late_while_the_hour_is_read_is_there(opened, clock, monkeypatch):
    first = opened()
    come(first, clock, 0, 2 * HOUR)
    first.close()
    again = opened()
    clock.forward(90)
    fill = again._history.lately.fill()
    for turn in range(20):  # more than the hour has parts: the store's own reading goes on meanwhile
        next(fill, None)
        late = 2 * HOUR - 100 - 170 * turn
        again.append(readings((LEVEL, late + 5.0, float(turn)), (LEVEL, 2 * HOUR + 60 * turn + 5, -1.0)))
        clock.forward(60)
        again.tidy()
    begin, end = clock.now.timestamp() - second(0).timestamp() - 3500, 2 * HOUR + 1300
    kept = unasked(again, monkeypatch, begin, end)
    again.close()
    assert opened(quick(last_hour_bytes=0)).history(LEVEL, second(begin), second(end))["value"] == kept
    assert {float(turn) for turn in range(9)} <= set(kept)


@pytest.mark.parametrize("most", [2_000, 5_000, 20_000])
def test_memory_is_bounded_and_what_is_missing_is_read_from_the_file(opened, clock, most):
    store, chance = opened(quick(last_hour_bytes=most, at_hand_bytes=0)), Random(most)
    for turn in range(30):
        come(store, clock, turn * 120.0, turn * 120.0 + 120.0, 1.0)
        assert store._history.lately.nbytes <= most
        begin = chance.uniform(0, clock.now.timestamp() - second(0).timestamp())
        values = store.history(LEVEL, second(begin), clock.now, max_points=9_000)["value"]
        assert values == [round(math.sin(at), 2) for at in range(math.ceil(begin), turn * 120 + 120)]


def test_where_memory_does_not_suffice_the_file_is_asked_and_nothing_is_lost(store, clock, monkeypatch):
    come(store, clock, 0, 300)
    with monkeypatch.context() as patch:
        patch.setattr("cache.history.lately.pack", lambda *_: (_ for _ in ()).throw(MemoryError))
        come(store, clock, 300, 600)
    come(store, clock, 600, 900)
    told = store.history(LEVEL, second(0), second(900))["value"]
    assert told == [round(math.sin(at), 2) for at in range(0, 900, 10)]
    assert len(unasked(store, monkeypatch, 600, 900)) == 30


def test_a_store_says_when_the_last_hour_is_there(opened, clock):
    first = opened()
    come(first, clock, 0, HOUR)
    first.close()
    again = opened()
    again.tidy()
    assert again.settled
