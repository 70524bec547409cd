"""``app.py user`` and ``app.py token``: by the running server where there is one, else straight in the closed file.

A password is asked for at the terminal or given by the variable ``PARKTWIN_PASSWORD``, never on the command line, where
everybody on the machine could read it.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import requests

from cache.accounts import Account, Accounts, MachineToken
from cache.database import FILE, Database
from cache.heads import Heads
from cache.ledger import Entry, Journal
from cache.migrate import migrate
from services.accounts import LOCAL, By, Keeper
from services.address import Address, known_console, read_address
from services.audit import Audit
from services.credentials import second_address
from services.sealing import Seal
from twin.dictionary import dictionary
from twin.errors import BadInput, StoreError, TwinError
from twin.moment import Moment, iso
from twin.roles import ENTERPRISE_ROLES, ROLES, SCOPES
from twin.settings import LoginSettings, StoreSettings

PASSWORD = "PARKTWIN_PASSWORD"
_ENTERPRISES = "SELECT id FROM feature WHERE layer = 'enterprises'"
Tell = Callable[[str], None]


class Desk(Protocol):
    """Where accounts are kept: the file, or the server that has it open."""

    def users(self) -> list[dict[str, Any]]:
        """All accounts."""

    def add(self, said: dict[str, str]) -> None:
        """Make one."""

    def act(self, id: str, what: str, said: dict[str, str]) -> dict[str, Any]:
        """Change, lock, open, reset or second."""

    def tokens(self) -> list[dict[str, Any]]:
        """All tokens."""

    def add_token(self, name: str, scopes: list[str], enterprise: str | None) -> str:
        """Make one; its secret."""

    def revoke(self, id: str) -> None:
        """End one."""


def add_commands(commands: Any) -> None:
    """The words of ``user`` and ``token`` for a command line."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--data", type=Path, default=Path("data"), help="folder of the cache (default ./data)")
    users = commands.add_parser("user", help="accounts: add, list, change, lock, open, reset, second").add_subparsers(
        dest="what", required=True
    )
    users.add_parser("list", parents=[where], help="all accounts")
    for what, said in _USER_WORDS.items():
        each = users.add_parser(what, parents=[where], help=said)
        each.add_argument("id", help="name to sign in with")
        if what in ("add", "change"):
            each.add_argument("--name", default="", help="name of the person")
            each.add_argument("--role", choices=list(ROLES), required=what == "add")
            each.add_argument("--enterprise", help=f"id of the enterprise, for {', '.join(sorted(ENTERPRISE_ROLES))}")
    tokens = commands.add_parser("token", help="tokens of machines: add, list, revoke").add_subparsers(
        dest="what", required=True
    )
    tokens.add_parser("list", parents=[where], help="all tokens")
    made = tokens.add_parser("add", parents=[where], help="a new token, shown this once")
    made.add_argument("id", metavar="name", help="name of the machine")
    made.add_argument("--scope", action="append", required=True, choices=list(SCOPES))
    made.add_argument("--enterprise", help="id of the enterprise that it is held to")
    tokens.add_parser("revoke", parents=[where], help="end a token").add_argument("id", help="id of the token")


_USER_WORDS = {
    "add": "a new account",
    "change": "another name, role or enterprise",
    "lock": "lock an account and end its session",
    "open": "open a locked account",
    "reset": "another password, to be changed at the next sign-in",
    "second": "a new second factor",
}


def run_users(options: argparse.Namespace, clock: Callable[[], Moment], tell: Tell) -> None:
    """``app.py user …``.

    Raises:
        TwinError: it cannot be done; nothing is changed then.
    """
    with _desk(options.data.absolute(), clock) as desk:
        if options.what == "list":
            for each in desk.users():
                tell(_line(each))
        elif options.what == "add":
            said = {"id": options.id, "name": options.name or options.id, "role": options.role}
            desk.add({**said, "enterprise": options.enterprise or "", "password": _password()})
            tell(f"the account '{options.id}' is made; its password has to be changed at the first sign-in")
        else:
            _act(desk, options, tell)


def _act(desk: Desk, options: argparse.Namespace, tell: Tell) -> None:
    said: dict[str, str] = {}
    if options.what == "reset":
        said = {"password": _password()}
    elif options.what == "change":
        said = {"name": options.name, "role": options.role or "", "enterprise": options.enterprise or ""}
    done = desk.act(options.id, options.what, {name: each for name, each in said.items() if each})
    if "address" in done:
        tell(f"{done['second']}\n{done['address']}")
    tell(_line(done["account"]))


def run_tokens(options: argparse.Namespace, clock: Callable[[], Moment], tell: Tell) -> None:
    """``app.py token …``.

    Raises:
        TwinError: it cannot be done.
    """
    with _desk(options.data.absolute(), clock) as desk:
        if options.what == "list":
            for each in desk.tokens():
                ended = f", revoked {each['revoked_at']}" if each["revoked_at"] else ""
                held = f" of {each['enterprise']}" if each["enterprise"] else ""
                tell(f"{each['id']}  {each['name']}{held}  {' '.join(each['scopes'])}{ended}")
        elif options.what == "add":
            tell(desk.add_token(options.id, options.scope, options.enterprise))
        else:
            desk.revoke(options.id)
            tell(f"the token '{options.id}' opens nothing any more")


def _line(account: dict[str, Any]) -> str:
    held = f" of {account['enterprise']}" if account["enterprise"] else ""
    marks = [name for name in ("disabled", "must_change") if account[name]]
    return f"{account['id']}  {account['name']}  {account['role']}{held}  {' '.join(marks)}".rstrip()


def _password() -> str:
    """From the variable, else asked for twice.

    Raises:
        BadInput: none was given, or two different ones.
    """
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise BadInput(f"give the password by the variable {PASSWORD}, or run this at a terminal", "password")
    first = getpass.getpass("password: ")
    if getpass.getpass("again: ") != first:
        raise BadInput("these are two passwords", "password")
    return first


@contextmanager
def _desk(data: Path, clock: Callable[[], Moment]) -> Iterator[Desk]:
    data.mkdir(parents=True, exist_ok=True)
    try:
        database = Database(data / FILE, StoreSettings())
    except StoreError as locked:
        address, console = read_address(data), known_console(data)
        if address is None or console is None or "is open in" not in locked.message:
            raise
        yield _AtServer(address, console)
        return
    try:
        migrate(database, dictionary(), clock())
        yield _InFile(database, clock)
    finally:
        database.close()


class _InFile:
    """The file itself, while no server runs."""

    def __init__(self, database: Database, clock: Callable[[], Moment]) -> None:
        known = [row[0] for row in database.execute(_ENTERPRISES)]
        self._database = database
        self._clock = clock
        self._journal, self._heads = Journal(database), Heads(database.path.parent)
        self._accounts = Accounts(database, self._keep)
        seal = Seal.of(database.path.parent)
        self._keeper = Keeper(self._accounts, LoginSettings(), clock, Audit(self._note), seal, known)
        self._keeper.seal_old()
        self._by = By("terminal", LOCAL)

    def _keep(self, _name: str, work: Callable[[Moment], None], _tables: frozenset[str]) -> Future[None]:
        done: Future[None] = Future()
        with self._database.transaction():
            work(self._clock())
        done.set_result(None)
        return done

    def _note(self, entries: Sequence[Entry]) -> Future[Moment]:
        """Note it as a running server would, and keep the journal's head beside the file."""
        done: Future[Moment] = Future()
        with self._database.transaction():
            self._journal.write(entries, self._clock())
        self._journal.kept()
        self._heads.keep(self._journal.head)
        done.set_result(self._journal.head.known)
        return done

    def _told(self, each: Account) -> dict[str, Any]:
        told = {"id": each.id, "name": each.name, "role": each.role, "enterprise": each.enterprise}
        return told | {"disabled": each.disabled, "must_change": self._keeper.expired(each)}

    def users(self) -> list[dict[str, Any]]:
        """All accounts."""
        return [self._told(each) for each in self._accounts.all(Account)]

    def add(self, said: dict[str, str]) -> None:
        """Make one."""
        enterprise = said["enterprise"] or None
        self._keeper.add(said["id"], said["name"], said["role"], enterprise, said["password"], self._by)

    def act(self, id: str, what: str, said: dict[str, str]) -> dict[str, Any]:
        """Change, lock, open, reset or second."""
        keeper, by = self._keeper, self._by
        if what == "second":
            second = keeper.give_second(id, by)
            told = {"second": second, "address": second_address(second, id, "ParkTwin")}
            return {"account": self._told(keeper.account(id)), **told}
        if what == "change":
            before = keeper.account(id)
            role, name = said.get("role") or before.role, said.get("name") or before.name
            enterprise = said.get("enterprise") or (before.enterprise if "role" not in said else None)
            return {"account": self._told(keeper.change(id, name, role, enterprise, by))}
        if what == "reset":
            return {"account": self._told(keeper.reset(id, said["password"], by))}
        return {"account": self._told(keeper.disable(id, what == "lock", by))}

    def tokens(self) -> list[dict[str, Any]]:
        """All tokens."""
        return [
            {
                "id": each.id,
                "name": each.name,
                "scopes": each.scopes,
                "enterprise": each.enterprise,
                "revoked_at": iso(each.revoked_at) if each.revoked_at else None,
            }
            for each in self._accounts.all(MachineToken)
        ]

    def add_token(self, name: str, scopes: list[str], enterprise: str | None) -> str:
        """Make one; its secret."""
        return self._keeper.add_token(name, scopes, enterprise, self._by)[0]

    def revoke(self, id: str) -> None:
        """End one."""
        self._keeper.revoke(id, self._by)


class _AtServer:
    """The running server, asked as who sits at the machine."""

    def __init__(self, address: Address, console: str) -> None:
        self._url = f"{address.url}/api/v1"
        self._line = requests.Session()
        self._line.trust_env = False  # it is on this machine: no proxy stands between
        self._line.headers["Authorization"] = f"Bearer {console}"

    def _ask(self, path: str, said: dict[str, Any] | None = None) -> Any:
        try:
            if said is None:
                answer = self._line.get(f"{self._url}{path}", timeout=30)
            else:
                answer = self._line.post(f"{self._url}{path}", json=said, timeout=30)
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise StoreError(f"the server that has the cache open did not answer at {self._url}: {error}") from error
        if not answer.ok:
            raise TwinError(f"the server refused: {told['error']['message']}", code=told["error"]["code"])
        return told

    def users(self) -> list[dict[str, Any]]:
        """All accounts."""
        found: list[dict[str, Any]] = self._ask("/accounts")
        return found

    def add(self, said: dict[str, str]) -> None:
        """Make one."""
        self._ask("/accounts", {name: each for name, each in said.items() if each})

    def act(self, id: str, what: str, said: dict[str, str]) -> dict[str, Any]:
        """Change, lock, open, reset or second."""
        done: dict[str, Any] = self._ask(f"/accounts/{id}/{what}", said)
        return done

    def tokens(self) -> list[dict[str, Any]]:
        """All tokens."""
        found: list[dict[str, Any]] = self._ask("/tokens")
        return found

    def add_token(self, name: str, scopes: list[str], enterprise: str | None) -> str:
        """Make one; its secret."""
        said = {"name": name, "scopes": scopes} | ({"enterprise": enterprise} if enterprise else {})
        return str(self._ask("/tokens", said)["secret"])

    def revoke(self, id: str) -> None:
        """End one."""
        self._ask(f"/tokens/{id}/revoke", {})
