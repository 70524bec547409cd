"""Rosters (DR-1): who stands on which shift, and what of a file was refused. Used by the writer's thread only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import polars as pl

from cache.database import Database
from cache.ledger import Entry, Journal
from models.roster import Turn, no_overlap, still_to_come, swapped
from models.roster_import import Refusal, Taken, settled
from twin.errors import Conflict
from twin.moment import Moment

ROSTER = "roster"  # as a stream of the journal, and as a table that a commit touches
IMPORTS, REFUSALS = "roster_import", "roster_refusal"
_NAMES = ("id", "org", "day", "shift", "role", "person", "name", "starts", "ends", "note")
_LISTED = ", ".join(_NAMES)
_SLOTS = "(org, day, shift) IN (SELECT org, day, shift FROM slots)"
_OF_SLOTS = f"SELECT {_LISTED} FROM roster WHERE known_to IS NULL AND {_SLOTS} ORDER BY id"
_OF_PEOPLE = (
    f"SELECT {_LISTED} FROM roster WHERE known_to IS NULL AND person IN (SELECT person FROM people) AND ends > $start "
    f"AND starts < $end AND NOT {_SLOTS} ORDER BY id"
)
_END = f"UPDATE roster SET known_to = $known WHERE known_to IS NULL AND {_SLOTS}"
_BEGIN = (
    f"INSERT INTO roster ({_LISTED}, known_from, seq, source, set_by, set_at) "
    f"SELECT {_LISTED}, $known, $seq, $source, $who, $known FROM made"
)
_IMPORT = "INSERT INTO roster_import VALUES ($id, $known, $seq, $org, $file, $who, $good, $bad)"
_REFUSE = (
    "INSERT INTO roster_refusal SELECT id, $known, $import, $org, line, field, code, value, message, raw FROM made"
)
_SLOT_TYPES = {"org": pl.String, "day": pl.Date, "shift": pl.String}
_RAW_LENGTH = 2048


@dataclass(frozen=True)
class Import:
    """What is to become of a file: its rows that can be, and those that cannot."""

    id: str
    org: str
    file: str
    taken: Sequence[Taken]
    refused: Sequence[Refusal]


@dataclass(frozen=True)
class Done:
    """What became of it."""

    good: int
    refused: Sequence[Refusal]
    slots: int


class RosterBook:
    """A shift is set as a whole: whoever stood on it before does no longer."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keep(self, file: Import, who: str, known: Moment, origin: str = "") -> Done:
        """Set the shifts that a file names by those of its rows that go together with what is there."""
        good, clashing = self._settled(file.taken)
        refused = sorted((*file.refused, *clashing), key=lambda each: each.line.number)
        slots = len({each.turn.slot for each in good})
        said = {"file": file.file, "org": file.org, "good": len(good), "bad": len(refused), "slots": slots}
        if origin:
            said["from"] = origin
        seq = self._journal.write([Entry(ROSTER, file.id, "imported", who, said)], known)
        self._set([each.turn for each in good], "set", file.file, who, known)
        asked = {"id": file.id, "seq": seq, "org": file.org, "file": file.file, "who": who, "known": known}
        self._database.execute(_IMPORT, asked | {"good": len(good), "bad": len(refused)})
        self._refuse(file, refused, known)
        return Done(len(good), refused, slots)

    def _settled(self, taken: Sequence[Taken]) -> tuple[list[Taken], list[Refusal]]:
        """A shift of which no row is left stays as it was, and its people are busy then: so it is looked at again."""
        refused: list[Refusal] = []
        while True:
            good, clashing = settled(taken, self._others([each.turn for each in taken]))
            refused += clashing
            kept = {each.turn.slot for each in good}
            if kept == {each.turn.slot for each in taken}:
                return good, refused
            taken = good

    def swap(
        self, first: Turn, second: Turn, beside: Sequence[Turn], note: str, who: str, known: Moment, origin: str = ""
    ) -> None:
        """Exchange the people of two turns. ``beside``: everybody who stands on either shift, these two included, as
        who asks has seen it; what the exchange told of them becomes the twin's own roster.

        Raises:
            BadInput: the two cannot be exchanged. Conflict: one is over, somebody has changed a shift meanwhile, or
            somebody would stand on two shifts at once.
        """
        made = dict(zip((first.id, second.id), swapped(first, second), strict=True))
        still_to_come((first, second), known)
        there = {each.id for each in self._turns(_OF_SLOTS, {}, _slots(beside))}
        if there and there != {each.id for each in beside}:
            raise Conflict("somebody has changed this roster meanwhile; look again", "with", "changed_meanwhile")
        turns = [made.get(each.id, each) for each in beside]
        no_overlap([*turns, *self._others(turns)])
        said = {"with": [first.id, second.id], "people": [second.person, first.person], "note": note}
        entry = Entry(ROSTER, first.id, "swapped", who, said | ({"from": origin} if origin else {}))
        self._journal.write([entry], known)
        self._set(turns, "set", who, who, known, dict.fromkeys(made, note) if note else {})

    def _set(
        self,
        turns: Sequence[Turn],
        event: str,
        source: str,
        who: str,
        known: Moment,
        notes: dict[str, str] | None = None,
    ) -> None:
        """Make these turns the whole of the shifts that they stand on."""
        if not turns:
            return
        by_slot: dict[tuple[Any, ...], list[Turn]] = {}
        for each in turns:
            by_slot.setdefault(each.slot, []).append(each)
        entries = [
            Entry(ROSTER, f"{org}/{day}/{shift}", event, who, {"people": [_person(each) for each in held]})
            for (org, day, shift), held in by_slot.items()
        ]
        seq = self._journal.write(entries, known)
        self._database.execute(_END, {"known": known}, _slots(turns))
        rows = [asdict(each) | {"note": (notes or {}).get(each.id, each.note)} for each in turns]
        made = pl.DataFrame(rows, infer_schema_length=None)
        self._database.execute(_BEGIN, {"known": known, "seq": seq, "source": source, "who": who}, {"made": made})

    def _others(self, turns: Sequence[Turn]) -> list[Turn]:
        """What the same people stand on around these turns, on other shifts than theirs."""
        if not turns:
            return []
        people = pl.DataFrame({"person": sorted({each.person for each in turns})})
        around = {"start": min(each.starts for each in turns), "end": max(each.ends for each in turns)}
        return self._turns(_OF_PEOPLE, around, {"people": people} | _slots(turns))

    def _turns(self, sql: str, asked: dict[str, Any], tables: dict[str, pl.DataFrame]) -> list[Turn]:
        return [Turn(**row) for row in self._database.query(sql, asked, tables).iter_rows(named=True)]

    def _refuse(self, file: Import, refused: Sequence[Refusal], known: Moment) -> None:
        if not refused:
            return
        rows = [
            {
                "id": f"{file.id}-{each.line.number}",
                "line": each.line.number,
                "field": each.field,
                "code": each.code,
                "value": each.value[:200],
                "message": each.message,
                "raw": orjson.dumps(dict(each.line.cells)).decode()[:_RAW_LENGTH],
            }
            for each in refused
        ]
        asked = {"known": known, "import": file.id, "org": file.org}
        self._database.execute(_REFUSE, asked, {"made": pl.DataFrame(rows)})


def _slots(turns: Collection[Turn]) -> dict[str, pl.DataFrame]:
    """The shifts of some turns, as a table."""
    rows = sorted({each.slot for each in turns})
    return {"slots": pl.DataFrame(rows, _SLOT_TYPES, orient="row")}


def _person(turn: Turn) -> dict[str, str]:
    return {"person": turn.person, "name": turn.name, "role": turn.role}
