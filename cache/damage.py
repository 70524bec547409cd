"""A file is looked at before it is used; one that cannot be read is set aside, never replaced in silence.

What is looked at: the log's head and whether its entries follow each other, the file's heads, its catalogue and its
length, and as many values as can be read in a moment, small tables first, of large ones the newest rows. Every block
carries a checksum, so what has been read is what was written. ``read_contents`` in ``cache.copy`` reads everything.
"""

from __future__ import annotations

import logging
import re
import shlex
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from cache.database import RESTORING, Database
from cache.room import no_room
from twin.errors import StoreError
from twin.moment import Moment
from twin.settings import StoreSettings

T = TypeVar("T")
log = logging.getLogger(__name__)
LOOK_S = 1.5
_DAMAGE = re.compile(
    r"Corrupt|corrupt|not a valid DuckDB|Could not read enough bytes|Failure while replaying WAL|LEB128|deserialize"
)
# how DuckDB 2 begins a log: entry 'version', its number, the file's identifier, how often it was brought into the file
_LOG_HEAD = re.compile(
    rb"d\x00be\x00.(?:f\x00\x10(?:[\x80-\xff].|[\x00-\x7f]){16}g\x00[\x80-\xff]*.)?\xff\xff", re.DOTALL
)
_LOG_HEAD_BYTES = 128
_ENTRY = struct.Struct("<QQ")  # length, checksum
_ABSURD_BYTES = 1 << 32
_ROWS = 122_880  # of a row group
_TABLES = (
    "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() "
    "WHERE database_name = current_database() AND NOT internal AND estimated_size > 0 ORDER BY estimated_size"
)
# free places at the end of the file may never have been written: only those in use must be there
_ROOM = "SELECT used_blocks * block_size AS bytes FROM pragma_database_size() WHERE database_name = current_database()"


class Damaged(StoreError):
    """The file, or its log, is not what was written."""

    code = "damaged"


@dataclass(frozen=True)
class Opening:
    """A file to be opened, and what to do when it is damaged."""

    path: Path
    settings: StoreSettings
    now: Moment
    backups: Path  # folder of those that might be restored
    start_empty: bool = False  # go on with a new file where the old one is damaged


def open_sound(opening: Opening, make: Callable[[Database], T]) -> T:
    """What is made on a file that has been looked at, or on a new one where there was none.

    Raises:
        StoreError: damaged, and set aside now or before; open elsewhere; a restore was broken off.
    """
    path, backups = opening.path, opening.backups
    if (path.parent / RESTORING).exists():
        raise StoreError(f"a restore into {path.parent} was broken off; empty that folder and restore again")
    gone = sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"))
    if not path.exists() and gone and not opening.start_empty:
        raise StoreError(f"{path.name} was damaged and set aside as {gone[-1].name}. {_ways_on(path, backups)}")
    try:
        return _made(_opened(path, opening.settings), make)
    except Damaged as error:
        aside = _set_aside(path, opening.now)
        said = f"{path.name} is damaged and was set aside as {aside.name} ({error.message})."
        if not opening.start_empty:
            raise StoreError(f"{said} {_ways_on(path, backups)}") from error
        log.error("%s An empty cache is begun.", said)
        return _made(Database(path, opening.settings), make)


def _made(database: Database, make: Callable[[Database], T]) -> T:
    try:
        return make(database)
    except BaseException as error:
        database.close(shorten=False)  # refused as it was found
        if is_damage(error):
            raise Damaged(str(error).splitlines()[0][:200]) from error
        raise


def _opened(path: Path, settings: StoreSettings) -> Database:
    check_log(path.with_name(f"{path.name}.wal"))
    try:
        database = Database(path, settings)
    except StoreError as error:
        if error.__cause__ is not None and is_damage(error.__cause__):
            raise Damaged(error.message) from error
        raise
    try:
        look(database, LOOK_S)
    except BaseException:
        database.close(shorten=False)
        raise
    return database


def is_damage(error: BaseException) -> bool:
    """Whether DuckDB says that what it read is not what was written."""
    other = no_room(error) or isinstance(error, duckdb.OutOfMemoryException)
    return isinstance(error, duckdb.Error) and not other and _DAMAGE.search(str(error)) is not None


def check_log(path: Path) -> None:
    """A log that DuckDB would pass over without a word, and with it what was acknowledged.

    Raises:
        Damaged: its head or the length of an entry cannot be.
    """
    size = path.stat().st_size if path.exists() else 0
    if size < _LOG_HEAD_BYTES:
        return  # nothing was ever acknowledged out of it
    with path.open("rb") as file:
        head = _LOG_HEAD.match(file.read(_LOG_HEAD_BYTES))
        if head is None:
            raise Damaged(f"the head of its log {path.name} is not one")
        at = head.end()
        while at + _ENTRY.size <= size:
            file.seek(at)
            length, _ = _ENTRY.unpack(file.read(_ENTRY.size))
            if length > _ABSURD_BYTES:
                raise Damaged(f"its log {path.name} breaks off at byte {at} of {size}")
            at += _ENTRY.size + length


def look(database: Database, budget_s: float) -> None:
    """Read for about so long.

    Raises:
        Damaged: something cannot be read; the message says of which table.
    """
    until = time.monotonic() + budget_s
    _check_length(database)
    for schema, table, rows in database.execute(_TABLES):
        for low in _groups(rows):
            if time.monotonic() > until:
                return
            _read(database, schema, table, low)


def _check_length(database: Database) -> None:
    promised, there = database.execute(_ROOM)[0][0], database.path.stat().st_size
    if there < promised:
        raise Damaged(f"it has {there} bytes of {promised}")


def _groups(rows: int) -> Iterator[int]:
    """Where groups of rows begin: the last first, it is what was written last."""
    starts = range(0, max(rows, 1), _ROWS)
    yield starts[-1]
    yield from starts[:-1]


def _read(database: Database, schema: str, table: str, low: int) -> None:
    name = f'"{schema}"."{table}"'
    try:
        database.execute(
            f"SELECT sum(hash(whole_row)) FROM {name} AS whole_row WHERE rowid >= $low AND rowid < $high",
            {"low": low, "high": low + _ROWS},
        )
    except duckdb.Error as error:
        if is_damage(error):
            raise Damaged(f"the table {table} cannot be read: {str(error).splitlines()[0][:200]}") from error
        raise


def _set_aside(path: Path, now: Moment) -> Path:
    aside = path.with_name(f"{path.stem}.damaged-{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    for part in path.parent.glob(f"{path.name}*"):  # the log goes with it
        part.replace(aside.with_name(aside.name + part.name.removeprefix(path.name)))
    return aside


def _ways_on(path: Path, backups: Path) -> str:
    found = sorted(backups.glob("[!.]*.tar"), key=lambda each: each.stat().st_mtime)
    empty = "start with --start-empty to begin an empty cache"
    if not found:
        return f"There is no backup in {backups}; restore one from elsewhere into a new folder, or {empty}."
    new = path.parent.with_name(f"{path.parent.name}-restored")
    words = f"python app.py restore {shlex.quote(str(found[-1]))} --data {shlex.quote(str(new))}"
    return f"The newest backup can be restored: {words} (then run with that --data); or {empty}."
