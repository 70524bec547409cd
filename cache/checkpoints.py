"""The log is brought into the file between groups, never inside a commit.

DuckDB's own checkpoint runs at the end of a commit. Where it meets a full disk, DuckDB gives the file up; and as long
as somebody reads, it is put off and the log grows. So it is switched off (``cache.opened``), and the writer does it:
when the log is long enough and there is room for what it brings. Where something else fills the disk in that very
moment, the file is opened again, and for a while the log may grow.
"""

from __future__ import annotations

import logging
import shutil
import time

import duckdb

from cache.database import Database
from twin.settings import crash_point

log = logging.getLogger(__name__)
# so many times as long as it is due at, and readers are asked to wait a few milliseconds rather than that it grows on
_FORCED = 8
_AGAIN_S = 30.0
ROOM_BYTES = 32 * 1024 * 1024


class Checkpoints:
    """Used by the writer thread only."""

    def __init__(self, database: Database, due_bytes: int) -> None:
        self._database = database
        self._due = due_bytes
        self._not_before = 0.0  # after one that failed; monotonic seconds

    def run(self) -> None:
        """Shorten the log if it is due and can be done now; else the next call will."""
        log_bytes = self._database.log_bytes()
        if log_bytes < self._due or time.monotonic() < self._not_before or not room_for(self._database, log_bytes):
            return
        forced = log_bytes >= _FORCED * self._due and not self._database.held
        crash_point("before_checkpoint")
        try:
            self._database.checkpoint(forced)
        except duckdb.TransactionException:
            return  # somebody reads what it would have to move
        except duckdb.FatalException as error:
            self._not_before = time.monotonic() + _AGAIN_S
            log.error("the log could not be brought into the file: %s", str(error).splitlines()[0][:300])
            return
        crash_point("after_checkpoint")


def room_for(database: Database, log_bytes: int) -> bool:
    """Whether a checkpoint of such a log can be finished."""
    return shutil.disk_usage(database.path.parent).free >= max(2 * log_bytes, log_bytes + ROOM_BYTES)
