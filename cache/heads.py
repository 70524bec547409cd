"""Heads of the journal, kept beside the database: a file with a line an hour, one at the start and one at the stop.

A line says number, hash and time of the newest entry. Whoever can write the database may write this file too, so it is
worth the more the sooner it goes elsewhere: a line is short enough for a log server, a mail or a notebook.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import orjson

from cache.database import FILE, Database
from cache.ledger import Head, has_journal, last_head
from twin.errors import StoreError
from twin.moment import EPOCH, Moment, parse_moment
from twin.settings import StoreSettings

HEADS = f"{FILE}.heads"  # goes with the database where that is set aside
EVERY = timedelta(hours=1)
_PRIVATE = 0o600


class Heads:
    """Appends to the file of a data folder. Used by the writer's thread, and by who closes the store after it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / HEADS
        self._last = max(read_heads(folder), key=lambda each: each.seq, default=Head())
        self._due = EPOCH

    def keep_hourly(self, head: Head, now: Moment) -> None:
        """Keep a head when an hour has gone by, and the first there is at once."""
        if now >= self._due or (self._last.seq == 0 and head.seq > 0):
            self.keep(head)
            self._due = now + EVERY

    def keep(self, head: Head) -> None:
        """Append a head that is not there yet; durable when it returns."""
        if head.seq == self._last.seq:
            return
        line = {"seq": head.seq, "hash": head.hash.hex(), "known": head.known}
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _PRIVATE)
        try:
            os.write(descriptor, self._break() + orjson.dumps(line, option=orjson.OPT_UTC_Z) + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._last = head

    def _break(self) -> bytes:
        """The end of a line that a power cut left without one."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return b""
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return b"" if file.read(1) == b"\n" else b"\n"


def copy_heads(folder: Path, target: Path) -> None:
    """Lay the file of a folder into another one, in which a copy of the database is yet to be made: kept later, a head
    may be of an entry that the copy lacks."""
    if (folder / HEADS).exists():
        (target / HEADS).write_bytes((folder / HEADS).read_bytes())


def keep_last(folder: Path) -> None:
    """Keep where the journal of a database that nobody has open stands, if that is not kept yet.

    Raises:
        StoreError: it cannot be read.
    """
    with closing(Database(folder / FILE, StoreSettings())) as database:
        if has_journal(database):
            Heads(folder).keep(last_head(database))


def read_heads(folder: Path) -> list[Head]:
    """The heads that were kept, in the order of the file; a line that a power cut has torn is left out."""
    path = folder / HEADS
    return list(_heads(path.read_bytes())) if path.exists() else []


def _heads(raw: bytes) -> Iterator[Head]:
    for number, line in enumerate(raw.splitlines(), 1):
        try:
            said = orjson.loads(line)
            yield Head(int(said["seq"]), bytes.fromhex(said["hash"]), parse_moment(said["known"]))
        except (ValueError, KeyError, TypeError) as error:
            if line.startswith(b'{"seq"') and not line.endswith(b"}"):
                continue
            raise StoreError(f"{HEADS}: line {number} is not a head of the journal") from error
