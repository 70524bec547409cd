"""``state(at)``: one row per point of the park as the twin knew it at a moment. The only door to current values."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.reads import Reads
from cache.limits import LimitBook, shown
from cache.live import Live
from cache.numbers import PointNumbers, SourceNumbers
from cache.present import Present
from cache.snapshots import correct, rebuild
from models.point_state import NEVER, STATES, classify
from twin.moment import Moment, to_us
from twin.reading import UTC_US
from twin.settings import ReadingSettings

_REMEMBERED = 8


class States:
    """Frames of moments; the last few are remembered."""

    def __init__(
        self,
        database: Database,
        points: pl.DataFrame,
        numbers: PointNumbers,
        sources: SourceNumbers,
        reads: Reads,
        present: Present,
        fresh: ReadingSettings,
        limits: LimitBook,
    ) -> None:
        self._database = database
        self._points = points
        self._numbers = numbers
        self._sources = sources
        self._reads = reads
        self._present = present
        self._fresh = fresh
        self._limits = limits
        self._frames: OrderedDict[Moment, pl.DataFrame] = OrderedDict()
        self._making: dict[Moment, Lock] = {}
        self._lock = Lock()

    def at(self, at: Moment) -> pl.DataFrame:
        """All columns of ``Park.points`` and ``ts, known, value, quality, source, changed, status``."""
        with self._lock:
            frame = self._frames.get(at)
            if frame is not None:
                self._frames.move_to_end(at)
                return frame
            making = self._making.setdefault(at, Lock())
        with making:  # who asks for the same moment meanwhile waits for it
            frame = self._frames.get(at)
            if frame is None:
                final = at <= self._present.last_tick
                frame = self._build(at)
                if final:  # later commits cannot touch it any more
                    self._remember(at, frame)
        with self._lock:
            self._making.pop(at, None)
        return frame

    def of(self, at: Moment, ix: NDArray[np.intp]) -> pl.DataFrame:
        """The same of some points, in the order given; at a moment that is at hand nothing is made of the others."""
        live = None if at in self._frames else self._present.frozen(at)
        return self.at(at)[ix] if live is None else self._described(live, at, ix)

    def as_corrected(self, at: Moment) -> pl.DataFrame:
        """The same, with all that is known by now of that moment."""
        live = rebuild(self._database, self._numbers, self._reads, at)
        correct(live, self._reads, self._numbers, at)
        return self._described(live, at)

    def _remember(self, at: Moment, frame: pl.DataFrame) -> None:
        with self._lock:
            self._frames[at] = frame
            while len(self._frames) > _REMEMBERED:
                self._frames.popitem(last=False)

    def _build(self, at: Moment) -> pl.DataFrame:
        live = self._present.frozen(at)
        if live is None:
            live = rebuild(self._database, self._numbers, self._reads, at)
        return self._described(live, at)

    def _described(self, live: Live, at: Moment, ix: NDArray[np.intp] | None = None) -> pl.DataFrame:
        """The frame of all points, or of some."""
        limits = self._limits.at(at)
        points = shown(self._points, self._limits.from_folder, limits)
        if ix is not None:
            points, limits, live = points[ix], limits.take(ix), live.take(ix)
        status = classify(to_us(at), live.ts, live.value, live.quality, limits, self._fresh)
        return self._frame(points, live, status)

    def _frame(self, points: pl.DataFrame, live: Live, status: NDArray[np.uint8]) -> pl.DataFrame:
        silent = pl.Series(live.ts == NEVER)
        return points.hstack(
            [
                _time(live.ts).alias("ts"),
                _time(live.known).alias("known"),
                pl.Series("value", live.value, nan_to_null=True),
                pl.Series(live.quality).set(silent, None).alias("quality"),
                _names(pl.Series(live.source), self._sources.names).set(silent, None).alias("source"),
                _time(live.changed).alias("changed"),
                _names(pl.Series(status), STATES).alias("status"),
            ]
        )


def _time(microseconds: NDArray[np.int64]) -> pl.Series:
    series = pl.Series(microseconds)
    return series.set(series == NEVER, None).cast(UTC_US)


def _names(codes: pl.Series, names: tuple[str, ...]) -> pl.Series:
    """Texts of small codes."""
    known = pl.Series(names, dtype=pl.String)
    return (
        known.gather(codes.cast(pl.UInt32)) if len(known) else pl.repeat(None, len(codes), dtype=pl.String, eager=True)
    )
