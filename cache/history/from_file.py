"""Closed readings as the file holds them; points that are asked for at the same time are looked up at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cache.history.reads import Reads
from cache.history.samples import Samples
from cache.history.together import Together

_SHORT_US = 3 * 3_600_000_000  # nobody waits for somebody else's longer time


class _Asked(NamedTuple):
    point: int
    start: int
    end: int


class FromFile:
    """Safe from any thread."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._together = Together(self._several)

    def read(self, point: int, start: int, end: int) -> Samples:
        """Readings between two source times (microseconds, inclusive), one a source time."""
        asked = _Asked(point, start, end)
        return self._together.ask(asked) if end - start <= _SHORT_US else self._several([asked])[0]

    def _several(self, asked: Sequence[_Asked]) -> list[Samples]:
        found: dict[_Asked, Samples] = {}
        for start, end in {(each.start, each.end) for each in asked}:
            points = {each.point for each in asked if (each.start, each.end) == (start, end)}
            read = self._reads.closed(sorted(points), start, end)
            found |= {_Asked(point, start, end): read.get(point, Samples.none()) for point in points}
        return [found[each] for each in asked]
