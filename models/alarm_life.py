"""Who may do what with an alarm in which stage (R-AL-2 … R-AL-13, AL-14): one table, and the few rules beside it.

``decide`` is given an alarm and what a person wants to do, and answers with what the journal is to say, or with an
error that names who did what before; ``models.alarm_state.apply`` then makes the alarm of it. Nothing is ever taken
back by deletion: ``reopen``, ``release`` and another judgement are events as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models.alarm_state import LOUD, Alarm
from twin.alarm import Action, ClosedAs, Judgement, Stage
from twin.content import Text, text
from twin.content import at as clock
from twin.errors import BadInput, Conflict, NotAllowed
from twin.level import AlarmLevel
from twin.moment import Moment, iso

MOMENTARY_TEXT = "alarm.text.momentary"  # the fixed text that a momentary excess is closed with (R-AL-11)
BY_TELEPHONE = frozenset({AlarmLevel.A})  # confirmed on the telephone, always (R-AL-12)
DOCUMENT_KINDS = frozenset({"expiry"})
NOTE_LENGTH = 2000
_OPEN = frozenset(Stage) - {Stage.CLOSED}
_AT_WORK = frozenset({Stage.NEW, Stage.SCREEN, Stage.WATCH, Stage.HELD})

# the stages in which an action may be done
ALLOWED: Mapping[Action, frozenset[Stage]] = {
    Action.ACKNOWLEDGE: frozenset({Stage.NEW}),
    Action.WATCH: frozenset({Stage.NEW, Stage.SCREEN}),
    Action.CONTACT: _AT_WORK | {Stage.HANDLED},
    Action.DISPATCH: _AT_WORK | {Stage.HANDLED},
    Action.JUDGE: _OPEN,
    Action.SECOND_LOOK: _OPEN,
    Action.REPORT: _AT_WORK,
    Action.OFF: frozenset({Stage.WATCH, Stage.HANDLED}),
    Action.CLOSE: frozenset({Stage.HANDLED, Stage.OFF}),
    Action.HOLD: _OPEN - {Stage.HELD},
    Action.RELEASE: frozenset({Stage.HELD}),
    Action.NOTE: frozenset(Stage),
    Action.REOPEN: frozenset({Stage.HANDLED, Stage.OFF, Stage.CLOSED}),
}
# the right that it needs (twin.roles.Right)
NEEDS: Mapping[Action, str] = {
    **dict.fromkeys(Action, "act_alarm"),
    Action.JUDGE: "judge_alarm",
    Action.SECOND_LOOK: "second_look",
    Action.CLOSE: "close_alarm",
    Action.REOPEN: "close_alarm",
    Action.HOLD: "hold_alarm",
    Action.RELEASE: "hold_alarm",
}
# what must be said with it, whatever the alarm
REASONED = frozenset({Action.REPORT, Action.HOLD, Action.NOTE, Action.REOPEN})


@dataclass(frozen=True)
class Wish:
    """What a person wants to do. ``judged``: the judgement; ``agree``: with the judgement of another person; ``to``:
    whom it is sent to, or with whom it was confirmed on the telephone; ``seen``: how many events the person had seen
    (None: not said)."""

    action: str
    note: str = ""
    judged: str | None = None
    agree: bool | None = None
    to: str | None = None
    renewed: bool = False
    seen: int | None = None


def decide(alarm: Alarm, wish: Wish, who: str, rights: Collection[str], at: Moment) -> dict[str, Any]:
    """What the journal is to say of it.

    Raises:
        BadInput: no such action, or a reason or a choice is missing. NotAllowed: without the right, or the second look
        of one's own judgement. Conflict: the stage does not allow it; the message says who did what.
    """
    action = _action(wish)
    if NEEDS[action] not in rights:
        raise NotAllowed(f"'{action}' needs the right '{NEEDS[action]}'", "action", said=text("refused.no_right"))
    said = _reasoned(alarm, action, wish)
    if wish.seen is not None and wish.seen != alarm.events:
        told = text("refused.meanwhile", last=_last_said(alarm))
        raise Conflict(f"something was done in the meantime: {_last(alarm)}", "seen", said=told)
    if Stage(alarm.stage) not in ALLOWED[action] | _more(alarm, action, wish):
        why = f"'{action}' cannot be done to an alarm in the stage '{alarm.stage}': {_last(alarm)}"
        stage, wanted = text(f"alarm.stage.{alarm.stage}"), text(f"alarm.event.{action}")
        told = text("refused.stage", action=wanted, stage=stage, last=_last_said(alarm))
        raise Conflict(why, "action", said=told)
    return said | _RULES.get(action, _free)(alarm, wish, who, at)


def possible(alarm: Alarm, rights: Collection[str], at: Moment, who: str = "") -> list[str]:
    """The actions that a person may do now, for buttons: in the order of ``Action``."""
    own = {Action.SECOND_LOOK} if alarm.judged_by == who else set[Action]()
    return [action for action in Action if NEEDS[action] in rights and action not in own and _may(alarm, action, at)]


def needs_call(alarm: Alarm) -> bool:
    """Whether somebody has yet to be called about it (R-AL-12). Nobody is kept from judging it before: in an emergency
    the push goes first."""
    waits = alarm.stage != Stage.CLOSED and alarm.judged in (None, Judgement.CONFIRMED)
    return waits and alarm.level in BY_TELEPHONE and alarm.contacted_at is None


def _may(alarm: Alarm, action: Action, at: Moment) -> bool:
    stage = Stage(alarm.stage)
    if action is Action.SECOND_LOOK:
        return alarm.waits_for_second_look
    if stage not in ALLOWED[action] | _more(alarm, action, Wish(action, renewed=True)):
        return False
    quiet = not alarm.clears or not alarm.lasts(at) or alarm.level == AlarmLevel.D
    return quiet and not alarm.waits_for_second_look if action in (Action.CLOSE, Action.OFF) else True


def _action(wish: Wish) -> Action:
    try:
        return Action(wish.action)
    except ValueError:
        raise BadInput(f"action: '{wish.action[:40]}' is none of {', '.join(Action)}", "action") from None


def _reasoned(alarm: Alarm, action: Action, wish: Wish) -> dict[str, Any]:
    if len(wish.note) > NOTE_LENGTH:
        raise BadInput(f"note: more than {NOTE_LENGTH} characters", "note")
    if not wish.note.strip() and _wants_reason(alarm, action, wish):
        raise BadInput(f"note: '{action}' needs a reason", "note", "no_reason", text("refused.no_reason"))
    return {"note": wish.note.strip()} if wish.note.strip() else {}


def _wants_reason(alarm: Alarm, action: Action, wish: Wish) -> bool:
    if action is Action.CLOSE:
        return alarm.level != AlarmLevel.D
    if action is Action.JUDGE:
        return wish.judged == Judgement.FALSE
    return action in REASONED or (action is Action.SECOND_LOOK and wish.agree is False)


def _more(alarm: Alarm, action: Action, wish: Wish) -> frozenset[Stage]:
    """Stages in which some alarms may be closed all the same (R-AL-13)."""
    if action is not Action.CLOSE:
        return frozenset()
    if alarm.level == AlarmLevel.D:
        return _OPEN
    return _OPEN - {Stage.NEW} if wish.renewed and _document(alarm) else frozenset()


def _document(alarm: Alarm) -> bool:
    return alarm.level == AlarmLevel.C and alarm.kind in DOCUMENT_KINDS


def _free(alarm: Alarm, wish: Wish, who: str, at: Moment) -> dict[str, Any]:
    return {"to": wish.to} if wish.to else {}


def _judge(alarm: Alarm, wish: Wish, who: str, at: Moment) -> dict[str, Any]:
    if wish.judged not in list(Judgement):
        raise BadInput(f"as: one of {', '.join(Judgement)}", "as")
    if alarm.judged == wish.judged:
        told = text("refused.judged", judged=text(f"judged.{wish.judged}"), who=alarm.judged_by)
        raise Conflict(f"it is judged '{wish.judged}' already, by {alarm.judged_by}", "as", said=told)
    if wish.judged == Judgement.CONFIRMED:
        to = (wish.to or "").strip()
        return {"as": wish.judged} | ({"to": to} if to else {})
    if wish.judged == Judgement.FALSE:
        return {"as": wish.judged}
    if alarm.lasts(at):
        raise Conflict("it still lasts: no momentary excess", "as", said=text("refused.lasts"))
    return {"as": wish.judged, "text": MOMENTARY_TEXT}


def _second_look(alarm: Alarm, wish: Wish, who: str, at: Moment) -> dict[str, Any]:
    if wish.agree is None:
        raise BadInput("agree: true or false", "agree")
    if not alarm.waits_for_second_look:
        told = text("refused.meanwhile", last=_last_said(alarm))
        raise Conflict(f"there is no false-alarm mark to look at: {_last(alarm)}", "action", said=told)
    if alarm.judged_by == who:
        why = "the second look is another person's than the judgement (AL-14)"
        raise NotAllowed(why, "action", said=text("refused.own_look"))
    return {"agree": wish.agree}


def _off(alarm: Alarm, wish: Wish, who: str, at: Moment) -> dict[str, Any]:
    _need_quiet(alarm, at)
    return {}


def _close(alarm: Alarm, wish: Wish, who: str, at: Moment) -> dict[str, Any]:
    if alarm.waits_for_second_look and alarm.level in LOUD:
        why = f"it waits for the second look: {alarm.judged_by} has marked it as false"
        raise Conflict(why, "action", said=text("refused.second_look", who=alarm.judged_by))
    if alarm.level == AlarmLevel.D:
        return {"as": ClosedAs.UNVERIFIED}
    if wish.renewed and _document(alarm):
        return {"as": ClosedAs.RENEWED}
    _need_quiet(alarm, at)
    return {"as": ClosedAs.VERIFIED}


def _need_quiet(alarm: Alarm, at: Moment) -> None:
    if alarm.clears and alarm.lasts(at):
        why = "it still lasts: only what is over leaves the screen (R-AL-5)"
        raise Conflict(why, "action", said=text("refused.lasts"))


_RULES = {
    Action.JUDGE: _judge,
    Action.SECOND_LOOK: _second_look,
    Action.OFF: _off,
    Action.CLOSE: _close,
}


def _last(alarm: Alarm) -> str:
    """Who did what, for whoever comes too late."""
    when = iso(alarm.last_at) if alarm.last_at else "?"
    return f"'{alarm.last_event}' by {alarm.last_by} at {when}"


def _last_said(alarm: Alarm) -> Text:
    """The same for the page."""
    return text(
        "refused.last", what=text(f"alarm.event.{alarm.last_event}"), who=alarm.last_by, at=clock(alarm.last_at)
    )
