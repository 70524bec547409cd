"""A file is brought to the form of this version, whatever it was."""

from __future__ import annotations

import time
from dataclasses import replace

import polars as pl
import pytest

from cache import migrate
from cache.database import Database
from cache.store import Store
from tests.cache.batches import NOON, quick, readings
from twin.dictionary import Dictionary, dictionary
from twin.errors import StoreError
from twin.settings import StoreSettings


@pytest.fixture
def database(tmp_path):
    """A file with nothing in it."""
    made = Database(tmp_path / "parktwin.duckdb", StoreSettings())
    yield made
    made.close()


def as_of(database: Database, table: str) -> pl.DataFrame:
    """Rows of a table at noon."""
    return database.query(" ".join(("SELECT * FROM", table + "_at($at)")), {"at": NOON})


def smaller() -> Dictionary:
    """The dictionary before a field was added to a table."""
    tables = {each.name: each for each in dictionary()}
    fields = tuple(each for each in tables["safety_commitment"].fields if each.name != "risk_grade")
    return Dictionary(tables | {"safety_commitment": replace(tables["safety_commitment"], fields=fields)})


def test_every_table_of_the_dictionary_can_be_asked_as_of_a_moment(database):
    migrate.migrate(database, dictionary(), NOON)
    for table in dictionary():
        assert as_of(database, table.name).is_empty()
    assert as_of(database, "alarm").is_empty()


def test_a_field_added_to_the_dictionary_becomes_a_column(database):
    migrate.migrate(database, smaller(), NOON)
    assert "risk_grade" not in as_of(database, "safety_commitment").columns
    migrate.migrate(database, dictionary(), NOON)
    assert "risk_grade" in as_of(database, "safety_commitment").columns


def test_a_step_that_fails_leaves_nothing_behind(database, monkeypatch, tmp_path):
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "001_broken.sql").write_text(
        "CREATE TABLE half (x INTEGER);\nCREATE TABLE half (x INTEGER);"
    )
    monkeypatch.setattr(migrate, "_HERE", tmp_path)
    with pytest.raises(Exception, match="half"):
        migrate.migrate(database, dictionary(), NOON)
    assert database.execute("SELECT count(*) FROM duckdb_tables()") == [(0,)]


def test_a_file_of_a_newer_version_is_left_alone(database):
    migrate.migrate(database, dictionary(), NOON)
    database.execute("INSERT INTO schema_version VALUES (999, 'future', now())")
    with pytest.raises(StoreError, match="newer version"):
        migrate.migrate(database, dictionary(), NOON)


def test_opening_is_quick(tmp_path, demo_park):
    began = time.perf_counter()
    store = Store.open(tmp_path, demo_park, settings=quick())
    first = time.perf_counter() - began
    store.append(readings((demo_park.points["id"][0], 0, 1.0)))
    store.close()
    began = time.perf_counter()
    Store.open(tmp_path, demo_park, settings=quick()).close()
    assert first < 2.0
    assert time.perf_counter() - began < 1.0
