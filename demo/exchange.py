"""The HTTP server of the park's exchange records: ``GET /exchange/{table}?since=&limit=``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from demo.records import Book

PATH = "/exchange/"
LIMIT, MOST = 500, 5_000


class Answer(NamedTuple):
    """What a request gets."""

    status: HTTPStatus
    body: dict[str, Any] | None = None
    etag: str | None = None


def _error(status: HTTPStatus, code: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}})


class Exchange:
    """Answers for all tables at demo time; ``run`` names the data, so that another run has other ETags."""

    def __init__(self, books: Mapping[str, Book], now_ms: Callable[[], int], run: str) -> None:
        self._books, self._now_ms, self._run = books, now_ms, run
        self._lock = Lock()

    def answer(self, target: str, known_etag: str | None) -> Answer:
        """What a request for ``target`` gets."""
        parts = urlsplit(target)
        name = unquote(parts.path.removeprefix(PATH))
        if not parts.path.startswith(PATH) or name not in self._books:
            return _error(HTTPStatus.NOT_FOUND, "not_found", f"no table '{name[:60]}'")
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        limit = query.get("limit", str(LIMIT))
        if not limit.isdigit() or not 1 <= int(limit) <= MOST:
            return _error(HTTPStatus.BAD_REQUEST, "bad_limit", f"limit is 1 to {MOST}")
        with self._lock:
            return self._page(self._books[name], query.get("since"), int(limit), known_etag)

    def _page(self, book: Book, since: str | None, limit: int, known_etag: str | None) -> Answer:
        now_ms = self._now_ms()
        said = f"{self._run}|{book.table.name}|{since}|{limit}|{book.count(now_ms)}"
        etag = f'"{hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()}"'
        if known_etag == etag:
            return Answer(HTTPStatus.NOT_MODIFIED, None, etag)
        page = book.page(since, now_ms, limit)
        body = {"table": book.table.name, "records": page.records, "next": page.next, "more": page.more}
        return Answer(HTTPStatus.OK, body, etag)


def server(exchange: Exchange, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server on that port (0 takes any free one), ready for ``serve_forever``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body, etag = exchange.answer(self.path, self.headers.get("If-None-Match"))
            content = b"" if body is None else orjson.dumps(body)
            self.send_response(status)
            if etag:
                self.send_header("ETag", etag)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # who has hung up wants no answer, and asks again
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Silence: one line a poll would drown the feed's own words."""

    return ThreadingHTTPServer((host, port), Handler)
