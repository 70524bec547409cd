"""Rosters that come as a file (DR-1): what a row says, and why one cannot be; the others go through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.roster import PARK_ORG, DutyRole, Turn, overlaps, period
from twin.duty_settings import DutySettings
from twin.duty_words import DATE, is_park, meaning

FIELDS = ("day", "shift", "role", "person", "enterprise")
MOST_ROWS = 5000
Cells = Mapping[str, str]


class Known(NamedTuple):
    """Somebody who may stand on a shift; ``org``: whose person it is, None where nobody says."""

    id: str
    name: str
    org: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: its number as the file shows it (heads are row 1), and its cells as texts."""

    number: int
    cells: Cells

    def cell(self, field: str) -> str:
        """What stands in a column, empty where nothing does."""
        return (self.cells.get(field) or "").strip()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be: which field of it, and why."""

    line: Line
    field: str
    code: str
    message: str

    @property
    def value(self) -> str:
        """What stands there."""
        return self.line.cell(self.field)


@dataclass(frozen=True)
class Ground:
    """What rows are held against. ``own``: the one enterprise that may be named, None: any and the park."""

    duty: DutySettings
    zone: str
    people: Sequence[Known]
    enterprises: Mapping[str, str]  # id and names, lower case -> id
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that can be, and the turn that it makes."""

    line: Line
    turn: Turn


def read_lines(lines: Iterable[Line], ground: Ground, prefix: str) -> tuple[list[Taken], list[Refusal]]:
    """The turns that rows make, and those rows that make none. Each turn's id is ``prefix`` with the row's number."""
    people = _People(ground.people)
    taken: list[Taken] = []
    refused: list[Refusal] = []
    for line in lines:
        made = _turn(line, ground, people, f"{prefix}-{line.number}")
        if isinstance(made, Refusal):
            refused.append(made)
        else:
            taken.append(Taken(line, made))
    return taken, refused


def settled(taken: Sequence[Taken], others: Iterable[Turn]) -> tuple[list[Taken], list[Refusal]]:
    """Those that go together, in the order of the file; of two leaders of one shift, and of two shifts of one person
    at the same time, the later row is refused. ``others``: turns that stay beside them."""
    leaders: dict[tuple[str, date, str], Taken] = {}
    busy: dict[str, list[Turn]] = {}
    for other in others:
        busy.setdefault(other.person, []).append(other)
    good: list[Taken] = []
    refused: list[Refusal] = []
    for each in sorted(taken, key=lambda one: one.line.number):
        turn = each.turn
        first = leaders.get(turn.slot) if turn.role == DutyRole.LEADER else None
        met = next(iter(overlaps([*busy.get(turn.person, ()), turn])), None)
        if met is not None:
            why = f"person: {turn.name} is on the {_other(met, turn).shift} shift of {_other(met, turn).day} by then"
            refused.append(Refusal(each.line, "person", "overlap", why))
        elif first is not None:
            why = f"role: row {first.line.number} names {first.turn.name} as the leader of this shift"
            refused.append(Refusal(each.line, "role", "two_leaders", why))
        else:
            good.append(each)
            busy.setdefault(turn.person, []).append(turn)
            if turn.role == DutyRole.LEADER:
                leaders[turn.slot] = each
    return good, refused


def _other(met: tuple[Turn, Turn], turn: Turn) -> Turn:
    return met[0] if met[1].id == turn.id else met[1]


class _People:
    """Persons by id and by name."""

    def __init__(self, people: Sequence[Known]) -> None:
        self._by_id = {each.id: each for each in people}
        self._by_name: dict[str, list[Known]] = {}
        for each in people:
            self._by_name.setdefault(each.name, []).append(each)

    def find(self, said: str, org: str) -> list[Known]:
        """Who is meant; of several of one name, those of the organisation."""
        if said in self._by_id:
            return [self._by_id[said]]
        named = self._by_name.get(said, [])
        whose = None if org == PARK_ORG else org
        return [each for each in named if each.org == whose] or named if len(named) > 1 else named


def _turn(line: Line, ground: Ground, people: _People, id: str) -> Turn | Refusal:
    empty = next((each for each in FIELDS[:4] if not line.cell(each)), None)
    if empty is not None:
        return Refusal(line, empty, "missing", f"{empty}: nothing stands there")
    day = _day(line.cell("day"))
    if day is None:
        return Refusal(line, "day", "bad_date", f"day: '{line.cell('day')[:40]}' is no date, such as 2026-11-21")
    shift, role = (meaning(each, line.cell(each)) for each in ("shift", "role"))
    for field, found in (("shift", shift), ("role", role)):
        if found is None:
            said = line.cell(field)[:40]
            return Refusal(line, field, f"unknown_{field}", f"{field}: there is no {field} '{said}'")
    org = _org(line, ground)
    if isinstance(org, Refusal):
        return org
    person = _person(line, people, org)
    if isinstance(person, Refusal):
        return person
    assert shift is not None
    assert role is not None
    starts, ends = period(ground.duty, ground.zone, day, shift)
    return Turn(id, org, day, shift, role, person.id, person.name, starts, ends)


def _day(said: str) -> date | None:
    found = DATE.fullmatch(said)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _org(line: Line, ground: Ground) -> str | Refusal:
    said = line.cell("enterprise")
    if is_park(said):
        org = PARK_ORG if ground.own is None or said else ground.own
    else:
        org = ground.enterprises.get(said.lower(), "")
    if not org:
        return Refusal(line, "enterprise", "unknown_enterprise", f"enterprise: there is no '{said[:40]}'")
    if ground.own is not None and org != ground.own:
        return Refusal(line, "enterprise", "not_yours", f"enterprise: '{said[:40]}' is not yours")
    return org


def _person(line: Line, people: _People, org: str) -> Known | Refusal:
    said = line.cell("person")
    found = people.find(said, org)
    if not found:
        return Refusal(line, "person", "unknown_person", f"person: nobody is known as '{said[:40]}'")
    if len(found) > 1:
        ids = ", ".join(each.id for each in found[:5])
        return Refusal(line, "person", "ambiguous_person", f"person: several are called '{said[:40]}': {ids}")
    [one] = found
    if org != PARK_ORG and one.org not in (None, org):
        return Refusal(line, "person", "of_another", f"person: '{said[:40]}' belongs to another enterprise")
    return one
