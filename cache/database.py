"""One DuckDB file, opened once; a cursor for every thread that asks.

Times inside are naive UTC; they leave as aware UTC. No result leaves unfinished: DuckDB streams,
so a query is drained into a frame at once.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import duckdb
import polars as pl
import pyarrow as pa

from cache.opened import Opened

FILE = "parktwin.duckdb"
RESTORING = ".restoring"  # a backup is being laid here; only in a folder without a file
# A relation is planned twice, once to know its columns; for our small answers one more copy of the rows costs far less.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
Tables = Mapping[str, pl.DataFrame]
T = TypeVar("T")


class Database(Opened):
    """What is asked of the file. Every method may be called from any thread."""

    def query(self, sql: str, params: Mapping[str, Any] | None = None, tables: Tables | None = None) -> pl.DataFrame:
        """All rows of a query; ``tables`` are frames it may name. Times come back aware."""
        bound = naive_params(params) if params else None
        return self._asked(lambda cursor: aware(pl.DataFrame(cursor.execute(sql, bound).to_arrow_table())), tables)

    def large(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The same for many rows: it is planned twice, but no row is copied once more."""
        bound = naive_params(params) if params else None
        return self._asked(lambda cursor: aware(cursor.sql(sql, params=bound).pl()))

    def show(self, name: str, frame: pl.DataFrame) -> None:
        """Let this thread's queries name a frame until another is shown under the name; quick when it is the same."""
        if self.mine.shown.get(name, (None,))[0] is not frame:
            with self.cursor() as cursor:
                shown = _shown(frame)
                cursor.register(name, shown)
                self.mine.shown[name] = (frame, shown)

    def execute(self, sql: str, params: Mapping[str, Any] | None = None, tables: Tables | None = None) -> list[tuple]:
        """Run one statement to its end; its rows, if it has any."""
        bound = naive_params(params) if params else None
        return self._asked(lambda cursor: cursor.execute(sql, bound).fetchall(), tables)

    def _asked(self, ask: Callable[[duckdb.DuckDBPyConnection], T], tables: Tables | None = None) -> T:
        """What is asked of this thread's cursor; once more when the file had to be opened again meanwhile."""
        try:
            with self.cursor() as cursor, _registered(cursor, tables):
                return ask(cursor)
        except duckdb.FatalException:
            if self.mine.depth:  # the rest of the transaction is gone
                raise
        with self.cursor() as cursor, _registered(cursor, tables):
            return ask(cursor)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything executed inside by this thread is kept together, or not at all."""
        with self.cursor() as cursor:
            certain = None
            cursor.execute("BEGIN")
            try:
                yield
                certain = self.log_bytes()
                cursor.execute("COMMIT")
            except BaseException:
                if not _rolled_back(cursor):
                    self.lose(certain)
                raise

    def checkpoint(self, forced: bool = False) -> None:
        """Bring the log into the file; ``forced`` makes readers wait for a few milliseconds.

        Raises:
            duckdb.TransactionException: somebody reads what it would have to move.
            duckdb.FatalException: it met a full disk, and the file is opened again by whoever asks next.
        """
        with self.cursor() as cursor:
            cursor.execute("FORCE CHECKPOINT" if forced else "CHECKPOINT").fetchall()


def _rolled_back(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether nothing is left of a transaction; not known where DuckDB has given the file up."""
    try:
        cursor.execute("ROLLBACK")
    except duckdb.TransactionException:
        return True  # a failed COMMIT has rolled back by itself
    except duckdb.FatalException:
        return False
    return True


@contextmanager
def _registered(cursor: duckdb.DuckDBPyConnection, tables: Tables | None) -> Iterator[None]:
    names = tuple(tables or ())
    for name in names:
        cursor.register(name, _shown(tables[name]))  # type: ignore[index]
    try:
        yield
    finally:
        with suppress(duckdb.FatalException):  # and the cursor with them
            for name in names:
                cursor.unregister(name)


def naive(moment: datetime) -> datetime:
    """A moment as DuckDB keeps it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def naive_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with their moments made naive."""
    return {name: naive(each) if isinstance(each, datetime) else each for name, each in params.items()}


def _shown(frame: pl.DataFrame) -> pa.Table:
    """A frame as DuckDB reads it: its times naive, its texts as polars keeps them, so that none is copied."""
    marked = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
    bare = frame.with_columns(pl.col(marked).dt.replace_time_zone(None)) if marked else frame
    return bare.to_arrow(compat_level=pl.CompatLevel.newest())


def aware(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows with every time marked as UTC."""
    bare = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and not kind.time_zone]
    return frame.with_columns(pl.col(bare).dt.replace_time_zone("UTC")) if bare else frame
