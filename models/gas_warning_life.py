"""What people do with a gas warning (R-GAS-10 … R-GAS-14): who may, when nothing more can be done, what closes it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from models.gas_warning_state import GRAVE, GasWarning, WarningState, due_after, rank, risen
from twin.content import Text, text
from twin.content import at as clock
from twin.errors import BadInput, Conflict, NotAllowed
from twin.level import RANK
from twin.moment import Moment, iso
from twin.warning_settings import WarningSettings

NOTE_LENGTH = 2000
REPORT_FIELDS = ("area", "situation", "measures")  # R-GAS-10; ``other`` may be empty


class WarningAction(StrEnum):
    """What is done with a warning."""

    FEEDBACK = "feedback"
    MEASURES = "measures"
    REPORT = "report"
    RESULT = "result"
    LEVEL = "level"
    PRESTART = "prestart"
    CLOSE = "close"


class Basis(StrEnum):
    """Why a warning may be released (R-GAS-14)."""

    OVER = "over"  # the danger is over
    IMPOSSIBLE = "impossible"  # facts show that an accident is impossible


NEEDS = {
    WarningAction.FEEDBACK: "handle_warning",
    WarningAction.MEASURES: "handle_warning",
    WarningAction.REPORT: "handle_warning",
    WarningAction.RESULT: "handle_warning",
    WarningAction.LEVEL: "close_warning",
    WarningAction.PRESTART: "close_warning",
    WarningAction.CLOSE: "close_warning",
}
OF_PARK = frozenset({WarningAction.LEVEL, WarningAction.PRESTART, WarningAction.CLOSE})


@dataclass(frozen=True)
class WarningWish:
    """What somebody wants to do; ``said`` has the fields of a report, ``level`` and ``basis`` are of their actions."""

    action: str
    note: str = ""
    level: str | None = None
    basis: str | None = None
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Actor:
    """Who does it; ``enterprise`` None: one of the park's own people."""

    id: str
    rights: Collection[str]
    enterprise: str | None = None


def acted(
    warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings
) -> tuple[GasWarning, dict[str, Any]]:
    """The warning after an action, and what the journal is to say of it.

    Raises:
        BadInput: no such action, or something that must be said is missing. NotAllowed: without the right, or of
        another enterprise. Conflict: closed, done before, or not yet possible; the message says who did what.
    """
    if wish.action not in list(WarningAction):
        raise BadInput(f"action: '{wish.action[:40]}' is none of {', '.join(WarningAction)}", "action")
    action = WarningAction(wish.action)
    may(warning, NEEDS[action], who, of_park=action in OF_PARK)
    need_open(warning)
    _need_words(action, wish)
    made, said = _STEPS[action](warning, wish, who, at, rules)
    note = {"note": wish.note.strip()} if wish.note.strip() else {}
    return stamped(made, action, who.id, at), {**said, **note}


def may(warning: GasWarning, right: str, who: Actor, *, of_park: bool = False) -> None:
    """Refuse who has not the right, or is of another enterprise than the warning's.

    Raises:
        NotAllowed: so it is.
    """
    if right not in who.rights:
        raise NotAllowed(f"it needs the right '{right}'", "action", said=text("refused.no_right"))
    if who.enterprise is not None and (of_park or who.enterprise != warning.owner):
        raise NotAllowed("it is not your enterprise's to decide", "action", said=text("warning.refused.foreign"))


def need_open(warning: GasWarning) -> None:
    """Refuse what is closed.

    Raises:
        Conflict: it is; says by whom and when.
    """
    if warning.closed:
        when = iso(warning.closed_at) if warning.closed_at else "?"
        said = text("warning.refused.closed", who=warning.closed_by, at=clock(warning.closed_at))
        raise Conflict(f"it was closed by {warning.closed_by} at {when}", "action", said=said)


def stamped(warning: GasWarning, event: str, who: str, at: Moment) -> GasWarning:
    """The warning with what has happened to it last."""
    return replace(warning, events=warning.events + 1, last_event=event, last_by=who, last_at=at)


def possible(submitted: bool, grave: bool, prestarted: bool) -> list[WarningAction]:
    """What may be done with a warning that is not closed, whoever does it, in the order of ``WarningAction``: for
    buttons."""
    not_now = {WarningAction.RESULT} if submitted else set[WarningAction]()
    if prestarted or grave:
        not_now.add(WarningAction.PRESTART)
    return [each for each in WarningAction if each not in not_now]


# --- what is said ------------------------------------------------------------------------------


def _need_words(action: WarningAction, wish: WarningWish) -> None:
    told = dict(wish.said)
    too_long = next((name for name, each in (("note", wish.note), *told.items()) if len(each) > NOTE_LENGTH), None)
    if too_long:
        raise BadInput(f"{too_long}: more than {NOTE_LENGTH} characters", too_long)
    if action is WarningAction.REPORT:
        missing = next((name for name in REPORT_FIELDS if not told.get(name, "").strip()), None)
        if missing:
            raise BadInput(f"{missing}: a report says it", missing, "no_reason", text("refused.no_reason"))
    elif not wish.note.strip():
        raise BadInput(f"note: '{action}' needs some words", "note", "no_reason", text("refused.no_reason"))


# --- one action each ---------------------------------------------------------------------------

Step = tuple[GasWarning, dict[str, Any]]


def _heard(warning: GasWarning, who: Actor, at: Moment) -> GasWarning:
    """Whoever tells something of it has answered it."""
    if warning.feedback_at is not None:
        return warning
    return replace(warning, feedback_at=at, feedback_by=who.id)


def _feedback(warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings) -> Step:
    return _heard(warning, who, at), {}


def _report(warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings) -> Step:
    said = {name: each.strip() for name, each in wish.said if each.strip()}
    return replace(_heard(warning, who, at), reported_at=warning.reported_at or at), said


def _result(warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings) -> Step:
    if warning.state == WarningState.SUBMITTED:
        said = text("warning.refused.submitted", who=warning.result_by, at=clock(warning.result_at))
        raise Conflict(f"its result was submitted by {warning.result_by}", "action", said=said)
    made = replace(_heard(warning, who, at), state=WarningState.SUBMITTED, result_at=at, result_by=who.id)
    # the park may write down what an enterprise tells it by telephone; the journal says that it did
    return made, {"for": warning.owner} if warning.inside and who.enterprise is None else {}


def _level(warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings) -> Step:
    """Raised or lowered by hand (R-GAS-13); the journal keeps from what to what, when and by whom."""
    if wish.level not in RANK:
        raise BadInput(f"level: one of {', '.join(RANK)}", "level")
    if wish.level == warning.level:
        why = f"it is '{wish.level}' already: '{warning.last_event}' by {warning.last_by}"
        raise Conflict(why, "level", said=text("warning.refused.same_level", level=text(f"level.{wish.level}")))
    said = {"was": warning.level, "to": wish.level}  # ``from`` is where they sit
    held = replace(warning, hand=wish.level, hand_over=warning.machine)
    if rank(wish.level) > rank(warning.level):
        return risen(held, wish.level, at, rules), said
    due = due_after(None, wish.level, warning.worst_at, rules)
    return replace(held, level=wish.level, worst=wish.level, due=due), said


def _prestart(warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings) -> Step:
    if warning.prestart_at is not None:
        said = text("warning.refused.prestarted", who=warning.prestart_by, at=clock(warning.prestart_at))
        raise Conflict(f"the pre-warning was started by {warning.prestart_by}", "action", said=said)
    if warning.level in GRAVE:
        why = "the start condition holds already: the plan is started, not the pre-warning (R-GAS-12)"
        raise Conflict(why, "action", said=text("warning.refused.plan_holds"))
    return replace(warning, prestart_at=at, prestart_by=who.id), {}


def _close(warning: GasWarning, wish: WarningWish, who: Actor, at: Moment, rules: WarningSettings) -> Step:
    if wish.basis not in list(Basis):
        raise BadInput(f"basis: one of {', '.join(Basis)}", "basis")
    if wish.basis == Basis.OVER and warning.machine is not None:
        why = "the danger is not over: the values have not stayed below for long enough"
        raise Conflict(why, "basis", said=text("warning.refused.lasts"))
    if warning.inside and warning.state != WarningState.SUBMITTED:
        why = "the enterprise submits its result first (R-GAS-14)"
        raise Conflict(why, "action", said=text("warning.refused.no_result"))
    if warning.grave and not warning.reports:
        why = f"a warning that was '{warning.worst}' closes only with an accident investigation report (R-GAS-14)"
        raise Conflict(why, "action", said=_no_report(warning))
    made = replace(
        _heard(warning, who, at), state=WarningState.CLOSED, closed_at=at, closed_by=who.id, basis=wish.basis
    )
    return made, {"basis": wish.basis}


def _no_report(warning: GasWarning) -> Text:
    return text("warning.refused.no_report", level=text(f"level.{warning.worst}"))


_STEPS: dict[WarningAction, Callable[[GasWarning, WarningWish, Actor, Moment, WarningSettings], Step]] = {
    WarningAction.FEEDBACK: _feedback,
    WarningAction.MEASURES: _feedback,
    WarningAction.REPORT: _report,
    WarningAction.RESULT: _result,
    WarningAction.LEVEL: _level,
    WarningAction.PRESTART: _prestart,
    WarningAction.CLOSE: _close,
}
