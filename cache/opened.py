"""The file, open: a cursor for every thread, and the file opened again by itself when DuckDB has given it up.

DuckDB gives a file up for the rest of its life in the process when a checkpoint meets a full disk, or a commit that it
cannot take back: every statement fails from then on. Nothing is lost by that: what was acknowledged is in the file or
its log. So whoever asks next closes all that is open, waits for those who are still at work, and opens the file anew.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from cache.room import no_room
from twin.behind import from_behind
from twin.errors import DiskLow, StoreError, TwinError
from twin.settings import StoreSettings

log = logging.getLogger(__name__)
TEMPORARY = "tmp"  # beside the file: what does not fit into memory
# attached in memory by whoever opened the file: DuckDB lets one process open a file twice, we do not
_OWNER = "opened_by_parktwin"
_AGAIN_S = 1.0  # between two attempts to open it again
_LOOK_S = 0.2  # an interrupt that comes just before a question begins is not heard


class StillOpen(StoreError):
    """This process has the file open."""


class Mine(threading.local):
    """What belongs to one thread."""

    cursor: duckdb.DuckDBPyConnection | None = None
    opened = 0  # how often the file had been opened when the cursor was made
    depth = 0  # how often the thread is inside ``cursor``

    def __init__(self) -> None:
        # frames that its queries may name: as they were given, and as DuckDB reads them
        self.shown: dict[str, tuple[pl.DataFrame, Any]] = {}


class Opened:
    """One file. Every method may be called from any thread."""

    def __init__(self, path: Path, settings: StoreSettings) -> None:
        self.path = path
        # who reads for long, a backup: nobody may be made to wait for that
        self.held: duckdb.DuckDBPyConnection | None = None
        self._settings = settings
        self.mine = Mine()
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._state = threading.Condition()
        self._busy = 0  # threads inside ``cursor``
        self._opened = 1
        self._lost = False
        self._keep_log: int | None = None  # bytes of the log that are certain, where a commit broke off
        self._tried = 0.0  # when it was last tried to open it again, monotonic seconds
        self._failed: TwinError | None = None  # why that did not succeed
        self._root: duckdb.DuckDBPyConnection | None = connect(path, settings)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """This thread's cursor; the file is not opened again while somebody is inside.

        Raises:
            StoreError: it had to be opened again, and cannot be. DiskLow: for want of room.
        """
        mine = self.mine
        if mine.depth == 0:
            self._enter()
        mine.depth += 1
        try:
            yield self._own(mine)
        except duckdb.FatalException:
            self._lost = True
            raise
        finally:
            mine.depth -= 1
            if mine.depth == 0:
                self._leave()

    def lose(self, keep_log: int | None = None) -> None:
        """DuckDB has given the file up. ``keep_log``: bytes of the log before a commit that failed; what it may have
        written behind them must not come back."""
        self._lost, self._keep_log = True, keep_log

    def log_bytes(self) -> int:
        """Size of the log: what is durable, but not yet in the file."""
        return self._log.stat().st_size if self._log.exists() else 0

    def close(self, shorten: bool = True) -> None:
        """Close all cursors and let go of the file, for good; ``shorten`` brings the log into it first."""
        with self._state:
            if shorten and not self._lost and self._root is not None:
                self._root.execute("PRAGMA enable_checkpoint_on_shutdown")
            self._lost = False
            self._let_go()

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}.wal")

    def _enter(self) -> None:
        with self._state:
            while self._lost and self._busy:
                self._break_off()
                self._state.wait(_LOOK_S)
            if self._lost:
                self._open_again()
            self._busy += 1

    def _leave(self) -> None:
        with self._state:
            self._busy -= 1
            self._state.notify_all()

    def _break_off(self) -> None:
        """A long reader would only find out at the end."""
        held = self.held
        if held is not None:
            held.interrupt()

    def _own(self, mine: Mine) -> duckdb.DuckDBPyConnection:
        if self._root is None:
            raise StoreError("the cache is closed")
        if mine.cursor is None or mine.opened != self._opened:
            with self._state:
                mine.cursor, mine.opened = self._root.cursor(), self._opened
                self._cursors.add(mine.cursor)
            for name, (_, frame) in mine.shown.items():
                mine.cursor.register(name, frame)
        return mine.cursor

    def _open_again(self) -> None:
        """Under the lock, while nobody is inside."""
        if self._failed is not None and time.monotonic() - self._tried < _AGAIN_S:
            raise self._failed
        self._tried = time.monotonic()
        self._let_go()
        try:
            if self._keep_log is not None:
                self._cut(self._keep_log)
            self._root = self._connected()
        except (OSError, StoreError) as error:
            kind: type[TwinError] = DiskLow if no_room(error) else StoreError
            self._failed = kind(f"the cache cannot be opened again: {error}")
            raise self._failed from error
        self._lost, self._failed, self._keep_log = False, None, None
        self._opened += 1
        log.warning("DuckDB had given %s up; it was opened again, with all that was acknowledged", self.path.name)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        until, pause = self._tried + _AGAIN_S, threading.Event()
        while True:
            try:
                return connect(self.path, self._settings)
            except StillOpen:  # a thread that has just ended is letting go of its cursor
                if time.monotonic() > until:
                    raise
                pause.wait(_LOOK_S / 10)

    def _cut(self, keep: int) -> None:
        if self.log_bytes() > keep:
            os.truncate(self._log, keep)

    def _let_go(self) -> None:
        for cursor in list(self._cursors):
            cursor.close()
        self._cursors.clear()
        if self._root is not None:
            self._root.close()
        self._root = None


def connect(path: Path, settings: StoreSettings) -> duckdb.DuckDBPyConnection:
    """Open a file, as ours.

    Raises:
        StoreError: it is open elsewhere, or cannot be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
        "temp_directory": str(path.parent / TEMPORARY),
        "checkpoint_threshold": "1TB",  # never by itself: see cache.checkpoints
        "python_enable_replacements": False,
    }
    try:
        root = from_behind(duckdb.connect, str(path), config=config)
    except duckdb.Error as error:
        raise StoreError(_why_not(path, str(error))) from error
    try:
        root.execute("PRAGMA disable_checkpoint_on_shutdown")  # see ``close``
        root.execute(f"ATTACH ':memory:' AS {_OWNER}")
    except (duckdb.BinderException, duckdb.FatalException) as error:
        root.close()
        raise StillOpen(f"{path.name} is open already in this process; one store writes a file") from error
    shutil.rmtree(path.parent / TEMPORARY, ignore_errors=True)  # of a process that was killed; the file is ours now
    return root


def _why_not(path: Path, said: str) -> str:
    if "lock" in said:
        pid = re.search(r"PID (\d+)", said)
        who = f"another process (PID {pid[1]})" if pid else "another process"
        return f"{path.name} is open in {who}; stop it or choose another data folder"
    return f"{path.name} cannot be opened: {said.splitlines()[0][:300]}"
