"""Users with a chart open, in a process of their own: each asks once a second over a line that stays open.

``python -m tests.bench.users --port 8050 --users 300 --seconds 20`` prints one JSON line: how long answers took
from the moment they were due (ms), and how many could not be had.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from datetime import timedelta
from time import monotonic
from urllib.parse import urlencode

import numpy as np

from tests.bench.helper import until_told
from tests.bench.measure import spread
from twin.moment import iso, now

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
CHART = timedelta(seconds=2_000)


class User:
    """One line and the points that are looked at over it."""

    def __init__(self, port: int, ids: list[str], seed: int, alike: bool) -> None:
        self._port = port
        self._alike = alike
        self._ids = ids
        self._chance = np.random.default_rng(seed)
        self.took_ms: list[float] = []
        self.bytes = 0
        self.failed = 0

    async def look(self, begin: float, seconds: int) -> None:
        """Open the line, then ask once a second."""
        self._read, self._write = await asyncio.open_connection("127.0.0.1", self._port)
        for turn in range(seconds):
            due = begin + turn
            await asyncio.sleep(max(0.0, due - monotonic()))
            await self._ask()
            self.took_ms.append((monotonic() - due) * 1000)
        self._write.close()

    async def _ask(self) -> None:
        id = self._ids[self._chance.integers(len(self._ids))]
        path = f"/api/v1/points/{id}/history?{urlencode(self._span())}"
        self._write.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await self._read.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await self._read.readexactly(int(found.group(1)) if found else 0)
        self.bytes += len(body)
        self.failed += not head.startswith(b"HTTP/1.1 200")

    def _span(self) -> dict[str, str]:
        """Up to this very moment, or as all others ask it in this second."""
        end = now()
        if self._alike:
            return {"from": iso(end.replace(microsecond=0) - CHART)}
        return {"from": iso(end - CHART), "to": iso(end)}


async def run(port: int, ids: list[str], users: int, seconds: int, alike: bool) -> dict[str, object]:
    """All users, spread over the second."""
    begin = monotonic() + 1.0
    people = [User(port, ids, number, alike) for number in range(users)]
    await asyncio.gather(*(each.look(begin + number / users, seconds) for number, each in enumerate(people)))
    took = [each for one in people for each in one.took_ms]
    weight = sum(each.bytes for each in people) / len(took) / 1000
    return {"ms": spread(took), "failed": sum(each.failed for each in people), "kB": round(weight, 1)}


def main() -> None:
    """Read the command line, run, print."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--points", required=True, help="ids with commas between them")
    words.add_argument("--users", type=int, default=300)
    words.add_argument("--seconds", type=int, default=20)
    words.add_argument("--alike", action="store_true", help="ask so that one answer does for all who look at a point")
    said = words.parse_args()
    until_told()
    print(json.dumps(asyncio.run(run(said.port, said.points.split(","), said.users, said.seconds, said.alike))))


if __name__ == "__main__":
    main()
