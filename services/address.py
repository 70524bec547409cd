"""Where the server of a data folder listens: written by it, read by commands that run beside it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import orjson

from services.backup_file import new_file

FILE = "server.json"


class Address(NamedTuple):
    """The server that has or had a data folder open, and for which park."""

    url: str
    park: str


def write_address(data: Path, address: Address) -> None:
    """Say where this server listens."""
    with new_file(data / FILE) as file:
        file.write(orjson.dumps(address._asdict()))


def read_address(data: Path) -> Address | None:
    """Where the last server of a data folder listened; None where none ever did."""
    try:
        return Address(**orjson.loads((data / FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
