"""A gas warning as it is known at one moment, and what the machine finds of it (R-GAS-1 … R-GAS-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from models.gas_warning import Excess
from models.gas_warning_evidence import Evidence
from twin.level import RANK
from twin.moment import Moment
from twin.warning_settings import WarningSettings

GRAVE = ("orange", "red")  # close only with a report, are overdue, start plans
NO_LEVEL = 0


class WarningState(StrEnum):
    """How far a warning is: nobody has told its result, the result is told, closed."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a warning comes from. ``owner`` None: a public area; ``affected``: enterprises that it touches."""

    point: str
    lon: float | None
    lat: float | None
    name_zh: str | None
    name_en: str | None
    medium: str | None
    toxic: bool
    owner: str | None
    affected: tuple[str, ...]
    radius_m: float


@dataclass(frozen=True, slots=True)
class GasWarning:
    """One warning. ``level``: in effect, None once the danger is over; ``machine``: what its inputs give; ``hand``: set
    by a person, until the inputs demand more than they did then (``hand_over``). ``worst``: the highest level since it
    began or was lowered by hand; ``due``: it must be handled until then (R-GAS-7). ``raised`` counts its rises;
    ``exposed``: people are downwind of a toxic gas beyond its second limit."""

    id: str
    state: str
    level: str | None
    machine: str | None
    worst: str
    worst_at: Moment
    why: str
    began_at: Moment
    opened_at: Moment
    point: str
    toxic: bool
    affected: tuple[str, ...]
    radius_m: float
    points: int
    alarms: int
    lon: float | None = None
    lat: float | None = None
    name_zh: str | None = None
    name_en: str | None = None
    medium: str | None = None
    owner: str | None = None
    hand: str | None = None
    hand_over: str | None = None
    exposed: bool = False
    due: Moment | None = None
    raised: int = 1
    over_at: Moment | None = None
    feedback_at: Moment | None = None
    feedback_by: str | None = None
    reported_at: Moment | None = None
    result_at: Moment | None = None
    result_by: str | None = None
    reports: int = 0
    prestart_at: Moment | None = None
    prestart_by: str | None = None
    overdue_at: Moment | None = None
    cautions: int = 0
    closed_at: Moment | None = None
    closed_by: str | None = None
    basis: str | None = None
    events: int = 1
    last_event: str = "opened"
    last_by: str = ""
    last_at: Moment | None = None

    @property
    def inside(self) -> bool:
        """Whether its source lies in an enterprise (R-GAS-1)."""
        return self.owner is not None

    @property
    def grave(self) -> bool:
        """Whether it closes only with a report and may be overdue."""
        return self.worst in GRAVE

    @property
    def closed(self) -> bool:
        """Whether nothing more is done with it."""
        return self.state == WarningState.CLOSED

    def overdue(self, at: Moment) -> bool:
        """Whether it has not been handled in time and nobody has been told so."""
        return self.state == WarningState.OPEN and self.due is not None and self.due <= at and self.overdue_at is None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the machine has found of one warning at ``at``. ``members``: excesses that it did not have before; ``why``:
    the row of the rule that its level comes from, ``held_at``: since when that holds."""

    warning: str
    at: Moment
    level: str | None
    why: str
    held_at: Moment
    began_at: Moment
    source: Source
    members: tuple[Excess, ...]
    alarms: int  # that it has in all
    evidence: Evidence
    exposed: bool = False
    places: tuple[str, ...] = ()  # downwind


def rank(level: str | None) -> int:
    """Levels in order; nothing is below blue."""
    return RANK.get(level or "", NO_LEVEL)


def opened(finding: Finding, known: Moment, rules: WarningSettings) -> GasWarning:
    """The warning that a first finding makes; its level is not None."""
    source, level = finding.source, finding.level or "blue"
    return GasWarning(
        id=finding.warning, state=WarningState.OPEN, level=level, machine=level, worst=level, worst_at=known,
        why=finding.why, began_at=finding.began_at, opened_at=known, point=source.point, toxic=source.toxic,
        affected=source.affected, radius_m=source.radius_m, points=finding.evidence.points,
        alarms=finding.alarms, exposed=finding.exposed, lon=source.lon, lat=source.lat, name_zh=source.name_zh,
        name_en=source.name_en, medium=source.medium, owner=source.owner, last_at=known,
        due=due_after(None, level, known, rules),
    )  # fmt: skip


def found(
    warning: GasWarning, finding: Finding, known: Moment, rules: WarningSettings
) -> tuple[GasWarning, str | None]:
    """The warning after a finding, and what has happened to its level: ``raised``, ``lowered``, ``over`` or nothing."""
    wider = tuple(dict.fromkeys((*warning.affected, *finding.source.affected)))
    seen = replace(
        warning, affected=wider, radius_m=max(warning.radius_m, finding.source.radius_m), machine=finding.level,
        why=finding.why if finding.level else warning.why, points=max(warning.points, finding.evidence.points),
        alarms=max(warning.alarms, finding.alarms), exposed=finding.exposed,
        over_at=None if finding.level else warning.over_at or known,
    )  # fmt: skip
    if seen.hand is not None and rank(finding.level) > rank(seen.hand_over):
        seen = replace(seen, hand=None, hand_over=None)  # the inputs demand more than whoever set it had before them
    level = seen.hand or finding.level
    if rank(level) > rank(warning.level):
        return risen(seen, str(level), known, rules), "raised"
    if rank(level) < rank(warning.level):
        return replace(seen, level=level), "lowered" if level else "over"
    over = finding.level is None and warning.machine is not None
    return seen, "over" if over else None


def risen(warning: GasWarning, level: str, at: Moment, rules: WarningSettings) -> GasWarning:
    """The warning at a higher level: what was told of its result holds no more, and its time runs."""
    worse = rank(level) >= rank(warning.worst)
    told = warning.state == WarningState.SUBMITTED
    worst = level if worse else warning.worst
    due, late = warning.due, warning.overdue_at
    if rank(level) > rank(warning.worst) or told:
        due, late = due_after(None if late or told else due, worst, at, rules), None
    return replace(
        warning, level=level, worst=worst, worst_at=at if rank(level) > rank(warning.worst) else warning.worst_at,
        due=due, overdue_at=late, raised=warning.raised + 1, state=WarningState.OPEN,
        result_at=None, result_by=None,
    )  # fmt: skip


def due_after(before: Moment | None, worst: str, at: Moment, rules: WarningSettings) -> Moment | None:
    """Until when a warning must be handled that has reached a level; no rise gives more time than there was."""
    allowed = rules.allowed.get(worst)
    if allowed is None:
        return None
    return at + allowed if before is None else min(before, at + allowed)
