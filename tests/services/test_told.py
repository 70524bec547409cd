"""Features told from what was told before say the same as if they were told for the first time."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.told import NOTHING, Told, columns, telling
from tests.cache.batches import second

STATES = st.sampled_from([None, "red", "off", "stale"])
SAID = st.fixed_dictionaries({"state": STATES, "ts": st.sampled_from([None, second(1), second(2)])})
FRAME = st.dictionaries(st.sampled_from("abcdef"), SAID, max_size=6)
TAGGED = st.dictionaries(st.sampled_from("uvw"), STATES, max_size=2)
SCHEMA = {"id": pl.String, "state": pl.String, "ts": pl.Datetime("us", "UTC")}


def frame_of(rows: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Rows by id as a frame."""
    return pl.DataFrame([{"id": id, **said} for id, said in rows.items()], SCHEMA, orient="row")


@given(st.lists(st.tuples(TAGGED, FRAME), min_size=2, max_size=8))
def test_what_was_told_before_changes_nothing(tellings):
    before = Told()
    for tagged, rows in tellings:
        parts = [*({"id": id, "state": state, "tag": {"key": "x"}} for id, state in tagged.items()), frame_of(rows)]
        now, anew = telling(parts, before), telling(parts, NOTHING)
        assert list(now.rows.items()) == list(anew.rows.items())
        assert columns(now.rows) == columns(anew.rows)
        before = now


@given(TAGGED, FRAME, st.sets(st.sampled_from("abcdefuvwxyz")))
def test_who_asks_for_some_is_told_of_those(tagged, rows, asked):
    parts = [*({"id": id, "state": state} for id, state in tagged.items()), frame_of(rows)]
    every = telling(parts, NOTHING).rows
    some = telling(parts, NOTHING, pl.Series(sorted(asked), dtype=pl.String)).rows
    assert some == {id: said for id, said in every.items() if id in asked}


@given(FRAME, FRAME)
def test_who_says_the_same_is_the_same(first, second):
    told = telling(frame_of(first), NOTHING)
    assert telling(frame_of(first), told) is told
    then = telling(frame_of(second), told)
    assert all(then.rows[id] is told.rows[id] for id, said in second.items() if first.get(id) == said)
    assert telling(frame_of(first), NOTHING).rows == told.rows, "what was told is not touched"
