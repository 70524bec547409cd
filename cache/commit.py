"""One group of batches, one transaction: rows, rejects, cursors and answers are durable together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.answers import Answers, key_of
from cache.books import Books, Deed, Detect, nothing
from cache.database import Database
from cache.history.reads import Reads
from cache.history.ring import Kept
from cache.intake import take_in
from cache.live import Live, Rows
from cache.numbers import PointNumbers, SourceNumbers
from cache.present import Change
from cache.readings import fold
from cache.records import keep
from twin.dictionary import Dictionary
from twin.errors import TwinError
from twin.moment import Moment, to_us
from twin.reading import READING_TABLE, Batch, Commit

_KEEP = "INSERT INTO reading_raw SELECT point, ts, value, quality, $known, source, fold FROM kept"
Item = Batch | Deed
_CURSOR = "INSERT OR REPLACE INTO source_cursor VALUES ($source, $cursor, $known)"


@dataclass(frozen=True)
class Group:
    """What became of a group: the answer to each item (a refused deed's is its error), and what it changes in the
    present (None: nothing new)."""

    answers: list[Any]
    change: Change | None


class Committer:
    """Writes groups inside the caller's transaction. Used by the writer thread only."""

    def __init__(
        self,
        database: Database,
        dictionary: Dictionary,
        numbers: PointNumbers,
        sources: SourceNumbers,
        reads: Reads,
        books: Books,
        detect: Detect = nothing,
    ) -> None:
        self._database = database
        self._books = books
        self.detect = detect
        self._dictionary = dictionary
        self._numbers = numbers
        self._sources = sources
        self._reads = reads
        self._answers = Answers(database)

    def write(self, items: Sequence[Item], live: Live, known: Moment) -> Group:
        """Write what is new of the batches, and do the deeds, in this order; a batch sent before gets the answer it
        got then."""
        batches = [each for each in items if isinstance(each, Batch)]
        deeds = [each for each in items if isinstance(each, Deed)]
        answers, change = self._batches(batches, live, known)
        done = [_done(each, known) for each in deeds]
        tables = frozenset[str]().union(*(deed.tables for deed, (fine, _) in zip(deeds, done, strict=True) if fine))
        tables |= self._books.flush(known)
        if tables or any(fine for fine, _ in done):  # whoever did something has used this moment
            change = replace(change or Change(known, frozenset()), tables=tables | (change.tables if change else set()))
        given, told = iter(answers), (answer for _, answer in done)
        return Group([next(told) if isinstance(each, Deed) else next(given) for each in items], change)

    def close(self, known: Moment) -> frozenset[str]:
        """The end of a transaction in which only chores were done; the tables that this touches."""
        return self._books.flush(known)

    def kept(self, known: Moment) -> None:
        """The transaction is durable and visible."""
        self._books.kept(known)

    def undone(self) -> None:
        """The transaction was undone."""
        self._books.undone()

    def _batches(self, batches: Sequence[Batch], live: Live, known: Moment) -> tuple[list[Commit], Change | None]:
        answers = self._answers.given([key_of(each) for each in batches if not each.once])
        fresh = {key_of(each): each for each in reversed(batches) if key_of(each) not in answers}
        if not fresh:
            return [answers[key_of(each)] for each in batches], None
        ordered = dict(reversed(fresh.items()))
        readings = {key: each for key, each in ordered.items() if each.table == READING_TABLE}
        change, answered = self._readings(readings, live, known)
        if change.kept is not None:
            self._books.alarms.happened(self.detect(change.kept, known), known)
        for key, batch in ordered.items():
            if key not in readings:
                answered[key] = self._records(batch, known)
        self._remember(ordered, answered, known)
        answers |= answered
        touched = change.tables | _touched(ordered, answered)
        return [answers[key_of(each)] for each in batches], replace(change, tables=touched)

    def _readings(self, batches: dict[UUID, Batch], live: Live, known: Moment) -> tuple[Change, dict[UUID, Commit]]:
        if not batches:
            return Change(known, frozenset()), {}
        intake = take_in(list(batches.values()), self._numbers, self._sources)
        folded = fold(live, intake.rows, self._stored)
        kept = intake.rows.take(folded.kept)
        stored = self._insert(kept, folded.fold, known)
        counts = zip(
            *(intake.count(mask) for mask in (folded.kept, ~folded.kept, folded.late, folded.corrected)), strict=True
        )
        answers = {
            key: Commit(int(new), int(again), rejects, known, int(late), int(corrected))
            for key, rejects, (new, again, late, corrected) in zip(batches, intake.rejects, counts, strict=True)
        }
        tables = frozenset({READING_TABLE}) if len(kept) else frozenset[str]()
        return Change(known, tables, kept, folded.fold, stored), answers

    def _stored(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Readings kept already at the points and times asked for."""
        named = pl.DataFrame({"point": self._numbers.of_ix(asked["ix"].to_numpy()), "ts": asked["ts"]})
        found = self._reads.stored(named)
        ix = self._numbers.to_ix(found["point"].to_numpy()).astype(np.int32)
        return found.select(pl.Series("ix", ix), "ts", "value", "slack")

    def _insert(self, rows: Rows, fold: NDArray[np.uint8], known: Moment) -> Kept | None:
        if not len(rows):
            return None
        known_us = np.full(len(rows), to_us(known))
        kept = Kept(self._numbers.of_ix(rows.ix), rows.ts, rows.value, rows.quality, rows.source, known_us, fold)
        frame = pl.DataFrame(
            {
                "point": kept.ix,
                "ts": _time(pl.Series(kept.ts)),
                "value": kept.value,
                "quality": kept.quality,
                "source": kept.source,
                "fold": fold,
            }
        )
        self._database.execute(_KEEP, {"known": known}, {"kept": frame})
        return kept

    def _records(self, batch: Batch, known: Moment) -> Commit:
        kept = keep(self._database, self._dictionary.table(batch.table), batch, known)
        if kept.accepted and self._books.hears(batch.table):
            before = frozenset(kept.before["id"])
            self._books.alarms.records(batch.table, kept.fresh, before, batch.source, known)
        rejects = tuple(sorted((*batch.rejects, *kept.refused), key=lambda each: each.index))
        return Commit(kept.accepted, kept.duplicates, rejects, known)

    def _remember(self, batches: dict[UUID, Batch], answers: dict[UUID, Commit], known: Moment) -> None:
        self._answers.give(batches, answers, known)
        cursors = {each.source: each.cursor for each in batches.values() if each.cursor is not None}
        for source, cursor in cursors.items():
            self._database.execute(_CURSOR, {"source": source, "cursor": cursor, "known": known})


def _done(deed: Deed, known: Moment) -> tuple[bool, Any]:
    """Whether a deed was done, and its answer: what it told, or why it was refused."""
    try:
        return True, deed.do(known)
    except TwinError as refused:
        return False, refused


def _touched(batches: dict[UUID, Batch], answers: dict[UUID, Commit]) -> frozenset[str]:
    records = {batch.table for key, batch in batches.items() if answers[key].accepted}
    refused = {"reject"} if any(answer.rejected for answer in answers.values()) else set()
    return frozenset(records | refused)


def _time(microseconds: pl.Series) -> pl.Series:
    return microseconds.cast(pl.Datetime("us"))
