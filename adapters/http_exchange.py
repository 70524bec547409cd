"""Exchange tables asked over HTTP: ``GET /exchange/{table}?since=<cursor>&limit=<n>``.

The answer is ``{"table", "records": [...], "next": "<cursor>", "more": bool}`` with an ETag;
``GET /exchange`` may say ``{"tables": [...]}``, else every table of the dictionary is tried.

Options of a source: ``url``; ``tables`` ("*" or a list); ``timeout_s`` 10; ``limit`` 500; ``workers`` 4;
``every_s`` to ask all tables that often instead of at the catalogue's frequency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from adapters._body import rows_inside
from adapters._http import BAD_ANSWER, Line
from adapters._json import load_json, raw_text, shown
from adapters._options import number
from adapters._records import record_batch
from twin.dictionary import REAL_TIME_S, Dictionary, Table, dictionary
from twin.errors import BadInput, ParkError, SourceError
from twin.moment import Moment
from twin.reading import Batch
from twin.source import ProtocolMaker, SourceSettings

ABSENT = "absent"
_ON_CHANGE_EVERY_S = 10.0  # update_s 0: on change
_REAL_TIME_EVERY_S = 2.0
_PATH = "/exchange"


class TablePoll:
    """One table of one server. ``fetch`` talks, ``decode`` is pure."""

    protocol = "http_exchange"

    def __init__(self, source: str, table: Table, line: Line, limit: int, every: timedelta) -> None:
        self.key = f"{source}/{table.name}"
        self.every = every
        self._table = table
        self._line = line
        self._limit = limit
        self._seen: tuple[str | None, str | None] = (None, None)  # the cursor last asked for, the ETag it had

    def fetch(self, since: str | None) -> bytes | None:
        """The page after the cursor; None when the server says nothing has changed.

        Raises:
            SourceError: unreachable, a bad answer, or the server has no such table (code ``absent``).
        """
        asked, etag = self._seen
        headers = {"If-None-Match": etag} if etag is not None and asked == since else {}
        answer = self._line.get(f"{_PATH}/{quote(self._table.name)}", {"since": since, "limit": self._limit}, headers)
        if answer.status == 304:
            return None
        _expect_ok(answer.status, answer.body, self._table.name)
        self._seen = (since, answer.etag)
        return answer.body

    def forget(self) -> None:
        """The last page was not kept: ask for it again, whatever its ETag."""
        self._seen = (None, None)

    def decode(self, raw: bytes, received_at: Moment) -> Batch:
        """A page to a batch whose cursor is where the next page starts.

        Raises:
            BadInput: not a page of this table.
        """
        page = load_json(raw, self._table.name)
        if not isinstance(page, dict):
            raise BadInput(f"{self._table.name}: {shown(page)} is not a page of records", "body", "not_an_object")
        if page.get("table", self._table.name) != self._table.name:
            raise BadInput(f"table: asked for '{self._table.name}', got {shown(page['table'])}", "table", "bad_type")
        cursor = page.get("next")
        if cursor is not None and not isinstance(cursor, str):
            raise BadInput(f"next: {shown(cursor)} is not a text", "next", "bad_type")
        digest = blake2b(raw, digest_size=16).hexdigest()
        rows = rows_inside(page, "records")
        batch_id = f"{self._table.name}:{cursor}:{digest}"
        batch = record_batch(self._table, rows, self.key, batch_id, received_at, range(len(rows)))
        return replace(batch, cursor=cursor)


def _expect_ok(status: int, body: bytes, table: str) -> None:
    if status == 404:
        raise SourceError(f"{table}: the server has no such table", "table", ABSENT)
    if status != 200:
        raise SourceError(f"{table}: the server answered {status}: {raw_text(body)[:120]}", None, BAD_ANSWER)


@dataclass(frozen=True)
class Exchange:
    """A server of exchange tables: says which polls there are once it has been asked."""

    key: str
    line: Line
    tables: tuple[str, ...]  # empty: whatever the server has
    limit: int
    workers: int
    every_s: float | None
    words: Dictionary
    protocol: str = "http_exchange"

    def polls(self) -> Sequence[TablePoll]:
        """One poll a table, those that change most often first.

        Raises:
            SourceError: the server cannot be asked for its tables.
        """
        names = self.tables or self._served()
        known = [self.words.table(name) for name in names if name in self.words]
        polls = [TablePoll(self.key, each, self.line, self.limit, self._every(each)) for each in known]
        return sorted(polls, key=lambda each: each.every)

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def _served(self) -> Sequence[str]:
        answer = self.line.get(_PATH, {}, {})
        if answer.status == 404:
            return [table.name for table in self.words]
        _expect_ok(answer.status, answer.body, _PATH)
        try:
            names = rows_inside(load_json(answer.body), "tables")
        except BadInput as error:
            raise SourceError(f"{_PATH}: {error.message}", error.field, BAD_ANSWER) from error
        return [name for name in names if isinstance(name, str)]

    def _every(self, table: Table) -> timedelta:
        usual = {0: _ON_CHANGE_EVERY_S, REAL_TIME_S: _REAL_TIME_EVERY_S}.get(table.update_s, float(table.update_s))
        return timedelta(seconds=usual if self.every_s is None else self.every_s)


def _make(settings: SourceSettings, park: Any) -> list[Exchange]:
    said = settings.options
    if not isinstance(said.get("url"), str):
        raise ParkError(f"park.toml: source '{settings.id}' has no url", "sources.url")
    workers = int(number(settings, "workers", 4))
    line = Line(said["url"], number(settings, "timeout_s", 10.0), workers)
    limit = int(number(settings, "limit", 500))
    every_s = number(settings, "every_s", 1.0) if "every_s" in said else None
    return [Exchange(settings.id, line, _tables(settings.id, said), limit, workers, every_s, dictionary())]


def _tables(source: str, said: Mapping[str, Any]) -> tuple[str, ...]:
    named = said.get("tables", "*")
    if named == "*":
        return ()
    names = [named] if isinstance(named, str) else list(named)
    unknown = next((name for name in names if name not in dictionary()), None)
    if unknown is not None:
        raise ParkError(f"park.toml: source '{source}': the dictionary has no table '{unknown}'", "sources.tables")
    return tuple(names)


PROTOCOL = ProtocolMaker("http_exchange", _make)
