"""An alarm as the ledger knows it at one moment, and what each event makes of it.

The journal holds the events; folding them with ``apply`` gives the alarm again, bit by bit. Nothing here judges whether
an event may happen: that is ``models.alarm_life``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from twin.alarm import Action, ClosedAs, Event, Judgement, Stage
from twin.level import AlarmLevel
from twin.moment import Moment

LOUD = frozenset({AlarmLevel.S, AlarmLevel.A})
HANDLE_WITHIN = {level: timedelta(minutes=3 if level in LOUD else 10) for level in AlarmLevel}  # R-AL-9
CONTACT_AGAIN = timedelta(minutes=10)  # R-AL-10
TIMES = ("alarm_at", "cleared_at", "ends_at", "handled_at")  # of what an event says
# what a source may say of an alarm, when it raises it and later
_FACTS = (
    "origin", "source", "kind", "level", "is_gas", "point", "owner", "lon", "lat", "name_zh", "name_en", "medium",
    "unit", "value", "threshold", "clears", "alarm_at", "ends_at", "says",
)  # fmt: skip
_CORRECTED = frozenset({"value", "threshold", "medium", "ends_at", "lon", "lat", "alarm_at", "kind", "level", "owner"})
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. ``seen`` and ``told``: it lasts, as detection and as its records say; ``before``: the stage that a
    release gives back; ``events`` counts what has happened to it; the last three are the newest of these."""

    id: str
    origin: str
    kind: str
    level: str
    alarm_at: Moment
    raised: Moment  # when the ledger heard of it: its clocks count from here
    handle_by: Moment
    source: str = ""
    is_gas: bool = False
    point: str | None = None
    owner: str | None = None
    lon: float | None = None
    lat: float | None = None
    name_zh: str | None = None
    name_en: str | None = None
    medium: str | None = None
    unit: str | None = None
    value: float | None = None
    threshold: float | None = None
    clears: bool = True  # its source says when it is over; else it lasts until it is handled
    seen: bool = False
    told: bool = False
    cleared_at: Moment | None = None
    ends_at: Moment | None = None  # over by itself then, unless it is heard of again
    stage: str = Stage.NEW
    before: str | None = None
    handler: str | None = None
    first_handled_at: Moment | None = None
    contacted_at: Moment | None = None
    contact_by: Moment | None = None
    judged: str | None = None
    judged_by: str | None = None
    second_by: str | None = None
    closed_at: Moment | None = None
    closed_as: str | None = None
    says: str = ""  # how far its source is with it, in the source's own codes
    events: int = 1
    last_event: str = Event.RAISED
    last_by: str = ""
    last_at: Moment | None = None

    @property
    def active(self) -> bool:
        """Whether anybody says that it lasts."""
        return self.seen or self.told

    def lasts(self, at: Moment) -> bool:
        """Whether it lasts at a moment: some end by themselves."""
        return self.active and (self.ends_at is None or self.ends_at > at)

    @property
    def waits_for_second_look(self) -> bool:
        """Whether it is marked as false and another person must look (AL-14)."""
        return self.judged == Judgement.FALSE and self.closed_at is None


Step = Callable[[Alarm, str, Moment, Said], dict[str, Any]]


def apply(alarm: Alarm | None, id: str, event: str, who: str, at: Moment, said: Said) -> Alarm:
    """The alarm after an event; ``at`` is the moment from which the ledger knows it."""
    if alarm is None:
        return _raised(id, who, at, said)
    return _with(alarm, event, who, at, _STEPS[event](alarm, who, at, said), said)


def fold(id: str, entries: Iterable[tuple[str, str, Moment, Said]]) -> Alarm | None:
    """The alarm that the journal tells of: ``(event, who, at, said)`` in order, times of ``said`` as text."""
    alarm: Alarm | None = None
    for event, who, at, said in entries:
        alarm = apply(alarm, id, event, who, at, read_said(said))
    return alarm


def read_said(said: Said) -> Said:
    """What an entry says, with its times as moments again."""
    times = {name: datetime.fromisoformat(said[name]) for name in TIMES if isinstance(said.get(name), str)}
    return {**said, **times} if times else said


def _with(alarm: Alarm, event: str, who: str, at: Moment, changed: dict[str, Any], said: Said) -> Alarm:
    if "says" in said:
        changed = {**changed, "says": said["says"]}
    return replace(alarm, **changed, events=alarm.events + 1, last_event=event, last_by=who, last_at=at)


def _raised(id: str, who: str, at: Moment, said: Said) -> Alarm:
    facts = {name: said[name] for name in _FACTS if name in said}
    lasting: dict[str, Any] = {
        "seen": bool(said.get("seen")),
        "told": bool(said.get("told")),
        "cleared_at": said.get("cleared_at"),
    }
    return Alarm(
        id=id, raised=at, handle_by=at + HANDLE_WITHIN[said["level"]], last_by=who, last_at=at, **facts, **lasting
    )


# --- people ------------------------------------------------------------------------------------


def _in_hand(alarm: Alarm, who: str, at: Moment) -> dict[str, Any]:
    """Somebody has begun: whatever is done to an alarm, its first handling has been."""
    begun: dict[str, Any] = {"handler": who}
    if alarm.first_handled_at is None:
        begun["first_handled_at"] = at
    if alarm.stage == Stage.NEW:
        begun["stage"] = Stage.SCREEN
    if alarm.before == Stage.NEW:
        begun["before"] = Stage.SCREEN
    return begun


def _acknowledge(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return _in_hand(alarm, who, at)


def _watch(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return _in_hand(alarm, who, at) | {"stage": Stage.WATCH}


def _contact(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    again = at + CONTACT_AGAIN if alarm.lasts(at) else None
    return _in_hand(alarm, who, at) | {"contacted_at": at, "contact_by": again}


def _judge(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    begun = _contact(alarm, who, at, said) if said.get("to") else _in_hand(alarm, who, at)  # a call is a contact
    judged = {**begun, "judged": said["as"], "judged_by": who, "second_by": None}
    if said["as"] == Judgement.MOMENTARY:
        return judged | _closed(at, ClosedAs.MOMENTARY)
    if said["as"] == Judgement.FALSE and alarm.level not in LOUD:
        return judged | _closed(at, ClosedAs.FALSE)
    return judged


def _second_look(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    if said["agree"]:
        return {"second_by": who} | _closed(at, ClosedAs.FALSE)
    return {"judged": None, "judged_by": None}


def _report(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return _in_hand(alarm, who, at) | {"stage": Stage.HANDLED, "before": None}


def _off(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return {"stage": Stage.OFF}


def _close(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return _in_hand(alarm, who, at) | _closed(at, said["as"])


def _closed(at: Moment, why: str) -> dict[str, Any]:
    return {"stage": Stage.CLOSED, "before": None, "closed_at": at, "closed_as": why, "contact_by": None}


def _hold(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return {"stage": Stage.HELD, "before": alarm.stage}


def _release(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return {"stage": alarm.before, "before": None}


def _nothing(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return {}


def _reopen(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return _in_hand(alarm, who, at) | {"stage": Stage.SCREEN} | _OPEN


_OPEN: dict[str, Any] = {"closed_at": None, "closed_as": None, "judged": None, "judged_by": None, "second_by": None}

# --- sources and detection ---------------------------------------------------------------------


def _lasting(said: Said) -> dict[str, Any]:
    return {name: bool(said[name]) for name in ("seen", "told") if name in said}


def _again(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    """It lasts again: what was handled, off the screen or closed is not."""
    changed = _lasting(said) | _corrected(said) | {"cleared_at": None}
    if alarm.contacted_at is not None and alarm.stage != Stage.CLOSED:
        changed["contact_by"] = at + CONTACT_AGAIN
    if alarm.stage in (Stage.HANDLED, Stage.OFF, Stage.CLOSED):
        changed |= {"stage": Stage.SCREEN if alarm.first_handled_at else Stage.NEW} | _OPEN
    return changed


def _cleared(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    changed = _lasting(said)
    if changed.get("seen", alarm.seen) or changed.get("told", alarm.told):
        return changed
    return changed | {"cleared_at": said.get("cleared_at") or at, "ends_at": None, "contact_by": None}


def _joined(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    lasting = _lasting(said)
    return lasting if alarm.active or not any(lasting.values()) else _again(alarm, who, at, said)


def _told(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    changed = _corrected(said)
    if "level" in changed and alarm.first_handled_at is None:
        changed["handle_by"] = alarm.raised + HANDLE_WITHIN[changed["level"]]
    return changed


def _corrected(said: Said) -> dict[str, Any]:
    return {name: said[name] for name in said if name in _CORRECTED}


def _taken(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return {} if alarm.stage == Stage.CLOSED else _in_hand(alarm, said.get("by") or who, said.get("handled_at") or at)


def _done(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    if alarm.stage in (Stage.OFF, Stage.CLOSED):
        return {}
    return _taken(alarm, who, at, said) | {"stage": Stage.HANDLED, "before": None}


def _ended(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    return {} if alarm.stage == Stage.CLOSED else _closed(at, ClosedAs.SOURCE)


def _denied(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    """Its source says that it was none: of a loud one somebody of ours must say so too (AL-14)."""
    if alarm.stage == Stage.CLOSED:
        return {}
    judged = {**_taken(alarm, who, at, said), "judged": Judgement.FALSE, "judged_by": who, "second_by": None}
    return judged if alarm.level in LOUD else judged | _closed(at, ClosedAs.FALSE)


def _withdrawn(alarm: Alarm, who: str, at: Moment, said: Said) -> dict[str, Any]:
    gone: dict[str, Any] = {"seen": False, "told": False, "ends_at": None, "cleared_at": alarm.cleared_at or at}
    return gone if alarm.stage == Stage.CLOSED else gone | _closed(at, ClosedAs.WITHDRAWN)


_STEPS: Mapping[str, Step] = {
    Action.ACKNOWLEDGE: _acknowledge,
    Action.WATCH: _watch,
    Action.CONTACT: _contact,
    Action.DISPATCH: _contact,
    Action.JUDGE: _judge,
    Action.SECOND_LOOK: _second_look,
    Action.REPORT: _report,
    Action.OFF: _off,
    Action.CLOSE: _close,
    Action.HOLD: _hold,
    Action.RELEASE: _release,
    Action.NOTE: _nothing,
    Action.REOPEN: _reopen,
    Event.AGAIN: _again,
    Event.CLEARED: _cleared,
    Event.JOINED: _joined,
    Event.TOLD: _told,
    Event.TAKEN: _taken,
    Event.DONE: _done,
    Event.ENDED: _ended,
    Event.DENIED: _denied,
    Event.WITHDRAWN: _withdrawn,
}
