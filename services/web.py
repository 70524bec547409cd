"""WSGI around the application: who may speak, while starting, off the hub, packed once.

From outside to inside: ``Guard`` (Host and Origin; 503 until the twin is ready), ``OffHub`` (the body is
read on the hub, the view runs in a native thread and its answer is packed there).
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

import brotli
import orjson
from flask import Flask

from services.bridge import Bridge
from twin.errors import BadInput, NotAllowed, Starting, TooLarge, TwinError

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]

MAX_BODY_BYTES = 16 * 1024 * 1024
_REASONS = {400: "Bad Request", 403: "Forbidden", 413: "Content Too Large", 503: "Service Unavailable"}
_PACKED_TYPES = ("application/json", "text/", "application/javascript", "image/svg+xml", "application/geo+json")
_MIN_PACKED = 1024
_SECURITY = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]


def refuse(error: TwinError, start_response: Start, *headers: tuple[str, str]) -> list[bytes]:
    """Answer with the one error shape, outside of any framework."""
    body = orjson.dumps(error.as_json())
    line = f"{error.status} {_REASONS.get(error.status, 'Error')}"
    start_response(line, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers])
    return [body]


def _host_of(text: str) -> str:
    """``host`` of ``host:port``, with brackets kept for IPv6."""
    return text.rsplit(":", 1)[0] if not text.endswith("]") else text


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


class Guard:
    """Refuses a foreign Host or Origin, on HTTP and on sockets alike, and everybody until the twin is ready."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(hosts)
        # on all addresses of the machine any of them is ours; a name must be told, for names can be made to lead here
        self._anywhere = bool(self._hosts & {"0.0.0.0", "::"})
        self._inner: App | None = None

    def also(self, hosts: Iterable[str]) -> None:
        """More names that this server is called by."""
        self._hosts |= frozenset(hosts)

    def open(self, app: App) -> None:
        """From now on, ``app`` answers."""
        self._inner = app

    def _is_ours(self, host: str) -> bool:
        return host in self._hosts or (self._anywhere and _is_address(host))

    def refusal(self, environ: Environ) -> TwinError | None:
        """Why this request is not let in; None when it is."""
        host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        if not self._is_ours(_host_of(host)):
            return NotAllowed(f"this server does not answer for host '{host[:80]}'", "Host")
        if origin is not None and origin.split("://", 1)[-1] != host:
            return NotAllowed(f"origin '{origin[:80]}' is not this server", "Origin")
        return Starting("the twin is starting") if self._inner is None else None

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Let in, or refuse."""
        refused = self.refusal(environ)
        if isinstance(refused, Starting) and environ.get("PATH_INFO") == "/healthz":
            start_response("503 Service Unavailable", [("Content-Type", "application/json"), ("Retry-After", "1")])
            return [b'{"status":"starting"}']
        if refused is not None or self._inner is None:
            return refuse(refused or Starting("the twin is starting"), start_response, ("Retry-After", "1"))
        return self._inner(environ, start_response)


def _read_body(environ: Environ) -> bytes:
    """The whole body, read on the hub, never more than the limit.

    Raises:
        TooLarge: announced or sent more than 16 MB.
        BadInput: a Content-Length that is no number.
    """
    length = environ.get("CONTENT_LENGTH") or None
    if length is not None and not length.isdigit():
        raise BadInput("Content-Length is not a number", "Content-Length")
    if length is not None and int(length) > MAX_BODY_BYTES:
        raise TooLarge(f"the body has {int(length)} bytes; at most {MAX_BODY_BYTES} are taken", "body")
    if length is None and "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return b""
    body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1 if length is None else int(length))
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"the body has more than {MAX_BODY_BYTES} bytes", "body")
    return body


class Pages(Flask):
    """The application behind it: its views and what stands before and after them are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As they are: otherwise each is looked at with each request, whether it be a coroutine."""
        return func


class OffHub:
    """Runs a WSGI application in native threads, so that no view can hold up the hub."""

    def __init__(self, app: App, bridge: Bridge) -> None:
        self._app = app
        self._bridge = bridge

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Read here, run there, answer here."""
        try:
            body = _read_body(environ)
        except TwinError as error:
            return refuse(error, start_response, ("Connection", "close"))
        inner = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        inner.pop("HTTP_TRANSFER_ENCODING", None)
        status, headers, answer = self._bridge.offload(_run, self._app, inner)
        start_response(status, headers)
        return [answer]


def _run(app: App, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        said[:] = [status, headers]

    chunks = app(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = said
    headers = headers + [each for each in _SECURITY if each[0] not in {name for name, _ in headers}]
    packed = pack(body, headers, environ.get("HTTP_ACCEPT_ENCODING", ""))
    return (status, *packed)


def pack(body: bytes, headers: list[tuple[str, str]], accepted: str) -> tuple[list[tuple[str, str]], bytes]:
    """Compress a text answer in the way the client takes; leaves small and already packed ones alone."""
    named = {name.lower(): each for name, each in headers}
    if (
        "content-encoding" in named
        or len(body) < _MIN_PACKED
        or not named.get("content-type", "").startswith(_PACKED_TYPES)
    ):
        return headers, body
    if "br" in accepted:
        coding, body = "br", brotli.compress(body, quality=4)
    elif "gzip" in accepted:
        coding, body = "gzip", gzip.compress(body, 5, mtime=0)
    else:
        return headers, body
    kept = [(name, each) for name, each in headers if name.lower() not in ("content-length", "vary")]
    return [*kept, ("Content-Encoding", coding), ("Content-Length", str(len(body))), ("Vary", "Accept-Encoding")], body
