"""The history of one point out of its readings: those at hand and those not closed yet, else what the file holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cache.history.at_hand import HOUR_US, AtHand
from cache.history.buckets import Cells, bucketed
from cache.history.edges import Edges
from cache.history.lately import Lately
from cache.history.reads import Reads
from cache.history.ring import Ring
from cache.history.samples import Samples
from twin.moment import Moment, to_us

_MOST_HOURS = 72  # of more, the readings are read for the one who asks
_FEW_HOURS = 3  # of so few, only one lies between the first and the last


@dataclass(frozen=True)
class Asked:
    """One point between two source times (microseconds, inclusive), as known at a moment."""

    point: int
    start: int
    end: int
    at: Moment

    @property
    def hours(self) -> range:
        """The hours since 1970 that it touches."""
        return range(self.start // HOUR_US, self.end // HOUR_US + 1)


class ByReading:
    """Safe from any thread."""

    def __init__(self, ring: Ring, lately: Lately, hand: AtHand, reads: Reads, edges: Edges) -> None:
        self._ring = ring
        self._lately = lately
        self._reads = reads
        self._hand = hand
        self._edges = edges

    def samples(self, asked: Asked) -> Samples:
        """Every reading."""
        if self._at_hand(asked):
            fresh = self._fresh(asked)  # first: what is closed meanwhile is seen twice, not missed
            closed = self._lately.samples(asked.point, asked.start, asked.end)
            found = self._joined(asked, asked.hours, fresh) if closed is None else Samples.resolved([closed, fresh])
            if self._at_hand(asked):  # still: what was closed meanwhile may have come after the moment
                return found
        return self._reads.samples(asked.point, asked.start, asked.end, asked.at)

    def buckets(self, asked: Asked, width: int, most: int) -> Cells:
        """Buckets of ``width`` (microseconds); the readings themselves where there are no more than ``most``."""
        if len(asked.hours) > _FEW_HOURS and HOUR_US % width == 0 and self._at_hand(asked):
            found = self._by_hour(asked, width)
            if int(found.n.sum()) > most and self._at_hand(asked):
                return found
        samples = Cells.of_samples(self.samples(asked))
        return bucketed([samples], asked.start, width) if len(samples) > most else samples

    def _at_hand(self, asked: Asked) -> bool:
        return to_us(asked.at) >= self._edges.known and len(asked.hours) <= _MOST_HOURS

    def _fresh(self, asked: Asked) -> Samples:
        return self._ring.of_point(asked.point, asked.start, asked.end, to_us(asked.at))

    def _joined(self, asked: Asked, hours: Iterable[int], fresh: Samples) -> Samples:
        """Readings of some of the hours. ``fresh`` was looked at before: what is closed meanwhile is seen twice."""
        edge = min(self._hand.edge, asked.end + 1)
        closed = self._hand.readings(asked.point, [each for each in hours if each * HOUR_US < edge])
        return Samples.resolved([*(each.within(asked.start, asked.end) for each in closed), fresh])

    def _by_hour(self, asked: Asked, width: int) -> Cells:
        """The hours that are closed to their end and that nothing came for since are bucketed already."""
        fresh = self._fresh(asked)
        whole = range(asked.hours[1], min(asked.hours[-1], self._hand.edge // HOUR_US))
        still = [each for each in whole if each not in set((fresh.ts // HOUR_US).tolist())]
        cells = self._hand.buckets(asked.point, still, width)
        rest = self._joined(asked, sorted(set(asked.hours) - set(still)), fresh)
        found = Cells.joined([bucketed([Cells.of_samples(rest)], asked.start, width), *cells])
        return found.take(np.argsort(found.ts, kind="stable"))
