"""What blocks did to newest values, read off their ends: the same as told reading by reading."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from cache.history.blocks import encode
from cache.history.deviations import Deviations
from cache.history.ends import Commits, Ends, Span, crossing, ends
from cache.history.unfold import Readings, unfold
from models.thinning import HOLD, LINE, NONE
from tests.cache.test_blocks import T0, kept_of, numbered, row

_FIELDS = ("ix", "ts", "value", "quality", "source", "known", "changed", "alike")


def steady(seed: int, lost: float, other: float, in_commit: int) -> list[tuple]:
    """A reading a second of three points: some lost, some values and qualities unlike the others, and so many seconds
    in a commit."""
    chance = np.random.default_rng(seed)
    cells = [(point, second) for point in range(3) for second in range(-20, 80) if chance.random() >= lost]
    unlike = chance.random((len(cells), 2)) < (other, other / 10)
    return [
        (point, second * 10, 1.0 + unlike[at, 0], int(unlike[at, 1]), 0, (second + 20) // in_commit)
        for at, (point, second) in enumerate(cells)
    ]


lines = st.builds(
    steady,
    seed=st.integers(0, 1000),
    lost=st.sampled_from([0.0, 0.03, 0.3, 0.6]),
    other=st.sampled_from([0.0, 0.02, 0.5]),
    in_commit=st.sampled_from([7, 17, 40]),
)
scattered = st.lists(row, min_size=1, max_size=80)


def last_of(block: Readings, span: Span) -> tuple | None:
    """Plainly: time, value, quality and commit of the last reading that counts, and since when the value is that."""
    mine = block.take((block.number > span.after) & (block.number <= span.until))
    if not len(mine):
        return None
    others = np.flatnonzero(mine.value != mine.value[-1])
    since = int(others[-1]) + 1 if len(others) else 0
    known = int(span.known[mine.number[-1] - span.after - 1])
    last = (mine.point[-1], mine.ts[-1], mine.value[-1], mine.quality[-1], mine.source[-1])
    return (*(each.item() for each in last), known, int(mine.ts[since]), not len(others))


def told(row: Ends) -> list[tuple]:
    """Rows as tuples, sorted."""
    return sorted(zip(*(getattr(row, name).tolist() for name in _FIELDS), strict=True))


# a lost reading that stands in its list with a later commit than the one after it
FALLING = [(point, second * 10, 1.0, 0, 0, commit) for point, second, commit in (
    (0, 0, 0), (0, 1, 0), (0, 2, 5), (0, 3, 5), (0, 4, 5), (1, 0, 0), (1, 1, 0), (1, 3, 1), (1, 4, 5),
)]  # fmt: skip


@example(rows=FALLING, bounds=(0, 2), method=NONE)
@given(
    rows=lines | scattered,
    bounds=st.tuples(st.integers(-1, 9), st.integers(1, 6)),
    method=st.sampled_from([NONE, NONE, LINE, HOLD]),
)
def test_ends_are_those_of_the_readings_that_count(rows, bounds, method):
    kept = kept_of(rows)
    blocks = encode(kept, numbered(kept), 0)
    deviations = Deviations(np.full(4, method, np.uint8), np.full(4, 0.3))
    straight = deviations.apply(blocks.rows.filter(~pl.col("late")))
    after, many = 6 + bounds[0], bounds[1]
    span = Span(after, after + many, T0 + np.arange(many) * 10**6)
    between = straight.filter((pl.col("known_last") > span.after) & (pl.col("known_first") <= span.until))
    between = between.filter(~crossing(between, Commits(blocks.lists))).sample(fraction=1, shuffle=True, seed=len(rows))
    cut = between.filter(span.cut(between))["known_list"].drop_nulls()
    lists = blocks.lists.filter(pl.col("id").is_in(cut.implode()))
    plain = [last_of(unfold(block, blocks.lists), span) for block in between.iter_slices(1)]
    got = ends(between, Commits(lists), span)
    assert told(got) == sorted(each for each in plain if each is not None)
    for point in np.unique(got.ix):
        mine = np.flatnonzero(got.ix == point)
        assert (np.diff(mine) == 1).all()
        assert (np.diff(got.ts[mine]) >= 0).all()
