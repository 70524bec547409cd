"""The JSON of a history is that of its columns, whatever they hold."""

from __future__ import annotations

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.history.buckets import Cells, as_columns
from cache.history.past import Told
from services.curve import curve

US = 1_000_000
times = st.lists(st.integers(-86_400 * US, 4_000_000_000 * US), max_size=50, unique=True).map(sorted)


@given(ts=times, seed=st.integers(0, 99), exact=st.booleans())
def test_the_bytes_say_what_the_columns_hold(ts, seed, exact):
    chance, n = np.random.default_rng(seed), len(ts)
    low, mean, high = (chance.normal(size=n) * 10.0 ** chance.integers(-9, 9, n) for _ in range(3))
    quality = chance.integers(0, 3, n).astype(np.uint8)
    ones = np.ones(n, np.int64)
    rows = Cells(np.array(ts, np.int64), ones, *((mean,) * 3 if exact else (low, high, mean)), quality)
    told = Told(0.0 if exact else 60.0, 300, rows)
    said = {"point": 'a"b', "unit": None, "bucket_s": told.bucket_s, "resolution": 300, **as_columns(rows)}
    assert curve('a"b', None, told) == orjson.dumps(said)


@pytest.mark.parametrize("us", [0, 999, 1000, US - 1, 59 * US + 999_999, 86_400 * US - 1, 951_782_400 * US])
def test_times_are_cut_to_milliseconds(us):
    rows = Cells(np.array([us]), np.ones(1, np.int64), *(np.array([0.5]),) * 3, np.zeros(1, np.uint8))
    assert orjson.loads(curve("a", "m", Told(0.0, 0, rows)))["ts"] == as_columns(rows)["ts"]
