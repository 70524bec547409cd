"""What people answered to messages (R-PU-3). Used by the writer's thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import polars as pl

from cache.database import Database
from twin.moment import Moment

REPLY = "reply"  # as a table that a commit touches
_TEXTS = ("id", "message", "words", "noted_by")
_KEEP = (
    "INSERT INTO reply BY NAME SELECT DISTINCT ON (id) id, $known AS known, message, words, noted_by FROM told "
    "ANTI JOIN reply USING (id) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``id`` says which it is: told again, it is kept once; ``noted_by``: who handed it in."""

    id: str
    message: str
    words: str
    noted_by: str


class Replies:
    """Writes inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, replies: Sequence[Reply], known: Moment) -> int:
        """Keep answers; how many of them are new."""
        told = pl.DataFrame([asdict(each) for each in replies], dict.fromkeys(_TEXTS, pl.String()))
        return len(self._database.execute(_KEEP, {"known": known}, {"told": told}))
