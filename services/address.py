"""Where the server of a data folder listens: written by it, read by commands that run beside it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import NamedTuple

import orjson

from services.backup_file import new_file

FILE = "server.json"
CONSOLE = "console"  # a secret of this run, for commands of who may read the data folder


class Address(NamedTuple):
    """The server that has or had a data folder open, and for which park."""

    url: str
    park: str


def write_address(data: Path, address: Address) -> None:
    """Say where this server listens."""
    with new_file(data / FILE) as file:
        file.write(orjson.dumps(address._asdict()))


def write_console(data: Path) -> str:
    """A new secret by which commands on this machine are known to the server, readable by its owner only."""
    path, secret = data / CONSOLE, secrets.token_urlsafe(32)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret


def known_console(data: Path) -> str | None:
    """The secret of the server that has or had a data folder open; None where none ever did."""
    path = data / CONSOLE
    return path.read_text() if path.exists() else None


def read_address(data: Path) -> Address | None:
    """Where the last server of a data folder listened; None where none ever did."""
    try:
        return Address(**orjson.loads((data / FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
