"""Alarm limits of a point and how they are changed: somebody asks with a reason, somebody else decides (R-GAS-15)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from twin.content import Text, text
from twin.content import at as clock
from twin.errors import BadInput, Conflict, NotAllowed
from twin.moment import Moment, iso

WHICH = ("LL", "L", "H", "HH")  # from the lowest to the highest
COLUMN = {"LL": "alarm_lo_lo", "L": "alarm_lo", "H": "alarm_hi", "HH": "alarm_hi_hi"}  # of ``Park.points``
WORDS_MOST = 500
Said = Mapping[str, float | None]  # limits of a point by name, None where there is none


@dataclass(frozen=True)
class Change:
    """A change that was asked for, and what became of it. ``new`` None: the limit is given up."""

    id: str
    point: str
    which: str
    old: float | None
    new: float | None
    reason: str
    author: str
    asked_at: Moment
    approver: str | None = None
    approved_at: Moment | None = None
    refused_at: Moment | None = None
    note: str = ""

    @property
    def state(self) -> str:
        """waiting, approved or refused."""
        if self.approved_at is not None:
            return "approved"
        return "waiting" if self.refused_at is None else "refused"


@dataclass(frozen=True)
class Bounds:
    """What an instrument can measure at all."""

    low: float | None = None
    high: float | None = None


def check_limits(limits: Said, changed: str, bounds: Bounds) -> None:
    """Whether a limit fits among the others: LL < L < H < HH, within what is measured.

    Raises:
        BadInput: names the limit that does not fit, and what it does not fit with.
    """
    value = limits.get(changed)
    if value is None:
        return
    if not math.isfinite(value):
        raise BadInput(f"{changed}: must be a finite number", changed)
    low = -math.inf if bounds.low is None else bounds.low
    high = math.inf if bounds.high is None else bounds.high
    if not low <= value <= high:
        said = text("refused.range", which=changed, value=f"{value:g}", low=f"{low:g}", high=f"{high:g}")
        raise BadInput(f"{changed} = {value:g}: outside the instrument's range {low:g} to {high:g}", changed, said=said)
    given = [(name, each) for name in WHICH if (each := limits.get(name)) is not None]
    for (below, lower), (above, upper) in pairwise(given):
        if changed in (below, above) and not lower < upper:
            where, other, than = ("below", above, upper) if changed == below else ("above", below, lower)
            said = text(f"refused.{where}", which=changed, value=f"{value:g}", other=other, than=f"{than:g}")
            raise BadInput(f"{changed} = {value:g}: must be {where} {other} = {than:g}", changed, said=said)


def asked(change: Change, limits: Said, bounds: Bounds, waiting: Change | None) -> Change:
    """A change as it is asked for, with the limit as it is now.

    Raises:
        BadInput: no such limit, no reason, nothing changed, or a value that does not fit.
        Conflict: one of this limit is waiting already.
    """
    if change.which not in WHICH:
        raise BadInput(f"which: '{change.which[:20]}' is none of {', '.join(WHICH)}", "which")
    _worded(change.reason, "reason")
    check_limits({**limits, change.which: change.new}, change.which, bounds)
    old = limits.get(change.which)
    if old == change.new:
        told = text("refused.same", which=change.which, value=_told(old))
        raise BadInput(f"new: {change.which} of {change.point} is {_number(old)} already", "new", said=told)
    if waiting is not None:
        said = f"{waiting.author} has asked for {_number(waiting.new)} on {iso(waiting.asked_at)}"
        told = text("refused.waiting", who=waiting.author, value=_told(waiting.new), at=clock(waiting.asked_at))
        why = f"{change.which} of {change.point} waits for a decision already: {said}"
        raise Conflict(why, "which", "waiting", told)
    return replace(change, old=old, reason=change.reason.strip())


def decided(change: Change, approve: bool, who: str, note: str, at: Moment, limits: Said, bounds: Bounds) -> Change:
    """A change as somebody has decided on it.

    Raises:
        NotAllowed: who asked does not decide.
        BadInput: refused without a word.
        Conflict: it is decided already, or no longer fits what counts by now.
    """
    if change.state != "waiting":
        when = change.approved_at or change.refused_at or at
        told = text("refused.decided", who=change.approver, state=text(f"state.{change.state}"), at=clock(when))
        raise Conflict(f"{change.approver} has {change.state} it already on {iso(when)}", None, change.state, told)
    if who == change.author:
        raise NotAllowed("whoever asks for a change does not decide on it", None, "own_change", text("refused.own"))
    if not approve:
        _worded(note, "note")
        return replace(change, approver=who, refused_at=at, note=note.strip())
    if len(note) > WORDS_MOST:
        raise BadInput(f"note: at most {WORDS_MOST} characters", "note", said=text("refused.words", n=WORDS_MOST))
    now = limits.get(change.which)
    if now != change.old:
        said = f"it was {_number(change.old)} when this was asked for and is {_number(now)} now"
        told = text("refused.overtaken", which=change.which, old=_told(change.old), now=_told(now))
        raise Conflict(f"{change.which} of {change.point}: {said}; ask again", "which", "overtaken", told)
    try:
        check_limits({**limits, change.which: change.new}, change.which, bounds)
    except BadInput as error:
        raise Conflict(f"{error.message}; ask again", error.field, "overtaken", error.said) from error
    return replace(change, approver=who, approved_at=at, note=note.strip())


def _worded(words: str, field: str) -> None:
    if not words.strip():
        raise BadInput(f"{field}: say why", field, f"no_{field}", text("refused.no_reason"))
    if len(words) > WORDS_MOST:
        raise BadInput(f"{field}: at most {WORDS_MOST} characters", field, said=text("refused.words", n=WORDS_MOST))


def _number(value: float | None) -> str:
    return "not set" if value is None else f"{value:g}"


def _told(value: float | None) -> Text:
    return text("limits.without") if value is None else f"{value:g}"
