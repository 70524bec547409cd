"""The first machine token of a data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

TOKEN_VARIABLE = "PARKTWIN_TOKEN"


def first_token(data: Path) -> tuple[str, Path | None]:
    """The first machine token: from the environment, or made once into the data folder (mode 600)."""
    given = os.environ.get(TOKEN_VARIABLE)
    if given:
        return given, None
    data.mkdir(parents=True, exist_ok=True)
    path = data / "token"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip(), path


def known_token(data: Path) -> str | None:
    """The first machine token where there is one; none is made."""
    path = data / "token"
    return os.environ.get(TOKEN_VARIABLE) or (path.read_text().strip() if path.exists() else None)
