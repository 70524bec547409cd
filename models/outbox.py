"""What waits to be sent: in order for each address, tried again later and later, never two of one address at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from heapq import heappop, heappush

from twin.moment import Moment


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is to be sent; ``place`` orders those of one address."""

    id: str
    address: str
    place: int
    due: Moment
    tries: int = 0
    posted_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    """When a failed sending is tried again: after ``first``, then twice as long each time, ``most`` at most."""

    first: timedelta
    most: timedelta
    give_up: timedelta

    def after(self, tries: int) -> timedelta:
        """How long to wait after so many failures."""
        return min(self.most, self.first * 2 ** min(tries - 1, 30))


class Outbox:
    """Of one channel. ``take`` hands out what may be sent now; ``done`` or ``again`` must follow."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Waiting]] = {}
        self._heads: list[tuple[Moment, int, str]] = []  # heads that are not under way: due, place, address
        self._away: set[str] = set()  # addresses of which one is under way
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def put(self, one: Waiting) -> bool:
        """Let a message wait; False when it does so already. Messages of an address come in order of their place."""
        if one.id in self._ids:
            return False
        self._ids.add(one.id)
        line = self._lines.setdefault(one.address, deque())
        line.append(one)
        if len(line) == 1:
            heappush(self._heads, (one.due, one.place, one.address))
        return True

    def take(self, now: Moment, most: int) -> list[Waiting]:
        """What may be sent now, the longest due first."""
        taken: list[Waiting] = []
        while self._heads and len(taken) < most and self._heads[0][0] <= now:
            _, _, address = heappop(self._heads)
            self._away.add(address)
            taken.append(self._lines[address][0])
        return taken

    def done(self, one: Waiting) -> None:
        """It was sent, or given up: the next one of its address may go."""
        line = self._lines[one.address]
        line.popleft()
        self._ids.discard(one.id)
        self._away.discard(one.address)
        if line:
            heappush(self._heads, (line[0].due, line[0].place, one.address))
        else:
            del self._lines[one.address]

    def again(self, one: Waiting, due: Moment) -> Waiting:
        """It failed: it is tried again, before all others of its address."""
        later = Waiting(one.id, one.address, one.place, due, one.tries + 1, one.posted_at)
        self._lines[one.address][0] = later
        self._away.discard(one.address)
        heappush(self._heads, (due, one.place, one.address))
        return later

    def next_due(self) -> Moment | None:
        """When something can be taken next, None while there is nothing, or all of it is under way."""
        return self._heads[0][0] if self._heads else None

    def waiting(self) -> Iterator[Waiting]:
        """All that is not done."""
        for line in self._lines.values():
            yield from line
