"""A shift that is handed over (AL-11, DR-2): prepared, signed by who hands over, signed by who takes over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from models.roster import shift_at
from twin.content import at as clock
from twin.content import text
from twin.duty_settings import DutySettings
from twin.errors import BadInput, Conflict, NotAllowed
from twin.moment import Moment, iso

REMARKS_LENGTH = 2000
GRACE = timedelta(hours=1)  # so long into a shift it is still the one before that is handed over


class HandoverState(StrEnum):
    """How far it is."""

    PREPARED = "prepared"
    GIVEN = "given"  # signed by who hands over; open until the other one signs
    DONE = "done"
    WITHDRAWN = "withdrawn"


class HandoverAction(StrEnum):
    """What is done with it."""

    GIVE = "give"
    TAKE = "take"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Counts:
    """What is handed over, counted as of a moment; ``raised``, ``closed``, ``decided`` since the last handover."""

    held: int = 0
    open_alarms: int = 0
    offline: int = 0
    repair: int = 0
    sources_down: int = 0
    raised: int = 0
    closed: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Handover:
    """One of them. ``since``: the moment of the one before; ``as_of``: the moment that the counts are of."""

    id: str
    org: str
    state: str
    day: date
    shift: str
    since: Moment | None
    as_of: Moment
    held: int
    open_alarms: int
    offline: int
    repair: int
    sources_down: int
    raised: int
    closed: int
    decided: int
    remarks: str
    prepared_by: str
    prepared_at: Moment
    given_by: str | None = None
    given_at: Moment | None = None
    taken_by: str | None = None
    taken_at: Moment | None = None
    withdrawn_by: str | None = None
    withdrawn_at: Moment | None = None


def shift_handed_over(duty: DutySettings, zone: str, at: Moment) -> tuple[date, str]:
    """The shift that somebody hands over at a moment."""
    return shift_at(duty, zone, at - GRACE)


def checked(handover: Handover, others: Collection[Handover]) -> Handover:
    """A handover as it may be prepared. ``others``: those of the same roster that are not withdrawn.

    Raises:
        BadInput: remarks too long. Conflict: the shift has one already.
    """
    if len(handover.remarks) > REMARKS_LENGTH:
        raise BadInput(f"remarks: at most {REMARKS_LENGTH} characters", "remarks")
    for each in others:
        if (each.day, each.shift) == (handover.day, handover.shift):
            why = f"the {each.shift} shift of {each.day} has a handover already, by {each.prepared_by}"
            said = text("refused.handed_over", shift=text(f"shift.{each.shift}"), who=each.prepared_by)
            raise Conflict(why, "remarks", "handed_over", said)
    return handover


def signed(handover: Handover, action: str, who: str, rights: Collection[str], at: Moment) -> Handover:
    """The handover after a signature, or withdrawn by who prepared it before anybody signed.

    Raises:
        BadInput: no such action. NotAllowed: without the right, both signatures by one person, or not one's own to
        withdraw. Conflict: it is not at that step.
    """
    if action not in list(HandoverAction):
        raise BadInput(f"action: '{action[:40]}' is none of {', '.join(HandoverAction)}", "action")
    if "hand_over" not in rights:
        raise NotAllowed(f"'{action}' needs the right 'hand_over'", "action", said=text("refused.no_right"))
    wanted = HandoverState.GIVEN if action == HandoverAction.TAKE else HandoverState.PREPARED
    if handover.state != wanted:
        raise Conflict(f"it is '{handover.state}' {_since(handover)}", "action", said=_told(handover))
    if action == HandoverAction.GIVE:
        return replace(handover, state=HandoverState.GIVEN, given_by=who, given_at=at)
    if action == HandoverAction.TAKE:
        if who == handover.given_by:
            why = "who takes over is another person than who hands over"
            raise NotAllowed(why, "action", "same_person", text("refused.signed_both"))
        return replace(handover, state=HandoverState.DONE, taken_by=who, taken_at=at)
    if who != handover.prepared_by:
        raise NotAllowed("only who prepared it may withdraw it", "action", said=text("refused.not_own"))
    return replace(handover, state=HandoverState.WITHDRAWN, withdrawn_by=who, withdrawn_at=at)


def _since(handover: Handover) -> str:
    changed = handover.withdrawn_at or handover.taken_at or handover.given_at or handover.prepared_at
    return f"since {iso(changed)}"


def _told(handover: Handover) -> object:
    changed = handover.withdrawn_at or handover.taken_at or handover.given_at or handover.prepared_at
    return text("refused.handover", state=text(f"handover.state.{handover.state}"), at=clock(changed))
