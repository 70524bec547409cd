"""A file that DuckDB gives up is opened again by itself: what was kept is there, what failed does not come back."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import duckdb
import polars as pl
import pytest

from cache.database import FILE, Database
from twin.errors import DiskLow, StoreError
from twin.settings import StoreSettings

COUNT = "SELECT count(*) AS n FROM t"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A file with ten rows, and a log long enough that the file must grow by it."""
    each = Database(tmp_path / FILE, StoreSettings(threads=1))
    with each.transaction():
        each.execute("CREATE TABLE t (i BIGINT, s VARCHAR)")
        each.execute("INSERT INTO t SELECT range, repeat(md5(range::VARCHAR), 4000) FROM range(10)")
    yield each
    each.close()


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """A limit of this process: a write behind it fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def lose(database: Database) -> None:
    """Have DuckDB give the file up, for real."""
    with no_file_grows_beyond(database.path.stat().st_size), pytest.raises(duckdb.FatalException):
        database.checkpoint()


def rows(database: Database) -> int:
    return database.query(COUNT)["n"][0]


def test_after_a_checkpoint_that_met_the_end_of_room_everything_is_there_and_goes_on(database):
    lose(database)
    assert rows(database) == 10
    with database.transaction():
        database.execute("INSERT INTO t VALUES (10, 'x')")
    lose(database)
    assert database.execute("SELECT count(*) FROM t") == [(11,)]
    database.checkpoint()
    assert database.log_bytes() == 0
    assert rows(database) == 11


def test_it_is_opened_again_while_there_is_still_no_room(database):
    with no_file_grows_beyond(database.path.stat().st_size):
        with pytest.raises(duckdb.FatalException):
            database.checkpoint()
        assert rows(database) == 10


def test_what_a_thread_shows_is_still_shown(database):
    database.show("state", pl.DataFrame({"point": ["P-1"]}))
    lose(database)
    assert database.query("SELECT point FROM state")["point"].to_list() == ["P-1"]


def test_those_at_work_are_waited_for(database):
    inside, lost, seen = Event(), Event(), []

    def read() -> None:
        with database.cursor():
            inside.set()
            assert lost.wait(10)
            seen.append(database._opened)

    reader = Thread(target=read)
    reader.start()
    assert inside.wait(10)
    lose(database)
    waiting = Thread(target=lambda: seen.append(rows(database)))
    waiting.start()
    lost.set()
    reader.join()
    waiting.join()
    assert seen == [1, 10]
    assert database._opened == 2


def test_a_long_reader_is_broken_off(database):
    inside, ended = Event(), []

    def read() -> None:
        with database.cursor() as cursor:
            database.held = cursor
            inside.set()
            try:
                cursor.execute("SELECT count(*) FROM range(100000000000) AS a, range(100000) AS b").fetchall()
            except (duckdb.InterruptException, duckdb.FatalException) as error:
                ended.append(str(error))
            database.held = None

    reader = Thread(target=read)
    reader.start()
    assert inside.wait(10)
    lose(database)
    assert rows(database) == 10
    reader.join()
    assert len(ended) == 1


def test_a_transaction_that_the_loss_broke_off_is_not_half_kept(database):
    def write() -> None:
        with database.transaction():
            other = Thread(target=lose, args=(database,))
            other.start()
            other.join()
            database.execute("INSERT INTO t VALUES (11, 'x')")

    with pytest.raises(duckdb.FatalException):
        write()
    assert rows(database) == 10


def test_what_a_failed_commit_wrote_does_not_come_back(database):
    certain = database.log_bytes()
    with database.transaction():
        database.execute("INSERT INTO t VALUES (11, 'x')")
    database.lose(certain)  # as if that commit had failed and could not be taken back
    assert rows(database) == 10
    with database.transaction():
        database.execute("INSERT INTO t VALUES (12, 'y')")
    assert rows(database) == 11


@pytest.mark.parametrize(("reason", "kind"), [("No space left on device", DiskLow), ("Input/output error", StoreError)])
def test_where_it_cannot_be_opened_again_it_is_said_and_tried_later(database, monkeypatch, reason, kind):
    lose(database)

    def refuse(*_: object) -> None:
        raise StoreError(f"{FILE} cannot be opened: {reason}")

    with monkeypatch.context() as broken:
        broken.setattr("cache.opened.connect", refuse)
        for _ in range(2):
            with pytest.raises(kind, match="cannot be opened again"):
                rows(database)
    monkeypatch.setattr("cache.opened._AGAIN_S", 0.0)
    assert rows(database) == 10


def test_a_closed_file_stays_closed(database):
    database.close()
    with pytest.raises(StoreError, match="the cache is closed"):
        rows(database)
