"""Messages: what was made of each notice, and how its sending went, in versions. Used by the writer's thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import polars as pl

from cache.database import Database
from twin.moment import Moment
from twin.reading import UTC_US

MESSAGE = "message"  # as a table that a commit touches
WAITING, SENT, FAILED, READ, UNREACHABLE = "waiting", "sent", "failed", "read", "unreachable"


@dataclass(frozen=True, slots=True)
class Message:
    """One notice to one person by one channel. ``place`` orders messages; ``result`` is what the channel said last."""

    id: str
    notice: str
    kind: str
    subject: str
    level: str | None
    owner: str | None
    recipient: str | None
    account: str | None
    name: str
    post: str | None
    channel: str
    address: str | None
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    language: str
    place: int
    posted_at: Moment
    due: Moment
    state: str
    tries: int = 0
    tried_at: Moment | None = None
    sent_at: Moment | None = None
    read_at: Moment | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try to send went."""

    id: str
    state: str
    tries: int
    tried_at: Moment
    due: Moment
    result: str | None


_NAMES = tuple(each.name for each in fields(Message))
_LISTED = ", ".join(_NAMES)
_TIMES = frozenset({"posted_at", "due", "tried_at", "sent_at", "read_at"})


def _kind(name: str) -> pl.DataType:
    if name in _TIMES:
        return UTC_US
    return {"place": pl.Int64(), "tries": pl.Int32()}.get(name, pl.String())


_SCHEMA = pl.Schema({name: _kind(name) for name in _NAMES})
_MADE = f"INSERT INTO message ({_LISTED}, known_from) SELECT {_LISTED}, $known FROM made"
_THERE = "SELECT DISTINCT notice FROM message WHERE notice IN (FROM asked)"
_NEXT_PLACE = "SELECT coalesce(max(place), 0) + 1 FROM message"
_SOME = f"SELECT {_LISTED} FROM message WHERE known_to IS NULL AND id IN (SELECT id FROM asked)"
_UNREAD = (
    f"SELECT {_LISTED} FROM message WHERE known_to IS NULL AND state = 'sent' AND channel = 'app' "
    "AND account = $account AND ($every OR id IN (SELECT id FROM asked))"
)
_END = "UPDATE message SET known_to = $known WHERE known_to IS NULL AND id IN (SELECT id FROM made)"


class Messages:
    """Writes inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, messages: Sequence[Message], known: Moment) -> list[Message]:
        """Keep the messages of notices that have none yet, in order; those that were kept, with their places."""
        asked = pl.DataFrame({"id": list({each.notice for each in messages})}, {"id": pl.String})
        there = {each for (each,) in self._database.execute(_THERE, {}, {"asked": asked})}
        first = int(self._database.execute(_NEXT_PLACE)[0][0])
        fresh = [each for each in messages if each.notice not in there]
        made = [_placed(each, place) for place, each in enumerate(fresh, first)]
        if made:
            rows = pl.DataFrame([asdict(each) for each in made], _SCHEMA)
            self._database.execute(_MADE, {"known": known}, {"made": rows})
        return made

    def tried(self, outcomes: Sequence[Outcome], known: Moment) -> None:
        """Keep how sendings went; one outcome a message."""
        rows = pl.DataFrame([asdict(each) for each in outcomes], _OUTCOMES)
        before = self._database.query(_SOME, {}, {"asked": rows.select("id")}).cast(dict(_SCHEMA))  # type: ignore[arg-type]
        sent = pl.when(pl.col("state") == SENT).then("tried_at").otherwise("sent_at").alias("sent_at")
        self._next(before.update(rows, on="id", include_nulls=True).with_columns(sent), known)

    def read(self, account: str, ids: Sequence[str] | None, known: Moment) -> int:
        """Somebody has read messages of his in the app, all of them with None; how many were unread."""
        asked = pl.DataFrame({"id": list(ids or ())}, {"id": pl.String})
        found = self._database.query(_UNREAD, {"account": account, "every": ids is None}, {"asked": asked})
        self._next(found.with_columns(state=pl.lit(READ), read_at=pl.lit(known)), known)
        return found.height

    def _next(self, made: pl.DataFrame, known: Moment) -> None:
        if made.height:
            self._database.execute(_END, {"known": known}, {"made": made.select("id")})
            self._database.execute(_MADE, {"known": known}, {"made": made})


_OUTCOMES = pl.Schema(
    {
        "id": pl.String(), "state": pl.String(), "tries": pl.Int32(), "tried_at": UTC_US, "due": UTC_US,
        "result": pl.String(),
    }
)  # fmt: skip


def _placed(one: Message, place: int) -> Message:
    said: dict[str, Any] = asdict(one)
    return Message(**{**said, "place": place})


__all__ = ["FAILED", "MESSAGE", "READ", "SENT", "UNREACHABLE", "WAITING", "Message", "Messages", "Outcome"]
