"""The server, and something else that fills the disk of its data folder in the worst moment: during a checkpoint."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import app
from cache import checkpoints
from twin.settings import crash_point


def fill(name: str) -> None:
    """Once, after the cache has seen that there is room, and before it uses it: take all of it."""
    folder = Path(sys.argv[sys.argv.index("--data") + 1])
    if name == "before_checkpoint":
        checkpoints.crash_point = crash_point
        with (folder / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize)


checkpoints.crash_point = fill
sys.exit(app.main(sys.argv[1:]))
