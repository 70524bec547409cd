"""``state(at)``: one row per point of the park as the twin knew it at a moment. The only door to current values."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.reads import Reads
from cache.limits import LimitBook, shown, shown_of
from cache.live import Live, Measured
from cache.moments import Moments
from cache.numbers import PointNumbers, SourceNumbers
from cache.present import Present
from cache.snapshots import correct, rebuild
from models.point_state import NEVER, STATES, Limits, classify
from twin.moment import Moment, from_us, to_us
from twin.reading import UTC_US
from twin.settings import ReadingSettings


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
        self._past = Moments(self._rebuilt, lambda at: at <= present.last_tick)
        self._frames = Moments(lambda at: self._described(self._live(at), at), lambda at: at <= present.last_tick)

    def at(self, at: Moment) -> pl.DataFrame:
        """All columns of ``Park.points`` and ``ts, known, value, quality, source, changed, status``."""
        return self._frames.of(at)

    def of(self, at: Moment, ix: NDArray[np.intp]) -> pl.DataFrame:
        """The same of some points, in the order given; at a moment that is at hand nothing is made of the others."""
        live = None if at in self._frames else self._present.frozen(at)
        return self.at(at)[ix] if live is None else self._described(live, at, ix)

    def as_corrected(self, at: Moment) -> pl.DataFrame:
        """The same, with all that is known by now of that moment."""
        return self._described(self._corrected(at), at)

    def measured(self, at: Moment, ix: NDArray[np.intp], *, corrected: bool = False) -> Measured:
        """What was measured at some points, in the order given, as arrays: ten times cheaper than a frame."""
        live = self._corrected(at) if corrected else self._live(at)
        ts, value, quality = live.ts[ix], live.value[ix], live.quality[ix]
        status = classify(to_us(at), ts, value, quality, self._limits.at(at).take(ix), self._fresh)
        return Measured(ts, live.known[ix], value, quality, status)

    def one(self, at: Moment, ix: int, *, corrected: bool = False) -> dict[str, Any]:
        """The row of one point, by the names of the frame's columns: of what the frame says, a fraction of its cost."""
        limits, here = self._limits.at(at), np.array([ix])
        live = (self._corrected(at) if corrected else self._live(at)).take(here)
        status = self._classified(live, at, limits.take(here))
        ts, known, value, quality, source, changed = (each[0] for each in live.arrays())
        silent = ts == NEVER
        return (
            self._points.row(ix, named=True)
            | shown_of(ix, self._limits.from_folder, limits)
            | {
                "ts": _moment(ts),
                "known": _moment(known),
                "value": None if np.isnan(value) else float(value),
                "quality": None if silent else int(quality),
                "source": None if silent else self._sources.names[source],
                "changed": _moment(changed),
                "status": STATES[status[0]],
            }
        )

    def _live(self, at: Moment) -> Live:
        live = self._present.frozen(at)
        return self._past.of(at) if live is None else live

    def _rebuilt(self, at: Moment) -> Live:
        return rebuild(self._database, self._numbers, self._reads, at)

    def _corrected(self, at: Moment) -> Live:
        live = self._rebuilt(at)
        correct(live, self._reads, self._numbers, at)
        return live

    def _classified(self, live: Live, at: Moment, limits: Limits) -> NDArray[np.uint8]:
        return classify(to_us(at), live.ts, live.value, live.quality, limits, self._fresh)

    def _described(self, live: Live, at: Moment, ix: NDArray[np.intp] | None = None) -> pl.DataFrame:
        """The frame of all points, or of some."""
        limits = self._limits.at(at)
        points = shown(self._points, self._limits.from_folder, limits)
        if ix is not None:
            points, limits, live = points[ix], limits.take(ix), live.take(ix)
        return self._frame(points, live, self._classified(live, at, limits))

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


def _moment(microseconds: np.int64) -> Moment | None:
    return None if microseconds == NEVER else from_us(int(microseconds))


def _time(microseconds: NDArray[np.int64]) -> pl.Series:
    series = pl.Series(microseconds)
    return series.set(series == NEVER, None).cast(UTC_US)


def _names(codes: pl.Series, names: tuple[str, ...]) -> pl.Series:
    """Texts of small codes."""
    known = pl.Series(names, dtype=pl.String)
    return (
        known.gather(codes.cast(pl.UInt32)) if len(known) else pl.repeat(None, len(codes), dtype=pl.String, eager=True)
    )
