"""What polars answers instead of DuckDB is what DuckDB would answer."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cache.reader import query
from cache.rowwise import rowwise
from tests.cache.batches import NOON
from tests.serving import ROOT

SQL = ROOT / "cache" / "sql"
NAMES = [f"{path.parent.name}/{path.stem}" for path in sorted(SQL.glob("*/*.sql"))]
ROWWISE = [name for name in NAMES if query(name).rowwise is not None]
WORDS = st.none() | st.sampled_from(["", "a", "LW1", "wind_speed", "bad", "offline", "normal", "stale"])


def states(schema: pl.Schema) -> st.SearchStrategy[pl.DataFrame]:
    """Frames as ``Store.state`` gives them, with anything in them."""
    cells = {
        pl.String: WORDS,
        pl.Float64: st.none() | st.floats(-5, 5),
        pl.Int32: st.integers(0, 9),
        pl.UInt8: st.none() | st.integers(0, 2),
        pl.Datetime: st.none() | st.just(NOON),
    }
    row = st.tuples(*(cells[type(kind)] for kind in schema.values()))
    return st.lists(row, max_size=6).map(lambda rows: pl.DataFrame(rows, schema, orient="row"))


def test_the_queries_of_every_tick_are_of_that_form():
    assert {"layers/points", "state/now"} <= set(ROWWISE)


@pytest.mark.parametrize("name", ROWWISE)
@given(data=st.data(), scope=st.sampled_from(["park", "LW1"]), enterprise=st.sampled_from([None, "LW1"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_give_the_same_answer(store, name, data, scope, enterprise):
    state = data.draw(states(store.state(store.tick()).schema))
    given = {"at": NOON, "scope": scope, "enterprise": enterprise, "only": None, "zone": "UTC", "id": "a"}
    asked = query(name)
    params = {each: given[each] for each in asked.params}
    store._database.show("state", state)
    assert_frame_equal(asked.rowwise.read(state, params), store._database.query(asked.sql, params))


@pytest.mark.parametrize(
    "sql",
    [
        "select owner, count(*) as n from state group by owner",
        "select id from state order by id",
        "select id from state limit 1",
        "select distinct owner from state",
        "select max(ts) as ts from state",
        "select id, row_number() over () as n from state",
        "select s.id from state s join feature f on f.id = s.id",
        "select id from state where owner in (select owner from state)",
        "select id from state where ts > $at::timestamp",
        "select id from state where value / 2 > 1",
        "select id from state where name_zh like 'a%'",
        "select upper(id) as id from state",
        "with some as (select id from state) select id from some",
    ],
)
def test_whatever_looks_at_more_than_a_row_is_left_to_duckdb(sql):
    assert rowwise(sql) is None


def test_some_points_are_told_as_among_all(store):
    at = store.tick()
    whole = store.reader().read("state/now", at=at)
    assert whole.height > 3
    assert_frame_equal(store.reader(points=pl.Series([3, 1]).to_numpy()).read("state/now", at=at), whole[[3, 1]])
