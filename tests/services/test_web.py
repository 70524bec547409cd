"""Who may speak, how much, and how it is packed: read at the edge, through a real server."""

from __future__ import annotations

import gzip
import http.client
import threading
from contextlib import closing

import brotli
import gevent
import pytest
from flask import Flask, request

from services.bridge import Bridge
from services.server import make_server
from services.web import MAX_BODY_BYTES, OffHub


@pytest.fixture
def served():
    """A real server on a free port with one page that says which thread ran it and how much it got."""
    pages = Flask(__name__)

    @pages.route("/size", methods=["POST"])
    def size() -> str:
        return str(len(request.get_data()))

    @pages.get("/thread")
    def thread() -> str:
        return threading.current_thread().name + " " * 2000

    where: dict[str, object] = {}
    ready = threading.Event()

    def run() -> None:
        server, guard = make_server("127.0.0.1", 0)
        server.start()
        where["port"], where["guard"] = server.server_port, guard
        where["app"] = OffHub(pages.wsgi_app, Bridge())
        hub = gevent.get_hub()
        where["stop"] = lambda: hub.loop.run_callback_threadsafe(server.stop)
        ready.set()
        server.serve_forever()

    worker = threading.Thread(target=run)
    worker.start()
    ready.wait(10)
    yield where
    where["stop"]()  # type: ignore[operator]
    worker.join(10)


def ask(port, method="GET", path="/thread", body=None, **headers):
    """One request; status, headers and body."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(line):
        line.request(method, path, body=body, headers=headers)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def test_until_the_twin_is_ready_it_says_so(served):
    status, headers, body = ask(served["port"], path="/healthz")
    assert (status, body) == (503, b'{"status":"starting"}')
    status, headers, body = ask(served["port"])
    assert status == 503
    assert b'"code":"starting"' in body
    assert headers["Retry-After"] == "1"


def test_views_run_off_the_hub_and_answers_are_packed(served):
    served["guard"].open(served["app"])
    _, headers, body = ask(served["port"], **{"Accept-Encoding": "br"})
    assert headers["Content-Encoding"] == "br"
    assert not brotli.decompress(body).decode().strip().startswith("MainThread")
    _, headers, body = ask(served["port"], **{"Accept-Encoding": "gzip"})
    assert len(gzip.decompress(body)) > 2000


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_a_foreign_host_or_origin_is_refused(served, headers):
    served["guard"].open(served["app"])
    status, _, body = ask(served["port"], **headers)
    assert status == 403
    assert b'"code":"not_allowed"' in body


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(served):
    served["guard"].open(served["app"])
    with closing(http.client.HTTPConnection("127.0.0.1", served["port"], timeout=10)) as line:
        line.putrequest("POST", "/size")
        line.putheader("Content-Length", str(60 * 1024 * 1024))
        line.endheaders()
        answer = line.getresponse()
        assert answer.status == 413
        assert b'"code":"too_large"' in answer.read()


@pytest.mark.parametrize(("pieces", "status"), [(16, 200), (17, 413)])
def test_a_chunked_body_counts_as_it_comes(served, pieces, status):
    served["guard"].open(served["app"])
    piece = b"x" * (MAX_BODY_BYTES // 16)
    with closing(http.client.HTTPConnection("127.0.0.1", served["port"], timeout=20)) as line:
        line.putrequest("POST", "/size")
        line.putheader("Transfer-Encoding", "chunked")
        line.endheaders()
        for _ in range(pieces):
            line.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if status == 200:
            line.send(b"0\r\n\r\n")
        assert line.getresponse().status == status
