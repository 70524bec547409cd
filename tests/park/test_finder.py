"""Ids are found whatever their number, and nothing is found that is not there."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from park.finder import Finder

ids = st.lists(st.text(max_size=6), unique=True, max_size=30)


@given(known=ids, asked=st.lists(st.text(max_size=6), max_size=30), times=st.sampled_from([1, 200]))
def test_each_id_is_found_where_it_stands(known, asked, times):
    finder = Finder(pl.Series(known, dtype=pl.String))
    wanted = [*asked, *known] * times
    expected = [known.index(each) if each in known else -1 for each in wanted]
    assert finder.find(pl.Series(wanted, dtype=pl.String)).tolist() == expected


def test_no_id_is_nobodys():
    assert Finder(pl.Series(["a"])).find(pl.Series(["a", None] * 2000)).tolist() == [0, -1] * 2000


def test_what_was_not_there_does_not_hide_what_is():
    finder = Finder(pl.Series(["a", "b", "c", "d"]))
    for middle in ("u", "v", "w", "x", "y", "z", "b", "c", "d", None, "b"):
        expected = {"b": 1, "c": 2, "d": 3}.get(middle, -1)
        for _ in range(2):
            assert finder.find(pl.Series(["a", *[middle] * 2000, "a"])).tolist() == [0, *[expected] * 2000, 0]
