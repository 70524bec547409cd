"""The address book: who may be told of what, in versions. Used by the writer's thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import polars as pl

from cache.database import Database
from cache.ledger import Entry, Journal
from models.recipient import Recipient
from twin.errors import Conflict
from twin.moment import Moment

RECIPIENT = "recipient"  # as a stream of the journal, and as a table that a commit touches
_NAMES = tuple(each.name for each in fields(Recipient))
_LISTS = ("channels", "kinds", "sources", "levels")
_LISTED = ", ".join(_NAMES)
_SOME = f"SELECT {_LISTED} FROM recipient WHERE known_to IS NULL AND id IN (FROM asked)"
_END = "UPDATE recipient SET known_to = $known WHERE known_to IS NULL AND id IN (FROM asked)"
_BEGIN = f"INSERT INTO recipient ({_LISTED}, known_from, seq) SELECT {_LISTED}, $known, seq FROM made"
_SCHEMA = pl.Schema(
    {name: pl.Boolean() if name == "enabled" else pl.List(pl.String()) if name in _LISTS else pl.String()
     for name in _NAMES}
)  # fmt: skip


class Recipients:
    """Keeps recipients; who was checked by ``models.recipient.checked``."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keep(
        self, said: Sequence[Recipient], who: str, known: Moment, origin: str = "", *, fresh: bool = False
    ) -> list[str]:
        """Keep recipients as they are said; the ids of those that were new or have changed.

        Raises:
            Conflict: ``fresh``, and there is one of that id.
        """
        asked = {each.id: each for each in said}
        ids = pl.DataFrame({"id": list(asked)}, {"id": pl.String})
        before = {each.id: each for each in read_recipients(self._database.query(_SOME, {}, {"asked": ids}))}
        if fresh and before:
            raise Conflict(f"there is a recipient '{min(before)}'", "id")
        changed = [each for each in asked.values() if before.get(each.id) != each]
        if not changed:
            return []
        entries = [
            Entry(RECIPIENT, each.id, "changed" if each.id in before else "made", who, _said(each, origin))
            for each in changed
        ]
        first = self._journal.write(entries, known)
        gone = pl.DataFrame({"id": [each.id for each in changed]}, {"id": pl.String})
        self._database.execute(_END, {"known": known}, {"asked": gone})
        rows = pl.DataFrame([_row(each) for each in changed], _SCHEMA)
        made = rows.with_columns(seq=pl.int_range(first, first + rows.height, dtype=pl.Int64))
        self._database.execute(_BEGIN, {"known": known}, {"made": made})
        return [each.id for each in changed]


def read_recipients(rows: pl.DataFrame) -> list[Recipient]:
    """Recipients from rows of the table, or of a query with its columns."""
    return [Recipient(**_typed(row)) for row in rows.iter_rows(named=True)]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(row[name]) if name in _LISTS else row[name] for name in _NAMES}


def _row(one: Recipient) -> dict[str, Any]:
    return {name: list(each) if name in _LISTS else each for name, each in asdict(one).items()}


def _said(one: Recipient, origin: str) -> dict[str, Any]:
    return _row(one) | ({"from": origin} if origin else {})
