"""The history of one point for whoever draws it: every sample where they fit, else buckets that keep each extreme,
out of readings, five-minute summaries and day files alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.buckets import Cells, bucket_us, bucketed
from cache.history.by_reading import Asked, ByReading
from cache.history.edges import Edges
from cache.history.knowns import ALL_KNOWN
from cache.history.reads import Reads
from cache.history.retire import FOLDER
from cache.history.ring import Ring
from cache.history.settle import SUMMARY_US
from twin.moment import Moment, from_us, to_us

_SHORT_US = 12 * SUMMARY_US  # so short a time is looked at reading by reading before anything else is tried
_SUMMARIES = "SELECT * FROM summary WHERE point = $point AND start >= $low AND start <= $high ORDER BY start"
_FILES = "SELECT file FROM archived WHERE day >= $low::DATE AND day <= $high::DATE ORDER BY day"
_IN_FILES = (
    "SELECT * FROM read_parquet($files) WHERE point = $point AND start >= $low AND start <= $high ORDER BY start"
)
_UNSETTLED = (
    "SELECT time_bucket(INTERVAL 5 MINUTE, first) AS start, sum(n) AS n FROM block_new "
    "WHERE point = $point AND first >= $low AND first <= $high GROUP BY 1"
)


@dataclass(frozen=True)
class Told:
    """Rows of a history. ``bucket_s`` is 0 when they are the samples themselves; ``resolution`` is how long (seconds)
    the stretches are that are left of what came, 0 where every reading is still kept."""

    bucket_s: float
    resolution: int
    rows: Cells


class Past:
    """Safe from any thread."""

    def __init__(self, database: Database, by: ByReading, ring: Ring, reads: Reads, edges: Edges, folder: Path) -> None:
        self._database = database
        self._by = by
        self._edges = edges
        self._ring = ring
        self._reads = reads
        self._folder = folder / FOLDER

    def history(self, asked: Asked, max_points: int) -> Told:
        """At most ``max_points`` rows."""
        raw_from = self._edges.raw_from
        width = bucket_us(asked.start, asked.end, max_points)
        kept = asked.start >= raw_from
        if kept and (asked.end - asked.start <= _SHORT_US or width < SUMMARY_US):
            return self._by_reading(asked, width, max_points)
        loose = self._unsettled(asked)  # before the summaries: what is settled meanwhile is seen twice, not missed
        summaries = self._summaries(asked, raw_from)
        retired = not kept and self._ends_before(summaries, raw_from)
        if not retired and int(summaries["n"].sum()) + int(loose["n"].sum()) <= max_points:
            return self._by_reading(asked, width, max_points)
        return self._by_summary(asked, max_points, raw_from, summaries, loose, retired)

    def _by_reading(self, asked: Asked, width: int, max_points: int) -> Told:
        rows = self._by.buckets(asked, width, max_points)
        whole = bool((rows.n == 1).all())  # of more readings than there may be rows, some row holds two
        return Told(0.0 if whole else width / 1e6, 0, rows)

    @staticmethod
    def _ends_before(summaries: pl.DataFrame, raw_from: int) -> bool:
        return bool((summaries["start"] < from_us(raw_from)).any())

    def _summaries(self, asked: Asked, raw_from: int) -> pl.DataFrame:
        bounds = _bounds(asked)
        found = self._database.query(_SUMMARIES, {"point": asked.point, **bounds})
        files = self._database.query(_FILES, bounds)["file"].to_list() if asked.start < raw_from else []
        if files:
            paths = [str(self._folder / each) for each in files]
            old = self._database.query(_IN_FILES, {"point": asked.point, "files": paths, **bounds})
            found = pl.concat([old, found])
        return found

    def _unsettled(self, asked: Asked) -> pl.DataFrame:
        """Five minutes in which the point has readings that no summary counts yet."""
        fresh = self._ring.of_point(asked.point, asked.start, asked.end, ALL_KNOWN)
        closed = self._database.query(_UNSETTLED, {"point": asked.point, **_bounds(asked)})
        start, n = np.unique(fresh.ts // SUMMARY_US * SUMMARY_US, return_counts=True)
        closed = closed.select(pl.col("start").to_physical(), pl.col("n").cast(pl.Int64))
        return pl.concat([closed, pl.DataFrame({"start": start, "n": n})])

    def _by_summary(
        self, asked: Asked, max_points: int, raw_from: int, summaries: pl.DataFrame, loose: pl.DataFrame, retired: bool
    ) -> Told:
        width = max(bucket_us(asked.start, asked.end, max_points), SUMMARY_US)
        start = summaries["start"].to_physical().to_numpy()
        good = (start >= asked.start) & (start + SUMMARY_US - 1 <= asked.end)
        good &= summaries["known_last"].to_numpy() <= self._reads.number_at(asked.at)
        good &= ~np.isin(start, loose["start"].to_numpy())
        old = (start < raw_from) & (start <= to_us(asked.at))  # of these there is nothing finer
        good = np.where(start < raw_from, old, good)
        told = [_cells(summaries.filter(pl.Series(good)))]
        finer = np.concatenate([start[~good], loose["start"].to_numpy()])
        for low, high in _spans(finer[finer >= raw_from], asked):
            told.append(Cells.of_samples(self._by.samples(Asked(asked.point, low, high, asked.at))))
        if not retired and sum(int(each.n.sum()) for each in told) <= max_points:
            return self._by_reading(asked, width, max_points)  # much of it was not known then
        return Told(width / 1e6, SUMMARY_US // 1_000_000 if retired else 0, bucketed(told, asked.start, width))


def _bounds(asked: Asked) -> dict[str, Moment]:
    """From the beginning of the five minutes in which it starts."""
    return {"low": from_us(asked.start // SUMMARY_US * SUMMARY_US), "high": from_us(asked.end)}


def _cells(summaries: pl.DataFrame) -> Cells:
    columns = ("min", "max", "mean", "quality")
    start, n = summaries["start"].to_physical().to_numpy(), summaries["n"].to_numpy().astype(np.int64)
    return Cells(start, n, *(summaries[name].to_numpy() for name in columns))


def _spans(cells: NDArray[np.int64], asked: Asked) -> list[tuple[int, int]]:
    """The times of the five-minute stretches, joined where they touch, within what was asked."""
    cells = np.unique(cells)
    if not len(cells):
        return []
    breaks = np.flatnonzero(np.diff(cells) > SUMMARY_US) + 1
    runs = np.split(cells, breaks)
    return [(max(int(run[0]), asked.start), min(int(run[-1]) + SUMMARY_US - 1, asked.end)) for run in runs]
