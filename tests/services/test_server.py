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


def _heads(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    told = {name: environ.get(name) for name in ("HTTP_X_WHO", "HTTP_COOKIE", "CONTENT_LENGTH", "CONTENT_TYPE")}
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]
    said = f"{sorted(told.items())} {body.decode()}".encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@pytest.fixture
def heard() -> Iterator[Callable[..., list[bytes]]]:
    """What is answered to requests that follow each other on one connection."""
    started, guard = server.make_server("127.0.0.1", 0)
    guard.open(_heads)
    started.start()

    def ask(*requests: bytes) -> list[bytes]:
        with gevent_socket.create_connection(("127.0.0.1", started.server_port), timeout=10) as peer:
            lines, said = peer.makefile("rb"), []
            for each in requests:
                peer.sendall(each)
                told = []
                while not told or told[-1] not in (b"\r\n", b""):
                    told.append(lines.readline())
                length = [int(each.split(b": ")[1]) for each in told if each.startswith(b"Content-Length")]
                said.append(told[0].strip() + b" " + lines.read(*length))
            return said

    yield ask
    started.stop()


def _request(*lines: bytes, body: bytes = b"", method: bytes = b"GET") -> bytes:
    return b"\r\n".join([method + b" / HTTP/1.1", b"Host: 127.0.0.1", *lines, b"", body])


def test_each_request_of_a_connection_is_told_by_its_own_head(heard: Callable[..., list[bytes]]) -> None:
    one, other = _request(b"X-Who: one", b"Cookie: a=1"), _request(b"X-Who: other")
    alone = [heard(each)[0] for each in (one, other)]
    assert alone[0] != alone[1]
    assert heard(one, one, other, other, one) == [alone[0], alone[0], alone[1], alone[1], alone[0]]


def test_bodies_of_one_length_and_of_parts_keep_theirs(heard: Callable[..., list[bytes]]) -> None:
    parts = (b"Transfer-Encoding: chunked", b"Content-Length: 3")
    chunked = _request(*parts, method=b"POST", body=b"4\r\nwhat\r\n0\r\n\r\n")
    plain = [_request(b"Content-Length: 3", method=b"POST", body=each) for each in (b"one", b"two")]
    said = heard(chunked, chunked, *plain, chunked)
    assert [each.rsplit(b" ", 1)[1] for each in said] == [b"what", b"what", b"one", b"two", b"what"]
    assert said[0] == said[1] == said[4]


@pytest.mark.parametrize("lines", [[b"X-Long: " + b"x" * 70_000], [b"X-Many: x"] * 120], ids=["long", "many"])
def test_a_head_that_is_too_much_is_refused(heard: Callable[..., list[bytes]], lines: list[bytes]) -> None:
    first, refused = heard(_request(), _request(*lines))
    assert first.startswith(b"HTTP/1.1 200")
    assert not refused.startswith(b"HTTP/1.1 200")
