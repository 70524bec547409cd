"""How far the history has been put in order, in microseconds; in the file as ``history_mark``.

Who moves an edge moves it here first and in the file with the rows: whoever reads meanwhile looks in one place too many
and misses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from cache.database import Database

_MARKS = "SELECT name, value FROM history_mark"
_KEEP = "INSERT OR REPLACE INTO history_mark VALUES ($name, $value)"
_KNOWN = "SELECT max(known) AS known FROM committed"


@dataclass
class Edges:
    """Set by the thread that puts in order; read from any."""

    closed: int = 0  # nothing in blocks has a source time from here on
    known: int = 0  # and nothing in them was known after this
    settled: int = 0  # closed minutes before this are summed up, but for what came later
    raw_from: int = 0  # readings before this are let go of: only their summaries are left

    @classmethod
    def of(cls, database: Database) -> Edges:
        """As the file says."""
        marks = {name: int(value) for name, value in database.execute(_MARKS)}
        known = database.query(_KNOWN)["known"].to_physical()[0]
        return cls(marks.get("closed", 0), known or 0, marks.get("settled", 0), marks.get("raw_from", 0))

    def keep(self, database: Database, name: str) -> None:
        """Write an edge into the file (inside the caller's transaction)."""
        database.execute(_KEEP, {"name": name, "value": getattr(self, name)})
