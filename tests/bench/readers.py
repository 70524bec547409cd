"""People who look things up while readings pour in, in a process of their own, over HTTP.

``python -m tests.bench.readers --port 8050 --park DIR --seconds 60`` prints one JSON line: by kind of question how
long answers took, and ``visible``: from the moment of a reading until a query first shows it (all in ms).
"""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import monotonic
from urllib.parse import urlencode

import numpy as np
import orjson

from park.load import Park, load_park
from tests.bench.helper import until_told
from tests.bench.measure import paced, pause, spread, took
from twin.moment import iso, now, parse_moment, to_us

_LOOK_S = 0.05  # between two looks for the newest value
_WITHIN_S = 0.95  # of each second
_IN_A_BOX = 1000  # points: as many as a plant has
_BOXES = 20
_AT_ONCE = 1 << 20  # bytes


class Line:
    """A connection that stays open. What is timed is the server, not a library that takes its answers apart: a length
    is all that is looked for in their heads."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: identity\r\n\r\n"

    def get(self, path: str, **params: str) -> bytes:
        """One answer."""
        asked = f"{path}?{urlencode(params)}" if params else path
        self._line.sendall(f"GET {asked}{self._rest}".encode())
        head, _, said = self._more().partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(said) < length:
            said += self._more()
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{head[:30]!r}: {said[:300]!r}")
        return said

    def _more(self) -> bytes:
        told = self._line.recv(_AT_ONCE)
        if not told:
            raise ConnectionError("the server has hung up")
        return told


class Questions:
    """What is asked, of things chosen by chance."""

    def __init__(self, port: int, park: Park, seed: int) -> None:
        self._line = Line(port)
        self._ids = park.points["id"].to_list()
        self._chance = np.random.default_rng(seed)
        self._boxes = list(boxes(park, self._chance))

    def hour(self) -> None:
        """The last hour of one point."""
        end = now()
        id = self._ids[self._chance.integers(len(self._ids))]
        told = {"from": iso(end - timedelta(hours=1)), "to": iso(end)}
        self._line.get(f"/api/v1/points/{id}/history", **told)

    def box(self) -> None:
        """The newest values within a box."""
        self._line.get("/api/v1/points", bbox=self._boxes[self._chance.integers(len(self._boxes))])

    def alarms(self) -> None:
        """How many alarms are open, by level, stage and state."""
        self._line.get("/api/v1/alarms/counts")


def boxes(park: Park, chance: np.random.Generator) -> Iterator[str]:
    """Boxes about points chosen by chance that hold a thousand each, or as many as stand in one place with them."""
    places = park.points.select("lon", "lat").to_numpy()
    for lon, lat in places[chance.integers(len(places), size=_BOXES)]:
        far = np.abs(places - (lon, lat)).max(axis=1)
        reach = np.partition(far, _IN_A_BOX)[_IN_A_BOX]
        yield ",".join(f"{each:.7f}" for each in (lon - reach, lat - reach, lon + reach, lat + reach))


class Witness:
    """Waits for each new value of one point."""

    def __init__(self, port: int, park: Park, seed: int) -> None:
        self._line = Line(port)
        ids = park.points["id"]
        self._path = f"/api/v1/points/{ids[int(np.random.default_rng(seed).integers(len(ids)))]}"
        self.delays_ms: list[float] = []

    def watch(self, until: float) -> None:
        """Note how long after its own time each value is first seen."""
        seen = self._newest()[0]
        while monotonic() < until:
            ts, at = self._newest()
            if ts > seen:
                self.delays_ms.append((at - ts) / 1000)
                seen = ts
                pause(max(0.0, 0.9 - (at - ts) / 1e6))  # the next one is a second later
            else:
                pause(_LOOK_S)

    def _newest(self) -> tuple[int, int]:
        """Time of the newest value, and when it was seen; microseconds."""
        ts = orjson.loads(self._line.get(self._path))["ts"]
        return (0 if ts is None else to_us(parse_moment(ts))), to_us(now())


def asking(ask: Callable[[], None], seconds: int, begin: float, into: list[float], seed: int) -> None:
    """Ask once a second, at any time of it: people keep no step with the sources."""
    chance = np.random.default_rng(seed)
    for due in paced(1.0, seconds, begin):
        pause(max(0.0, due + chance.uniform(0, _WITHIN_S) - monotonic()))
        into.append(took(ask))


def run(port: int, park: Park, seconds: int, each: int, witnesses: int) -> dict[str, object]:
    """``each`` readers of every kind of question, and those who watch for new values."""
    begin, works = monotonic() + 0.1, []
    noted: dict[str, list[float]] = {"hour": [], "box": [], "alarms": []}
    for turn in range(each):
        for kind, (name, into) in enumerate(noted.items()):
            number = turn * len(noted) + kind
            ask = getattr(Questions(port, park, number), name)
            works.append(Thread(target=asking, args=(ask, seconds, begin, into, number)))
    watching = [Witness(port, park, 1000 + number) for number in range(witnesses)]
    works += [Thread(target=one.watch, args=(begin + seconds,)) for one in watching]
    for work in works:
        work.start()
    for work in works:
        work.join()
    noted["visible"] = [delay for one in watching for delay in one.delays_ms]
    return {name: spread(values) for name, values in noted.items() if len(values) > 1}


def main() -> None:
    """Read the command line, run, print."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--park", type=Path, required=True)
    words.add_argument("--seconds", type=int, default=60)
    words.add_argument("--each", type=int, default=3)
    words.add_argument("--witnesses", type=int, default=1)
    said = words.parse_args()
    park = load_park(said.park)
    until_told()
    print(json.dumps(run(said.port, park, said.seconds, said.each, said.witnesses)))


if __name__ == "__main__":
    main()
