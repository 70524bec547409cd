"""Applications for points under repair or stopped (R-AL-8): who may decide, and when nothing more can be done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from twin.content import at as clock
from twin.content import text
from twin.errors import BadInput, Conflict, NotAllowed
from twin.moment import Moment, iso

LONGEST = timedelta(days=92)
NOTE_LENGTH = 2000


class FaultState(StrEnum):
    """How far an application is."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class FaultReason(StrEnum):
    """Why the points are not to alarm."""

    REPAIR = "repair"
    SHUTDOWN = "shutdown"
    CALIBRATION = "calibration"


class FaultAction(StrEnum):
    """What is done with an application."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Fault:
    """One application: its points raise no alarm from ``starts`` to before ``ends`` (source time) once approved."""

    id: str
    state: str
    reason: str
    target: str
    points: tuple[str, ...]
    starts: Moment
    ends: Moment
    note: str
    applied_by: str
    applied_at: Moment
    owner: str | None = None
    decided_by: str | None = None
    decided_at: Moment | None = None
    decision: str | None = None

    def covers(self, at: Moment) -> bool:
        """Whether its points raise no alarm at a moment."""
        return self.state == FaultState.APPROVED and self.starts <= at < self.ends


def checked(fault: Fault) -> Fault:
    """An application as it may be handed in.

    Raises:
        BadInput: without points, without a note, or with a period that cannot be.
    """
    if fault.reason not in list(FaultReason):
        raise BadInput(f"reason: one of {', '.join(FaultReason)}", "reason")
    if not fault.points:
        why = f"target: nothing that measures belongs to '{fault.target[:60]}'"
        raise BadInput(why, "target", said=text("refused.no_points", target=fault.target[:60]))
    if not fault.note.strip() or len(fault.note) > NOTE_LENGTH:
        why = "note: say what is done, in at most 2000 characters"
        raise BadInput(why, "note", "no_reason", text("refused.no_reason"))
    if fault.ends <= fault.starts:
        raise BadInput("ends: not after the start", "ends", said=text("refused.ends_before"))
    if fault.ends <= fault.applied_at:
        raise BadInput("ends: it is over already", "ends", said=text("refused.ended"))
    if fault.ends - fault.starts > LONGEST:
        why = f"ends: more than {LONGEST.days} days after the start"
        raise BadInput(why, "ends", said=text("refused.too_long", n=LONGEST.days))
    return fault


_NEEDS = {
    FaultAction.APPROVE: "approve_fault",
    FaultAction.REFUSE: "approve_fault",
    FaultAction.WITHDRAW: "apply_fault",
}
_BECOMES = {
    FaultAction.APPROVE: FaultState.APPROVED,
    FaultAction.REFUSE: FaultState.REFUSED,
    FaultAction.WITHDRAW: FaultState.WITHDRAWN,
}


def decided(fault: Fault, action: str, note: str, who: str, rights: Collection[str], at: Moment) -> Fault:
    """The application after an action.

    Raises:
        BadInput: no such action, or a refusal without a reason. NotAllowed: without the right, or one's own
        application approved. Conflict: it was decided before, or its period is over.
    """
    if action not in list(FaultAction):
        raise BadInput(f"action: '{action[:40]}' is none of {', '.join(FaultAction)}", "action")
    act = FaultAction(action)
    if _NEEDS[act] not in rights:
        raise NotAllowed(f"'{act}' needs the right '{_NEEDS[act]}'", "action", said=text("refused.no_right"))
    if act is FaultAction.REFUSE and not note.strip():
        raise BadInput("note: a refusal needs a reason", "note", "no_reason", text("refused.no_reason"))
    if act is not FaultAction.WITHDRAW and fault.applied_by == who:
        why = "an application is decided by another person than who made it"
        raise NotAllowed(why, "action", said=text("refused.own"))
    possible = {FaultState.PENDING, FaultState.APPROVED} if act is FaultAction.WITHDRAW else {FaultState.PENDING}
    if fault.state not in possible:
        when = iso(fault.decided_at) if fault.decided_at else "?"
        why = f"it is '{fault.state}' already, by {fault.decided_by} at {when}"
        state = text(f"state.{fault.state}")
        said = text("refused.decided", who=fault.decided_by, state=state, at=clock(fault.decided_at))
        raise Conflict(why, "action", said=said)
    if act is not FaultAction.REFUSE and fault.ends <= at:
        raise Conflict("its period is over", "action", said=text("refused.ended"))
    return replace(fault, state=_BECOMES[act], decided_by=who, decided_at=at, decision=note.strip() or None)
