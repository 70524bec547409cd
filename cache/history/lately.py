"""The last hour of every point, closed minutes kept small in memory: who asks for a point that nobody has looked at
yet need not wait for the file.

Who closes minutes tells here what came, after it is durable and before the ring lets go of it, so whoever looks into
the ring first and here afterwards misses nothing. When the program starts nothing is here: what was closed before is
read from the file bit by bit, the latest first.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from cache.history.close import Closed
from cache.history.packed import Packed, pack, part_of, unpacked
from cache.history.samples import Samples

_log = logging.getLogger(__name__)
_KEEP_US = 3_900_000_000  # an hour, and what may be open yet
_READ_US = 300_000_000  # settled blocks of so long lie together in the file
_READ_POINTS = 5_000
# blocks that begin between two source times (microseconds; the second is not in it), of points from one to another
Read = Callable[[int, int, int, int], pl.DataFrame]


@dataclass(frozen=True)
class Stretch:
    """What was closed at once, or read at once: parts by point; nothing later than its edge (microseconds)."""

    edge: int
    parts: list[Packed]
    points: list[int]  # the first of each part

    @classmethod
    def of(cls, edge: int, parts: list[Packed]) -> Stretch:
        """Parts in order of their points, no point in two."""
        return cls(edge, parts, [_first(each) for each in parts])

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return sum(each.nbytes for each in self.parts)

    def part(self, point: int) -> Packed | None:
        """Where a point is, if it is there."""
        place = bisect_right(self.points, point)
        return self.parts[place - 1] if place else None


@dataclass(frozen=True)
class _All:
    """Everything closed of a source time from ``begin`` on, the earlier closed the earlier."""

    begin: int
    stretches: tuple[Stretch, ...]


class Lately:
    """Looked at from any thread, changed by one only."""

    def __init__(self, read: Read, edge: int, points: int, most_bytes: int) -> None:
        self._read = read
        self._edge = edge
        self._points = points
        self._most = most_bytes
        self._digits = np.zeros(points, np.uint8)
        self._all = _All(edge, ())
        self._full = not most_bytes
        self.filled = False  # with what was closed before the program started, as far as there is room

    @property
    def begin(self) -> int:
        """All that is closed from this source time on (microseconds) is here."""
        return self._all.begin

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return sum(each.nbytes for each in self._all.stretches)

    def samples(self, point: int, start: int, end: int) -> Samples | None:
        """Closed readings between two source times (microseconds, inclusive), one a source time; None where not all of
        them are here."""
        all = self._all
        if start < all.begin:
            return None
        wanted = (each for each in all.stretches if each.edge > start)
        held = [each for stretch in wanted if (each := stretch.part(point)) is not None]
        if any(point in each.unsure for each in held):
            return None
        return unpacked([part_of(each, point) for each in held]).within(start, end) if held else Samples.none()

    def closed(self, closed: Closed) -> None:
        """Take in what was closed."""
        self._edge = max(self._edge, closed.edge)
        if not self._most:
            self._all = _All(self._edge, ())
            return
        floor = self._edge - _KEEP_US
        try:
            parts = [part for each in closed.parts if (part := self._packed(_since(each.rows, floor))) is not None]
        except (MemoryError, ValueError, ArithmeticError, pl.exceptions.PolarsError):
            # what is closed is durable and must leave the ring: without it the file is asked
            _log.exception("the last hour in memory was let go; it begins anew")
            self._all = _All(self._edge, ())
            return
        stretches = (*self._all.stretches, Stretch.of(closed.edge, parts))
        self._all = self._bounded(_All(max(self._all.begin, floor), stretches))

    def _bounded(self, all: _All) -> _All:
        """Without what is too long ago, and without the oldest where it is too much."""
        begin = all.begin
        held = [each for each in all.stretches if each.edge > begin]
        over = sum(each.nbytes for each in held) - self._most
        while held and over > 0:
            over -= held[0].nbytes
            begin, self._full = held.pop(0).edge, True
        return _All(begin, tuple(held))

    def _packed(self, blocks: pl.DataFrame) -> Packed | None:
        if not len(blocks):
            return None
        beyond = int(blocks["point"].max()) + 1 - len(self._digits)  # type: ignore[arg-type]
        if beyond > 0:  # of points that the park has no more
            self._digits = np.append(self._digits, np.zeros(beyond, np.uint8))
        packed = pack(blocks, self._digits)
        self._digits[packed.point] = packed.digits
        return packed

    def fill(self) -> Iterator[None]:
        """Read what was closed before the program started, a part at each step, until the hour is whole."""
        while not self._full and (high := self._all.begin) > max(self._edge - _KEEP_US, 0):
            low = (high - 1) // _READ_US * _READ_US
            parts = []
            for first in range(0, self._points, _READ_POINTS):
                part = self._packed(self._read(low, high, first, first + _READ_POINTS))
                parts += [part] if part is not None else []
                yield
            if self._all.begin == high:  # else so much was closed meanwhile that this is too long ago
                self._all = self._bounded(_All(low, (Stretch.of(high, parts), *self._all.stretches)))
        self.filled = True


def _first(packed: Packed) -> int:
    return int(min(each[0] for each in (packed.point, packed.of) if len(each)))


def _since(blocks: pl.DataFrame, floor: int) -> pl.DataFrame:
    """The blocks that begin at a source time or later; ``floor`` is where a minute begins."""
    early = (blocks["first"].to_physical() < floor).to_numpy()
    return blocks.filter(pl.Series(~early)) if early.any() else blocks
