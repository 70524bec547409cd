"""The server: gevent, unpatched, with TCP_NODELAY; HTTP views in native threads, sockets on the hub."""

from __future__ import annotations

import io
import logging
import socket
from copy import copy
from typing import Any, BinaryIO

import gevent
import orjson
from flask import Flask
from flask_socketio import SocketIO
from gevent.lock import BoundedSemaphore
from gevent.pywsgi import OldMessage, WSGIHandler, WSGIServer, headers_factory
from gevent.socket import socket as GeventSocket

from adapters._json import load_json
from services.bridge import Bridge
from services.web import MAX_BODY_BYTES, Guard, OffHub
from twin.errors import BadInput

PING_S, PATIENCE_S = 10, 20
_ROOM = 256 * 1024  # bytes
_LONGEST_LINE, _MOST_LINES = 65536, 100  # of a request's head, as ``http.client`` has them
_log = logging.getLogger("parktwin.server")


class Line(GeventSocket):
    """One accepted connection: nothing waits for the peer's acknowledgement, and ``send`` sends all.

    The websocket library calls ``send`` once a message and looks at no count, but a gevent socket takes only
    what the kernel has room for: the rest of a message to a slow viewer would be lost and the line with it.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._turn = BoundedSemaphore(1)  # a pong must not go out in the middle of a frame
        if self.family in (socket.AF_INET, socket.AF_INET6):
            # without it an answer waits some 40 ms for the peer's acknowledgement
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # the kernel begins with room for so little that an answer of a hundred kB would come back here ten times
            self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ROOM)

    def send(self, data: bytes | memoryview, *more: Any) -> int:
        """All of ``data``, in one piece.

        Raises:
            TimeoutError: the peer took nothing more for ``PATIENCE_S``; the connection is over.
        """
        rest = memoryview(data)
        with self._turn:
            while rest:
                rest = rest[self._some(rest, *more) :]
        return len(data)

    def _some(self, rest: memoryview, *more: Any) -> int:
        try:
            with gevent.Timeout(PATIENCE_S, TimeoutError("the peer does not read")):
                return int(super().send(rest, *more))
        except TimeoutError:
            self.shutdown(socket.SHUT_RDWR)
            raise


class Handler(WSGIHandler):
    """Speaks HTTP on one connection. Who asks again and again says the same of themselves each time: it is read anew
    only when it is another."""

    _told = b""  # the last request's head
    _read: OldMessage | None = None

    def MessageClass(self, lines: BinaryIO, *_: Any) -> OldMessage:
        """The head of a request, parsed as ever."""
        told = _head(lines)
        if self._read is None or told != self._told:
            self._told, self._read = told, headers_factory(io.BytesIO(told))
        return copy(self._read)  # the handler takes a line out of it where two contradict each other


def _head(lines: BinaryIO) -> bytes:
    """The lines up to an empty one; no more than the parser will look at."""
    told: list[bytes] = []
    while len(told) <= _MOST_LINES:
        told.append(lines.readline(_LONGEST_LINE + 1))
        if told[-1] in (b"\r\n", b"\n", b"") or len(told[-1]) > _LONGEST_LINE:
            break
    return b"".join(told)


class LineServer(WSGIServer):
    """Gives every connection as a ``Line``."""

    handler_class = Handler

    def do_read(self) -> tuple[Line, Any] | None:
        """Accept one."""
        accepted = super().do_read()
        if accepted is None:
            return None
        plain, address = accepted
        return Line(plain.family, plain.type, plain.proto, fileno=plain.detach()), address


class SocketJson:
    """JSON for sockets: fast, and never NaN."""

    JSONDecodeError = orjson.JSONDecodeError

    @staticmethod
    def dumps(said: Any, **_: Any) -> str:
        """Text of a message."""
        return orjson.dumps(said).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        """A message of a text; a bare NaN in it must cost its reading, not the line.

        Raises:
            ValueError: not JSON at all.
        """
        try:
            return load_json(text.encode() if isinstance(text, str) else text)
        except BadInput as error:
            raise ValueError(error.message) from error


def make_sockets(flask_app: Flask, bridge: Bridge) -> SocketIO:
    """Views go off the hub, sockets stay on it; the order of the two lines is what makes it so."""
    flask_app.wsgi_app = OffHub(flask_app.wsgi_app, bridge)  # type: ignore[method-assign]
    return SocketIO(
        flask_app,
        async_mode="gevent",
        json=SocketJson,
        max_http_buffer_size=MAX_BODY_BYTES,
        ping_interval=PING_S,
        ping_timeout=PATIENCE_S,
        http_compression=False,
        manage_session=False,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    return host in ("127.0.0.1", "localhost", "::1")


def allowed_hosts(host: str) -> set[str]:
    """Names this server answers for."""
    return {"127.0.0.1", "localhost", "[::1]", host}


def make_server(host: str, port: int) -> tuple[LineServer, Guard]:
    """A server that already answers (503) while the twin starts; open its guard when it is ready."""
    guard = Guard(allowed_hosts(host))
    return LineServer((host, port), guard, log=None, error_log=_log), guard
