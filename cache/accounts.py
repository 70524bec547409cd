"""Accounts, sessions and tokens of the file, held in memory as they were last written: each request asks for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import astuple, dataclass, fields
from datetime import timedelta
from threading import Lock
from typing import Any, TypeVar

from cache.database import Database
from cache.room import no_room
from twin.errors import DiskLow
from twin.moment import Moment

Keep = Callable[[str, Callable[[Moment], None], frozenset[str]], "Future[None]"]
_KEPT = timedelta(days=7)  # an ended session can be asked why so long


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. ``secret`` is an argon2 hash, None where an identity provider vouches; ``second`` the
    secret of a second factor, ``second_used`` the last of its time steps that was used."""

    id: str
    name: str
    role: str
    enterprise: str | None
    secret: str | None
    must_change: bool
    changed_at: Moment
    made_at: Moment
    made_by: str
    disabled: bool = False
    second: str | None = None
    second_used: int = 0


@dataclass(frozen=True)
class Session:
    """One sign-in of an account; ``key`` is the hash of what the browser holds. ``ended_why``: out, idle, old,
    elsewhere, changed, disabled; ``ended_by``: the address from which it was ended, where that is another's."""

    key: str
    account: str
    begun_at: Moment
    seen_at: Moment
    address: str
    agent: str
    ended_at: Moment | None = None
    ended_why: str | None = None
    ended_by: str | None = None


@dataclass(frozen=True)
class MachineToken:
    """What a machine signs in with; ``key`` is its hash."""

    key: str
    id: str
    name: str
    scopes: tuple[str, ...]
    enterprise: str | None
    made_at: Moment
    made_by: str
    revoked_at: Moment | None = None
    revoked_by: str | None = None


@dataclass(frozen=True)
class Tries:
    """Wrong tries in a row of a subject (``account:…`` or ``address:…``); locked ``until`` then."""

    subject: str
    tries: int
    last_at: Moment
    until: Moment | None = None


Row = Account | Session | MachineToken | Tries
T = TypeVar("T", Account, Session, MachineToken, Tries)
_TABLES: dict[type, str] = {Account: "account", Session: "session", MachineToken: "machine_token", Tries: "sign_in_try"}
_VERSIONS = "account_version"
_END = f"UPDATE {_VERSIONS} SET known_to = $known WHERE id = $id AND known_to IS NULL"
_BEGIN = (
    f"INSERT INTO {_VERSIONS} VALUES ($id, $name, $role, $enterprise, $local, $must_change, $changed_at, $made_at, "
    "$made_by, $disabled, $second, $known, NULL)"
)


class Accounts:
    """Every method may be called from any thread; what writes waits until it is durable."""

    def __init__(self, database: Database, keep: Keep) -> None:
        self._database = database
        self._write_by = keep
        self._lock = Lock()
        self._kept: dict[type, dict[str, Any]] = {kind: _read(database, kind) for kind in _TABLES}

    def all(self, kind: type[T]) -> list[T]:
        """All of a kind."""
        with self._lock:
            return list(self._kept[kind].values())

    def find(self, kind: type[T], key: str) -> T | None:
        """The one of that key (an account's id, a hash, a subject)."""
        found: T | None = self._kept[kind].get(key)
        return found

    def put(self, *rows: Row) -> None:
        """Write rows, in place of those of the same keys; returns once they are durable.

        Raises:
            DiskLow: there is no room.
        """
        try:
            self._write(rows).result()
        except Exception as error:
            if no_room(error):
                raise DiskLow("the disk of the data folder is full; nothing of it was kept") from error
            raise
        self._keep(rows)

    def put_soon(self, *rows: Row) -> None:
        """The same without waiting; readers see it at once."""
        self._write(rows)
        self._keep(rows)

    def _write(self, rows: tuple[Row, ...]) -> Future[None]:
        before = {row.id: self.find(Account, row.id) for row in rows if isinstance(row, Account)}

        def work(known: Moment) -> None:
            for row in rows:
                _insert(self._database, row)
                if isinstance(row, Account):
                    _version(self._database, before[row.id], row, known)

        return self._write_by("people", work, _touched(rows))

    def _keep(self, rows: tuple[Row, ...]) -> None:
        with self._lock:
            for row in rows:
                self._kept[type(row)][_key(row)] = row

    def tidy(self, now: Moment) -> None:
        """Forget sessions that ended long ago, but the last one of each account, and tries that are over."""
        sessions = sorted(self.all(Session), key=lambda each: each.seen_at)
        last = {each.account: each.key for each in sessions}
        ended = [each for each in sessions if each.ended_at and each.ended_at < now - _KEPT]
        old = [each.key for each in ended if last[each.account] != each.key]
        over = [each.subject for each in self.all(Tries) if each.last_at < now - _KEPT]
        if not (old or over):
            return

        def work(_known: Moment) -> None:
            for key in old:
                self._database.execute("DELETE FROM session WHERE key = $key", {"key": key})
            for subject in over:
                self._database.execute("DELETE FROM sign_in_try WHERE subject = $subject", {"subject": subject})

        self._write_by("people", work, frozenset()).result()
        with self._lock:
            for key in old:
                self._kept[Session].pop(key, None)
            for subject in over:
                self._kept[Tries].pop(subject, None)


def _key(row: Any) -> str:
    return str(getattr(row, fields(row)[0].name))


def _read(database: Database, kind: type) -> dict[str, Any]:
    asked = f"SELECT {', '.join(each.name for each in fields(kind))} FROM {_TABLES[kind]}"
    found = [kind(**_told(row)) for row in database.query(asked).iter_rows(named=True)]
    return {_key(each): each for each in found}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(each.split()) if name == "scopes" else each for name, each in row.items()}


def _insert(database: Database, row: Any) -> None:
    values = {f"p{at}": " ".join(each) if isinstance(each, tuple) else each for at, each in enumerate(astuple(row))}
    places = ", ".join(f"${name}" for name in values)
    database.execute(f"INSERT OR REPLACE INTO {_TABLES[type(row)]} VALUES ({places})", values)


def _touched(rows: tuple[Row, ...]) -> frozenset[str]:
    tables = {_TABLES[type(row)] for row in rows}
    return frozenset(tables | {_VERSIONS} if _TABLES[Account] in tables else tables)


def _version(database: Database, before: Account | None, after: Account, known: Moment) -> None:
    """Keep what is told of an account from when to when; what proves who somebody is is not among it."""
    told = _of_version(after)
    if before is None or _of_version(before) != told:
        database.execute(_END, {"id": after.id, "known": known})
        database.execute(_BEGIN, told | {"known": known})


def _of_version(account: Account) -> dict[str, Any]:
    told = {each.name: getattr(account, each.name) for each in fields(account)}
    del told["secret"], told["second_used"]
    return told | {"local": account.secret is not None, "second": account.second is not None}
