"""What travels from a source to the store: readings, records, rejects, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import polars as pl

from twin.moment import Moment

READING_TABLE = "reading"
UTC_US = pl.Datetime("us", "UTC")

# What a decoder delivers for readings: the point by its id, as the source wrote it.
DECODED_READINGS = pl.Schema(
    {"index": pl.Int64(), "point": pl.String(), "ts": UTC_US, "value": pl.Float64(), "quality": pl.UInt8()}
)


class Quality(IntEnum):
    """Quality of one value, as in the HTTP contract."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2


QUALITY_NAMES = {Quality.GOOD: "good", Quality.UNCERTAIN: "uncertain", Quality.BAD: "bad"}
QUALITY_CODES = {name: int(code) for code, name in QUALITY_NAMES.items()}


NOT_YOURS = "not_yours"  # why a row of another enterprise's is refused


@dataclass(frozen=True)
class Reject:
    """One row that was refused: where it stood, why, and what it said (kept for inspection)."""

    index: int
    code: str
    message: str
    field: str | None = None
    raw: str = ""

    def as_json(self) -> dict[str, Any]:
        """The shape of ``rejected`` in the contract."""
        return {"index": self.index, "code": self.code, "message": self.message, "field": self.field}


@dataclass(frozen=True)
class Batch:
    """Rows of one table from one source, decoded; nothing of it is stored yet.

    ``rows`` of readings have the schema ``DECODED_READINGS``; rows of an exchange table have
    ``index`` (position in what was sent) and the table's own columns, typed.
    ``cursor`` is where the source resumes once this batch is durable. ``named`` is what a refused row is called
    (``named[index]``); empty: readings or records. ``once``: the id was made up for this batch, so nobody can have
    sent it before. ``owner``: the one enterprise whose records it may replace; None: anybody's.
    """

    table: str
    rows: pl.DataFrame
    source: str
    batch_id: str
    received_at: Moment
    rejects: tuple[Reject, ...] = ()
    cursor: str | None = None
    named: str = ""
    once: bool = False
    owner: str | None = None


@dataclass(frozen=True)
class Commit:
    """What became of a batch; it is durable when this exists."""

    accepted: int
    duplicates: int
    rejected: tuple[Reject, ...]
    known: Moment
    late: int = 0
    corrections: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The answer of the contract."""
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [reject.as_json() for reject in self.rejected],
        }
