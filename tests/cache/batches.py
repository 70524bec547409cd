"""Short ways to say a batch, and a clock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from twin.moment import Moment
from twin.reading import DECODED_READINGS, Batch, Reject
from twin.settings import StoreSettings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
_names = itertools.count()


def quick(**changed: Any) -> StoreSettings:
    """No waiting for others to join a group, no care for the disk of the machine that tests."""
    return StoreSettings(**{"group_s": 0.0, "group_most_s": 0.0, "min_free_bytes": 0, **changed})


def second(offset: float) -> Moment:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=offset)


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> Moment:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


def readings(
    *rows: tuple[str, float, float] | tuple[str, float, float, int],
    source: str = "plant",
    batch_id: str | None = None,
    cursor: str | None = None,
    rejects: Sequence[Reject] = (),
) -> Batch:
    """Readings as ``(point, seconds after noon, value[, quality])``."""
    columns = [(index, row[0], second(row[1]), row[2], row[3] if len(row) > 3 else 0) for index, row in enumerate(rows)]
    frame = pl.DataFrame(columns, DECODED_READINGS, orient="row")
    return Batch("reading", frame, source, batch_id or f"b{next(_names)}", NOON, tuple(rejects), cursor)


def records(table: str, *rows: dict[str, Any], source: str = "plant", batch_id: str | None = None) -> Batch:
    """Records of an exchange table."""
    frame = pl.DataFrame([{"index": index, **row} for index, row in enumerate(rows)])
    return Batch(table, frame, source, batch_id or f"b{next(_names)}", NOON)
