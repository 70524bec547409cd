"""What panels of requests share: who asked for something, and who decided on it."""

from __future__ import annotations

from typing import Any

from twin.content import Text, at, text
from twin.moment import Moment


def by_whom(asked: dict[str, Any], who: str, since: Moment, decider: str | None, why: str | None) -> Text:
    """Who asked for something and when, and who decided how, when and why."""
    if decider is None:
        return text("faults.waits", who=who, asked=at(since))
    said = {"who": who, "asked": at(since), "decider": decider, "at": at(asked["decided_at"])}
    state = text(f"state.{asked['state']}")
    return (
        text("faults.decided_why", **said, state=state, why=why) if why else text("faults.decided", **said, state=state)
    )
