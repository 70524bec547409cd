"""Stores filled through their own door, on a clock set by hand: years of readings in minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.store import Store
from park.load import Park
from tests.cache.batches import Clock
from twin.moment import Moment, from_us, to_us
from twin.reading import DECODED_READINGS, READING_TABLE, Batch
from twin.settings import StoreSettings

SECOND_US = 1_000_000
_GRAINS = 1 << 16
_BATCH_ROWS = 40_000
SETTINGS = StoreSettings(group_s=0.0, group_most_s=0.0)
_FILLING = replace(SETTINGS, log_bytes=256 * 1024 * 1024)  # less often into the file than a park would


class Course:
    """Cheap signals with the look of instruments: a wave between the point's limits, some noise, few decimals."""

    def __init__(self, points: pl.DataFrame, seed: int = 7) -> None:
        chance = np.random.default_rng(seed)
        low, high = _band(points, "alarm_lo", "range_lo", 0.0), _band(points, "alarm_hi", "range_hi", 100.0)
        half = np.maximum(high - low, 1e-3) / 2
        self._ix = np.arange(len(points))
        self._mid = (low + high) / 2
        self._swing = chance.uniform(0.05, 0.5, len(points)) * half
        self._period = chance.uniform(600, 14_400, len(points))
        self._phase = chance.uniform(0, 2 * np.pi, len(points))
        self._noise = chance.uniform(0.001, 0.01, len(points)) * half
        self._grain = chance.normal(0, 1, _GRAINS)
        self._per_unit = 10.0 ** np.ceil(np.log10(500 / half))

    def at(self, seconds: NDArray[np.int64]) -> NDArray[np.float64]:
        """Values of all points, times × points."""
        angle = seconds[:, None] * (2 * np.pi / self._period) + self._phase
        grain = self._grain[(seconds[:, None] * 40_503 + self._ix) % _GRAINS] * self._noise
        return np.rint((self._mid + self._swing * np.sin(angle) + grain) * self._per_unit) / self._per_unit


def _band(points: pl.DataFrame, alarm: str, span: str, otherwise: float) -> NDArray[np.float64]:
    return points.select(pl.coalesce(alarm, span, pl.lit(otherwise))).to_series().to_numpy()


def batch_of(ids: pl.Series, ts: NDArray[np.int64], value: NDArray[np.float64], batch_id: str, at: Moment) -> Batch:
    """Good readings as decoders deliver them; times in microseconds."""
    columns = {
        "index": np.arange(len(ids)),
        "point": ids,
        "ts": pl.Series(ts).cast(DECODED_READINGS["ts"]),
        "value": value,
        "quality": np.zeros(len(ids), np.uint8),
    }
    return Batch(READING_TABLE, pl.DataFrame(columns), "bench", batch_id, at)


@dataclass(frozen=True)
class Filled:
    """A folder with a full store."""

    folder: Path
    park: Park
    readings: int
    first: Moment
    last: Moment
    took_s: float

    @property
    def size_bytes(self) -> int:
        """Everything in the folder."""
        return sum(each.stat().st_size for each in self.folder.rglob("*") if each.is_file())


@dataclass(frozen=True)
class Stretch:
    """So many seconds at one reading a point and period."""

    seconds: int
    period_s: int = 1


class Filler:
    """Tells a store stretch after stretch, up to a moment."""

    def __init__(self, park: Park, until: Moment, stretches: tuple[Stretch, ...], seed: int = 7) -> None:
        self._park = park
        self._stretches = stretches
        self._course = Course(park.points, seed)
        self._ids = park.points["id"]
        self._until = until
        self.first = until - timedelta(seconds=sum(each.seconds for each in stretches))
        self._clock = Clock()

    def fill(self, folder: Path) -> Filled:
        """Write it all, put it in order, and close the store."""
        began, told = time.monotonic(), 0
        self._clock.now = self.first
        store = Store.open(folder, self._park, settings=_FILLING, clock=self._clock)
        for seconds in self._times():
            told += self._tell(store, seconds)
        self._clock.now = max(self._clock.now, self._until)
        store.tidy()
        store.close()
        return Filled(folder, self._park, told, self.first, self._until, time.monotonic() - began)

    def _times(self) -> Iterator[NDArray[np.int64]]:
        """Seconds since 1970 of each batch."""
        begin = to_us(self.first) // SECOND_US
        for each in self._stretches:
            times = np.arange(begin, begin + each.seconds, each.period_s)
            at_once = max(1, _BATCH_ROWS // len(self._ids))
            yield from (times[first : first + at_once] for first in range(0, len(times), at_once))
            begin += each.seconds

    def _tell(self, store: Store, seconds: NDArray[np.int64]) -> int:
        minute = to_us(self._clock.now) // (60 * SECOND_US)
        ts = np.repeat(seconds * SECOND_US, len(self._ids))
        ids = pl.concat([self._ids] * len(seconds))
        self._clock.now = max(self._clock.now, from_us((int(seconds[-1]) + 1) * SECOND_US))
        store.append(batch_of(ids, ts, self._course.at(seconds).ravel(), str(seconds[0]), self._clock.now))
        if to_us(self._clock.now) // (60 * SECOND_US) > minute:
            store.tidy()
        return len(ts)
