"""The words of alarms: what is out of order, how far its handling is, what is done about it."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from twin.reading import UTC_US


class Condition(StrEnum):
    """What detection finds at a point: four limits (R-LV-6), how the value moves, and silence."""

    HH = "HH"
    H = "H"
    L = "L"
    LL = "LL"
    RATE = "rate"
    FROZEN = "frozen"
    JUMP = "jump"
    OFFLINE = "offline"
    SOURCE = "source"


class Stage(StrEnum):
    """How far the handling of an alarm is (R-AL-2)."""

    NEW = "new"  # 新报警
    SCREEN = "screen"  # 上屏: somebody has it in hand
    WATCH = "watch"  # 留观
    HELD = "held"  # 滞留: handed over to the next shift
    HANDLED = "handled"  # 已处置: measures are reported
    OFF = "off"  # 下屏: waits for the real closure
    CLOSED = "closed"  # 闭环


class Action(StrEnum):
    """What a person does with an alarm."""

    ACKNOWLEDGE = "acknowledge"
    WATCH = "watch"
    CONTACT = "contact"
    DISPATCH = "dispatch"
    JUDGE = "judge"
    SECOND_LOOK = "second_look"
    REPORT = "report"
    OFF = "off"
    CLOSE = "close"
    HOLD = "hold"
    RELEASE = "release"
    NOTE = "note"
    REOPEN = "reopen"


class Event(StrEnum):
    """What happens to an alarm without a person of ours; its record says the same words as actions do."""

    RAISED = "raised"
    AGAIN = "again"  # it lasts again
    CLEARED = "cleared"
    JOINED = "joined"  # another way of hearing of it says the same
    TOLD = "told"  # its source corrects what it said
    TAKEN = "taken"  # its source says that somebody handles it
    DONE = "done"  # its source says that it is handled
    ENDED = "ended"  # its source says that it is over for good
    DENIED = "denied"  # its source says that it was none
    WITHDRAWN = "withdrawn"  # its source has taken it back


class Judgement(StrEnum):
    """What an alarm is judged to be (R-AL-11)."""

    CONFIRMED = "confirmed"
    MOMENTARY = "momentary"  # 瞬时超限: over before anything could be done, closed with a fixed text
    FALSE = "false"


class ClosedAs(StrEnum):
    """Why an alarm is closed."""

    VERIFIED = "verified"  # somebody has seen to it that it is over
    MOMENTARY = "momentary"
    FALSE = "false"
    RENEWED = "renewed"  # C: the renewed document is there (R-AL-13)
    UNVERIFIED = "unverified"  # D: closes without (R-AL-13)
    SOURCE = "source"  # its source says so
    WITHDRAWN = "withdrawn"


MACHINE = "twin"  # who, where nobody did it

# What detection hands over: rows in the order in which they happened.
HAPPENED = pl.Schema(
    {
        "point": pl.String(),
        "condition": pl.String(),
        "what": pl.String(),  # raised | cleared
        "at": UTC_US,  # source time
        "value": pl.Float64(),
        "limit": pl.Float64(),
    }
)
