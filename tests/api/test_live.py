"""The live socket as a page uses it: whole frames, patches in sequence, gaps refilled, slow viewers slow nobody."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Queue
from typing import Any

import pytest
import requests
import socketio

from tests.adapters.exchange import record
from tests.bench.viewers import masked
from tests.serving import ROOT, Server, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"
WAIT_S = 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park, fed by hand."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("live")) as each:
        yield each


@pytest.fixture(scope="module")
def points(server: Server) -> list[str]:
    """Ids of the park's points."""
    return [each["id"] for each in server.get("/api/v1/layers/points").json()["features"]]


class Page:
    """A page's socket: what it is told, in order."""

    def __init__(self, line: socketio.Client) -> None:
        self.line = line
        self.frames: Queue[dict[str, Any]] = Queue()
        line.on("frame", self.frames.put, namespace="/live")

    def watch(self, screen: str, **more: Any) -> dict[str, Any]:
        """Begin to watch; the answer."""
        return self.line.call("watch", {"screen": screen, **more}, namespace="/live", timeout=WAIT_S)

    def until(self, holds: Any) -> dict[str, Any]:
        """The first frame of which ``holds`` is true."""
        deadline = now() + timedelta(seconds=WAIT_S)
        while now() < deadline:
            frame = self.frames.get(timeout=WAIT_S)
            if holds(frame):
                return frame
        raise AssertionError("no such frame came")


@contextmanager
def page_of(server: Server) -> Iterator[Page]:
    """A page's socket, closed at the end."""
    with requests.Session() as session:
        line = socketio.Client(http_session=session)
        page = Page(line)
        line.connect(server.url, namespaces=["/live"], transports=["websocket"], wait_timeout=WAIT_S)
        yield page
        line.disconnect()


def push(server: Server, point: str, value: float) -> None:
    """One reading of now."""
    body = {"readings": [{"point": point, "ts": iso(now()), "value": value, "quality": "good"}]}
    assert server.post("/api/v1/readings", body).json()["accepted"] == 1


def shown(frame: dict[str, Any]) -> Any:
    """The number that a detail shows."""
    return frame["panels"]["detail"]["parts"][0]["items"][0]["value"]["value"]


def test_what_is_pushed_is_shown_and_equals_the_frame_of_that_moment(server, points):
    with page_of(server) as page:
        params = {"layer": "points", "id": points[0]}
        page.watch("detail", params=params)
        push(server, points[0], 7.25)
        frame = page.until(lambda each: "detail" in each["panels"] and shown(each) == 7.25)
        then = server.get("/api/v1/screens/detail/frame", at=frame["at"], **params).json()
        assert then["panels"]["detail"] == frame["panels"]["detail"]


def test_patches_follow_each_other_and_lead_to_the_whole_frame(server, points):
    with page_of(server) as page:
        first = page.watch("overview", params={})
        panels, seq = dict(first["panels"]), first["seq"]
        for number in range(3):
            push(server, points[0], 10.0 + number)
            frame = page.until(lambda each: each["screen"] == "overview" and each["panels"])
            assert frame["seq"] == seq + 1
            panels, seq = panels | frame["panels"], frame["seq"]
        then = server.get("/api/v1/screens/overview/frame", at=frame["at"]).json()
        assert panels == then["panels"]


def test_a_page_that_was_away_gets_only_what_changed(server, points):
    with page_of(server) as page:
        first = page.watch("overview", params={})
        push(server, points[1], 3.5)
        page.until(lambda each: each["panels"])
        missed = page.watch("overview", params={}, since=first["seq"], build=first["build"])
        assert missed["partial"] is True
        assert missed["seq"] > first["seq"]
        whole = page.watch("overview", params={}, since=10_000, build=first["build"])
        assert whole["panels"].keys() == first["panels"].keys()
        assert "partial" not in page.watch("overview", params={}, since=first["seq"], build="another")


def test_what_nobody_watches_any_more_is_up_to_date_when_it_is_asked_for(server, points):
    params = {"layer": "points", "id": points[2]}
    with page_of(server) as page:
        first = page.watch("detail", params=params)
    push(server, points[2], 8.5)
    deadline = now() + timedelta(seconds=WAIT_S)
    while shown(server.get("/api/v1/screens/detail/frame", **params).json()) != 8.5:
        assert now() < deadline
    with page_of(server) as page:
        back = page.watch("detail", params=params, since=first["seq"], build=first["build"])
    assert (back["partial"], shown(back)) == (True, 8.5)


def test_pages_of_one_key_share_a_frame_and_another_key_has_its_own(server):
    with page_of(server) as one, page_of(server) as two:
        assert one.watch("overview", params={})["panels"] == two.watch("overview", params={})["panels"]
        assert one.watch("overview", params={"enterprise": "E1"})["params"] == {"enterprise": "E1"}


@pytest.mark.parametrize(
    "asked", [None, {}, {"screen": 7}, {"screen": "nowhere"}, {"screen": "overview", "params": {"x": "1"}}]
)
def test_a_wrong_wish_gets_an_error_and_the_page_stays(server, asked):
    with page_of(server) as page:
        said = page.line.call("watch", asked, namespace="/live", timeout=WAIT_S)
        assert said["error"]["message"]
        assert page.watch("strip", params={})["panels"]


def loud_at(server: Server) -> set[str]:
    """Ids of the open alarms that are cried aloud."""
    asked = {"state": "open", "level": "S,A", "limit": 100}
    return {each["id"] for each in server.get("/api/v1/alarms", **asked).json()["alarms"]}


def test_each_of_many_loud_alarms_that_come_at_once_is_heard_once(server, points):
    about = {"enterprise_id": "LW1", "hazard_source_id": "HZ1", "is_deleted": False, "is_false_alarm": False}
    about |= {"alarm_type": "02", "alarm_value": 91.0, "threshold": 90.0, "alarm_at": iso(now()), "cleared_at": None}
    about |= {"alarm_status": "01", "handling_status": "01"}
    told = [record("hazard_alarm", f"CROWD-{each}", **about, hazard_point_id=each) for each in points]
    with page_of(server) as page:
        heard: Queue[dict[str, Any]] = Queue()
        page.line.on("alarm", heard.put, namespace="/live")
        page.watch("overview", params={})
        before = loud_at(server)
        assert server.post("/api/v1/records/hazard_alarm", {"records": told}).json()["rejected"] == []
        loud = loud_at(server) - before
        assert len(loud) > 3
        said = [heard.get(timeout=WAIT_S)["id"] for _ in loud]
        assert (set(said), len(said)) == (loud, len(loud))
        assert heard.empty()


def test_a_foreign_page_gets_no_socket(server):
    with requests.Session() as session:
        line = socketio.Client(http_session=session)
        with pytest.raises(socketio.exceptions.ConnectionError):
            line.connect(server.url, headers={"Origin": "http://evil.example"}, transports=["websocket"])


def test_ingest_needs_the_token(server):
    with requests.Session() as session:
        line = socketio.Client(http_session=session)
        with pytest.raises(socketio.exceptions.ConnectionError):
            line.connect(server.url, namespaces=["/ingest"], auth={"token": "wrong"}, transports=["websocket"])


def test_a_viewer_who_does_not_read_slows_nobody(server, points):
    """It never reads what comes."""
    stuck = socket.create_connection(("127.0.0.1", server.port), timeout=WAIT_S)
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    host = f"Host: 127.0.0.1:{server.port}\r\n"
    stuck.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{host}Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    with stuck, page_of(server) as page:
        stuck.recv(4096)
        stuck.sendall(masked(b"40/live,"))
        stuck.sendall(masked(f'42/live,["watch",{json.dumps({"screen": "overview", "params": {}})}]'.encode()))
        page.watch("detail", params={"layer": "points", "id": points[2]})
        delays = []
        for number in range(6):
            began = now()
            push(server, points[2], 100.0 + number)
            page.until(lambda each, want=100.0 + number: "detail" in each["panels"] and shown(each) == want)
            delays.append((now() - began).total_seconds())
        assert sorted(delays)[3] < 1.5
