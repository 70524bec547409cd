"""Rosters (DR-1): which shift is when, who stands on it, and what a roster may not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from twin.content import text
from twin.duty_settings import SHIFTS, DutySettings
from twin.errors import BadInput, Conflict
from twin.moment import UTC, Moment

PARK_ORG = "park"  # whose roster it is: the park's, or an enterprise's id
NOTE_LENGTH = 500


class DutyRole(StrEnum):
    """As what somebody is on duty."""

    LEADER = "leader"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Turn:
    """One person on one shift: from ``starts`` to before ``ends``. ``day``: the local day on which the shift begins."""

    id: str
    org: str
    day: date
    shift: str
    role: str
    person: str
    name: str
    starts: Moment
    ends: Moment
    note: str = ""

    @property
    def slot(self) -> tuple[str, date, str]:
        """The shift that it stands on."""
        return self.org, self.day, self.shift


def period(duty: DutySettings, zone: str, day: date, shift: str) -> tuple[Moment, Moment]:
    """From when to when a shift of a local day is."""
    begins, ends = duty.minutes(shift)
    return _clock(day, begins, zone), _clock(day, ends, zone)


def shift_at(duty: DutySettings, zone: str, at: Moment) -> tuple[date, str]:
    """Day and name of the shift that a moment lies in."""
    today = at.astimezone(ZoneInfo(zone)).date()
    for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
        for shift in SHIFTS:
            starts, ends = period(duty, zone, day, shift)
            if starts <= at < ends:
                return day, shift
    raise AssertionError("the shifts fill the day")  # twin.duty_settings has seen to it


def _clock(day: date, minutes: int, zone: str) -> Moment:
    """So many minutes of the wall clock after a local midnight."""
    local = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    return local.astimezone(UTC)


def overlaps(turns: Iterable[Turn]) -> Iterator[tuple[Turn, Turn]]:
    """Turns of one person at the same time: each with the one before it that it meets."""
    ordered = sorted(turns, key=lambda each: (each.person, each.starts, each.ends, each.id))
    last: Turn | None = None  # the one that ends last of this person's so far
    for each in ordered:
        if last is None or last.person != each.person:
            last = each
            continue
        if each.starts < last.ends:
            yield last, each
        if each.ends > last.ends:
            last = each


def swapped(first: Turn, second: Turn) -> tuple[Turn, Turn]:
    """Two turns with their people exchanged.

    Raises:
        BadInput: they are not two people's of one roster. Conflict: see ``still_to_come``.
    """
    if first.org != second.org:
        raise BadInput("with: it stands on another roster", "with", said=text("refused.other_roster"))
    if first.person == second.person:
        raise BadInput("with: it is the same person", "with", said=text("refused.same_person"))
    return (
        replace(first, person=second.person, name=second.name),
        replace(second, person=first.person, name=first.name),
    )


def still_to_come(turns: Sequence[Turn], at: Moment) -> None:
    """Only what is not over may be changed.

    Raises:
        Conflict: one is over.
    """
    for each in turns:
        if each.ends <= at:
            why = f"the {each.shift} shift of {each.day} is over"
            raise Conflict(why, "with", "shift_over", text("refused.shift_over"))


def no_overlap(turns: Iterable[Turn]) -> None:
    """Nobody may stand on two shifts at the same time.

    Raises:
        Conflict: somebody does; names person and shift.
    """
    for before, each in overlaps(turns):
        why = f"{each.name} ({each.person}) would be on the {before.shift} shift of {before.day} at the same time"
        told = text("refused.overlap", who=each.name, day=before.day.isoformat(), shift=text(f"shift.{before.shift}"))
        raise Conflict(why, "with", "overlap", told)


def gaps(slots: Sequence[tuple[date, str]], there: Iterable[tuple[date, str, str]]) -> list[tuple[date, str, str]]:
    """Shifts that nobody stands on (``none``) or that have no leader (``leader``): day, shift, what is missing.
    ``there``: day, shift and role of all that stand on them."""
    held: dict[tuple[date, str], set[str]] = {}
    for day, shift, role in there:
        held.setdefault((day, shift), set()).add(role)
    missing = []
    for day, shift in slots:
        roles = held.get((day, shift), set())
        if not roles:
            missing.append((day, shift, "none"))
        elif DutyRole.LEADER not in roles:
            missing.append((day, shift, "leader"))
    return missing


def slots_between(duty: DutySettings, zone: str, at: Moment, until: Moment) -> list[tuple[date, str]]:
    """The shifts from the one that a moment lies in until another one's, in order of time."""
    first, last = (shift_at(duty, zone, each) for each in (at, until))
    days = (last[0] - first[0]).days
    every = [(first[0] + timedelta(days=n), shift) for n in range(days + 1) for shift in SHIFTS]
    return every[every.index(first) : every.index(last) + 1]


__all__ = [
    "NOTE_LENGTH", "PARK_ORG", "SHIFTS", "DutyRole", "Turn", "gaps", "no_overlap", "overlaps", "period", "shift_at",
    "slots_between", "still_to_come", "swapped",
]  # fmt: skip
