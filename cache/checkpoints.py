"""The log is brought into the file between groups, never inside a commit.

DuckDB's own checkpoint runs at the end of a commit. Where it meets a full disk, DuckDB gives the file up until the
process ends; and as long as somebody reads, it is put off and the log grows. So it is switched off
(``cache.database``), and the writer does it: when the log is long enough and there is room for what it brings.
"""

from __future__ import annotations

import shutil

import duckdb

from cache.database import Database

DUE_BYTES = 16 * 1024 * 1024
FORCED_BYTES = 128 * 1024 * 1024  # readers are asked to wait, a few milliseconds, rather than that the log grows on
ROOM_BYTES = 32 * 1024 * 1024


class Checkpoints:
    """Used by the writer thread only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self) -> None:
        """Shorten the log if it is due and can be done now; else the next call will."""
        log_bytes = self._database.log_bytes()
        if log_bytes < DUE_BYTES or not room_for(self._database, log_bytes):
            return
        forced = log_bytes >= FORCED_BYTES and not self._database.held
        try:
            self._database.execute("FORCE CHECKPOINT" if forced else "CHECKPOINT")
        except duckdb.TransactionException:
            return  # somebody reads what it would have to move


def room_for(database: Database, log_bytes: int) -> bool:
    """Whether a checkpoint of such a log can be finished."""
    return shutil.disk_usage(database.path.parent).free >= max(2 * log_bytes, log_bytes + ROOM_BYTES)
