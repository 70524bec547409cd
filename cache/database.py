"""One DuckDB file, opened once; a cursor for every thread that asks.

Times inside are naive UTC; they leave as aware UTC. No result leaves unfinished: DuckDB streams,
so a query is drained into a frame at once.
"""

from __future__ import annotations

import re
import shutil
import threading
import warnings
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from twin.errors import StoreError
from twin.settings import StoreSettings

FILE = "parktwin.duckdb"
RESTORING = ".restoring"  # a backup is being laid here; only in a folder without a file
TEMPORARY = "tmp"  # beside the file: what does not fit into memory
# A relation is planned twice, once to know its columns; for our small answers one more copy of the rows costs far less.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
Tables = Mapping[str, pl.DataFrame]
# attached in memory by whoever opened the file: DuckDB lets one process open a file twice, we do not
_OWNER = "opened_by_parktwin"


class Database:
    """The file and its cursors. Every method may be called from any thread."""

    def __init__(self, path: Path, settings: StoreSettings) -> None:
        self.path = path
        # who reads for long, a backup: nobody may be made to wait for that
        self.held: duckdb.DuckDBPyConnection | None = None
        self._root = _connect(path, settings)
        self._local = threading.local()
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._lock = threading.Lock()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor."""
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            with self._lock:
                cursor = self._local.cursor = self._root.cursor()
                self._cursors.add(cursor)
            self._local.shown = {}
        return cursor

    def query(self, sql: str, params: Mapping[str, Any] | None = None, tables: Tables | None = None) -> pl.DataFrame:
        """All rows of a query; ``tables`` are frames it may name. Times come back aware."""
        cursor = self.cursor()
        with _registered(cursor, tables):
            result = cursor.execute(sql, naive_params(params) if params else None)
            return aware(pl.DataFrame(result.to_arrow_table()))

    def show(self, name: str, frame: pl.DataFrame) -> None:
        """Let this thread's queries name a frame until another is shown under the name; quick when it is the same."""
        cursor = self.cursor()
        if self._local.shown.get(name) is not frame:
            cursor.register(name, _naive(frame))
            self._local.shown[name] = frame

    def execute(self, sql: str, params: Mapping[str, Any] | None = None, tables: Tables | None = None) -> list[tuple]:
        """Run one statement to its end; its rows, if it has any."""
        cursor = self.cursor()
        with _registered(cursor, tables):
            return cursor.execute(sql, naive_params(params) if params else None).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything executed inside by this thread is kept together, or not at all."""
        cursor = self.cursor()
        cursor.execute("BEGIN")
        try:
            yield
            cursor.execute("COMMIT")
        except BaseException:
            _rollback(cursor)
            raise

    def log_bytes(self) -> int:
        """Size of the log: what is durable, but not yet in the file."""
        log = self.path.with_name(f"{self.path.name}.wal")
        return log.stat().st_size if log.exists() else 0

    def close(self, shorten: bool = True) -> None:
        """Close all cursors and let go of the file; ``shorten`` brings the log into it first."""
        if not shorten:
            self._root.execute("PRAGMA disable_checkpoint_on_shutdown")
        with self._lock:
            for cursor in list(self._cursors):
                cursor.close()
            self._root.close()


def _rollback(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.TransactionException:
        return  # a failed COMMIT has rolled back by itself


@contextmanager
def _registered(cursor: duckdb.DuckDBPyConnection, tables: Tables | None) -> Iterator[None]:
    names = tuple(tables or ())
    for name in names:
        cursor.register(name, _naive(tables[name]))  # type: ignore[index]
    try:
        yield
    finally:
        for name in names:
            cursor.unregister(name)


def _connect(path: Path, settings: StoreSettings) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
        "temp_directory": str(path.parent / TEMPORARY),
        "checkpoint_threshold": "1TB",  # never by itself: see cache.checkpoints
        "python_enable_replacements": False,
    }
    try:
        root = duckdb.connect(str(path), config=config)
    except duckdb.Error as error:
        raise StoreError(_why_not(path, str(error))) from error
    try:
        root.execute(f"ATTACH ':memory:' AS {_OWNER}")
    except duckdb.BinderException as error:
        root.close()
        raise StoreError(f"{path.name} is open already in this process; one store writes a file") from error
    shutil.rmtree(path.parent / TEMPORARY, ignore_errors=True)  # of a process that was killed; the file is ours now
    return root


def _why_not(path: Path, said: str) -> str:
    if "lock" in said:
        pid = re.search(r"PID (\d+)", said)
        who = f"another process (PID {pid[1]})" if pid else "another process"
        return f"{path.name} is open in {who}; stop it or choose another data folder"
    return f"{path.name} cannot be opened: {said.splitlines()[0][:300]}"


def naive(moment: datetime) -> datetime:
    """A moment as DuckDB keeps it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def naive_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with their moments made naive."""
    return {name: naive(each) if isinstance(each, datetime) else each for name, each in params.items()}


def _naive(frame: pl.DataFrame) -> pl.DataFrame:
    marked = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
    return frame.with_columns(pl.col(marked).dt.replace_time_zone(None)) if marked else frame


def aware(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows with every time marked as UTC."""
    bare = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and not kind.time_zone]
    return frame.with_columns(pl.col(bare).dt.replace_time_zone("UTC")) if bare else frame
