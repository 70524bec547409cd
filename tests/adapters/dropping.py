"""A watched folder of tests: files dropped into it, a clock that the test turns, and the store's memory of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from adapters.folder import make_poll
from tests.adapters.asking import Asking
from twin.reading import Batch
from twin.source import Poll, SourceSettings

HEAD = "point,ts,value,quality\n"
LATER_S = 5.0


class Dropping(Asking):
    """Who watches a folder, and who drops files into it."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder
        self.now_s = 0.0
        self.settings = SourceSettings("drop", "folder", {"path": str(folder), **options})
        self.poll = self.started()

    def started(self) -> Poll:
        """The poll, which remembers nothing yet."""
        return make_poll(self.settings, self.folder, lambda: self.now_s)

    def restart(self) -> None:
        """As after a power cut: the cursor is all that is left."""
        self.poll.forget()
        self.poll = self.started()

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """A file, whole."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def rested(self, pages: int | None = None) -> list[Batch]:
        """A look, a while, and another look."""
        first = self.poll.fetch(self.cursor)
        assert first is None, "a file was taken at the first look"
        self.now_s += LATER_S
        return self.turn(pages)


def line(number: int, ts: str = "2026-11-21T05:00:00Z", value: str = "1.5") -> str:
    """One line of a file."""
    return f"P-{number},{ts},{value},good\n"


def rows_of(batches: Iterable[Batch]) -> int:
    """How many were read."""
    return sum(each.rows.height for each in batches)


def points_of(batches: Iterable[Batch]) -> list[str]:
    """Whose they are, in the order in which they were read."""
    return [each for batch in batches for each in batch.rows["point"].to_list()]
