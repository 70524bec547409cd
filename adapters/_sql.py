"""A front database that is asked for what is new: what ``adapters/sql.py`` declares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters._database import KINDS, Database, Secret
from adapters._mapped import OPTIONS, Mapped, mapped
from adapters._options import expect_known, number, option_error, text, texts
from adapters._pages import Page, plain_row, read_page
from adapters._paging import Paging, Position, Values, origin_of, origin_of_query
from twin.moment import Moment
from twin.reading import READING_TABLE, Batch
from twin.source import SourceSettings

_OWN = {"url", "password_env", "password_file", "from", "query", "cursor", "start", "overlap", "page_rows"}
_KNOWN = OPTIONS | _OWN | {"every_s", "timeout_s"}
_OVERLAP = 5.0


class SqlPoll:
    """One table or query. ``fetch`` asks, ``decode`` is pure."""

    protocol = "sql"

    def __init__(
        self, key: str, named: str, database: Database, paging: Paging, mapping: Mapped, every: timedelta
    ) -> None:
        self.key = key
        self.every = every
        self._named = named
        self._database = database
        self._paging = paging
        self._mapping = mapping
        self.forget()

    def forget(self) -> None:
        """What was fetched last was not kept: ask for it again."""
        self._position: Position | None = None
        self._over = False  # this turn has come to its end
        self._seen: dict[bytes, Any] = {}  # rows that a later turn may meet again: the cursor's value of each

    def fetch(self, since: str | None) -> bytes | None:
        """The next rows that were not seen before; None when there are none.

        Raises:
            SourceError: nobody answers, or the question is refused.
        """
        position = self._position or Position.of_cursor(since, self._paging.cursor)
        while not self._over:
            if position.at is None:
                position = self._turn(position)
            found = self._database.rows(self._paging.statement(position))
            rows, values = self._paging.page(found)
            self._over = len(rows) == len(found)
            position = self._position = self._paging.after(position, values, self._over)
            fresh = self._unseen([plain_row(each) for each in rows], values, position)
            if fresh:
                return self._page(fresh, position)
        self._over = False
        return None

    def decode(self, raw: bytes, received_at: Moment) -> Batch:
        """A page to a batch whose cursor is where the next question begins."""
        return read_page(raw, lambda _: self._mapping, self.key, received_at)

    def _turn(self, position: Position) -> Position:
        """Begin a turn: how far it goes, where turns overlap."""
        if not self._paging.overlap:
            return position
        edges = [(row["edge"],) for row in self._database.rows(self._paging.edge())]
        return Position(position.high, edge=next((each for each in edges if self._paging.goes_back(*each)), None))

    def _unseen(self, rows: list[dict[str, Any]], values: Sequence[Values], position: Position) -> list[dict[str, Any]]:
        """The rows that were not seen in the overlap; those that no later turn can meet are forgotten."""
        if not self._paging.overlap:
            return rows
        digests = [blake2b(orjson.dumps(each), digest_size=16).digest() for each in rows]
        fresh = [row for row, digest in zip(rows, digests, strict=True) if digest not in self._seen]
        self._seen |= {digest: value[0] for digest, value in zip(digests, values, strict=True)}
        if position.at is None and position.high is not None and self._paging.goes_back(position.high[0]):
            oldest = self._paging.back(position.high[0])
            # a MySQL time that is none (0000-00-00) is no time to compare
            seen = self._seen.items()
            self._seen = {digest: at for digest, at in seen if self._paging.goes_back(at) and at >= oldest}
        return fresh

    def _page(self, rows: list[dict[str, Any]], position: Position) -> bytes:
        digest = blake2b(orjson.dumps(rows), digest_size=16).hexdigest()
        batch_id, places = f"{self._named}:{digest}", range(1, len(rows) + 1)
        return Page(
            self._mapping.table, self._named, batch_id, position.as_cursor(self._paging.cursor), rows, places
        ).as_bytes()


class SqlServer:
    """The database of one source, with its one poll."""

    protocol = "sql"
    workers = 1

    def __init__(self, poll: SqlPoll, database: Database) -> None:
        self.key = poll.key
        self._poll = poll
        self._database = database

    def polls(self) -> list[SqlPoll]:
        """The one there is."""
        return [self._poll]

    def close(self) -> None:
        """Hang up."""
        self._database.close()


def sources(settings: SourceSettings, park: Any) -> list[SqlServer]:
    """The sources that an entry of ``park.toml`` makes.

    Raises:
        ParkError: an option that is missing, wrong or unknown.
    """
    expect_known(settings, _KNOWN)
    said = settings.options
    if ("from" in said) == ("query" in said):
        raise option_error(settings, "from", "say either the table to read 'from' or a 'query'")
    mapping = mapped(settings, text(settings, "table", READING_TABLE))
    origin = origin_of(text(settings, "from")) if "from" in said else origin_of_query(text(settings, "query"))
    url, size = _url(settings), int(number(settings, "page_rows", 5_000))
    paging = Paging(origin, texts(settings, "cursor", ()), size, _overlap(settings), said.get("start"))
    database = Database(url, _secret(settings, park), int(number(settings, "timeout_s", 30.0)), mapping.zone)
    every = timedelta(seconds=number(settings, "every_s", 5.0))
    poll = SqlPoll(settings.id, str(said.get("from", "query")), database, paging, mapping, every)
    return [SqlServer(poll, database)]


def _overlap(settings: SourceSettings) -> float:
    return 0.0 if settings.options.get("overlap") == 0 else number(settings, "overlap", _OVERLAP)


def _url(settings: SourceSettings) -> URL:
    try:
        url = make_url(text(settings, "url"))
    except (ArgumentError, ValueError) as error:
        raise option_error(settings, "url", "is not an address like postgresql://user@host:5432/database") from error
    if url.password is not None or "password" in url.query:
        raise option_error(settings, "url", "holds a password; name its place as 'password_env' or 'password_file'")
    if url.drivername not in KINDS:
        raise option_error(settings, "url", f"'{url.drivername}' is not one of {', '.join(KINDS)}")
    return url


def _secret(settings: SourceSettings, park: Any) -> Secret:
    said = settings.options
    variable = text(settings, "password_env") if "password_env" in said else None
    file = park.folder / text(settings, "password_file") if "password_file" in said else None
    return Secret(variable, file)
