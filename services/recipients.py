"""The address book: read from a file, kept by hand, listed; who holds which post."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from cache.books import Deed
from cache.ledger import JOURNAL
from cache.recipients import RECIPIENT, read_recipients
from cache.store import Store
from models.recipient import Recipient, checked
from park.load import Park
from twin.alarm import MACHINE
from twin.content import text
from twin.errors import BadInput, NotAllowed, NotFound
from twin.moment import Moment
from twin.person import Person
from twin.roles import Right

FILE = "recipients.csv"  # of a park's folder: the address book of the first start
MOST_ROWS = 20_000
_LISTS = ("channels", "kinds", "sources", "levels")
_NAMES = tuple(each.name for each in fields(Recipient))
_TABLES = frozenset({RECIPIENT, JOURNAL})
_log = logging.getLogger("parktwin.recipients")


class AddressBook:
    """Safe from any thread."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._enterprises = frozenset(each.id for each in park.features.get("enterprises", ()))

    def listed(self, at: Moment, scope: str) -> list[dict[str, Any]]:
        """All that a viewer may see, as known at a moment."""
        return [asdict(each) for each in self._read(at, scope)]

    def keep(self, said: Mapping[str, Any], who: Person, origin: str, *, fresh: bool) -> dict[str, Any]:
        """Keep one recipient: a new one, or changes of one that there is.

        Raises:
            BadInput: names the field. NotFound: none of that id to change. Conflict: one of that id already.
            NotAllowed: without the right, or of another enterprise.
        """
        _must(who)
        before = {each.id: each for each in self._read(self._store.tick(), who.scope)}.get(str(said.get("id", "")))
        if before is None and not fresh:
            raise NotFound(f"there is no recipient '{str(said.get('id'))[:80]}'", "id", "unknown_recipient")
        base = asdict(before) if before is not None and not fresh else {}
        one = checked(_made({**base, **said}), self._enterprises)
        if who.enterprise is not None and one.enterprise != who.enterprise:
            raise NotAllowed("only recipients of your enterprise", "enterprise", said=text("refused.no_right"))
        book = self._store.books.recipients
        self._store.do(Deed(lambda known: book.keep([one], who.id, known, origin, fresh=fresh), _TABLES)).result()
        return asdict(one)

    def bring_in(self, raw: bytes, who: Person, origin: str) -> dict[str, Any]:
        """Read a CSV file; good rows are kept, of the others it is said which row, which field and why.

        Raises:
            BadInput: it is no such file at all. NotAllowed: without the right.
        """
        _must(who)
        good, bad = self.read_file(raw)
        kept = self._keep_all(good, who.id, origin)
        return {"rows": len(good) + len(bad), "kept": len(kept), "unchanged": len(good) - len(kept), "refused": bad}

    def read_file(self, raw: bytes) -> tuple[list[Recipient], list[dict[str, Any]]]:
        """Recipients of a CSV file with a header, and its faults (``row`` counts the header as the first).

        Raises:
            BadInput: not text, no header that names ``id`` and ``name``, or far too long.
        """
        rows = list(_rows(raw))
        good: dict[str, Recipient] = {}
        bad: list[dict[str, Any]] = []
        for number, row in enumerate(rows, 2):
            try:
                one = checked(_made(row), self._enterprises)
                if one.id in good:
                    raise BadInput(f"id: '{one.id}' stands in an earlier row too", "id")
                good[one.id] = one
            except BadInput as error:
                bad.append({"row": number, "id": row.get("id"), "field": error.field, "message": error.message})
        return list(good.values()), bad

    def fill(self, raw: bytes) -> None:
        """Take in the park's own file, where nobody stands in the book yet."""
        if self._read(self._store.tick(), "park"):
            return
        good, bad = self.read_file(raw)
        for each in bad:
            _log.error("%s row %s: %s", FILE, each["row"], each["message"])
        self._keep_all(good, MACHINE, FILE)

    def _keep_all(self, people: Sequence[Recipient], who: str, origin: str) -> list[str]:
        book = self._store.books.recipients
        kept: list[str] = self._store.do(Deed(lambda known: book.keep(people, who, known, origin), _TABLES)).result()
        return kept

    def _read(self, at: Moment, scope: str) -> list[Recipient]:
        return read_recipients(self._store.reader(scope).read("notify/recipients", at=at))


def _must(who: Person) -> None:
    if not who.may(Right.manage_recipients):
        raise NotAllowed("it needs the right 'manage_recipients'", None, said=text("refused.no_right"))


def _rows(raw: bytes) -> Iterator[dict[str, Any]]:
    try:
        told = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
        names = set(told.fieldnames or ())
        if not {"id", "name"} <= names:
            raise BadInput("file: its first row must name the columns, id and name among them", "file")
        for number, row in enumerate(told):
            if number >= MOST_ROWS:
                raise BadInput(f"file: more than {MOST_ROWS} rows", "file")
            yield {name: (each or "").strip() for name, each in row.items() if name in _NAMES and isinstance(each, str)}
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"file: not CSV in UTF-8: {error}", "file") from error


def _made(said: Mapping[str, Any]) -> Recipient:
    """A recipient from what a form or a row says; empty texts are nothing."""
    made: dict[str, Any] = {}
    for name in _NAMES:
        given = said.get(name)
        if name in _LISTS:
            made[name] = tuple(given) if isinstance(given, (list, tuple)) else tuple((given or "").split())
        elif name == "enabled":
            made[name] = given not in (False, "false", "0", "no")
        elif name in ("id", "name"):
            made[name] = str(given or "").strip()
        elif name == "language":
            made[name] = given or "zh"
        else:
            made[name] = given or None
    return Recipient(**made)


__all__ = ["FILE", "AddressBook"]
