"""Secrets that have to be read again, such as those of second factors, kept sealed: the key is not in the file that
holds them, nor in its backups.

Sealed with AES-256-GCM and bound to the account, so that nobody who can write the file gives one account the second
factor of another.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from twin.errors import BadInput

VARIABLE = "PARKTWIN_SECOND_KEY"
FILE = "second.key"
_MARK = "s1."  # what is kept without it is not sealed: no secret of a second factor has a dot
_KEY_BYTES, _NONCE_BYTES = 32, 12


class Seal:
    """Seals and opens with one key. Safe from any thread."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def of(cls, data: Path) -> Seal:
        """With the key of the environment, else with that of a data folder, where one is made (mode 600) if there is
        none.

        Raises:
            BadInput: it is not a key; the message names where it comes from.
        """
        given = os.environ.get(VARIABLE)
        return cls(_key(given, VARIABLE) if given else _key(_kept(data / FILE), FILE))

    def seal(self, secret: str, whose: str) -> str:
        """The form in which a secret is kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), whose.encode())
        return _MARK + base64.urlsafe_b64encode(sealed).decode()

    def open(self, kept: str, whose: str) -> str | None:
        """The secret; None where it was sealed with another key, or for somebody else."""
        if not is_sealed(kept):
            return kept
        try:
            raw = base64.urlsafe_b64decode(kept.removeprefix(_MARK))
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], whose.encode()).decode()
        except (InvalidTag, ValueError):
            return None


def is_sealed(kept: str) -> bool:
    """Whether a secret is sealed; older versions kept it as it is."""
    return kept.startswith(_MARK)


def _kept(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode())
            file.flush()
            os.fsync(file.fileno())
    return path.read_text("ascii", errors="replace")


def _key(said: str, where: str) -> bytes:
    try:
        key = base64.b64decode(said.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadInput(f"{where}: a key is {_KEY_BYTES} random bytes in URL-safe base64", where)
    return key
