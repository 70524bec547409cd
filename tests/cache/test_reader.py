"""Queries of screens run as of a moment, with what they name and nothing else."""

from __future__ import annotations

from datetime import UTC

import pytest

from cache import reader
from cache.reader import SqlReader, parse
from tests.cache.batches import readings, second
from twin.errors import BadInput, StoreError

LEVEL = "LW1-T1-LEVEL"


@pytest.fixture
def queries(tmp_path, monkeypatch):
    """A folder of queries of one's own."""
    monkeypatch.setattr(reader, "_FOLDER", tmp_path)
    reader.query.cache_clear()
    (tmp_path / "area").mkdir()
    yield lambda name, sql: (tmp_path / "area" / f"{name}.sql").write_text(sql)
    reader.query.cache_clear()


def test_state_is_that_of_the_moment_asked(store, clock, queries):
    queries("values", "-- One row per point\nSELECT value, ts, $at AS at, $scope AS scope FROM state WHERE id = $point")
    store.append(readings((LEVEL, -1, 5.0)))
    before = store.tick()
    clock.forward(10)
    store.append(readings((LEVEL, 9, 6.0)))
    asked = {"point": LEVEL, "unused": 1}
    assert store.reader().read("area/values", at=before, **asked)["value"].to_list() == [5.0]
    said = store.reader("LW1").read("area/values", at=store.tick(), **asked).row(0, named=True)
    assert (said["value"], said["ts"], said["scope"]) == (6.0, second(9), "LW1")
    assert said["at"].tzinfo == UTC or str(said["at"].tzinfo) == "UTC"


def test_a_query_without_its_parameter_is_a_clear_error(store, queries):
    queries("needs", "SELECT $at, $scope, $owner")
    with pytest.raises(BadInput, match="'area/needs' needs 'owner'"):
        store.reader().read("area/needs", at=store.tick())


def test_a_query_that_is_not_there_is_a_clear_error(store):
    with pytest.raises(StoreError, match="no query 'area/none'"):
        store.reader().read("area/none", at=store.tick())


def test_comments_bind_nothing():
    said = parse("-- $nothing from state\nSELECT $at /* $neither */;\n")
    assert (said.params, said.state) == (frozenset({"at"}), False)


def test_the_parks_map_can_be_asked(store, queries):
    queries("map", "SELECT layer, count(*) AS n, $at AS at, $scope AS s FROM feature GROUP BY layer ORDER BY layer")
    said = dict(store.reader().read("area/map", at=store.tick()).select("layer", "n").rows())
    assert (said["sensors"], said["tanks"]) == (12, 2)
    assert isinstance(store.reader(), SqlReader)


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT id FROM fault f WHERE f.known_from <= $at", {"fault"}),
        ("SELECT (SELECT count(*) FROM journal) FROM limit_change", {"journal", "limit_change"}),
        ("SELECT id FROM desk_alarm_at($at)", {"alarm", "minute"}),
        ("SELECT id FROM analysed_alarm_at($at, $period, $starts) WHERE $scope = 'park'", {"ten_minutes"}),
        ("SELECT id FROM enterprise_at($at) e JOIN fault_reason USING (id)", {"enterprise", "fault_reason"}),
    ],
)
def test_what_people_ask_and_decide_counts_among_the_tables_of_a_query(sql, tables):
    assert parse(sql).tables == tables
