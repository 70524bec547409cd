"""A consistent copy of the file, made while the writer goes on: one reading transaction, whatever tables there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from cache.database import Database
from cache.room import no_room
from twin.errors import DiskLow, StoreError
from twin.settings import StoreSettings

# checksums are sums of what DuckDB hashes: only a DuckDB of the same version finds the same ones
ENGINE = f"duckdb {duckdb.__version__}"
Say = Callable[[str], None]
_COPY = "copy_of_parktwin"
_SELF = "SELECT current_database()"
_TABLES = (
    "SELECT schema_name, table_name FROM duckdb_tables() "
    "WHERE database_name = $name AND NOT internal AND NOT temporary ORDER BY ALL"
)


@dataclass(frozen=True)
class TableSum:
    """What a table holds: how many rows, and a sum over all their values, in whatever order they lie."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Contents:
    """What a file holds at one moment; ``schema`` is the last numbered step that it has seen."""

    schema: int
    tables: Mapping[str, TableSum]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(each.rows for each in self.tables.values())


def copy_database(database: Database, target: Path, say: Say = lambda _: None) -> Contents:
    """Write all that is durable by now to a new file and read it again to see that it is the same.

    ``say`` is told each step: sum, copy, check.

    Raises:
        StoreError: the file or its copy cannot be read. DiskLow: no room for it.
    """
    with database.cursor() as cursor:
        held = _copied(database, cursor, target, say)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return held


def _copied(database: Database, cursor: duckdb.DuckDBPyConnection, target: Path, say: Say) -> Contents:
    _run(cursor, f"ATTACH {_text(str(target))} AS {_COPY} (RECOVERY_MODE no_wal_writes)")
    database.held = cursor
    try:
        held = _copy(cursor, say)
        say("check")
        _run(cursor, f"CHECKPOINT {_COPY}")
        require_same(held, _contents(cursor, _COPY), target.name)
    finally:
        database.held = None
        _run(cursor, f"DETACH {_COPY}")
    return held


def _copy(cursor: duckdb.DuckDBPyConnection, say: Say) -> Contents:
    name = _run(cursor, _SELF)[0][0]
    cursor.execute("BEGIN")
    try:
        say("sum")
        held = _contents(cursor, name)
        say("copy")
        _run(cursor, f"COPY FROM DATABASE {_name(name)} TO {_COPY}")
        _run(cursor, "COMMIT")
    except BaseException:
        cursor.rollback()
        raise
    return held


def read_contents(path: Path) -> Contents:
    """What a file holds that nobody has open; all of it is read.

    Raises:
        StoreError: it cannot be opened or read.
    """
    with closing(Database(path, StoreSettings())) as database, database.cursor() as cursor:
        return _contents(cursor, _run(cursor, _SELF)[0][0])


def require_same(promised: Contents, found: Contents, file: str, checksums: bool = True) -> None:
    """Two contents are the same; without ``checksums`` only as many rows are asked for.

    Raises:
        StoreError: they are not; the message names the table.
    """
    for table in sorted(promised.tables.keys() | found.tables.keys()):
        wanted, there = promised.tables.get(table), found.tables.get(table)
        if wanted is None or there is None:
            raise StoreError(f"{file}: the table {table} is {'missing' if there is None else 'not expected'}")
        if wanted.rows != there.rows:
            raise StoreError(f"{file}: the table {table} has {there.rows} rows, not {wanted.rows}")
        if checksums and wanted.checksum != there.checksum:
            raise StoreError(f"{file}: the table {table} has other values than it had")


def _contents(cursor: duckdb.DuckDBPyConnection, database: str) -> Contents:
    """Count and sum up every table of an attached file."""
    tables = _run(cursor, _TABLES, {"name": database})
    sums = {
        table if schema == "main" else f"{schema}.{table}": _sum(
            cursor, ".".join(map(_name, (database, schema, table)))
        )
        for schema, table in tables
    }
    if "schema_version" not in sums:
        return Contents(0, sums)
    steps = _run(cursor, f"SELECT coalesce(max(version), 0) FROM {_name(database)}.main.schema_version")
    return Contents(steps[0][0], sums)


def _sum(cursor: duckdb.DuckDBPyConnection, table: str) -> TableSum:
    rows = _run(cursor, f"SELECT count(*), coalesce(sum(hash(whole_row)), 0) FROM {table} AS whole_row")
    return TableSum(rows[0][0], str(rows[0][1]))


def _run(cursor: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    try:
        return cursor.execute(sql, params).fetchall()
    except duckdb.Error as error:
        if no_room(error):
            raise DiskLow("there is no room for the copy of the cache") from error
        raise StoreError(f"the cache could not be copied: {str(error).splitlines()[0][:300]}") from error


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
