"""A plain store around the detector: a transaction a deed, alarms in a table beside. ``python -m tests.cache.detecting
FOLDER SEED`` writes until it is killed.

Deeds are those of ``tests.models.detecting``, each with a ``known`` of its own, as the writer gives it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cache.database import FILE, Database
from cache.detection import Detector
from cache.history.ring import Kept
from cache.migrate import _split
from cache.numbers import PointNumbers, SourceNumbers
from models.detect_rules import HH, LL, SECOND_US, H, L, Rules
from models.point_state import Limits
from tests.cache.batches import quick
from tests.models.detecting import LEVELS, START_US, Read, some_deeds, some_rules
from tests.models.plain_detector import Said
from tests.serving import ROOT
from twin.moment import Moment, from_us, to_us
from twin.reading import UTC_US

POINTS = 6
SOURCES = ("s0", "s1", "s2")
CLOSE_EVERY = 40
NEVER_AWAY = timedelta(days=10**6)
SCHEMA = ("001_first.sql", "002_history.sql", "006_detect.sql")
KEEP_READINGS = "INSERT INTO reading_raw SELECT point, ts, value, quality, known, source, fold FROM kept"


@dataclass(frozen=True)
class Deed:
    """One transaction: readings, or something else (``what`` and what it takes)."""

    known: int
    reads: tuple[Read, ...] = ()
    what: tuple[Any, ...] = ()

    def plainly(self) -> list[Any]:
        """As the detectors of ``tests.models`` are led."""
        return [*self.reads] if self.reads else [self.what]


def a_day(seed: int, count: int) -> tuple[Rules, list[Deed]]:
    """Rules and transactions; the same for the same seed."""
    chance = np.random.default_rng(seed)
    rules = some_rules(chance, POINTS)
    deeds: list[Deed] = []
    waiting: list[Read] = []
    known = 0
    for each in some_deeds(chance, POINTS, count):
        if isinstance(each, Read):
            known = max(known + 2, each.known)
            waiting.append(each)
            if not each.ends:
                continue
        if waiting:
            deeds.append(Deed(known, tuple(replace(read, known=known) for read in waiting)))
            waiting = []
        if not isinstance(each, Read) and each[0] != "resume":
            known += SECOND_US // 2
            what = each if each[0] == "speaks_for" else (*each[:-1], known)
            deeds.append(Deed(known, what=what))
    return rules, deeds


class PlainStore:
    """Opened on a folder; goes on where it stands."""

    def __init__(
        self, folder: Path, rules: Rules, deeds: list[Deed], begin: Moment | None = None, away: timedelta = NEVER_AWAY
    ) -> None:
        new = not (folder / FILE).exists()
        self.database = Database(folder / FILE, quick())
        if new:
            self._make()
        self._rules, self._deeds = rules, deeds
        self.numbers = PointNumbers(self.database, pl.Series([f"P{ix}" for ix in range(POINTS)]))
        self.sources = SourceNumbers(self.database)
        for each in SOURCES:
            self.sources.of(each)
        self.next, known = self._stands()
        last = from_us(known) if known else None
        self.detector = Detector(
            self.database, self.numbers, self.sources, rules.with_limits, self.limits_at, last, away
        )
        self._begin(begin or from_us(known + 1 if known else START_US - SECOND_US))

    def _make(self) -> None:
        with self.database.transaction():
            for name in SCHEMA:
                for statement in _split((ROOT / "cache" / "schema" / name).read_text("utf-8")):
                    self.database.execute(statement)
            self.database.execute("CREATE TABLE deed (number INTEGER, known BIGINT)")
            self.database.execute(
                "CREATE TABLE said (deed INTEGER, turn INTEGER, point VARCHAR, condition VARCHAR, what VARCHAR, "
                "moment TIMESTAMP, value DOUBLE, threshold DOUBLE)"
            )

    def _stands(self) -> tuple[int, int]:
        number, known = self.database.execute("SELECT max(number), max(known) FROM deed")[0]
        return (0, 0) if number is None else (number + 1, known)

    def _begin(self, known: Moment) -> None:
        if self.detector._to_begin(known) is not None:
            with self.database.transaction():
                self.detector.tick(known)
            self.detector.done(known)

    def limits_at(self, at: Moment) -> Limits:
        """Limits that count at a moment, as the deeds until then have set them."""
        limits = self._rules.limit.copy()
        for deed in self._deeds:
            if deed.what and deed.what[0] == "retune" and deed.known <= to_us(at):
                for ix, levels in deed.what[1]:
                    for name, condition in LEVELS.items():
                        limits[condition, ix] = levels.get(name, np.nan)
        return Limits(limits[LL], limits[L], limits[H], limits[HH])

    def run(self, count: int, fail: bool = False) -> None:
        """Do the next deeds; with ``fail`` each is undone once before it is done."""
        for number in range(self.next, min(self.next + count, len(self._deeds))):
            if fail:
                self._undone(number)
            with self.database.transaction():
                self._do(number)
            self.detector.done(from_us(self._deeds[number].known))
            self.next = number + 1
            if number % CLOSE_EVERY == CLOSE_EVERY - 1:
                self._close(from_us(self._deeds[number].known))

    def _undone(self, number: int) -> None:
        try:
            with self.database.transaction():
                self._do(number)
                raise OSError("no room")
        except OSError:
            self.detector.forget()

    def _do(self, number: int) -> None:
        deed = self._deeds[number]
        known = from_us(deed.known)
        if deed.reads:
            frame = self.detector.happened(self._kept(deed), known)
        elif deed.what[0] == "tick":
            frame = self.detector.tick(known)
        elif deed.what[0] == "retune":
            frame = self.detector.limits(known)
        elif deed.what[0] == "speaks_for":
            frame = self.detector.voice(SOURCES[deed.what[1]], SOURCES[deed.what[2]], known)
        else:
            frame = self.detector.source(SOURCES[deed.what[1]], deed.what[2], known)
        self.database.execute("INSERT INTO deed VALUES ($number, $known)", {"number": number, "known": deed.known})
        if len(frame):
            rows = frame.with_row_index("turn")
            self.database.execute(
                "INSERT INTO said SELECT $deed, * FROM happened",
                {"deed": number},
                {"happened": rows},
            )

    def _kept(self, deed: Deed) -> Kept:
        reads = deed.reads
        ix = np.array([each.ix for each in reads], np.int32)
        kept = Kept(
            self.numbers.of_ix(ix),
            np.array([each.ts for each in reads], np.int64),
            np.array([each.value for each in reads], np.float64),
            np.array([each.quality for each in reads], np.uint8),
            np.array([each.source for each in reads], np.uint16),
            np.full(len(reads), deed.known),
            np.ones(len(reads), np.uint8),
        )
        columns = {name: getattr(kept, name) for name in ("value", "quality", "source", "fold")}
        times = {name: pl.Series(getattr(kept, name)).cast(UTC_US) for name in ("ts", "known")}
        self.database.execute(KEEP_READINGS, tables={"kept": pl.DataFrame({"point": kept.ix, **times, **columns})})
        return kept

    def _close(self, known: Moment) -> None:
        """As when minutes are closed: readings leave in the transaction in which the state is kept."""
        with self.database.transaction():
            self.database.execute("DELETE FROM reading_raw WHERE known <= $known", {"known": known})
            self.detector.keep(known)

    def said(self) -> list[Said]:
        """All alarms, in order."""
        number = {f"P{ix}": ix for ix in range(POINTS)} | {name: ix for ix, name in enumerate(SOURCES)}
        rows = self.database.query("SELECT * EXCLUDE (deed, turn) FROM said ORDER BY deed, turn").rows()
        return [
            (number[p], c, w, to_us(at), np.nan if v is None else v, np.nan if x is None else x)
            for p, c, w, at, v, x in rows
        ]

    def close(self) -> None:
        """Let go of the file."""
        self.database.close(shorten=False)


def main(folder: Path, seed: int) -> None:
    """Resume where the file stands, and write on."""
    rules, deeds = a_day(seed, 20_000)
    store = PlainStore(folder, rules, deeds)
    print("open", store.next, flush=True)
    while store.next < len(deeds):
        store.run(1)
    print("end", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
