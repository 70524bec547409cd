"""Which files of a folder have been read, as the cursor that is stored with their rows.

One entry a file name: its ``mark`` (what the file system says of it), the ``digest`` of what stood in it (empty: it
was refused whole) and a ``version`` that grows when other content comes under the name. So a file that is dropped
again changes nothing, and one that returns to what it once said is read again.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

_VANISHED_KEPT = 2_000  # names whose files are no longer there


class Entry(NamedTuple):
    """What is known of a file that has been read."""

    mark: str
    digest: str
    version: int


class Place(NamedTuple):
    """A file that is being read, and how many of its rows are behind."""

    name: str
    digest: str
    rows: int


@dataclass(frozen=True)
class Ledger:
    """All files that have been read, in order, and the one that is being read."""

    files: dict[str, Entry] = field(default_factory=dict)
    at: Place | None = None

    @classmethod
    def of_cursor(cls, cursor: str | None) -> Ledger:
        """What a cursor says; nothing has been read where there is none, or one of another protocol."""
        said = {} if cursor is None else orjson.loads(cursor)
        if "files" not in said:
            return cls()
        at = said["at"]
        return cls({name: Entry(*each) for name, each in said["files"].items()}, at and Place(*at))

    def as_cursor(self) -> str:
        """To be stored with what was read."""
        return orjson.dumps({"files": self.files, "at": self.at}, default=tuple).decode()

    def reading(self, name: str, digest: str, rows: int) -> Ledger:
        """So many rows of a file are behind."""
        return Ledger(self.files, Place(name, digest, rows))

    def done(self, name: str, entry: Entry, present: Set[str]) -> Ledger:
        """A file has been read to its end. Of the files that are gone, those read longest ago are forgotten."""
        files = {other: each for other, each in self.files.items() if other != name} | {name: entry}
        vanished = [other for other in files if other not in present]
        for other in vanished[: max(0, len(vanished) - _VANISHED_KEPT)]:
            del files[other]
        return Ledger(files)

    def version(self, name: str, digest: str) -> int:
        """The version that this content of a file is, or would be."""
        known = self.files.get(name)
        if known is None:
            return 1
        return known.version + (known.digest not in ("", digest))

    def knows(self, name: str, mark: str) -> bool:
        """Whether a file has been read as it is."""
        return name in self.files and self.files[name].mark == mark

    def has_content(self, name: str, digest: str) -> bool:
        """Whether this is what was read last under the name."""
        return name in self.files and self.files[name].digest == digest

    def behind(self, name: str, digest: str) -> int:
        """How many rows of a file were read before."""
        return self.at.rows if self.at is not None and self.at[:2] == (name, digest) else 0
