"""Validate → commit: what every batch passes, whatever adapter it came through.

An adapter knows shapes; here is what only the park knows: which points there are, and which times can be true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol, cast
from uuid import uuid4

import polars as pl

from adapters._coordinates import in_wgs84, systems_of, way_of
from adapters._json import raw_text
from adapters._measured import as_readings, columns_of
from adapters._rules import Rule, refuse
from park.finder import NOBODY, Finder
from park.load import Park
from twin.dictionary import dictionary
from twin.errors import TwinError
from twin.moment import Moment, iso, to_us
from twin.reading import DECODED_READINGS, READING_TABLE, Batch, Commit, Reject
from twin.settings import crash_point

WHOLE = -1  # index of the reject that stands for a whole body


class Keeper(Protocol):
    """The part of the store that a pipeline needs."""

    def append(self, batch: Batch) -> Commit:
        """Durable when it returns."""


@dataclass(frozen=True)
class _Named:
    """How a batch's rows and cells are called in what was sent."""

    rows: str
    columns: dict[str, str]

    def where(self, index: int, column: str) -> str:
        return f"{self.rows}[{index}].{self.columns[column]}"


_OWN_NAMES = {name: name for name in DECODED_READINGS.names()}


class Pipeline:
    """Takes batches from any thread; each call returns when its batch is durable."""

    def __init__(self, store: Keeper, park: Park, clock: Callable[[], Moment]) -> None:
        self._store = store
        self._clock = clock
        self._points = Finder(park.points["id"])
        self._past = timedelta(seconds=park.settings.reading.past_s)
        self._future = timedelta(seconds=park.settings.reading.future_s)
        self._ways = systems_of(park.settings.sources)

    def accept(self, batch: Batch) -> Commit:
        """Validate and store a batch; what it may not hold is among the commit's rejects.

        Raises:
            Busy, DiskLow, StoreError: nothing of it was stored; it may be sent again.
        """
        crash_point("after_decode")
        return self._store.append(self._validated(batch))

    def refuse(self, source: str, raw: Any, error: TwinError) -> None:
        """Keep that a whole body could not be read: one reject with its reason and its beginning."""
        reject = Reject(WHOLE, error.code, error.message, error.field, raw_text(raw))
        nothing = pl.DataFrame(schema=DECODED_READINGS)
        self.accept(Batch(READING_TABLE, nothing, source, uuid4().hex, self._clock(), (reject,)))

    def _validated(self, batch: Batch) -> Batch:
        if batch.table == READING_TABLE:
            return self._judged(batch, _Named(batch.named or "readings", _OWN_NAMES))
        table = dictionary().table(batch.table)
        if not table.measured:
            way = way_of(batch.source, self._ways)
            return batch if way is None else in_wgs84(batch, table, way)
        readings = replace(batch, table=READING_TABLE, rows=as_readings(table, batch.rows))
        return self._judged(readings, _Named(batch.named or "records", columns_of(table)))

    def _judged(self, batch: Batch, named: _Named) -> Batch:
        now, nobodys = self._clock(), self._points.find(batch.rows["point"]) == NOBODY
        if not nobodys.any() and self._timely(batch.rows["ts"], now):
            return batch
        unknown = batch.rows["point"].filter(pl.Series(nobodys)).unique()
        rows, rejects = refuse(batch.rows, self._rules(unknown, now), named.where)
        every = sorted((*batch.rejects, *rejects), key=lambda each: each.index)
        return replace(batch, rows=rows, rejects=tuple(every))

    def _timely(self, ts: pl.Series, now: Moment) -> bool:
        """Whether the first and the last of the times can be true; asked so, it costs next to nothing."""
        us = ts.to_physical()  # as numbers, because a moment beyond the year 9999 is one that Python cannot hold
        first, last = cast("tuple[int | None, int | None]", (us.min(), us.max()))
        if first is None or last is None:
            return True
        return to_us(now - self._past) <= first and last <= to_us(now + self._future)

    def _rules(self, unknown: pl.Series, now: Moment) -> tuple[Rule, ...]:
        oldest, newest = now - self._past, now + self._future
        return (
            Rule("unknown_point", "point", pl.col("point").is_in(unknown), "the park has no point '{point:.80}'"),
            Rule(
                "too_old", "ts", pl.col("ts") < oldest, f"{{ts}} is before {iso(oldest)}, the oldest time that is taken"
            ),
            Rule("too_far_ahead", "ts", pl.col("ts") > newest, f"{{ts}} is ahead of the clock, which says {iso(now)}"),
        )
