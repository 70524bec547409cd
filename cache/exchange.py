"""Exchange tables and their as-of macros, made from the dictionary.

Each table ``x_<name>`` has the dictionary's columns and three of ours: ``known_from``, ``known_to``
(known time; null = still so) and ``from_source``. ``<name>_at(moment)`` gives the rows that were so, and not
deleted, at a moment; there ``valid_from`` and ``source`` say the same unless the dictionary uses the word.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from twin.dictionary import Dictionary, Table
from twin.reading import UTC_US

_SQL_TYPES = {
    "int": "BIGINT",
    "float": "DOUBLE",
    "lon": "DOUBLE",
    "lat": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
_FRAME_TYPES: dict[str, pl.DataType] = {
    "int": pl.Int64(),
    "float": pl.Float64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
    "datetime": UTC_US,
}
_OURS = (("known_from", "TIMESTAMP"), ("known_to", "TIMESTAMP"), ("from_source", "VARCHAR"))
_ALIASES = (("known_from", "valid_from"), ("from_source", "source"))


def table_name(table: Table) -> str:
    """Name of the table that keeps it."""
    return f"x_{table.name}"


def frame_schema(table: Table) -> pl.Schema:
    """Types of its columns in a frame."""
    return pl.Schema({field.name: _FRAME_TYPES.get(field.type, pl.String()) for field in table.fields})


def column_list(table: Table) -> str:
    """Its columns, quoted, for a statement."""
    return ", ".join(f'"{field.name}"' for field in table.fields)


def statements(dictionary: Dictionary, existing: dict[str, set[str]]) -> Iterator[str]:
    """Statements that bring a file to the dictionary: ``existing`` holds the columns of each table there is."""
    for table in dictionary:
        have = existing.get(table_name(table))
        if have is None:
            yield _create(table)
        else:
            yield from _grow(table, have)
        yield _macro(table)


def _columns(table: Table) -> list[tuple[str, str]]:
    return [(field.name, _SQL_TYPES.get(field.type, "VARCHAR")) for field in table.fields] + list(_OURS)


def _create(table: Table) -> str:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _columns(table))
    return f"CREATE TABLE {table_name(table)} ({columns})"


def _grow(table: Table, have: set[str]) -> Iterator[str]:
    for name, kind in _columns(table):
        if name not in have:
            yield f'ALTER TABLE {table_name(table)} ADD COLUMN "{name}" {kind}'


def _macro(table: Table) -> str:
    taken = {field.name for field in table.fields}
    shown = [column_list(table), "known_from", "from_source"]
    shown += [f"{ours} AS {alias}" for ours, alias in _ALIASES if alias not in taken]
    alive = " AND NOT coalesce(is_deleted, false)" if "is_deleted" in taken else ""
    return (
        f"CREATE OR REPLACE MACRO {table.name}_at(moment) AS TABLE SELECT {', '.join(shown)} FROM {table_name(table)} "
        f"WHERE known_from <= moment AND (known_to IS NULL OR known_to > moment){alive}"
    )
