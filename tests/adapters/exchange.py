"""A real exchange server of one's own for tests: it can be slow, broken, silent, and well again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from twin.dictionary import dictionary

WAIT_S = 15.0
AT = "2026-11-21T06:00:00Z"
PLAIN = {"string": "x", "int": 1, "float": 1.5, "lon": 119.0, "lat": 33.4, "bool": "0", "file": "a.pdf"}
PLAIN |= {"date": "2026-11-21", "datetime": AT, "geometry": {"type": "Point", "coordinates": [119.0, 33.4]}}


def record(table: str, key: str, **more: Any) -> dict[str, Any]:
    """A sound record of any table: every field filled."""
    known = dictionary().table(table)
    said = {each.name: PLAIN.get(each.type) for each in known.fields}
    said |= {each.name: next(iter(each.codes)) for each in known.fields if each.type == "enum" and each.codes}
    return {**said, known.key: key, **more}


class Told(logging.Handler):
    """What was logged, and waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._news = Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._news:
            self.lines.append(record.getMessage())
            self._news.notify_all()

    def wait(self, part: str, times: int = 1) -> None:
        with self._news:
            found = self._news.wait_for(lambda: self.count(part) >= times, WAIT_S)
        assert found, f"'{part}' was not said {times} times: {self.lines}"

    def count(self, part: str) -> int:
        return sum(part in line for line in self.lines)


Behaviour = Callable[[BaseHTTPRequestHandler, str, dict[str, str]], None]


class Plant:
    """An exchange server. ``behave`` may be replaced at any time; ``asked`` holds every question."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]], lists: bool = True) -> None:
        self.tables = tables
        self.lists = lists
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.released = Event()
        self.behave: Behaviour = self.well
        self._news = Condition()
        plant = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                name = parts.path.removeprefix("/exchange").strip("/")
                plant.note((name, query.get("since"), self.headers.get("If-None-Match")))
                plant.behave(self, name, query)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def note(self, question: tuple[str, str | None, str | None]) -> None:
        with self._news:
            self.asked.append(question)
            self._news.notify_all()

    def wait_asked(self, more: int, table: str | None = None) -> None:
        """Until it was asked so many times more."""
        self.wait_count(self.count(table) + more, table)

    def wait_count(self, times: int, table: str | None = None) -> None:
        """Until it was asked so many times in all."""
        with self._news:
            assert self._news.wait_for(lambda: self.count(table) >= times, WAIT_S), f"asked {self.asked[-5:]}"

    def count(self, table: str | None = None) -> int:
        return sum(table in (None, name) for name, _, _ in self.asked)

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    # --- ways to behave ---

    def well(self, handler: BaseHTTPRequestHandler, name: str, query: dict[str, str]) -> None:
        """Pages of two records, with a cursor and an ETag."""
        if name == "" and self.lists:
            answer(handler, orjson.dumps({"tables": [*self.tables, "a_table_of_tomorrow"]}))
        elif name not in self.tables:
            answer(handler, b'{"error":{}}', 404)
        else:
            self._page(handler, name, int(query.get("since", "0")))

    def _page(self, handler: BaseHTTPRequestHandler, name: str, since: int) -> None:
        etag = f'"{name}-{len(self.tables[name])}-{since}"'
        if handler.headers.get("If-None-Match") == etag:
            answer(handler, b"", 304, etag)
            return
        records = self.tables[name][since : since + 2]
        page = {"table": name, "records": records, "next": str(since + len(records)), "more": False}
        answer(handler, orjson.dumps(page), 200, etag)

    def hang(self, handler: BaseHTTPRequestHandler, name: str, query: dict[str, str]) -> None:
        """No answer until released."""
        self.released.wait(WAIT_S)
        handler.close_connection = True

    def drip(self, handler: BaseHTTPRequestHandler, name: str, query: dict[str, str]) -> None:
        """An answer that never ends, one byte at a time, each in good time."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        try:
            while not self.released.wait(0.02):
                handler.wfile.write(b" ")
        except OSError:
            handler.close_connection = True


def says(body: bytes, status: int = 200) -> Behaviour:
    """Always the same answer."""
    return lambda handler, name, query: answer(handler, body, status)


def answer(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, etag: str | None = None) -> None:
    """One whole answer."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    if etag:
        handler.send_header("ETag", etag)
    handler.end_headers()
    handler.wfile.write(body)
