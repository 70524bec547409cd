"""Viewers who fall behind, over the real socket: they slow nobody, lose nothing, and end with what the others see."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from queue import Queue
from typing import Any

import pytest
import requests
import socketio
from wsproto import ConnectionType, WSConnection
from wsproto.events import Event, Request, TextMessage

from tests.conftest import SMALL_PARK
from tests.serving import Server, running
from twin.moment import iso, now

WAIT_S = 20
TRIES = 40
WISHES = 1500  # so many whole frames of the overview fill all buffers of the system on both sides


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park, fed by hand."""
    with running(["run", "--park", str(SMALL_PARK)], tmp_path_factory.mktemp("live")) as each:
        yield each


@pytest.fixture(scope="module")
def point(server: Server) -> str:
    """A point of the park."""
    return str(server.get("/api/v1/layers/points").json()["features"][0]["id"])


class Reader:
    """A viewer's line by hand: it is read when the test says so, and only then."""

    def __init__(self, server: Server) -> None:
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(WAIT_S)
        self.line.connect(("127.0.0.1", server.port))
        self._web = WSConnection(ConnectionType.CLIENT)
        self._heard: list[Event] = []
        self._begun = ""
        target = "/socket.io/?EIO=4&transport=websocket"
        self.line.sendall(self._web.send(Request(host=f"127.0.0.1:{server.port}", target=target)))
        self.until("0")
        self.say("40/live,")
        self.until("40/live")

    def close(self) -> None:
        """End the line."""
        self.line.close()

    def say(self, text: str) -> None:
        """One message."""
        self.line.sendall(self._web.send(TextMessage(text)))

    def watch(self, screen: str, number: int, **params: str) -> None:
        """Ask to watch; the answer is not waited for."""
        self.say(f"42/live,{number}" + json.dumps(["watch", {"screen": screen, "params": params}]))

    def stop_reading(self) -> None:
        """Ask for more than all buffers hold."""
        for number in range(WISHES):
            self.watch("overview", number)

    def until(self, begin: str) -> str:
        """The first message that begins so."""
        while not (text := self._next()).startswith(begin):
            if text == "2":
                self.say("3")
        return text

    def frame(self, screen: str) -> dict[str, Any]:
        """The next frame of a screen."""
        frame: dict[str, Any] = {"screen": None}
        while frame["screen"] != screen:
            frame = json.loads(self.until('42/live,["frame"').partition(",")[2])[1]
        return frame

    def _next(self) -> str:
        while True:
            while self._heard:
                event = self._heard.pop(0)
                if isinstance(event, TextMessage):
                    self._begun += event.data
                    if event.message_finished:
                        text, self._begun = self._begun, ""
                        return text
            self._web.receive_data(self.line.recv(65536) or None)
            self._heard += self._web.events()


class Steady:
    """A viewer who always reads."""

    def __init__(self, server: Server, session: requests.Session) -> None:
        self._line = socketio.Client(http_session=session)
        self._frames: Queue[dict[str, Any]] = Queue()
        self._line.on("frame", self._frames.put, namespace="/live")
        self._line.connect(server.url, namespaces=["/live"], transports=["websocket"], wait_timeout=WAIT_S)

    def watch(self, params: dict[str, str], **more: Any) -> dict[str, Any]:
        """Begin to watch a detail; the answer."""
        asked = {"screen": "detail", "params": params, **more}
        said: dict[str, Any] = self._line.call("watch", asked, namespace="/live", timeout=WAIT_S)
        return said

    def sees(self, server: Server, point: str, value: float) -> dict[str, Any]:
        """The frame that brings a reading of now."""
        push(server, point, value)
        return self.until(value)

    def until(self, value: float) -> dict[str, Any]:
        """The frame that shows a value."""
        while not is_shown(value, frame := self._frames.get(timeout=WAIT_S)):
            pass
        return frame

    def close(self) -> None:
        """End the line."""
        self._line.disconnect()


def is_shown(value: float, frame: dict[str, Any]) -> bool:
    """Whether a frame brings this number."""
    detail = frame["panels"].get("detail")
    return detail is not None and detail["parts"][0]["items"][0]["value"]["value"] == value


def push(server: Server, point: str, value: float) -> None:
    """One reading of now."""
    body = {"readings": [{"point": point, "ts": iso(now()), "value": value, "quality": "good"}]}
    assert server.post("/api/v1/readings", body).json()["accepted"] == 1


def behind(server: Server) -> int:
    """How many are behind, as the server tells."""
    said = re.search(r"^parktwin_viewers_behind (\d+)", server.get("/metrics").text, re.MULTILINE)
    assert said
    return int(said[1])


def fall_behind(server: Server, steady: Steady, reader: Reader, point: str) -> None:
    """Until the server has put the reader aside."""
    steady.watch({"layer": "points", "id": point})
    reader.watch("detail", WISHES, layer="points", id=point)
    reader.until(f"43/live,{WISHES}")
    reader.stop_reading()
    until_behind(server, steady, point, True)


def until_behind(server: Server, steady: Steady, point: str, somebody: bool) -> None:
    """Readings go on until somebody is behind, or nobody."""
    for value in range(TRIES):
        if bool(behind(server)) is somebody:
            return
        steady.sees(server, point, 100.0 + value % 2)
    raise AssertionError(f"{behind(server)} are behind")


def test_who_stops_reading_and_reads_again_gets_a_whole_frame_and_sees_what_all_see(server: Server, point: str) -> None:
    with requests.Session() as session, closing(Steady(server, session)) as steady, closing(Reader(server)) as reader:
        fall_behind(server, steady, reader, point)
        steady.sees(server, point, 11.0)
        missed = steady.sees(server, point, 12.0)

        heard = [reader.frame("detail")]
        while not is_shown(12.0, heard[-1]):  # what was on its way before, also a whole one of an earlier moment
            heard.append(reader.frame("detail"))
        newest = heard[-1]
        assert any(each.get("whole") for each in heard)
        assert newest["panels"]["detail"] == missed["panels"]["detail"]
        assert newest["seq"] == missed["seq"]  # nothing new had to happen

        seen = steady.sees(server, point, 13.0)
        following = reader.frame("detail")
        assert (following["seq"], following["panels"]) == (newest["seq"] + 1, seen["panels"])
        assert behind(server) == 0


def test_who_goes_while_behind_is_forgotten(server: Server, point: str) -> None:
    with requests.Session() as session, closing(Steady(server, session)) as steady:
        with closing(Reader(server)) as reader:
            fall_behind(server, steady, reader, point)
        until_behind(server, steady, point, False)
        assert server.get("/healthz").json()["viewers"] == 1


def test_a_server_that_began_anew_does_not_go_on_with_the_numbers_of_the_old_one(tmp_path: Any, point: str) -> None:
    words = ["run", "--park", str(SMALL_PARK)]
    params = {"layer": "points", "id": point}
    with running(words, tmp_path) as old, requests.Session() as session, closing(Steady(old, session)) as page:
        before = page.watch(params)
    with running(words, tmp_path) as new, requests.Session() as session, closing(Steady(new, session)) as page:
        after = page.watch(params, since=before["seq"], build=before["build"])
    assert "partial" not in after
    assert after["panels"]
