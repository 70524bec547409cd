"""A copy made beside the writing is one moment's: whole batches, every table, rows in their order."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb
import pytest

from cache.copy import copy_database, read_contents, require_same
from cache.database import FILE, Database
from cache.opened import TEMPORARY
from tests.cache.batches import quick, readings, second
from tests.cache.writing import batch_of
from twin.errors import StoreError
from twin.settings import StoreSettings

LEVEL = "LW1-T1-LEVEL"


def numbers(path: Path) -> list[int]:
    """Numbers of the batches that a file holds."""
    with duckdb.connect(str(path), read_only=True) as file:
        return sorted(int(each) for (each,) in file.execute("SELECT batch_id FROM batch").fetchall())


def test_a_copy_under_load_is_of_one_moment(opened, tmp_path, small_park):
    store = opened(quick(snapshot_s=0.05))
    stop, some, written = threading.Event(), threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            store.append(batch_of(len(written)))
            written.append(len(written))
            some.set()

    thread = threading.Thread(target=write)
    thread.start()
    contents, before = [], []
    for each in range(4):
        some.clear()
        assert some.wait(30)
        before.append(len(written))
        (tmp_path / f"copy{each}").mkdir()
        contents.append(store.copy(tmp_path / f"copy{each}" / FILE))
    stop.set()
    thread.join()
    for each, (held, least) in enumerate(zip(contents, before, strict=True)):
        copy = tmp_path / f"copy{each}"
        require_same(held, read_contents(copy / FILE), FILE)
        there = numbers(copy / FILE)
        assert there == list(range(len(there))), "no batch is missing in between"
        assert least <= len(there) <= len(written)
        again = type(store).open(copy, small_park, settings=quick())
        assert again.stats()["readings"] == 50 * sum(number % 5 != 4 for number in there)
        assert again.cursor("plant") == str(max(number for number in there if number % 5 != 4))
        again.close()


def test_a_copy_answers_as_the_store_did(opened, tmp_path, small_park, clock):
    store = opened()
    for each in range(30):
        store.append(readings(*[(LEVEL, each * 10 + part / 7, float(part)) for part in range(50)]))
    store.append(readings((LEVEL, 5, -1.0), (LEVEL, 5, -2.0)))
    clock.forward(600)
    store.copy(tmp_path / FILE)
    at = store.tick()
    copy = type(store).open(tmp_path, small_park, settings=quick(), clock=clock)
    asked = (LEVEL, second(-1), second(600))
    assert copy.history(*asked, at=at) == store.history(*asked, at=at)
    assert copy.state(at).equals(store.state(at))
    copy.close()


def test_whatever_tables_there_are_they_are_copied(tmp_path):
    with duckdb.connect(str(tmp_path / "odd.duckdb")) as file:
        file.execute('CREATE TABLE "a ""table""; --" (whole_row INTEGER, "select" VARCHAR PRIMARY KEY)')
        file.execute('INSERT INTO "a ""table""; --" VALUES (1, \'x\'), (NULL, \'y\')')
        file.execute(
            "CREATE SCHEMA aside; CREATE TABLE aside.nothing (t TIMESTAMP); CREATE VIEW seen AS FROM aside.nothing"
        )
        file.execute(
            "CREATE TABLE lists AS SELECT range AS i, [range::DOUBLE, NULL, 'nan'::DOUBLE] AS l FROM range(300000)"
        )
        file.execute("DELETE FROM lists WHERE i % 3 = 0")
    database = Database(tmp_path / "odd.duckdb", StoreSettings())
    held = copy_database(database, tmp_path / "even.duckdb")
    database.close()
    assert {name: each.rows for name, each in held.tables.items()} == {
        'a "table"; --': 2,
        "aside.nothing": 0,
        "lists": 200_000,
    }
    require_same(held, read_contents(tmp_path / "even.duckdb"), "even")
    with duckdb.connect(str(tmp_path / "even.duckdb")) as file:
        assert file.execute("SELECT count(*) FROM seen").fetchall() == [(0,)]
        ordered = "SELECT count(*) FROM (SELECT i, lag(i) OVER (ORDER BY rowid) AS before FROM lists) WHERE before > i"
        assert file.execute(ordered).fetchall() == [(0,)]
        file.execute("UPDATE lists SET l = [1] WHERE i = 1")
    with pytest.raises(StoreError, match="the table lists has other values"):
        require_same(held, read_contents(tmp_path / "even.duckdb"), "even")


def test_a_copy_that_is_called_off_leaves_the_store_at_work(opened, tmp_path):
    store = opened()
    store._database.execute("CREATE TABLE ballast AS SELECT hash(range) AS h FROM range(30000000)")
    begun, said = threading.Event(), []

    def copy() -> None:
        try:
            store.copy(tmp_path / "copy.duckdb", lambda _: begun.set())
        except StoreError as error:
            said.append(error.message)

    thread = threading.Thread(target=copy)
    thread.start()
    assert begun.wait(30)
    while thread.is_alive():
        store.call_off()
        thread.join(0.01)
    assert "nterrupt" in said[0]
    assert store.append(readings((LEVEL, 0, 1.0))).accepted == 1


def test_memory_threads_and_the_place_for_what_does_not_fit_are_the_parks(tmp_path):
    (tmp_path / TEMPORARY).mkdir()
    (tmp_path / TEMPORARY / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"of a process that was killed")
    database = Database(tmp_path / FILE, StoreSettings(memory_limit="200MB", threads=3))
    assert not (tmp_path / TEMPORARY).exists()
    sql = "SELECT name, value FROM duckdb_settings() WHERE name IN ('memory_limit', 'threads', 'temp_directory')"
    assert dict(database.execute(sql)) == {
        "memory_limit": "190.7 MiB",
        "threads": "3",
        "temp_directory": str(tmp_path / TEMPORARY),
    }
    many = "SELECT hash(range) AS h, repeat('x', 40) AS t FROM range(6000000) ORDER BY h, t"
    database.execute(f"CREATE TABLE spilled AS {many}")
    assert (tmp_path / TEMPORARY).is_dir(), "what did not fit was laid beside the file"
    database.close()
