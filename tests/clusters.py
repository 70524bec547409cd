"""What the databases that tests start have in common: a temporary folder, a free port, a user and its password."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from tests.serving import free_port

USER, PASSWORD = "park", "secret-of-the-tests"


class Cluster(Protocol):
    """A database server; it can be taken down and brought up again."""

    url: str

    def up(self) -> None:
        """Start it; it answers when this returns."""

    def down(self) -> None:
        """Stop it as a power cut would."""


Kind = TypeVar("Kind", bound=Cluster)


@contextmanager
def cluster_of(make: Callable[[Path, int], Kind]) -> Iterator[Kind]:
    """A cluster that is up, and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="parktwin-db-") as folder:
        each = make(Path(folder), free_port())
        each.up()
        try:
            yield each
        finally:
            each.down()


def run(command: Sequence[str | Path], folder: Path, user: str | None = None) -> None:
    """One program to its end; what it says stands in the folder, and in the error when it fails."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("ab") as said:
        words = [*map(str, command)]
        done = subprocess.run(words, stdout=said, stderr=said, cwd=folder, user=user, check=False)
    if done.returncode:
        raise RuntimeError(f"{log.stem} failed: {log.read_text(errors='replace')[-2000:]}")
