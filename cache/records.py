"""Records of exchange tables: what was so from when to when, as known.

A record that says again what is known already is a duplicate; one that says something else closes the row
before it. Nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cache.database import Database
from cache.exchange import column_list, frame_schema, table_name
from twin.dictionary import Table
from twin.moment import Moment
from twin.reading import NOT_YOURS, Batch, Reject

_ROW, _LAST = "__row", "__last"


@dataclass(frozen=True)
class Kept:
    """How many records of a batch were kept, how many said nothing new; the ones that were kept, in order, and the
    ones that held before; and those that were refused."""

    accepted: int
    duplicates: int
    fresh: pl.DataFrame
    before: pl.DataFrame
    refused: tuple[Reject, ...]


def keep(database: Database, table: Table, batch: Batch, known: Moment) -> Kept:
    """Store the records of one batch (inside the caller's transaction). Within a batch the order sent counts."""
    rows = batch.rows.sort("index") if "index" in batch.rows.columns else batch.rows
    before = _current(database, table, _typed(table, rows))
    rows, refused = _own(table, rows, before, batch.owner)
    sent = _typed(table, rows)
    fresh = _news(table, sent, before)
    if len(fresh):
        _store(database, table, fresh, batch.source, known)
    return Kept(len(fresh), len(sent) - len(fresh), fresh, before, refused)


def _own(
    table: Table, rows: pl.DataFrame, before: pl.DataFrame, owner: str | None
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """The rows that replace nothing of another's, and the others as rejects. Asked in the transaction that replaces:
    nobody can take an id in between."""
    if owner is None or table.owner is None:
        return rows, ()
    theirs = before.filter(pl.col(table.owner).ne_missing(owner)).select(table.keys)
    if theirs.is_empty():
        return rows, ()
    foreign = rows.join(theirs, on=table.keys, how="semi", nulls_equal=True)
    said = f"there is a record of that {table.key} that does not belong to '{owner}'"
    refused = tuple(Reject(index, NOT_YOURS, said, table.key) for index in foreign["index"])
    return rows.filter(~pl.col("index").is_in(foreign["index"].implode())), refused


def _typed(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """The table's columns only, typed; columns that were not sent are null."""
    return rows.select(
        (pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name))
        for name, kind in frame_schema(table).items()
    )


def _current(database: Database, table: Table, sent: pl.DataFrame) -> pl.DataFrame:
    """The rows that hold now, of the keys sent."""
    return database.query(
        f"SELECT {column_list(table)} FROM {table_name(table)} WHERE known_to IS NULL AND {_keyed(table, 'sent')}",
        tables={"sent": sent.select(table.keys).unique()},
    )


def _keyed(table: Table, other: str) -> str:
    """The condition that a row has one of the keys of another relation."""
    keys = ", ".join(f'"{name}"' for name in table.keys)
    return (
        f"({keys}) IN (SELECT {keys} FROM {other})"
        if len(table.keys) > 1
        else f"{keys} IN (SELECT {keys} FROM {other})"
    )


def _news(table: Table, sent: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Rows that differ from what was known of their key just before, in order; ``__row`` counts them."""
    line = pl.concat([current, sent]).with_row_index(_ROW)
    columns = [name for name in sent.columns if name not in table.keys]
    same = [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in columns]
    again = pl.all_horizontal(same) if columns else pl.lit(True)
    follows = pl.int_range(pl.len()) > 0
    judged = line.with_columns(_again=(again & follows).over(table.keys))
    return judged.filter((pl.col(_ROW) >= len(current)) & ~pl.col("_again")).drop("_again")


def _store(database: Database, table: Table, fresh: pl.DataFrame, source: str, known: Moment) -> None:
    """Close what held before and add the new rows; of several of one key only the last one stays open."""
    name, columns = table_name(table), column_list(table)
    fresh = fresh.with_columns((pl.col(_ROW) == pl.col(_ROW).max().over(table.keys)).alias(_LAST))
    said = {"known": known}
    database.execute(
        f"UPDATE {name} SET known_to = $known WHERE known_to IS NULL AND {_keyed(table, 'fresh')}",
        said,
        {"fresh": fresh.select(table.keys).unique()},
    )
    database.execute(
        f"INSERT INTO {name} ({columns}, known_from, known_to, from_source) "
        f"SELECT {columns}, $known, CASE WHEN {_LAST} THEN NULL ELSE $known END, $source FROM fresh ORDER BY {_ROW}",
        said | {"source": source},
        {"fresh": fresh},
    )
