"""The server: gevent, unpatched, with TCP_NODELAY; HTTP views in native threads, sockets on the hub."""

from __future__ import annotations

import logging
import socket
from typing import Any

import orjson
from flask import Flask
from flask_socketio import SocketIO
from gevent.pywsgi import WSGIServer

from adapters._json import load_json
from services.bridge import Bridge
from services.web import MAX_BODY_BYTES, Guard, OffHub
from twin.errors import BadInput

_log = logging.getLogger("parktwin.server")


class NoDelayServer(WSGIServer):
    """Without TCP_NODELAY an answer waits some 40 ms for the peer's acknowledgement."""

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> Any:
        """Set the option, then go on as ever."""
        if client_socket.family in (socket.AF_INET, socket.AF_INET6):
            client_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return super().wrap_socket_and_handle(client_socket, address)


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
        ping_interval=10,
        ping_timeout=20,
        http_compression=False,
        manage_session=False,
    )


def allowed_hosts(host: str) -> set[str]:
    """Names this server answers for."""
    return {"127.0.0.1", "localhost", "[::1]", host}


def make_server(host: str, port: int) -> tuple[NoDelayServer, Guard]:
    """A server that already answers (503) while the twin starts; open its guard when it is ready."""
    guard = Guard(allowed_hosts(host))
    return NoDelayServer((host, port), guard, log=None, error_log=_log), guard
