"""Gas warnings for whoever asks and acts: the list, one with all that is known of it, what people do, their reports."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson

from cache.books import Deed
from cache.ledger import JOURNAL
from cache.notices import NOTICE
from cache.store import Store
from cache.warnings import TABLES, Uploaded
from models.gas_warning_life import NEEDS, OF_PARK, Actor, WarningWish, may, need_open, possible
from models.gas_warning_state import GasWarning, WarningState
from models.wording import medium_name
from park.archive import FOLDER, KINDS, Archive, Kind, kind_of, well_named
from twin.content import text
from twin.errors import BadInput, NotFound, TooLarge
from twin.labels import LANGUAGES, say
from twin.moment import Moment, iso
from twin.person import Person

MOST = 500
MAX_REPORT_BYTES = 10 * 1024 * 1024
REPORTS = "warnings"  # folder of the archive
_TOUCHED = TABLES | {NOTICE, JOURNAL}
# what a file of a kind begins with: its name alone says nothing
_BEGINS = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
REPORT_KINDS = tuple(KINDS[each].mime for each in (".pdf", ".docx", ".png", ".jpg"))
_OF_STATE = tuple(each.name for each in fields(GasWarning))


class WarningDesk:
    """Safe from any thread. ``data``: the data folder, whose archive keeps the reports."""

    def __init__(self, store: Store, data: Path) -> None:
        self._store = store
        self._folder = data / FOLDER / REPORTS
        self._archive = Archive.of(data)

    def listed(
        self, at: Moment, scope: str, state: str | None = None, level: str | None = None, limit: int = MOST
    ) -> list[dict[str, Any]]:
        """Warnings, those that are not closed first."""
        return [_told(row) for row in self._rows(at, scope, None, state, level, limit)]

    def one(self, id: str, at: Moment, who: Person) -> dict[str, Any]:
        """A warning with its timeline, its evidence, who was told, its reports, and what may be done with it.

        Raises:
            NotFound: there is none of that id for them.
        """
        row, reader = self._row(id, at, who.scope), self._store.reader(who.scope)
        parts = {"evidence": "warnings/evidence", "told": "warnings/told", "files": "warnings/reports"}
        asked = {name: reader.read(query, at=at, id=id).to_dicts() for name, query in parts.items()}
        told = {name: [_plain(each) for each in rows] for name, rows in asked.items()}
        cautions = reader.read("warnings/cautions", at=at, id=id, enterprise=None, limit=MOST).to_dicts()
        entries = reader.read("warnings/timeline", at=at, id=id).to_dicts()
        done = {"timeline": list(_timeline(entries)), "filed": [_plain(each) for each in cautions]}
        return {**_told(row), **told, **done, "actions": _actions(_warning(row), who)}

    def act(self, id: str, wish: WarningWish, who: Person, origin: str) -> dict[str, Any]:
        """Do something with a warning; the warning as it is then.

        Raises:
            NotFound: none of that id for them. BadInput, NotAllowed, Conflict: see ``models.gas_warning_life``.
        """
        self._row(id, self._store.tick(), who.scope)
        book, actor = self._store.books.warnings, _actor(who)
        self._store.do(Deed(lambda known: book.act(id, wish, actor, known, origin), _TOUCHED)).result()
        return self.one(id, self._store.tick(), who)

    def upload(self, id: str, name: str, body: bytes, who: Person, origin: str) -> dict[str, Any]:
        """Keep an accident investigation report; the warning as it is then.

        Raises:
            NotFound: none of that id for them. BadInput: the name or the file cannot be. TooLarge: more than 10 MB.
            NotAllowed, Conflict: see ``models.gas_warning_life``.
        """
        row, actor = self._row(id, self._store.tick(), who.scope), _actor(who)
        may(_warning(row), "handle_warning", actor)
        need_open(_warning(row))
        suffix = _checked(name, body)
        digest = hashlib.sha256(body).hexdigest()
        self._keep(digest, suffix, body)
        file, book = Uploaded(name, len(body), digest), self._store.books.warnings
        self._store.do(Deed(lambda known: book.attach(id, file, actor, known, origin), _TOUCHED)).result()
        return self.one(id, self._store.tick(), who)

    def report(self, id: str, sha256: str, at: Moment, who: Person) -> tuple[Path, str, Kind]:
        """The file of a report, its name, and how it is sent.

        Raises:
            NotFound: there is none of that hash for them, or its file is gone.
        """
        self._row(id, at, who.scope)
        rows = self._store.reader(who.scope).read("warnings/reports", at=at, id=id).to_dicts()
        name = next((each["name"] for each in rows if each["sha256"] == sha256), None)
        found = self._archive.find(f"{REPORTS}/{sha256}{Path(name).suffix.lower()}") if name else None
        kind = kind_of(name or "")
        if name is None or found is None or kind is None:
            raise NotFound("there is no such report", "sha256", "unknown_report")
        return found, name, kind

    def cautions(self, at: Moment, scope: str, enterprise: str | None, limit: int) -> list[dict[str, Any]]:
        """Caution notices, named criticism and inspections on file, newest first."""
        asked = {"id": None, "enterprise": enterprise, "limit": limit}
        return [_plain(row) for row in self._store.reader(scope).read("warnings/cautions", at=at, **asked).to_dicts()]

    def _keep(self, digest: str, suffix: str, body: bytes) -> None:
        """The file is durable before anything names it; one that is there already is the same."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{digest}{suffix}"
        part = self._folder / f".{digest}.{os.getpid()}.part"
        with part.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)

    def _row(self, id: str, at: Moment, scope: str) -> dict[str, Any]:
        rows = self._rows(at, scope, id, None, None, 1)
        if not rows:
            raise NotFound(f"there is no gas warning '{id[:80]}'", "id", "unknown_warning")
        return rows[0]

    def _rows(
        self, at: Moment, scope: str, id: str | None, state: str | None, level: str | None, limit: int
    ) -> list[dict[str, Any]]:
        asked = {"id": id, "state": state, "level": level, "limit": limit}
        return self._store.reader(scope).read("warnings/page", at=at, **asked).to_dicts()


def _checked(name: str, body: bytes) -> str:
    """How the file's name ends, where name and content may be kept.

    Raises:
        BadInput, TooLarge: they may not.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in _BEGINS or "/" in name or not well_named(name):
        kinds = ", ".join(_BEGINS)
        said = text("warning.refused.file_name", kinds=kinds)
        raise BadInput(f"name: '{name[:60]}' is no file name that ends in one of {kinds}", "name", "file_name", said)
    if not body:
        raise BadInput("body: the file is empty", "body", "empty_file", text("warning.refused.file_empty"))
    if len(body) > MAX_REPORT_BYTES:
        why = f"the report has {len(body)} bytes; at most {MAX_REPORT_BYTES} are kept"
        raise TooLarge(why, "body", said=text("warning.refused.file_large", mb=MAX_REPORT_BYTES // 1024**2))
    if not body.startswith(_BEGINS[suffix]):
        why = f"body: what was sent is no {suffix} file"
        raise BadInput(why, "body", "file_kind", text("warning.refused.file_kind", kind=suffix))
    return suffix


def _actor(who: Person) -> Actor:
    return Actor(who.id, who.rights, who.enterprise)


def _warning(row: Mapping[str, Any]) -> GasWarning:
    told: dict[str, Any] = {name: row[name] for name in _OF_STATE}
    return GasWarning(**told | {"affected": tuple(row["affected"])})


def _actions(warning: GasWarning, who: Person) -> list[str]:
    """What they may do with it now."""
    if warning.closed or who.enterprise not in (None, warning.owner):
        return []
    submitted = warning.state == WarningState.SUBMITTED
    ways = possible(submitted, warning.grave, warning.prestart_at is not None)
    mine = (each for each in ways if NEEDS[each] in who.rights)
    return [each for each in mine if who.enterprise is None or each not in OF_PARK]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: iso(each) if isinstance(each, Moment) else each for name, each in row.items()}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A warning as the contract says it."""
    gas = medium_name(row["medium"])
    return _plain(row) | {f"gas_{lang}": say(gas, lang) if gas else None for lang in LANGUAGES}


def _timeline(entries: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in entries:
        key = text(f"warning.event.{each['event']}")
        words = {f"event_{lang}": say(key, lang) for lang in LANGUAGES}
        told = {name: said for name, said in orjson.loads(each["said"]).items() if name != "from"}  # where they sit
        yield {**_plain({**each, "said": None}), **words, "said": told}
