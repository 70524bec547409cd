"""Rosters (DR-1): who stands on which shift, read from a file, exchanged between two people, listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import polars as pl

from cache.books import Deed
from cache.ledger import JOURNAL
from cache.roster import IMPORTS, REFUSALS, ROSTER, Done, Import
from cache.store import Store
from models.roster import NOTE_LENGTH, PARK_ORG, SHIFTS, Turn
from models.roster_import import Ground, Known, Refusal, read_lines
from models.roster_turns import with_shifts
from park.load import Park
from services.on_duty import TURNS
from services.roster_file import lines_of, template
from twin.content import text
from twin.duty_words import WORDS
from twin.errors import BadInput, NotAllowed, NotFound
from twin.moment import Moment, iso
from twin.person import Person

MOST = 2000
NAME_LENGTH = 120
_TABLES = frozenset({ROSTER, IMPORTS, REFUSALS, JOURNAL})
_KEPT = ("id", "org", "shift", "duty_role", "person", "duty_name", "mobile", "note", "table", "source")


class RosterDesk:
    """Safe from any thread."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._park = park

    def listed(
        self, at: Moment, scope: str, org: str | None, start: date | None, end: date | None
    ) -> list[dict[str, Any]]:
        """Turns of the shifts from one local day to another (inclusive), in order of time."""
        found = self._turns(at, scope)
        if org is not None:
            found = found.filter(pl.col("org") == org)
        if start is not None:
            found = found.filter(pl.col("day") >= start)
        if end is not None:
            found = found.filter(pl.col("day") <= end)
        return [_told(row) for row in found.head(MOST).iter_rows(named=True)]

    def read(self, body: bytes, name: str, who: Person, origin: str) -> dict[str, Any]:
        """Take a file of rosters: its good rows set the shifts that they name, its bad ones are told and kept.

        Raises:
            BadInput: nothing of it can be read. NotAllowed: without the right.
        """
        _must(who)
        id = f"RI-{uuid4().hex[:12]}"
        taken, refused = read_lines(lines_of(body), self._ground(who), id)
        file = Import(id, who.enterprise or PARK_ORG, (name.strip() or "roster")[:NAME_LENGTH], taken, refused)
        book = self._store.books.rosters
        done: Done = self._store.do(Deed(lambda known: book.keep(file, who.id, known, origin), _TABLES)).result()
        return {
            "id": id,
            "file": file.file,
            "good": done.good,
            "bad": len(done.refused),
            "shifts": done.slots,
            "rejected": [_refusal(each) for each in done.refused],
        }

    def swap(self, id: str, other: str, note: str, who: Person, origin: str) -> None:
        """Exchange the people of two turns.

        Raises:
            NotFound: no such turn of theirs. NotAllowed: without the right, or another's roster. BadInput, Conflict:
            see ``cache.roster.RosterBook.swap``.
        """
        _must(who)
        if len(note) > NOTE_LENGTH:
            raise BadInput(f"note: at most {NOTE_LENGTH} characters", "note")
        turns = [_turn(row) for row in self._turns(self._store.tick(), who.scope).iter_rows(named=True)]
        first, second = (_find(turns, each, field) for each, field in ((id, "id"), (other, "with")))
        if who.enterprise is not None and {first.org, second.org} != {who.enterprise}:
            raise NotAllowed("that roster is not of your enterprise", "id")
        beside = [each for each in turns if each.slot in (first.slot, second.slot)]
        book, told = self._store.books.rosters, note.strip()
        self._store.do(
            Deed(lambda known: book.swap(first, second, beside, told, who.id, known, origin), _TABLES)
        ).result()

    def template(self, lang: str, at: Moment, who: Person) -> bytes:
        """A file to fill in: tomorrow's shifts, with somebody who is known."""
        people = self._people(at, who)
        day = (at.astimezone(ZoneInfo(self._park.zone)) + timedelta(days=1)).date().isoformat()
        org = who.enterprise or ""
        own = [each for each in people if (each.org or "") == org] or people
        words = {kind: {name: said[lang == "en" and -1] for name, said in of.items()} for kind, of in WORDS.items()}
        roles = ("leader", "staff")
        rows = [
            (day, words["shift"][shift], words["role"][role], own[(n * 2 + m) % len(own)].id, org)
            for n, shift in enumerate(SHIFTS)
            for m, role in enumerate(roles)
            if own
        ]
        return template(lang, rows)

    def _turns(self, at: Moment, scope: str) -> pl.DataFrame:
        found = self._store.reader(scope).read(TURNS, at=at)
        return with_shifts(found, self._park.settings.duty, self._park.zone)

    def _people(self, at: Moment, who: Person) -> list[Known]:
        found = self._store.reader(who.scope).read("duty/persons", at=at)
        return [Known(row["id"], row["name"] or "", row["org"]) for row in found.iter_rows(named=True)]

    def _ground(self, who: Person) -> Ground:
        plots = self._park.features.get("enterprises", ())
        named = {each.id: (each.id, each.name_zh, each.name_en) for each in plots}
        by_word = {word.strip().lower(): id for id, words in named.items() for word in words if word}
        people = self._people(self._store.tick(), who)
        return Ground(self._park.settings.duty, self._park.zone, people, by_word, who.enterprise)


def _must(who: Person) -> None:
    if "manage_duty" not in who.rights:
        raise NotAllowed("rosters need the right 'manage_duty'", said=text("refused.no_right"))


def _find(turns: Sequence[Turn], id: str, field: str) -> Turn:
    found = next((each for each in turns if each.id == id), None)
    if found is None:
        raise NotFound(f"nobody is known to stand on a shift as '{id[:80]}'", field, "unknown_turn")
    return found


def _turn(row: dict[str, Any]) -> Turn:
    said = {name: row[name] for name in ("id", "org", "day", "shift", "person", "starts", "ends")}
    return Turn(**said, role=row["duty_role"], name=row["duty_name"], note=row["note"] or "")


def _told(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in _KEPT}
    return said | {"day": row["day"].isoformat(), "starts": iso(row["starts"]), "ends": iso(row["ends"])}


def _refusal(each: Refusal) -> dict[str, Any]:
    return {
        "row": each.line.number,
        "field": each.field,
        "code": each.code,
        "value": each.value[:200],
        "message": each.message,
    }
