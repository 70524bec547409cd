"""Takes what the demo park sends out, in place of gateways: an SMS gateway and a group's address, served over HTTP.

What was taken can be read at ``/taken``. A message that comes again under its own number is taken once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

_LONGEST = 65_536
_KEPT = 5_000


class Taken:
    """What was taken, the newest last. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._messages: dict[str, dict[str, Any]] = {}
        self.calls = 0

    def take(self, path: str, said: dict[str, Any]) -> bool:
        """Take a message in; False where it was there already."""
        with self._lock:
            self.calls += 1
            key = f"{path} {said.get('id')}"
            if key in self._messages:
                return False
            self._messages[key] = {"path": path, **said}
            if len(self._messages) > _KEPT:
                self._messages.pop(next(iter(self._messages)))
            return True

    def all(self) -> list[dict[str, Any]]:
        """All that was taken."""
        with self._lock:
            return list(self._messages.values())


def handler(taken: Taken) -> Callable[..., BaseHTTPRequestHandler]:
    """What answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/taken":
                self._answer(200, taken.all())
            else:
                self._answer(404, {"code": "404"})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 < length <= _LONGEST:
                return self._answer(413, {"code": "413"})
            try:
                said = json.loads(self.rfile.read(length))
            except ValueError:
                return self._answer(400, {"code": "400"})
            new = taken.take(urlsplit(self.path).path, said if isinstance(said, dict) else {"said": said})
            return self._answer(200, {"code": "0", "again": not new})

        def _answer(self, status: int, said: Any) -> None:
            body = json.dumps(said, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


def recorder(port: int, taken: Taken | None = None) -> ThreadingHTTPServer:
    """The server, not yet answering."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(taken or Taken()))
    server.daemon_threads = True
    return server
