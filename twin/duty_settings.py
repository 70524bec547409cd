"""When shifts change and how long ahead papers are spoken of: ``[duty]`` and ``[expiry]`` of ``park.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from twin.errors import ParkError

MINUTES_A_DAY = 24 * 60
LONGEST_WINDOW_DAYS = 3650
LONGEST_MONTHS = 240
SHIFTS = ("morning", "middle", "night")
# Papers that expire (rules section 9, R-EX-1 … R-EX-14 in order), and those of R-EX-15.
FOURTEEN = (
    "major_danger", "production_licence", "use_licence", "trading_licence", "managers", "special_equipment",
    "hazard_assessment", "special_work", "standardisation", "status_evaluation", "equipment_operators", "drill",
    "plan_filing", "fire_facilities",
)  # fmt: skip
ALSO = ("contractors", "instruments", "materials", "plan_assessment", "regulations", "park_assessment")
SCENES = (*FOURTEEN, *ALSO)
_TIMES = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
# field, value, what is wrong
Told = tuple[str, Any, str]


@dataclass(frozen=True)
class DutySettings:
    """From when to when each shift is, by the park's clock (DR-1); together they fill the day."""

    morning: str = "00:30-08:30"
    middle: str = "08:30-16:30"
    night: str = "16:30-00:30"

    def __post_init__(self) -> None:
        for name, _, why in duty_faults({each.name: getattr(self, each.name) for each in fields(self)}):
            raise ParkError(f"park.toml: duty.{name} {why}", f"duty.{name}")

    def minutes(self, shift: str) -> tuple[int, int]:
        """Begin and end of a shift in minutes from the midnight of its day; one over midnight ends the next day."""
        begins, ends = _minutes(getattr(self, shift))
        return begins, ends if ends > begins else ends + MINUTES_A_DAY


@dataclass(frozen=True)
class ExpirySettings:
    """So many days ahead of its deadline a paper is spoken of, and how long those count that name no end."""

    days: tuple[int, ...] = (90, 60, 30, 7)
    scenes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # other days of a scene
    filing_months: int = 36  # a plan is filed again so long after it was filed last
    assessment_months: int = 36  # … and assessed
    regulation_months: int = 36  # a regulation is looked through so long after it was revised

    def __post_init__(self) -> None:
        for name, _, why in expiry_faults({each.name: getattr(self, each.name) for each in fields(self)}):
            raise ParkError(f"park.toml: expiry.{name} {why}", f"expiry.{name}")

    def windows(self, scene: str) -> tuple[int, ...]:
        """Days ahead of a scene, most first."""
        return tuple(sorted(self.scenes.get(scene, self.days), reverse=True))


def duty_faults(said: Mapping[str, Any]) -> Iterator[Told]:
    """Faults of ``[duty]``: what is no time, and shifts that overlap or leave a gap."""
    times = {name: said.get(name, getattr(DutySettings, name)) for name in SHIFTS}
    wrong = [name for name, each in times.items() if not (isinstance(each, str) and _TIMES.fullmatch(each))]
    for name in wrong:
        yield name, times[name], "must be two times, such as 00:30-08:30"
    if wrong:
        return
    spans = {name: _minutes(each) for name, each in times.items()}
    for name, (begins, ends) in spans.items():
        if begins == ends:
            yield name, times[name], "must not end when it begins"
    for name, then in zip(SHIFTS, (*SHIFTS[1:], SHIFTS[0]), strict=True):
        if spans[name][1] != spans[then][0]:
            yield then, times[then], f"must begin when {name} ends, at {times[name][-5:]}"
            return
    if sum((ends - begins) % MINUTES_A_DAY for begins, ends in spans.values()) != MINUTES_A_DAY:
        yield SHIFTS[0], times[SHIFTS[0]], "the shifts must fill one day"


def expiry_faults(said: Mapping[str, Any]) -> Iterator[Told]:
    """Faults of ``[expiry]``: windows that cannot be, scenes that are not known."""
    if "days" in said:
        yield from _windows("days", said["days"])
    scenes = said.get("scenes", {})
    for name, days in scenes.items() if isinstance(scenes, Mapping) else ():
        if name not in SCENES:
            yield f"scenes.{name}", days, f"is none of {', '.join(SCENES)}"
        else:
            yield from _windows(f"scenes.{name}", days)
    for name in ("filing_months", "assessment_months", "regulation_months"):
        months = said.get(name, 1)
        if type(months) is int and not 1 <= months <= LONGEST_MONTHS:
            yield name, months, f"must be from 1 to {LONGEST_MONTHS} months"


def _windows(name: str, days: Any) -> Iterator[Told]:
    listed = days if isinstance(days, Sequence) and not isinstance(days, str) else ()
    if not listed:
        yield name, days, "needs at least one number of days"
    for each in listed:
        if type(each) is not int or not 1 <= each <= LONGEST_WINDOW_DAYS:
            yield name, each, f"must be whole days from 1 to {LONGEST_WINDOW_DAYS}, ahead of the deadline"
            return
    if len(set(listed)) < len(listed):
        yield name, list(listed), "names the same number of days twice"


def _minutes(said: str) -> tuple[int, int]:
    found = _TIMES.fullmatch(said)
    assert found is not None
    hours, minutes, then_hours, then_minutes = map(int, found.groups())
    return hours * 60 + minutes, then_hours * 60 + then_minutes
