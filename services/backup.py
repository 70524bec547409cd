"""Backups of a running twin: asked for by name or due by the clock, one at a time, while the writing goes on."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

from cache.copy import ENGINE, Contents, Say
from cache.database import FILE
from cache.heads import copy_heads, keep_last
from park.archive import FOLDER
from services.backup_file import Manifest, archived, describe, new_file, pack
from twin.behind import Behind
from twin.errors import BadInput, Conflict, DiskLow, TwinError
from twin.moment import Moment, iso
from twin.settings import BackupSettings, crash_point

log = logging.getLogger("parktwin.backup")
SUFFIX = ".tar"
WORK = ".work"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SCHEDULED = re.compile(r"auto-\d{8}T\d{6}Z\.tar")
_AGAIN = timedelta(minutes=15)
_SPARE_BYTES = 64 * 1024 * 1024
_TOLD_BYTES = 16 * 1024 * 1024
Copy = Callable[[Path, Say], Contents]


@dataclass(frozen=True)
class Origin:
    """What a backup is made of, and by whom."""

    data: Path
    park: str
    version: str
    copy: Copy


@dataclass(frozen=True)
class Progress:
    """How far a backup has come; ``state`` is idle, running, done or failed, ``step`` sum, copy, check or pack."""

    number: int = 0
    state: str = "idle"
    name: str | None = None
    step: str | None = None
    bytes: int = 0
    path: str | None = None
    made: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


def make_backup(
    origin: Origin, file: Path, clock: Callable[[], Moment], say: Say, count: Callable[[int], None]
) -> Manifest:
    """Copy the cache, read the copy again, and pack it with the archive folder into one file.

    Raises:
        StoreError: the cache cannot be read. DiskLow: no room.
    """
    work = file.parent / f"{WORK}-{file.stem}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
    try:
        made_at = clock()  # what is acknowledged by now will be in it
        copy_heads(origin.data, work)
        held = origin.copy(work / FILE, say)
        keep_last(work)
        crash_point("backup_copied")
        say("pack")

        def vouch(members: dict[str, str]) -> Manifest:
            return Manifest(origin.version, ENGINE, origin.park, iso(made_at), held.schema, held.tables, members)

        with new_file(file) as target:
            manifest = pack(target, work / FILE, origin.data / FOLDER, vouch, count)
            crash_point("backup_packed")
        return manifest
    finally:
        shutil.rmtree(work, ignore_errors=True)


def need_room(origin: Origin, folder: Path) -> None:
    """A copy and its package must fit beside each other for a while.

    Raises:
        DiskLow: they would not.
    """
    files = sum(each.stat().st_size for each in archived(origin.data / FOLDER))
    need = 2 * sum(each.stat().st_size for each in origin.data.glob(f"{FILE}*")) + files + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < need:
        raise DiskLow(f"a backup needs {need >> 20} MB of room beside it, there are {free >> 20} MB", "name")


class Backups:
    """Runs backups into one folder; every method may be called from any thread."""

    def __init__(
        self, origin: Origin, settings: BackupSettings, clock: Callable[[], Moment], call_off: Callable[[], None]
    ) -> None:
        self.folder = settings.place(origin.data)
        self._origin = origin
        self._every = timedelta(hours=settings.every_h)
        self._keep = settings.keep
        self._clock = clock
        self._call_off = call_off
        self._progress = Progress()
        self._changed = Condition()
        self._stop = Event()
        self._maker: Thread | None = None
        self._watch = Thread(target=self._scheduled, name="backup-clock", daemon=True)
        self._newest = newest(self.folder)

    def start(self) -> None:
        """Clear away what a killed server left half made; begin to look at the clock, if backups are scheduled."""
        for each in (*self.folder.glob(f"{WORK}-*"), *self.folder.glob(".*.part")):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        if self._every:
            self._watch.start()

    def stop(self) -> None:
        """Call off what is being made; nothing begins any more."""
        self._stop.set()
        self._call_off()
        for thread in (self._maker, self._watch):
            if thread is not None and thread.is_alive():
                thread.join()

    def begin(self, name: str) -> Progress:
        """Begin a backup under a plain name; ``wait`` tells how it goes on.

        Raises:
            BadInput: not a plain name. Conflict: there is one of that name, or one is being made. DiskLow: no room.
        """
        file = f"{name.removesuffix(SUFFIX)}{SUFFIX}"
        if not _NAME.fullmatch(file) or _SCHEDULED.fullmatch(file):
            raise BadInput(f"name: '{name[:40]}' is not a plain name of letters, digits, dots and dashes", "name")
        return self._begin(file)

    def _begin(self, file: str) -> Progress:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (self.folder / file).exists():
            raise Conflict(f"there is a backup '{file}' already", "name")
        need_room(self._origin, self.folder)
        with self._changed:
            if self._progress.state == "running" or self._stop.is_set():
                raise Conflict(f"the backup '{self._progress.name}' is being made", "name")
            begun = self._progress = Progress(self._progress.number + 1, "running", file, "begin")
            self._maker = Behind(partial(self._make, self.folder / file), "backup")
            self._maker.start()
        return begun

    def wait(self, seen: int, timeout_s: float) -> Progress:
        """How it goes, as soon as that is something else than the answer of number ``seen``, or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._progress.number != seen or self._stop.is_set(), timeout_s)
            return self._progress

    def health(self) -> dict[str, Any]:
        """When the newest was made, and how the last one went."""
        return {"newest": iso(self._newest) if self._newest else None, "state": self._progress.state}

    def _tell(self, **said: Any) -> None:
        with self._changed:
            self._progress = replace(self._progress, number=self._progress.number + 1, **said)
            self._changed.notify_all()

    def _count(self, size: int) -> None:
        packed = self._progress.bytes + size
        if packed // _TOLD_BYTES > self._progress.bytes // _TOLD_BYTES:
            self._tell(bytes=packed)
        else:
            self._progress = replace(self._progress, bytes=packed)

    def _make(self, file: Path) -> None:
        try:
            manifest = make_backup(self._origin, file, self._clock, lambda step: self._tell(step=step), self._count)
        except Exception as error:
            said = error if isinstance(error, TwinError) else TwinError(f"the backup failed: {error}", code="backup")
            log.exception("the backup %s failed", file.name)
            self._tell(state="failed", error=said.as_json()["error"])
            return
        log.info("the backup %s is made", file.name)
        self._newest = newest(self.folder)
        self._tell(state="done", path=str(file.resolve()), made=describe(manifest))

    def _scheduled(self) -> None:
        while not self._stop.wait(self._due_s()):
            try:
                self._begin(f"auto-{self._clock():%Y%m%dT%H%M%SZ}{SUFFIX}")
            except TwinError as error:
                log.warning("no backup could be made: %s", error.message)
                self._stop.wait(_AGAIN.total_seconds())
                continue
            if self._maker is not None:
                self._maker.join()
            if self._progress.state == "failed":
                self._stop.wait(min(_AGAIN, self._every).total_seconds())
            prune(self.folder, self._keep)

    def _due_s(self) -> float:
        last = newest(self.folder, _SCHEDULED)
        return max(0.0, (last + self._every - self._clock()).total_seconds()) if last else 0.0


def newest(folder: Path, named: re.Pattern[str] = _NAME) -> Moment | None:
    """When the newest backup of a folder was finished; None where there is none."""
    found = [each.stat().st_mtime for each in folder.glob(f"*{SUFFIX}") if named.fullmatch(each.name)]
    return datetime.fromtimestamp(max(found), UTC) if found else None


def prune(folder: Path, keep: int) -> None:
    """Let go of all but the newest scheduled backups."""
    scheduled = sorted(each for each in folder.glob(f"*{SUFFIX}") if _SCHEDULED.fullmatch(each.name))
    for each in scheduled[: -max(1, keep)]:
        each.unlink()
