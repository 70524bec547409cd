"""Reads a journal from its first entry to its last and tells the first place where it is not what was written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cache.database import FILE, Database
from cache.heads import HEADS, read_heads
from cache.ledger import Head, has_journal, last_head, read_entries, sealed
from twin.errors import NotFound, StoreError
from twin.moment import EPOCH, Moment, iso, to_us
from twin.settings import StoreSettings

_AT_ONCE = 100_000
_HAS = "SELECT 1 FROM duckdb_tables() WHERE table_name = $name"
# what else of the file tells how far the journal went: every version of an alarm names its entry
_NAMED = "SELECT max(seq) FROM alarm"
_COUNT = "SELECT count(*) FROM journal"


@dataclass(frozen=True)
class Verified:
    """What was found. ``entry`` is the number of the first entry that is wrong, ``why`` says how; None: all is well."""

    entries: int
    heads: int  # kept outside the database, and found again
    after: int  # entries since the last of them
    known: Moment  # of the last entry
    entry: int | None = None
    why: str = ""

    @property
    def sound(self) -> bool:
        """Whether the journal is what was written."""
        return self.entry is None

    def __str__(self) -> str:
        if not self.sound:
            return f"the journal is not what was written: {self.why} (entry {self.entry})"
        said = f"{self.entries} entries, every one sealed with the one before"
        outside = f"{self.heads} heads kept in {HEADS} agree, {self.after} entries came after the last of them"
        last = f", the last of {iso(self.known)}" if self.entries else ""
        return f"{said}{last}; {outside}"


def verify_folder(folder: Path) -> Verified:
    """Verify the journal of a data folder that no server has open.

    Raises:
        NotFound: the folder holds no cache. StoreError: it is open elsewhere, or cannot be read.
    """
    if not (folder / FILE).is_file():
        raise NotFound(f"{folder} holds no cache ({FILE})")
    try:
        opened = Database(folder / FILE, StoreSettings())
    except StoreError as error:
        if "is open in" in error.message:
            raise StoreError(f"{error.message}; or restore a backup of it into a new folder and verify that") from error
        raise
    with closing(opened) as database:
        return verify(database, read_heads(folder))


def verify(database: Database, heads: Sequence[Head] = ()) -> Verified:
    """Verify the journal of an open file against itself, the heads kept outside, and what else the file says of it."""
    if not has_journal(database):
        return _Chain(heads).end(0)
    chain, last = _Chain(heads), last_head(database).seq
    while chain.seq < last and chain.why is None:
        rows = read_entries(database, chain.seq, chain.seq + _AT_ONCE)
        if rows.is_empty():
            chain.fail(chain.seq + 1, "it is missing")
        for row in rows.iter_rows():
            if not chain.add(row):
                break
    if chain.why is None and (count := database.execute(_COUNT)[0][0]) != last:
        chain.fail(1, f"{count - last} entries stand before the first one")
    named = database.execute(_NAMED)[0][0] if database.execute(_HAS, {"name": "alarm"}) else None
    return chain.end(named or 0)


class _Chain:
    """Goes from entry to entry."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self._heads = sorted(heads, key=lambda each: each.seq)
        self._met = 0
        self.seq, self._seal, self._known = 0, Head().hash, EPOCH
        self.why: str | None = None
        self._wrong = 0

    def fail(self, seq: int, why: str) -> bool:
        self._wrong, self.why = seq, why
        return False

    def add(self, row: tuple[Any, ...]) -> bool:
        """The next entry; whether it is what was written."""
        seq, known, *told, seal = row
        wanted = self.seq + 1
        if seq != wanted:
            return self.fail(wanted, "it is missing" if seq > wanted else "its number is there twice")
        if known < self._known:
            return self.fail(seq, f"its time {iso(known)} is before that of the entry before it")
        if sealed(self._seal, seq, to_us(known), tuple(told)) != bytes(seal):
            return self.fail(seq, "what it says is not what its hash was made of, or the one before it was another")
        self.seq, self._seal, self._known = seq, bytes(seal), known
        return self._meet()

    def _meet(self) -> bool:
        """Hold the entry against the heads of its number."""
        while self._met < len(self._heads) and self._heads[self._met].seq == self.seq:
            if self._heads[self._met].hash != self._seal:
                first = self._heads[self._met - 1].seq + 1 if self._met else 1
                why = f"the journal was written anew: {HEADS} has another hash for entry {self.seq}"
                return self.fail(first, f"{why}; changed is this entry or a later one")
            self._met += 1
        return True

    def end(self, named: int) -> Verified:
        """What was found, once the last entry was added; ``named``: an entry that the file speaks of elsewhere."""
        furthest = max([named, *(each.seq for each in self._heads)])
        if self.why is None and furthest > self.seq:
            self.fail(self.seq + 1, f"the end is cut off: there were at least {furthest} entries")
        after = self.seq - (self._heads[-1].seq if self._heads else 0)
        wrong = None if self.why is None else self._wrong
        return Verified(self.seq, self._met, after, self._known, wrong, self.why or "")
