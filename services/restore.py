"""Taking a backup back: into an empty folder only, every member, table and row of it checked."""

from __future__ import annotations

import shutil
from pathlib import Path

from cache.copy import ENGINE, Contents, read_contents, require_same
from cache.damage import check_log
from cache.database import FILE, RESTORING
from cache.heads import HEADS, keep_last
from cache.migrate import newest_step
from park.archive import FOLDER
from services.backup_file import PRIVATE, Manifest, settle, unpack
from twin.errors import BadInput, Conflict, DiskLow, NotFound


def restore(file: Path, data: Path) -> Manifest:
    """Lay a backup into an empty data folder; nothing stays in it when anything is wrong.

    Raises:
        NotFound: no such file. Conflict: the folder is not empty. DiskLow: no room.
        BadInput: cut off, altered, or of a newer version. StoreError: a table is not what it was.
    """
    if not file.is_file():
        raise NotFound(f"there is no backup {file}")
    data.mkdir(parents=True, exist_ok=True)
    if any(data.iterdir()):
        raise Conflict(f"{data} is not empty; a backup is restored into an empty folder only")
    if shutil.disk_usage(data).free < file.stat().st_size:
        raise DiskLow(f"{data} has no room for the backup's {file.stat().st_size >> 20} MB")
    work = data / RESTORING
    work.mkdir(mode=0o700)
    try:
        manifest = unpack(file, work)
        _check(manifest, work / FILE)
        keep_last(work)  # a backup of an earlier version says nothing of how far its journal went
        _put_in_place(work, data)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def check_data(data: Path) -> Contents:
    """Read all that a closed cache holds.

    Raises:
        NotFound: the folder holds none. StoreError: something of it cannot be read.
    """
    if not (data / FILE).is_file():
        raise NotFound(f"{data} holds no cache ({FILE})")
    check_log(data / f"{FILE}.wal")
    return read_contents(data / FILE)


def _check(manifest: Manifest, database: Path) -> None:
    if manifest.schema > newest_step():
        raise BadInput(f"the backup was made by a newer version (step {manifest.schema}); update the program")
    require_same(manifest.contents, read_contents(database), FILE, checksums=manifest.engine == ENGINE)


def _put_in_place(work: Path, data: Path) -> None:
    """The database last: a folder with a database is a whole one."""
    database = work / FILE
    database.chmod(PRIVATE)
    if (work / HEADS).exists():
        (work / HEADS).chmod(PRIVATE)
        (work / HEADS).replace(data / HEADS)
    if (work / FOLDER).is_dir():
        (work / FOLDER).replace(data / FOLDER)
    settle(data)
    database.replace(data / FILE)
    settle(data)
