"""Readings as blocks and back: the same, whatever came."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.history.blocks import MINUTE_US, encode
from cache.history.deviations import Deviations
from cache.history.knowns import Numbered
from cache.history.ring import Kept
from cache.history.unfold import unfold
from models.thinning import HOLD, LINE

T0 = 1_795_000_000_000_000 // MINUTE_US * MINUTE_US
# point, time in tenths of a second, value, quality, source, commit
row = st.tuples(
    st.integers(0, 3), st.integers(-700, 1300), st.sampled_from([0.0, 1.5, -2.25, 1e9]),
    st.sampled_from([0, 0, 0, 1, 2]), st.sampled_from([0, 0, 0, 1]), st.integers(0, 5),
)  # fmt: skip


def kept_of(rows: list[tuple]) -> Kept:
    """Rows in order of commit, folded as the store does."""
    rows = sorted(rows, key=lambda each: each[5])
    newest: dict[int, int] = {}
    fold = []
    for point, tenth, *_ in rows:
        fold.append(1 if tenth >= newest.get(point, -(10**9)) else 0)
        newest[point] = max(tenth, newest.get(point, -(10**9)))
    point, tenth, value, quality, source, commit = zip(*rows, strict=True)
    return Kept(
        np.array(point, np.int32), T0 + np.array(tenth, np.int64) * 100_000, np.array(value, float),
        np.array(quality, np.uint8), np.array(source, np.uint16), T0 + np.array(commit, np.int64),
        np.array(fold, np.uint8),
    ).by_point()  # fmt: skip


def numbered(rows: Kept) -> Numbered:
    """The commits' numbers, from seven on."""
    known = np.unique(rows.known)
    return Numbered(known, 7 + np.arange(len(known)))


def told(point, ts, value, quality, source, number) -> list[tuple]:
    return sorted(zip(*(each.tolist() for each in (point, ts, value, quality, source, number)), strict=True))


@given(rows=st.lists(row, min_size=1, max_size=80))
def test_every_reading_comes_back_with_all_it_had(rows):
    kept = kept_of(rows)
    numbers = numbered(kept)
    blocks = encode(kept, numbers, 3)
    back = unfold(blocks.rows, blocks.lists)
    assert told(back.point, back.ts, back.value, back.quality, back.source, back.number) == told(
        kept.ix, kept.ts, kept.value, kept.quality, kept.source, numbers.of(kept.known)
    )


@given(rows=st.lists(row, min_size=1, max_size=80))
def test_of_equal_times_the_one_told_last_is_last(rows):
    kept = kept_of(rows)
    blocks = encode(kept, numbered(kept), 0)
    back = unfold(blocks.rows, blocks.lists)
    order = np.lexsort((back.rank, back.number, back.ts, back.point))
    last = {(int(back.point[at]), int(back.ts[at])): back.value[at] for at in order}
    assert last == {(int(kept.ix[at]), int(kept.ts[at])): kept.value[at] for at in range(len(kept))}


@given(rows=st.lists(row, min_size=1, max_size=80))
def test_a_block_lies_in_one_minute_and_its_times_rise(rows):
    kept = kept_of(rows)
    blocks = encode(kept, numbered(kept), 0)
    for single in blocks.rows.iter_slices(1):
        back = unfold(single, blocks.lists)
        assert len(np.unique(back.ts // MINUTE_US)) == 1
        assert (np.diff(back.ts) > 0).all()
        assert back.number.max() == single["known_last"][0]


def regular(points: int, lost: float = 0.0) -> Kept:
    """A reading a second of each point, some of them lost; a commit a second."""
    second, point = np.meshgrid(np.arange(120), np.arange(points))
    chance = np.random.default_rng(5)
    here = (chance.random(second.shape) >= lost).ravel()
    second, point = second.ravel()[here], point.ravel()[here]
    ts = T0 + second * 1_000_000 + point * 1_000
    value = np.round(np.sin(second / 40) + point, 2)
    zero = np.zeros(len(ts), np.uint8)
    return Kept(point.astype(np.int32), ts, value, zero, zero.astype(np.uint16), T0 + 10**6 * second, zero + 1)


def test_a_steady_point_is_one_row_a_minute_and_shares_its_commits():
    rows = regular(50)
    blocks = encode(rows, numbered(rows), 0)
    assert len(blocks.rows) == 100
    assert blocks.rows["step"].unique().to_list() == [1_000_000]
    assert blocks.rows["gap"].null_count() == 100
    assert len(blocks.lists) == 1


def test_lists_of_commits_that_differ_in_length_only_are_kept_apart():
    sizes = np.arange(2, 60)
    point, slot = np.repeat(np.arange(len(sizes)), sizes), np.concatenate([np.arange(each) for each in sizes])
    zero = np.zeros(len(point), np.uint8)
    known = T0 + (slot > 0).astype(np.int64)  # the first with one commit, all others with the next
    rows = Kept(
        point.astype(np.int32), T0 + slot * 10**6, zero.astype(float), zero, zero.astype(np.uint16), known, zero + 1
    )
    blocks = encode(rows, numbered(rows), 0)
    assert np.array_equal(unfold(blocks.rows, blocks.lists).number, 7 + (slot > 0))


def test_a_lost_reading_is_a_hole_and_not_a_list_of_times():
    rows = regular(50, lost=0.03)
    blocks = encode(rows, numbered(rows), 0)
    assert len(blocks.rows) == 100
    assert blocks.rows["gap"].null_count() == 100
    assert len(blocks.lists) <= 20
    assert len(unfold(blocks.rows)) == len(rows)


@pytest.mark.parametrize("kind", [LINE, HOLD])
@pytest.mark.parametrize("lost", [0.0, 0.05])
def test_thinned_blocks_keep_times_and_stay_within_their_deviation(kind, lost):
    rows = regular(20, lost)
    blocks = encode(rows, numbered(rows), 0)
    thinned = Deviations(np.full(20, kind, np.uint8), np.full(20, 0.05)).apply(blocks.rows)
    kept, before = thinned["value"].list.len().sum(), blocks.rows["value"].list.len().sum()
    assert kept < before / 1.5 + rows.ts.size * lost
    back, plain = unfold(thinned, blocks.lists), unfold(blocks.rows, blocks.lists)
    for name in ("point", "ts", "quality", "number"):
        assert np.array_equal(getattr(back, name), getattr(plain, name)), name
    assert np.abs(back.value - plain.value).max() <= 0.05
    assert set(back.slack) == {0.05}


@pytest.mark.parametrize("kind", [LINE, HOLD])
def test_what_thinning_does_not_make_smaller_stays_as_it_came(kind):
    rows = regular(20)
    blocks = encode(rows, numbered(rows), 0)
    thinned = Deviations(np.full(20, kind, np.uint8), np.full(20, 1e-6)).apply(blocks.rows)
    assert thinned.equals(blocks.rows)


def test_no_rows_make_no_blocks():
    blocks = encode(Kept.none(), Numbered(np.empty(0, np.int64), np.empty(0, np.int64)), 0)
    assert (len(blocks.rows), len(blocks.lists)) == (0, 0)
    assert len(unfold(blocks.rows, pl.DataFrame(schema=blocks.lists.schema))) == 0
