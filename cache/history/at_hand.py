"""Closed readings of the points that are looked at, kept in memory: an hour of a point is a page.

All pages reach to one edge. Who closes minutes tells here what came, after it is durable and before the ring lets go
of it; so whoever looks into the ring first and here afterwards misses nothing, and no page is ever older than the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
import polars as pl

from cache.history.buckets import Cells, bucketed
from cache.history.close import Closed
from cache.history.samples import Samples, by_point, in_order, told_again
from cache.history.shelf import Shelf
from cache.history.unfold import Readings, unfold

HOUR_US = 3_600_000_000
_FOR_BUCKETS = 4  # one byte in so many; buckets take few
# readings of a point between two source times (microseconds, inclusive) as the file holds them, one a source time
Read = Callable[[int, int, int], Samples]
Hour = tuple[int, int]  # point, hour since 1970


class AtHand:
    """Safe from any thread; ``closed`` is called by one thread only."""

    def __init__(self, read: Read, edge: int, most_bytes: int) -> None:
        self._read = read
        self._edge = edge
        self._hours: Shelf[Hour, Samples] = Shelf(most_bytes - most_bytes // _FOR_BUCKETS)
        self._buckets: Shelf[tuple[int, int, int], Cells] = Shelf(most_bytes // _FOR_BUCKETS)  # …, length of bucket
        self._looked: set[int] = set()  # points, since the hour of the edge began
        self._closings = 0
        self._lock = Lock()

    @property
    def edge(self) -> int:
        """Pages hold what is closed before this source time (microseconds)."""
        return self._edge

    @property
    def nbytes(self) -> int:
        """What the pages take in memory."""
        return self._hours.nbytes + self._buckets.nbytes

    def readings(self, point: int, hours: Sequence[int], *, keep: bool = True) -> list[Samples]:
        """What is closed of a point, one hour after the other.

        Args:
            hours: hours since 1970, in order; each begins before the edge.
            keep: whether what is read from the file is likely to be asked for again.
        """
        with self._lock:
            self._looked.add(point)
            closings, edge = self._closings, self._edge
            found = {hour: self._hours.get((point, hour)) for hour in hours}
        missing = [hour for hour, page in found.items() if page is None]
        if missing:
            read = self._from_file(point, missing, edge)
            found |= read
            if keep:
                self._keep(self._hours, {(point, hour): page for hour, page in read.items()}, closings)
        return [page for page in found.values() if page is not None]

    def buckets(self, point: int, hours: Sequence[int], width: int) -> list[Cells]:
        """The same in buckets of ``width`` (microseconds, a part of an hour), of hours that end before the edge."""
        with self._lock:
            closings = self._closings
            found = {hour: self._buckets.get((point, hour, width)) for hour in hours}
        missing = [hour for hour, page in found.items() if page is None]
        if missing:
            pages = self.readings(point, missing, keep=False)
            made = {
                hour: bucketed([Cells.of_samples(page)], 0, width) for hour, page in zip(missing, pages, strict=True)
            }
            found |= made
            self._keep(self._buckets, {(point, hour, width): page for hour, page in made.items()}, closings)
        return [page for page in found.values() if page is not None]

    def _from_file(self, point: int, hours: Sequence[int], edge: int) -> dict[int, Samples]:
        found: dict[int, Samples] = {}
        for run in _runs(hours):
            read = self._read(point, run[0] * HOUR_US, min((run[-1] + 1) * HOUR_US, edge) - 1)
            found |= {hour: _in_hour(read, hour) for hour in run}
        return found

    def _keep(self, shelf: Shelf, pages: dict, closings: int) -> None:
        """Unless minutes were closed since it was read: it may lack them."""
        with self._lock:
            if closings == self._closings:
                for name, page in pages.items():
                    shelf.put(name, page)

    def closed(self, closed: Closed) -> None:
        """Take in what was closed: pages that end at the edge grow by it, those that it is late for are let go."""
        with self._lock:
            begin, points = self._edge, {name[0] for name in (*self._hours, *self._buckets)} | self._looked
        blocks = _blocks_of(points, closed)
        late = blocks["first"].to_physical() < begin
        fresh = in_order(unfold(blocks.filter(~late)))
        with self._lock:
            self._closings += 1
            self._edge = max(begin, closed.edge)
            unsure = _hours_of(blocks.filter(late)) | _told_twice(fresh)
            for shelf in (self._hours, self._buckets):  # at points that are not known somebody began to look meanwhile
                shelf.drop_where(lambda name: name[0] not in points or name[:2] in unsure)
            self._grow(begin, by_point(fresh), unsure)

    def _grow(self, begin: int, fresh: dict[int, Samples], unsure: set[Hour]) -> None:
        hour, inside = divmod(begin, HOUR_US)
        if inside:
            for point, came in fresh.items():
                page = self._hours.peek((point, hour))
                if page is not None:
                    self._hours.grow((point, hour), Samples.resolved([page, _in_hour(came, hour)]))
            hour += 1
        if self._edge > hour * HOUR_US:  # of an hour that begins with this closing, all is here
            for point in self._looked:
                if (point, hour) not in unsure:
                    self._hours.put((point, hour), _in_hour(fresh.get(point, Samples.none()), hour))
            self._looked.clear()


def _runs(hours: Sequence[int]) -> list[list[int]]:
    """Hours in order, those together that follow each other."""
    apart = np.flatnonzero(np.diff(hours) > 1) + 1
    return [run.tolist() for run in np.split(np.array(hours), apart)]


def _in_hour(samples: Samples, hour: int) -> Samples:
    return samples.within(hour * HOUR_US, (hour + 1) * HOUR_US - 1)


def _blocks_of(points: set[int], closed: Closed) -> pl.DataFrame:
    chosen = pl.Series(sorted(points), dtype=pl.Int32())
    return pl.concat([part.rows.filter(pl.col("point").is_in(chosen.implode())) for part in closed.parts])


def _hours_of(blocks: pl.DataFrame) -> set[Hour]:
    hours = blocks["first"].to_physical() // HOUR_US
    return set(zip(blocks["point"].to_list(), hours.to_list(), strict=True))


def _told_twice(rows: Readings) -> set[Hour]:
    """Hours of points with several values for one time; which of them counts, the file knows."""
    again = told_again(rows)
    return set(zip(rows.point[again].tolist(), (rows.ts[again] // HOUR_US).tolist(), strict=True))
