"""A real gateway over HTTP that takes messages, or behaves badly."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any


class Gateway:
    """``mood``: good, nonsense, error, refuse, or deaf (takes a message and never answers)."""

    def __init__(self) -> None:
        self.mood = "good"
        self.calls: list[dict[str, Any]] = []
        self.taken: dict[str, dict[str, Any]] = {}
        self.times_taken: Counter[str] = Counter()
        self.go_on = Event()
        self.news = Condition()
        self.slow_s = 0.0
        self.port = 0

    @property
    def url(self) -> str:
        """Where it takes messages."""
        return f"http://127.0.0.1:{self.port}/send"

    def wait_for(self, ready: Any, within_s: float = 20.0) -> None:
        """Wait until something is so."""
        with self.news:
            end = time.monotonic() + within_s
            while not ready():
                assert time.monotonic() < end, (self.mood, len(self.calls), len(self.taken))
                self.news.wait(0.05)

    def called(self, said: dict[str, Any]) -> str:
        """Note a call; how to answer it."""
        with self.news:
            self.calls.append(said)
            mood = self.mood
            if mood in ("good", "deaf"):
                if said["id"] not in self.taken:
                    self.times_taken[said["id"]] += 1
                self.taken[said["id"]] = said
            self.news.notify_all()
        return mood


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway at work."""
    one = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["Idempotency-Key"] == said["id"]
            mood = one.called(said)
            if mood == "deaf":
                one.go_on.wait(30)
                return
            if one.slow_s:
                one.go_on.wait(one.slow_s)
            status, body = {
                "good": (200, b'{"code": 0}'),
                "nonsense": (200, b"<html>\xff nginx"),
                "no": (200, b'{"code": 7, "why": "quota"}'),
                "error": (503, b"down"),
                "refuse": (400, b"no such number"),
            }[mood]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    one.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        one.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
