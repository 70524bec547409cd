"""The journal: what people and the machine did, one entry after the other, each sealed with the one before.

An entry's hash is SHA-256 over the hash of the entry before it and its own canonical bytes. So no entry can be changed,
taken out or put in between without all later hashes changing; and the newest hash lies outside the database as well
(``cache.heads``), so that neither the end can be cut off nor the whole be written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import orjson
import polars as pl

from cache.database import Database
from twin.errors import StoreError
from twin.moment import EPOCH, Moment, from_us, to_us

STREAMS = frozenset(
    {
        "alarm", "account", "audit", "limit", "fault", "notice", "recipient", "warning", "roster", "handover", "visit",
    }
)  # fmt: skip
JOURNAL = "journal"  # as a table that a commit touches
BEGINNING = bytes(32)  # the hash before the first entry
_SAID = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z
_HAS = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'journal'"
_LAST = "SELECT seq, known, hash FROM journal ORDER BY seq DESC LIMIT 1"
_SOME = (
    "SELECT seq, known, stream, subject, event, who, said, hash FROM journal "
    "WHERE seq > $after AND seq <= $until ORDER BY seq, rowid"
)
_COLUMNS = ("seq", "known", "stream", "subject", "event", "who", "said", "hash")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``said`` holds what JSON can hold, and moments."""

    stream: str
    subject: str
    event: str
    who: str
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry at some moment; ``seq`` is 0 before the first one."""

    seq: int = 0
    hash: bytes = BEGINNING
    known: Moment = EPOCH


def sealed(before: bytes, seq: int, known_us: int, told: tuple[str, str, str, str, str]) -> bytes:
    """The hash of an entry; ``told`` is stream, subject, event, who and what it says as text."""
    return hashlib.sha256(before + orjson.dumps((seq, known_us, *told))).digest()


def said_text(said: Mapping[str, Any]) -> str:
    """What an entry says, in its one canonical form.

    Raises:
        StoreError: it holds something that JSON cannot hold.
    """
    try:
        return orjson.dumps(said, option=_SAID).decode()
    except TypeError as error:
        raise StoreError(f"an entry of the journal cannot be written: {error}") from error


class Journal:
    """Writes inside the caller's transaction, on the writer's thread; ``head`` may be read from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._head: Head | None = None
        self.head = self._current()  # as of the last durable commit

    def write(self, entries: Sequence[Entry], known: Moment) -> int:
        """Append entries; the number of the first of them.

        Raises:
            StoreError: an entry belongs to no stream, or cannot be written.
        """
        head = self._current()
        first, us = head.seq + 1, to_us(max(known, head.known))
        rows: list[tuple[Any, ...]] = []
        seal = head.hash
        for seq, each in enumerate(entries, first):
            if each.stream not in STREAMS:
                raise StoreError(f"the journal has no stream '{each.stream[:40]}'")
            told = (each.stream, each.subject, each.event, each.who, said_text(each.said))
            seal = sealed(seal, seq, us, told)
            rows.append((*told, seal))
        if rows:
            self._insert(first, us, rows)
            self._head = Head(first + len(rows) - 1, seal, from_us(us))
        return first

    def _insert(self, first: int, known_us: int, rows: list[tuple[Any, ...]]) -> None:
        columns = dict(zip(_COLUMNS[2:], map(list, zip(*rows, strict=True)), strict=True))
        frame = pl.DataFrame({"seq": range(first, first + len(rows)), **columns})
        self._database.execute(
            "INSERT INTO journal SELECT seq, $known, stream, subject, event, who, said, hash FROM entries",
            {"known": from_us(known_us)},
            {"entries": frame},
        )

    def _current(self) -> Head:
        if self._head is None:
            self._head = last_head(self._database)
        return self._head

    def kept(self) -> None:
        """The transaction is durable."""
        self.head = self._current()

    def forget(self) -> None:
        """The transaction was undone: where the journal stands is asked of the file again."""
        self._head = None


def has_journal(database: Database) -> bool:
    """Whether a file knows of a journal: those of the first versions do not."""
    return bool(database.execute(_HAS))


def last_head(database: Database) -> Head:
    """Where the journal of a file stands."""
    rows = database.execute(_LAST)
    return Head(rows[0][0], bytes(rows[0][2]), rows[0][1].replace(tzinfo=UTC)) if rows else Head()


def read_entries(database: Database, after: int, until: int) -> pl.DataFrame:
    """Entries with numbers above ``after`` and up to ``until``, in order."""
    return database.query(_SOME, {"after": after, "until": until})
