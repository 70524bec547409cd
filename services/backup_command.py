"""``app.py backup``: by the running server where there is one, else straight from the closed file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import requests

from cache.copy import copy_database
from cache.database import FILE, Database
from services.address import Address, read_address
from services.backup import SUFFIX, Origin, make_backup, need_room
from services.backup_file import describe, new_file, settle
from twin.errors import Conflict, NotFound, StoreError, TwinError
from twin.moment import Moment
from twin.settings import StoreSettings

WAIT_S = 10
Tell = Callable[[str], None]
Clock = Callable[[], Moment]


def backup(file: Path, data: Path, token: str | None, version: str, clock: Clock, tell: Tell) -> dict[str, Any]:
    """Make a backup of a data folder into a new file; what it holds (``services.backup_file.describe``).

    Raises:
        TwinError: it could not be made; nothing is left at ``file``.
    """
    if file.exists():
        raise Conflict(f"{file} is there already; a backup overwrites nothing")
    if not (data / FILE).is_file():
        raise NotFound(f"{data} holds no cache ({FILE}); name the data folder with --data")
    file.parent.mkdir(parents=True, exist_ok=True)
    address = read_address(data)
    try:
        database = Database(data / FILE, StoreSettings())
    except StoreError as locked:
        if address is None or token is None or "is open in" not in locked.message:
            raise
        tell(f"asking the running server at {address.url}")
        return _by_server(_Server(address, token), file, clock, tell)
    with closing(database):
        origin = Origin(data, address.park if address else "", version, lambda *to: copy_database(database, *to))
        need_room(origin, file.parent)
        return describe(make_backup(origin, file, clock, lambda step: tell(_STEPS[step]), lambda _: None))


_STEPS = {
    "begin": "beginning",
    "sum": "counting rows and summing them up",
    "copy": "copying the cache",
    "check": "reading the copy again",
    "pack": "packing",
}


class _Server:
    """The running server, asked as a machine."""

    def __init__(self, address: Address, token: str) -> None:
        self._url = f"{address.url}/api/v1/backup"
        self._line = requests.Session()
        self._line.trust_env = False  # it is on this machine: no proxy stands between
        self._line.headers["Authorization"] = f"Bearer {token}"

    def begin(self, name: str) -> dict[str, Any]:
        """Begin a backup."""
        return self._said(lambda: self._line.post(self._url, json={"name": name}, timeout=30))

    def next(self, seen: int) -> dict[str, Any]:
        """The next that there is to be said."""
        asked = {"seen": seen, "wait_s": WAIT_S}
        return self._said(lambda: self._line.get(self._url, params=asked, timeout=WAIT_S + 30))

    def _said(self, ask: Callable[[], requests.Response]) -> dict[str, Any]:
        try:
            answer = ask()
            said: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise StoreError(f"the server that has the cache open did not answer at {self._url}: {error}") from error
        if not answer.ok:
            raise TwinError(f"the server refused: {said['error']['message']}", code=said["error"]["code"])
        return said


def _by_server(server: _Server, file: Path, clock: Clock, tell: Tell) -> dict[str, Any]:
    said = server.begin(f"for-{os.getpid()}-{clock():%Y%m%dT%H%M%SZ}{SUFFIX}")
    name, told = said["name"], ""
    while said["state"] == "running":
        if told != (told := _told(said)):
            tell(told)
        said = server.next(said["number"])
    if said["name"] != name or said["state"] != "done":
        raise TwinError(f"no backup was made: {(said['error'] or {}).get('message', 'the server began another one')}")
    _take(Path(said["path"]), file)
    made: dict[str, Any] = said["made"]
    return made


def _told(said: dict[str, Any]) -> str:
    packed = f", {said['bytes'] >> 20} MB" if said["bytes"] else ""
    return f"{_STEPS[said['step']]}{packed}"


def _take(made: Path, file: Path) -> None:
    """Move what the server made to where it is wanted; another disk gets a copy first."""
    try:
        os.link(made, file)
    except FileExistsError as error:
        raise Conflict(f"{file} is there by now; the backup stays at {made}") from error
    except OSError:
        with new_file(file) as target, made.open("rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
    settle(file.parent)
    made.unlink()
