"""The reference set: what the demo's instruments show, once a second, told with one reading in a hundred late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import FILE
from cache.store import Store
from demo.folder import Folder
from demo.forms import resolution
from demo.world import build
from park.load import Park
from tests.bench.fill import SECOND_US, SETTINGS, batch_of
from tests.cache.batches import NOON, Clock
from tests.serving import DEMO_PARK
from twin.moment import to_us

SEED = 7
LATE_SHARE, LATEST_S = 0.01, 300
_AT_ONCE = 16
# microseconds after its whole second at which each of some points is read
Phase = Callable[[NDArray[np.int64], np.random.Generator], NDArray[np.int64]]


@dataclass(frozen=True)
class Shown:
    """Values and whether there was one, seconds × points; the same whoever makes it."""

    value: NDArray[np.float64]
    there: NDArray[np.bool_]

    @classmethod
    def of(cls, seconds: int) -> Shown:
        """So many seconds of the demo park from noon on."""
        signals = build(Folder(DEMO_PARK), SEED, "quiet_day", to_us(NOON) // 1000).signals
        ix = np.arange(len(signals.points), dtype=np.int64)
        value, there = np.empty((seconds, len(ix))), np.empty((seconds, len(ix)), bool)
        for first in range(0, seconds, _AT_ONCE):
            times = np.arange(first, min(first + _AT_ONCE, seconds))
            t_ms = to_us(NOON) // 1000 + np.repeat(times, len(ix)) * 1000
            shown = signals.shown(np.tile(ix, len(times)), t_ms)
            value[times] = shown.value.reshape(len(times), -1)
            there[times] = shown.online.reshape(len(times), -1)
        return cls(value, there)

    def only(self, which: NDArray[np.bool_]) -> Shown:
        """Some of the points; the others say nothing."""
        return Shown(self.value, self.there & which)


def on_the_second(ix: NDArray[np.int64], _chance: np.random.Generator) -> NDArray[np.int64]:
    """All at once."""
    return np.zeros(len(ix), np.int64)


def each_in_its_turn(ix: NDArray[np.int64], _chance: np.random.Generator) -> NDArray[np.int64]:
    """Each point at its own place in the second, always the same."""
    return np.random.default_rng(SEED).integers(0, SECOND_US, int(ix.max(initial=0)) + 1)[ix]


def scattered(ix: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """Each reading at any microsecond."""
    return chance.integers(0, SECOND_US, len(ix))


def steps_of(park: Park) -> NDArray[np.float64]:
    """What each instrument's last digit counts, in its unit."""
    span = (park.points["range_hi"] - park.points["range_lo"]).fill_null(100.0)
    return np.array([resolution(unit or "", wide) for unit, wide in zip(park.points["unit"], span, strict=True)])


@dataclass(frozen=True)
class Told:
    """A file with the reference set in it, put in order and closed: its places in use beyond those of an empty
    file, and its length, in which places are free for what comes next."""

    readings: int
    used_bytes: int
    file_bytes: int

    def __str__(self) -> str:
        beside = f"file {self.file_bytes / self.readings:.2f} with places free for more"
        return f"{self.used_bytes / self.readings:.2f} ({self.readings / 1e6:.1f} M readings; {beside})"


def tell(folder: Path, park: Park, shown: Shown, phase: Phase) -> Told:
    """Write the set as a feed would, a batch a second, late readings when they come; then close the store."""
    clock, told = Clock(), 0
    Store.open(folder, park, settings=SETTINGS, clock=clock).close()
    empty = _used(folder)
    store = Store.open(folder, park, settings=SETTINGS, clock=clock)
    for second, rows in enumerate(_deliveries(shown, phase)):
        clock.now = NOON + timedelta(seconds=second + 1)
        if len(rows):
            ids = park.points["id"].gather(rows["ix"])
            ts, value = rows["ts"].to_numpy(), rows["value"].to_numpy()
            told += store.append(batch_of(ids, ts, value, str(second), clock.now)).accepted
        if second % 60 == 59:
            store.tidy()
    clock.forward(3600)
    store.tidy()
    store.close()
    return Told(told, _used(folder) - empty, (folder / FILE).stat().st_size)


def _used(folder: Path) -> int:
    with duckdb.connect(str(folder / FILE), read_only=True) as file:
        sql = "SELECT used_blocks * block_size FROM pragma_database_size() WHERE database_name = current_database()"
        return int(file.sql(sql).fetchall()[0][0])


def _deliveries(shown: Shown, phase: Phase) -> Iterator[pl.DataFrame]:
    """What comes in each second: ``ix, ts, value``, the late ones first."""
    chance, waiting = np.random.default_rng(SEED), defaultdict[int, list[pl.DataFrame]](list)
    seconds = len(shown.value)
    for second in range(seconds + LATEST_S + 1):
        parts = waiting.pop(second, [])
        if second < seconds:
            ix = np.flatnonzero(shown.there[second])
            ts = to_us(NOON) + second * SECOND_US + phase(ix, chance)
            rows = pl.DataFrame({"ix": ix, "ts": ts, "value": shown.value[second, ix]})
            delay = np.where(chance.random(len(ix)) < LATE_SHARE, chance.integers(1, LATEST_S + 1, len(ix)), 0)
            for part in rows.with_columns(due=second + delay).partition_by("due"):
                waiting[part["due"][0]].append(part.drop("due"))
            parts += waiting.pop(second, [])
        yield pl.concat(parts) if parts else pl.DataFrame()
