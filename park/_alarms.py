"""Faults of ``[alarms]`` in ``park.toml``: what is looked for in which points."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from park.fault import is_number
from twin.alarm_settings import DEADBANDS, SELECTORS

# field, value, what is wrong
Told = tuple[str, Any, str]
_LONGEST_S = {"on_s": 3600.0, "off_s": 86_400.0}


def alarm_faults(said: Mapping[str, Any], points: Collection[str]) -> Iterator[Told]:
    """Faults of what the entries mean; their shape has been looked at."""
    rules = said.get("rules", [])
    yield from _entry({name: each for name, each in said.items() if name != "rules"}, "alarms")
    for name in SELECTORS:
        if said.get(name):
            yield f"alarms.{name}", said[name], "[alarms] is for all points; name some in an [[alarms.rules]]"
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, Mapping):
            yield from _rule(rule, f"alarms.rules[{index}]", points)


def mask_faults(masks: Sequence[Mapping[str, Any]], points: Collection[str], areas: Collection[str]) -> Iterator[Told]:
    """Faults of where masks are (R-AL-16); their shape has been looked at."""
    for index, mask in enumerate(masks):
        where, named, zone = f"masks[{index}]", mask.get("points", []), mask.get("zone", "")
        if zone and zone not in areas:
            yield f"{where}.zone", zone, "there is no such area"
        yield from ((f"{where}.points", each, "there is no such point") for each in named if each not in points)


def _rule(rule: Mapping[str, Any], where: str, points: Collection[str]) -> Iterator[Told]:
    yield from _entry(rule, where)
    if not any(rule.get(name) for name in SELECTORS):
        yield f"{where}.kinds", None, "needs kinds, media or points that it is for"
    named = rule.get("points", [])
    for point in named if isinstance(named, list) else ():
        if point not in points:
            yield f"{where}.points", point, "there is no such point"


def _entry(entry: Mapping[str, Any], where: str) -> Iterator[Told]:
    for name, value in entry.items():
        if is_number(value) and value < 0:
            yield f"{where}.{name}", value, "must not be below zero"
        elif is_number(value) and value > _LONGEST_S.get(name, float("inf")):
            yield f"{where}.{name}", value, f"must be at most {_LONGEST_S[name]:g}"
    given = [name for name in DEADBANDS if entry.get(name) is not None]
    if len(given) > 1:
        yield f"{where}.{given[1]}", entry[given[1]], f"the deadband is given by {given[0]} already"
    for name in DEADBANDS[1:]:
        if is_number(entry.get(name)) and entry[name] >= 100:
            yield f"{where}.{name}", entry[name], "must be below 100"
