"""The log is brought into the file between groups, never inside a commit.

DuckDB's own checkpoint runs at the end of a commit. Where it meets a full disk, DuckDB gives the file up until the
process ends; and as long as somebody reads, it is put off and the log grows. So it is switched off
(``cache.database``), and the writer does it: when the log is long enough and there is room for what it brings.
"""

from __future__ import annotations

import shutil

import duckdb

from cache.database import Database
from twin.settings import crash_point

# so many times as long as it is due at, and readers are asked to wait a few milliseconds rather than that it grows on
_FORCED = 8
ROOM_BYTES = 32 * 1024 * 1024


class Checkpoints:
    """Used by the writer thread only."""

    def __init__(self, database: Database, due_bytes: int) -> None:
        self._database = database
        self._due = due_bytes

    def run(self) -> None:
        """Shorten the log if it is due and can be done now; else the next call will."""
        log_bytes = self._database.log_bytes()
        if log_bytes < self._due or not room_for(self._database, log_bytes):
            return
        forced = log_bytes >= _FORCED * self._due and not self._database.held
        crash_point("before_checkpoint")
        try:
            self._database.execute("FORCE CHECKPOINT" if forced else "CHECKPOINT")
        except duckdb.TransactionException:
            return  # somebody reads what it would have to move
        crash_point("after_checkpoint")


def room_for(database: Database, log_bytes: int) -> bool:
    """Whether a checkpoint of such a log can be finished."""
    return shutil.disk_usage(database.path.parent).free >= max(2 * log_bytes, log_bytes + ROOM_BYTES)
