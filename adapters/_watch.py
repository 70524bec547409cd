"""Looks into a folder for files that have come to rest: nothing changed between two looks, nobody writing any more."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import blake2b
from itertools import chain, count
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from adapters._http import UNREACHABLE
from twin.errors import SourceError

if sys.platform == "linux":
    import fcntl
    from signal import SIGURG

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
_OUTSIDE = "leads outside of the folder"


@dataclass(frozen=True)
class Found:
    """A file in the folder. ``mark`` changes with whatever changes in it; ``fault``: why it is not opened at all."""

    name: str
    path: Path
    mark: str
    mtime_ns: int
    fault: str | None = None


def _mark(said: os.stat_result) -> str:
    known = f"{said.st_ino} {said.st_size} {said.st_mtime_ns} {said.st_ctime_ns}"
    return blake2b(known.encode(), digest_size=8).hexdigest()


class Watch:
    """One folder, looked at again and again."""

    def __init__(
        self, folder: Path, patterns: Sequence[str], settle_s: float, steady: Callable[[], float] = monotonic
    ) -> None:
        self._folder = folder
        self._patterns = patterns
        self._settle_s = settle_s
        self._steady = steady
        self._seen: dict[str, tuple[str, float]] = {}  # by name: the mark, and since when it is the same

    def look(self) -> list[Found]:
        """The files that have rested, those changed longest ago first.

        Raises:
            SourceError: there is no such folder, or it may not be read.
        """
        try:
            found = list(self._found())
        except OSError as error:
            said = f"the folder {self._folder} cannot be read: {error.strerror}"
            raise SourceError(said, "path", UNREACHABLE) from error
        now_s = self._steady()
        before, self._seen = self._seen, {}
        for each in found:
            mark, since = before.get(each.name, ("", now_s))
            self._seen[each.name] = (each.mark, since if mark == each.mark else now_s)
        rested = [each for each in found if self.rested_s(each.name) >= self._settle_s]
        return sorted(rested, key=lambda each: (each.mtime_ns, each.name))

    @property
    def present(self) -> frozenset[str]:
        """The names at the last look."""
        return frozenset(self._seen)

    def rested_s(self, name: str) -> float:
        """For how long a file has been the same."""
        return self._steady() - self._seen[name][1]

    def _found(self) -> Iterator[Found]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if self._wanted(entry.name):
                    yield from self._file(entry)

    def _wanted(self, name: str) -> bool:
        unfinished = name.startswith(".") or name.lower().endswith(_UNFINISHED)
        return not unfinished and any(fnmatch(name, each) for each in self._patterns)

    def _file(self, entry: os.DirEntry[str]) -> Iterator[Found]:
        """The file of an entry; none where it is something else, or has just gone."""
        try:
            said, path = entry.stat(), Path(entry.path).resolve()
        except OSError:
            return
        if not path.is_relative_to(self._folder.resolve()):
            yield Found(entry.name, path, _mark(said), said.st_mtime_ns, _OUTSIDE)
        elif stat.S_ISREG(said.st_mode):
            yield Found(entry.name, path, _mark(said), said.st_mtime_ns)


def open_rested(found: Found) -> BinaryIO | None:
    """The file, opened; None when it has changed since the look, or somebody still has it open for writing.

    Raises:
        OSError: it may not be read.
    """
    no_link = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(found.path, os.O_RDONLY | no_link)
    except FileNotFoundError:
        return None
    file = os.fdopen(descriptor, "rb")
    if _mark(os.fstat(descriptor)) == found.mark and not _being_written(descriptor):
        return file
    file.close()
    return None


def move_away(found: Found, folder: Path) -> None:
    """Move a file that has been read; one that came under its name this very moment is put back.

    Raises:
        OSError: it cannot be moved.
    """
    folder.mkdir(exist_ok=True)
    here = folder.parent / found.name
    others = (f"{here.stem}.{number}{here.suffix}" for number in count(2))
    there = next(folder / each for each in chain([here.name], others) if not os.path.lexists(folder / each))
    here.rename(there)
    if there.stat().st_mtime_ns != found.mtime_ns and not here.exists():
        there.rename(here)


def content_stamp(file: BinaryIO) -> tuple[int, int]:
    """Size and time of change: the same as long as nobody writes into the opened file."""
    said = os.fstat(file.fileno())
    return said.st_size, said.st_mtime_ns


def _being_written(descriptor: int) -> bool:
    """Whether anybody on this machine has the file open for writing; where the system cannot tell, no."""
    if sys.platform != "linux":
        return False
    try:
        # A read lease is given only while nobody writes. Who comes to write in the meantime makes the system send
        # a signal; the usual one would end this process, this one means nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
