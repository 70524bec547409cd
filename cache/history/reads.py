"""What the past is asked: readings of a point, what came between two moments, what is kept already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.blocks import MINUTE_US
from cache.history.edges import Edges
from cache.history.ends import Commits, Ends, Span, crossing, ends
from cache.history.knowns import ALL_KNOWN, number_at
from cache.history.ring import Kept, Ring
from cache.history.samples import Samples, by_point, in_order, told_again
from cache.history.unfold import BLOCKS, LISTS, NO_LISTS, Readings, unfold, wanted_lists
from cache.live import NEWEST
from twin.moment import Moment, from_us, to_us

_OF_POINT = (
    "SELECT * FROM blocks WHERE point = $point AND first > $low AND first <= $high AND (late OR known_first <= $known)"
)
_OF_POINTS = "SELECT * FROM blocks WHERE point IN $points AND first > $low AND first <= $high"
_BETWEEN = "SELECT * FROM blocks WHERE NOT late AND known_last > $after AND known_first <= $until"
_LEARNED = "SELECT * FROM blocks WHERE known_last > $after AND first <= $at"
_OF_RANGE = (
    "SELECT * EXCLUDE (known_first, known_list) FROM blocks "
    "WHERE first >= $low AND first < $high AND point >= $begin AND point < $end"
)
_IN_TIME = "SELECT * FROM blocks WHERE first > $low AND first <= $high"
_AT_TIMES = (
    "SELECT b.* FROM blocks AS b SEMI JOIN asked AS a "
    "ON b.point = a.point AND date_trunc('minute', b.first) = a.minute WHERE b.first >= $low AND b.first <= $high"
)
_COMMITS = "SELECT number, known FROM committed WHERE number BETWEEN $low AND $high ORDER BY number"

NO_BLOCKS = pl.DataFrame(schema=BLOCKS)


@cache
def _nothing() -> Readings:
    """No readings; unfolded when first wanted, for to reckon at import starts threads, which no fork survives."""
    return unfold(NO_BLOCKS)


class Reads:
    """Looks into the ring, then into the file. Safe from any thread."""

    def __init__(self, database: Database, ring: Ring, edges: Edges) -> None:
        self._database = database
        self._ring = ring
        self._edges = edges

    def number_at(self, at: Moment) -> int:
        """The last commit in blocks that counts at a moment; ``ALL_KNOWN`` where all of them do."""
        return ALL_KNOWN if to_us(at) >= self._edges.known else number_at(self._database, at)

    def samples(self, point: int, start: int, end: int, at: Moment) -> Samples:
        """The value known last at ``at`` of each source time between ``start`` and ``end`` (microseconds, inclusive).

        Args:
            point: lasting number.
        """
        fresh = self._ring.of_point(point, start, end, to_us(at))
        if start >= self._edges.closed:
            return Samples.resolved([fresh])
        return Samples.resolved([self._of_point(point, start, end, self.number_at(at)), fresh])

    def closed(self, points: Sequence[int], start: int, end: int) -> dict[int, Samples]:
        """What closed minutes hold of some points by now, for those that they hold anything of."""
        bounds = {"points": list(points), "low": from_us(start - MINUTE_US), "high": from_us(end)}
        blocks = self._database.query(_OF_POINTS, bounds).sort("point", "first")
        readings = in_order(_within(unfold(blocks), start, end))
        if len(told_again(readings)):
            readings = _within(self._unfold(blocks), start, end)
            readings = readings.take(np.lexsort((readings.rank, readings.number, readings.point)))
        return by_point(readings)

    def blocks(self, low: int, high: int, begin: int, end: int) -> pl.DataFrame:
        """Rows of ``blocks``, but for the commits that are named with lists, that begin between two source times
        (microseconds), of the points from one to another; the second is in neither."""
        bounds = {"low": from_us(low), "high": from_us(high), "begin": begin, "end": end}
        return self._database.query(_OF_RANGE, bounds)

    def _of_point(self, point: int, start: int, end: int, known: int) -> Samples:
        asked = {"point": point, "low": from_us(start - MINUTE_US), "high": from_us(end), "known": known}
        found = self._known_by(self._database.query(_OF_POINT, asked), known, start, end)
        return Samples(found.ts, found.value, found.quality)

    def _known_by(self, blocks: pl.DataFrame, known: int, start: int, end: int) -> Readings:
        """Readings of the blocks that came by a commit, the later of equal times last."""
        if blocks["known_last"].max() is None or blocks["known_last"].max() <= known:  # type: ignore[operator]
            readings = _within(unfold(blocks), start, end)
            if len(np.unique(readings.ts)) == len(readings):
                return readings
        readings = _within(self._unfold(blocks), start, end)
        readings = readings.take(readings.number <= known)
        return readings.take(np.lexsort((readings.rank, readings.number)))

    def _unfold(self, blocks: pl.DataFrame) -> Readings:
        return unfold(blocks, self._lists(blocks))

    def _lists(self, blocks: pl.DataFrame) -> pl.DataFrame:
        wanted = wanted_lists(blocks)
        if not len(wanted):
            return NO_LISTS
        return self._database.query(LISTS, {"low": wanted["id"][0], "high": wanted["id"][-1]}, {"wanted": wanted})

    def between(self, after: Moment, until: Moment) -> tuple[Ends, list[Kept]]:
        """What set newest values, of commits after a moment and not after another: where blocks ended, and in parts,
        each after the one before, readings of other points and those that came since. By point and in order of time."""
        fresh = self._ring.parts_within(to_us(after), to_us(until))
        span, blocks = Span.of(self._database, after, until), NO_BLOCKS
        if len(span):
            blocks = self._database.large(_BETWEEN, {"after": span.after, "until": span.until})
        commits = Commits(self._lists(blocks.select("known_list").filter(span.cut(blocks))))
        crossed, odd = Kept.none(), crossing(blocks, commits)
        if odd.any():
            rows = self._unfold(blocks.filter(odd).sort("point", "first", "seq"))
            crossed, blocks = self._kept(rows, span.after, span.until), blocks.filter(~odd)
        crossed = crossed.take(np.lexsort((crossed.known, crossed.ts, crossed.ix)))
        return ends(blocks, commits, span), [crossed, *(each.newest() for each in fresh)]

    def learned_after(self, at: Moment) -> Kept:
        """Readings stamped until ``at`` that came after it, in order of commit."""
        fresh = self._ring.known_within(to_us(at), ALL_KNOWN)
        number = self.number_at(at)
        old = self._unfold(self._database.query(_LEARNED, {"after": number, "at": at}))
        old = old.take(np.lexsort((old.rank, old.number)))
        learned = Kept.joined([self._kept(old, number, ALL_KNOWN), fresh])
        return learned.take(learned.ts <= to_us(at))

    def _kept(self, readings: Readings, after: int, until: int) -> Kept:
        readings = readings.take((readings.number > after) & (readings.number <= until))
        if not len(readings):
            return Kept.none()
        low, high = int(readings.number.min()), int(readings.number.max())
        commits = self._database.query(_COMMITS, {"low": low, "high": high})
        known = commits["known"].to_physical().to_numpy()[readings.number - low]
        fold = np.full(len(readings), NEWEST, np.uint8)
        return Kept(readings.point, readings.ts, readings.value, readings.quality, readings.source, known, fold)

    def everything(self, start: Moment, end: Moment) -> Kept:
        """All that was ever kept with a source time between two moments (inclusive), in order of commit."""
        low, high = to_us(start), to_us(end)
        fresh = self._ring.closing(high + 1)[0]
        bounds = {"low": from_us(low - MINUTE_US), "high": end}
        old = _within(self._unfold(self._database.query(_IN_TIME, bounds)), low, high)
        old = old.take(np.lexsort((old.rank, old.number)))
        return Kept.joined([self._kept(old, -1, ALL_KNOWN), fresh.take(fresh.ts >= low)])

    def stored(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Readings kept at points and times asked for (``point``, ``ts`` in microseconds): the same columns, ``value``
        and ``slack``, which is how far the value may be from what came."""
        point, ts = asked["point"].to_numpy(), asked["ts"].to_numpy()
        fresh = self._ring.at_times(point, ts)
        parts = [_found(fresh.ix, fresh.ts, fresh.value, np.zeros(len(fresh)))]
        old = self._stored_in_blocks(point, ts)
        parts.append(_found(old.point, old.ts, old.value, old.slack))
        return pl.concat(parts).join(asked.select("point", "ts").unique(), on=["point", "ts"], how="semi")

    def _stored_in_blocks(self, point: NDArray[np.int32], ts: NDArray[np.int64]) -> Readings:
        closed = ts < self._edges.closed
        if not closed.any():
            return _nothing()
        minute = pl.Series(ts[closed] // MINUTE_US * MINUTE_US).cast(pl.Datetime("us"))
        asked = pl.DataFrame({"point": point[closed], "minute": minute}).unique()
        bounds = {"low": minute.min(), "high": from_us(int(ts[closed].max()))}
        return unfold(self._database.query(_AT_TIMES, bounds, {"asked": asked}))


def _found(
    point: NDArray[np.int32], ts: NDArray[np.int64], value: NDArray[np.float64], slack: NDArray[np.float64]
) -> pl.DataFrame:
    return pl.DataFrame({"point": point.astype(np.int32), "ts": ts, "value": value, "slack": slack})


def _within(readings: Readings, start: int, end: int) -> Readings:
    return readings.take((readings.ts >= start) & (readings.ts <= end))
