"""Users with a chart open, in a process of their own: each asks once a second over a line that stays open.

``python -m tests.bench.users --port 8050 --points A,B,C --users 300 --seconds 20`` prints one JSON line: how long
answers took from the moment they were due (ms), how long everybody's first one took, and how many could not be had.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from urllib.parse import urlencode

import numpy as np

from tests.bench.helper import until_told
from tests.bench.measure import spread
from twin.moment import iso, now

OPENING_S = 10  # in which all of them open their charts
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Habit:
    """What all of them look at: so much time up to now, each of one point – or ``alike``, so that one answer does for
    all who look at a point, now this and now that."""

    ids: list[str]
    chart: timedelta
    alike: bool


class User:
    """One line, and what is looked at over it."""

    def __init__(self, port: int, habit: Habit, number: int) -> None:
        self._port = port
        self._habit = habit
        self._own = habit.ids[number % len(habit.ids)]
        self._chance = np.random.default_rng(number)
        self.took_ms: list[float] = []
        self.bytes = 0
        self.failed = 0

    async def look(self, opens: float, begin: float, seconds: int) -> None:
        """Open the line and the chart, then ask once a second."""
        self._read, self._write = await asyncio.open_connection("127.0.0.1", self._port)
        for due in (opens, *(begin + turn for turn in range(seconds))):
            await asyncio.sleep(max(0.0, due - monotonic()))
            await self._ask()
            self.took_ms.append((monotonic() - due) * 1000)
        self._write.close()

    async def _ask(self) -> None:
        path = f"/api/v1/points/{self._point()}/history?{urlencode(self._span())}"
        self._write.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await self._read.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await self._read.readexactly(int(found.group(1)) if found else 0)
        self.bytes += len(body)
        self.failed += not head.startswith(b"HTTP/1.1 200")

    def _point(self) -> str:
        ids = self._habit.ids
        return ids[self._chance.integers(len(ids))] if self._habit.alike else self._own

    def _span(self) -> dict[str, str]:
        """Up to this very moment, or as all others ask it in this second."""
        end, chart = now(), self._habit.chart
        if self._habit.alike:
            return {"from": iso(end.replace(microsecond=0) - chart)}
        return {"from": iso(end - chart), "to": iso(end)}


async def run(port: int, habit: Habit, users: int, seconds: int) -> dict[str, object]:
    """All users: they open their charts one after the other, then look again spread over the second."""
    opening = monotonic() + 1.0
    begin = opening + OPENING_S
    people = [User(port, habit, number) for number in range(users)]
    share = [number / users for number in range(users)]
    looks = (
        each.look(opening + part * OPENING_S, begin + part, seconds) for each, part in zip(people, share, strict=True)
    )
    await asyncio.gather(*looks)
    first, later = [each.took_ms[0] for each in people], [ms for each in people for ms in each.took_ms[1:]]
    weight = sum(each.bytes for each in people) / (users * (seconds + 1)) / 1000
    failed = sum(each.failed for each in people)
    return {"ms": spread(later), "first_ms": spread(first), "failed": failed, "kB": round(weight, 1)}


def main() -> None:
    """Read the command line, run, print."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--points", required=True, help="ids with commas between them")
    words.add_argument("--users", type=int, default=300)
    words.add_argument("--seconds", type=int, default=20)
    words.add_argument("--chart", type=int, default=2_000, help="so many seconds are looked at")
    words.add_argument("--alike", action="store_true", help="ask so that one answer does for all who look at a point")
    said = words.parse_args()
    habit = Habit(said.points.split(","), timedelta(seconds=said.chart), said.alike)
    until_told()
    print(json.dumps(asyncio.run(run(said.port, habit, said.users, said.seconds))))


if __name__ == "__main__":
    main()
