"""History of a point: every sample when they fit, and no extreme lost when they do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.history.buckets import Cells, bucket_us, bucketed
from cache.history.samples import Samples
from tests.cache.batches import readings, second
from twin.errors import BadInput, NotFound
from twin.moment import to_us

LEVEL = "LW1-T1-LEVEL"


def test_every_sample_when_they_fit(store):
    store.append(readings((LEVEL, -3, 1.0), (LEVEL, -1.5, 2.0, 1)))
    assert store.history(LEVEL, second(-3), second(0)) == {
        "point": LEVEL,
        "unit": "m",
        "bucket_s": 0.0,
        "resolution": 0,
        "ts": ["2026-11-21T11:59:57.000Z", "2026-11-21T11:59:58.500Z"],
        "value": [1.0, 2.0],
        "min": [1.0, 2.0],
        "max": [1.0, 2.0],
        "quality": [0, 1],
    }
    assert store.history(LEVEL, second(-2), second(-1))["value"] == [2.0]
    assert store.history("WX-WIND", second(-2), second(-1))["value"] == []


def test_buckets_keep_the_extremes_and_the_worst_quality(store):
    store.append(readings(*((LEVEL, each, 9.0 if each == 7 else 1.0, int(each == 3)) for each in range(20))))
    said = store.history(LEVEL, second(0), second(19), max_points=4)
    assert said["bucket_s"] == 5.0
    assert said["max"] == [1.0, 9.0, 1.0, 1.0]
    assert said["quality"] == [1, 0, 0, 0]
    assert said["value"][1] == pytest.approx(2.6)


@given(
    offsets=st.lists(st.floats(0, 86400), min_size=1, max_size=200, unique=True),
    buckets=st.integers(1, 50),
    span=st.integers(0, 90000),
)
def test_never_more_rows_than_asked_and_no_extreme_lost(offsets, buckets, span):
    start, end = to_us(second(0)), to_us(second(max(span, *offsets)))
    times = np.unique([to_us(second(round(each, 3))) for each in offsets])
    values = (np.arange(len(times)) * 7919 % 101).astype(float)
    width = bucket_us(start, end, buckets)
    rows = bucketed([Cells.of_samples(Samples(times, values, np.zeros(len(times), np.uint8)))], start, width)
    assert len(rows) <= buckets
    assert rows.n.sum() == len(times)
    assert (rows.min.min(), rows.max.max()) == (values.min(), values.max())
    assert (np.diff(rows.ts) > 0).all()
    assert rows.ts[0] >= start
    assert ((rows.min <= rows.mean) & (rows.mean <= rows.max)).all()


@pytest.mark.parametrize(
    ("asked", "error"),
    [(("NOBODY", 0, 1, 10), NotFound), ((LEVEL, 1, 0, 10), BadInput), ((LEVEL, 0, 1, 0), BadInput)],
)
def test_nonsense_is_refused(store, asked, error):
    point, start, end, max_points = asked
    with pytest.raises(error):
        store.history(point, second(start), second(end), max_points=max_points)
