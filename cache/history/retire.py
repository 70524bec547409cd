"""Retention: whole days of readings give way to five-minute summaries, whole days of these to a file a day."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from cache.database import Database
from cache.history.edges import Edges
from twin.moment import Moment, to_us
from twin.settings import StoreSettings

FOLDER = "archive"
_OLDEST = "SELECT min(first) AS oldest FROM blocks"
_OLDEST_SUMMARY = "SELECT min(start) AS oldest FROM summary"
_RAW = (
    "DELETE FROM block WHERE first < $edge",
    "DELETE FROM known_list WHERE id < coalesce((SELECT min(known_list) FROM blocks), 0)",
    "DELETE FROM committed WHERE number < coalesce((SELECT min(known_first) FROM blocks), 0)",
)
# one state a quarter of an hour is kept of days without readings
_SNAPSHOTS = (
    "DELETE FROM snapshot WHERE known < $edge AND known NOT IN "
    "(SELECT min(known) FROM snapshot WHERE known < $edge GROUP BY time_bucket(INTERVAL 15 MINUTE, known))"
)
_COPY = (
    "COPY (SELECT * FROM summary WHERE start >= $low AND start < $high ORDER BY point, start) "
    "TO $file (FORMAT parquet, COMPRESSION zstd)"
)
_COUNT = "SELECT count(*) AS rows FROM summary WHERE start >= $low AND start < $high"
_ARCHIVED = "INSERT OR REPLACE INTO archived VALUES ($day, $file, $rows)"
_GONE = "DELETE FROM summary WHERE start >= $low AND start < $high"


@dataclass(frozen=True)
class Day:
    """A day of summaries that lies in a file now, and waits to leave the table."""

    day: date
    file: str
    rows: int


class Retirer:
    """Prepares in the background, writes in the writer's thread. Days are days of UTC."""

    def __init__(self, database: Database, edges: Edges, folder: Path, settings: StoreSettings) -> None:
        self._database = database
        self._edges = edges
        self._folder = folder / FOLDER
        self._raw = timedelta(days=settings.raw_days)
        self._sampled = timedelta(days=settings.sampled_days)

    def raw_edge(self, now: Moment) -> Moment | None:
        """The beginning of the first day that keeps its readings, if older ones are still there."""
        edge = _midnight(now - self._raw)
        oldest = self._database.query(_OLDEST)["oldest"][0]
        return edge if oldest is not None and oldest < edge else None

    def drop_readings(self, edge: Moment) -> None:
        """Let go of the readings before ``edge``: their summaries stay (inside the caller's transaction)."""
        self._edges.raw_from = to_us(edge)
        self._database.execute(_RAW[0], {"edge": edge})
        for sql in _RAW[1:]:
            self._database.execute(sql)
        self._database.execute(_SNAPSHOTS, {"edge": edge})
        self._edges.keep(self._database, "raw_from")

    def next_day(self, now: Moment) -> Day | None:
        """Write the oldest day of summaries that is due to its file; None when no day is due."""
        edge = _midnight(now - self._sampled)
        oldest = self._database.query(_OLDEST_SUMMARY)["oldest"][0]
        if oldest is None or oldest >= edge:
            return None
        day = oldest.date()
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"summary-{day.isoformat()}.parquet"
        part = self._folder / f"{name}.part"
        self._database.execute(_COPY, {"file": str(part), **_bounds(day)})
        _durable(part, self._folder / name)
        return Day(day, name, int(self._database.query(_COUNT, _bounds(day))["rows"][0]))

    def drop_day(self, day: Day) -> None:
        """The day is read from its file from now on (inside the caller's transaction)."""
        self._database.execute(_ARCHIVED, {"day": day.day, "file": day.file, "rows": day.rows})
        self._database.execute(_GONE, _bounds(day.day))


def _midnight(moment: Moment) -> Moment:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _bounds(day: date) -> dict[str, Moment]:
    low = datetime.combine(day, time(), UTC)
    return {"low": low, "high": low + timedelta(days=1)}


def _durable(part: Path, file: Path) -> None:
    """Put a written file in its place, so that it is there whole whatever happens next."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
