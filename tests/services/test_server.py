"""A connection as the server gives it: prompt, whole to a slow reader, and over with one who never reads."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import gevent
import pytest
from gevent import socket as gevent_socket

from services import server
from services.server import Line

MESSAGE = bytes(range(256)) * 65536  # 16 MB, more than the system's buffers take


@pytest.fixture
def ends() -> Iterator[tuple[Line, gevent_socket.socket]]:
    """Both ends of a connection: the server's, and a peer's."""
    with gevent_socket.create_server(("127.0.0.1", 0)) as door:
        peer = gevent_socket.create_connection(door.getsockname(), timeout=10)
        plain, _ = door.accept()
        line = Line(plain.family, plain.type, plain.proto, fileno=plain.detach())
        with line, peer:
            yield line, peer


def _app(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    line = environ["wsgi.input"].rfile.raw._sock  # type: ignore[attr-defined]
    start_response("200 OK", [])
    return [f"{type(line).__name__} {line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)}".encode()]


def test_every_connection_sends_without_waiting_for_acknowledgements() -> None:
    started, guard = server.make_server("127.0.0.1", 0)
    guard.open(_app)
    started.start()
    with gevent_socket.create_connection(("127.0.0.1", started.server_port)) as peer:
        peer.sendall(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert peer.makefile("rb").read().endswith(b"Line 1")
    started.stop()


def test_one_call_of_send_sends_all_and_the_next_message_comes_after_it(
    ends: tuple[Line, gevent_socket.socket],
) -> None:
    line, peer = ends
    sent = [gevent.spawn(line.send, MESSAGE), gevent.spawn(line.send, b"pong")]
    heard = peer.makefile("rb").read(len(MESSAGE) + 4)
    assert [each.get(timeout=5) for each in sent] == [len(MESSAGE), 4]
    assert heard == MESSAGE + b"pong"


def test_who_never_reads_is_let_go(ends: tuple[Line, gevent_socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    line, _ = ends
    monkeypatch.setattr(server, "PATIENCE_S", 0.1)
    with pytest.raises(TimeoutError):
        line.send(MESSAGE)
    assert line.recv(1) == b""
