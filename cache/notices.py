"""Notices: what people have to be told, written in the transaction of its cause. Used by the writer's thread only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import polars as pl

from cache.database import Database
from cache.ledger import Entry, Journal, said_text
from twin.alarm import MACHINE
from twin.moment import Moment, iso
from twin.notice import Notice

NOTICE = "notice"  # as a stream of the journal, and as a table that a commit touches
_THERE = "SELECT id FROM notice WHERE id IN (FROM asked)"
_POST = (
    "INSERT INTO notice SELECT id, $known, seq, kind, subject, held_at, due, addressees, template, args, level, owner, "
    "channels, $who FROM made"
)


class Notices:
    """Posts what is to be told."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def post(self, notices: Sequence[Notice], known: Moment, who: str = MACHINE, origin: str = "") -> list[str]:
        """Post those that were not posted before; their ids.

        Raises:
            StoreError: what one says cannot be written.
        """
        asked = {each.id: each for each in notices}
        if not asked:
            return []
        there = {id for (id,) in self._database.execute(_THERE, {}, {"asked": pl.DataFrame({"id": list(asked)})})}
        fresh = [each for each in asked.values() if each.id not in there]
        if not fresh:
            return []
        # what is said of a notice is in its row; the journal holds it as well, sealed
        said = [{**asdict(each), "to": list(each.to), "channels": list(each.channels)} for each in fresh]
        sealed = [each | ({"from": origin} if origin else {}) for each in said]
        entries = [Entry(NOTICE, one.id, "posted", who, each) for one, each in zip(fresh, sealed, strict=True)]
        first = self._journal.write(entries, known)
        rows = [
            each
            | {"seq": seq, "held_at": each["at"], "addressees": each["to"], "args": said_text(_whens(each["args"]))}
            for seq, each in enumerate(said, first)
        ]
        made = pl.DataFrame(rows, schema_overrides=_TYPES, infer_schema_length=None)
        self._database.execute(_POST, {"known": known, "who": who}, {"made": made})
        return [each.id for each in fresh]


_TEXTS = ("id", "kind", "subject", "template", "args", "level", "owner")
_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(_TEXTS, pl.String),
    **dict.fromkeys(("addressees", "channels"), pl.List(pl.String)),
}


def _whens(said: Any) -> Any:
    """Moments told as such: a letter tells them with their day, in the park's zone."""
    if isinstance(said, datetime):
        return {"when": iso(said)}
    return {name: _whens(each) for name, each in said.items()} if isinstance(said, Mapping) else said
