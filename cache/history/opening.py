"""When a file is opened its open minutes go back into the ring; what should have been closed long ago is closed."""

from __future__ import annotations

import math

import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.blocks import MINUTE_US
from cache.history.close import Closer
from cache.history.ring import Kept, Ring
from twin.moment import Moment, from_us, to_us

_AT_ONCE = 3_000_000
_LEFT_OPEN_US = 3 * MINUTE_US
_OPEN = (
    "SELECT point, ts, value, quality, source, known, fold FROM reading_raw WHERE known > $after AND known <= $until "
    "ORDER BY known, rowid"
)
_EXTENT = "SELECT min(known) AS first, max(known) AS last, count(*) AS rows FROM reading_raw"


def load(database: Database, ring: Ring, closer: Closer) -> None:
    """Fill the ring with the readings of minutes that are not closed, some millions at a time."""
    extent = database.query(_EXTENT).row(0, named=True)
    if not extent["rows"]:
        return
    after, last = to_us(extent["first"]) - 1, to_us(extent["last"])
    parts = math.ceil(extent["rows"] / _AT_ONCE)
    for part in range(1, parts + 1):
        until = last if part == parts else after + (last - after) // (parts - part + 1)
        ring.add(_read(database, from_us(after), from_us(until)))
        if part < parts:
            _close(database, closer, until - _LEFT_OPEN_US)
        after = until


def _close(database: Database, closer: Closer, edge: int) -> None:
    closed = closer.prepare(edge // MINUTE_US * MINUTE_US)
    if closed is not None:
        with database.transaction():
            closer.write(closed)
        closer.done(closed)


def _read(database: Database, after: Moment, until: Moment) -> Kept:
    found = database.query(_OPEN, {"after": after, "until": until})
    return Kept(*(_array(found[name]) for name in ("point", "ts", "value", "quality", "source", "known", "fold")))


def _array(column: pl.Series) -> NDArray:
    return column.to_physical().to_numpy()
