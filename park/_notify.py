"""Faults of ``[notify]``, ``[[channels]]`` and ``[[routes]]`` in ``park.toml``: how people are reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from park.fault import is_number
from twin.level import AlarmLevel
from twin.notice import NoticeKind, Post
from twin.notify_settings import GROUPS, ChannelKind

# field, value, what is wrong
Told = tuple[str, Any, str]
WHEN = ("confirmed", "overdue", "daily")
_ABOVE_ZERO = ("retry_s", "retry_most_s", "give_up_h")
_LEVELS = (*AlarmLevel, "blue", "yellow", "orange", "red")


def notify_faults(said: Any) -> Iterator[Told]:
    """Faults of what ``[notify]`` means."""
    if not isinstance(said, Mapping):
        return
    for name in _ABOVE_ZERO:
        if is_number(said.get(name)) and said[name] <= 0:
            yield f"notify.{name}", said[name], "must be above zero"
    if type(said.get("sms_budget")) is int and said["sms_budget"] < 0:
        yield "notify.sms_budget", said["sms_budget"], "must not be below zero"
    if type(said.get("digest_hour")) is int and not 0 <= said["digest_hour"] <= 23:
        yield "notify.digest_hour", said["digest_hour"], "an hour of the day, 0 to 23"


def channel_faults(channels: Sequence[Mapping[str, Any]]) -> Iterator[Told]:
    """Faults of what the channels mean; their shape has been looked at."""
    seen: set[str] = set()
    for index, each in enumerate(channels):
        where, kind = f"channels[{index}]", each.get("kind")
        for name in ("id", "kind", "url"):
            if not each.get(name):
                yield f"{where}.{name}", each.get(name), "a channel needs it, as text"
        if kind and (kind not in list(ChannelKind) or kind == ChannelKind.APP):
            known = ", ".join(one for one in ChannelKind if one != ChannelKind.APP)
            yield f"{where}.kind", kind, f"not one of {known}"
        name = str(each.get("id") if kind in GROUPS else kind)
        if name in seen:
            yield f"{where}.id", each.get("id"), "there is an earlier channel of that kind, or of that id"
        seen.add(name)
        if is_number(each.get("timeout_s")) and not 0 < each["timeout_s"] <= 120:
            yield f"{where}.timeout_s", each["timeout_s"], "above zero, and at most 120"
        if type(each.get("at_once")) is int and not 1 <= each["at_once"] <= 32:
            yield f"{where}.at_once", each["at_once"], "from 1 to 32"
        yield from _unknown(f"{where}.levels", each.get("levels", ()), _LEVELS)
        yield from _unknown(f"{where}.kinds", each.get("kinds", ()), tuple(NoticeKind))


def route_faults(routes: Sequence[Mapping[str, Any]], areas: Collection[str]) -> Iterator[Told]:
    """Faults of what the routes mean; their shape has been looked at."""
    for index, each in enumerate(routes):
        where = f"routes[{index}]"
        if not each.get("id"):
            yield f"{where}.id", each.get("id"), "a route needs it, as text"
        if not each.get("posts"):
            yield f"{where}.posts", each.get("posts"), "a route needs whom it tells"
        yield from _unknown(f"{where}.posts", each.get("posts", ()), tuple(Post))
        yield from _unknown(f"{where}.levels", each.get("levels", ()), tuple(AlarmLevel))
        yield from _unknown(f"{where}.channels", each.get("channels", ()), tuple(ChannelKind))
        for name in ("enterprises", "zones"):
            yield from _unknown(f"{where}.{name}", each.get(name, ()), tuple(areas))
        if each.get("when", "confirmed") not in WHEN:
            yield f"{where}.when", each["when"], f"not one of {', '.join(WHEN)}"
        if is_number(each.get("delay_s")) and each["delay_s"] < 0:
            yield f"{where}.delay_s", each["delay_s"], "must not be below zero"
        if type(each.get("times")) is int and not 1 <= each["times"] <= 100:
            yield f"{where}.times", each["times"], "from 1 to 100"
        if is_number(each.get("every_s")) and each["every_s"] <= 0:
            yield f"{where}.every_s", each["every_s"], "must be above zero"


def _unknown(where: str, said: Any, known: Sequence[str]) -> Iterator[Told]:
    for each in said if isinstance(said, list) else ():
        if each not in known:
            yield where, each, f"not one of {', '.join(known)}" if len(known) < 40 else "is not known"
