"""Faults of ``park.toml``, all of them in one run."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from park._alarms import alarm_faults, mask_faults
from park._geometry import position_fault
from park._notify import channel_faults, notify_faults, route_faults
from park.fault import Fault, is_number, shown
from twin.alarm_settings import AlarmRule
from twin.duty_settings import duty_faults, expiry_faults
from twin.errors import ParkError
from twin.letter import template_faults
from twin.level import AlarmLevel
from twin.notify_settings import Channel, NotifySettings, Route
from twin.settings import (
    LISTED,
    SECTIONS,
    THINNING_METHODS,
    Mask,
    Merge,
    ParkSettings,
    Thinning,
    not_above_zero,
    read_park_settings,
)

_FILE = "park.toml"
_ECONOMY = ("output_yuan", "tax_yuan_per_mu")
_NAMES = {str: "text", float: "a number", int: "a whole number", bool: "true or false"}
_MANY = {str: "texts", int: "whole numbers"}


@dataclass(frozen=True)
class _Said:
    """One table of the file, and the dataclass that it fills."""

    table: Mapping[str, Any]
    kind: type
    prefix: str


def _fault(field: str | None, value: Any, message: str) -> Fault:
    return Fault(_FILE, None, field, None if value is None else shown(value), message)


def settings_faults(folder: Path, points: Collection[str] = (), areas: Collection[str] = ()) -> Iterator[Fault]:
    """Faults of the folder's ``park.toml``; none where there is no such file. ``points`` and ``areas``: the ids that it
    may name."""
    path = folder / _FILE
    if not path.exists():
        return
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        yield _fault(None, None, f"not TOML: {error}")
        return
    faults = [
        *_known(raw),
        *_meaning(raw),
        *_sources(raw.get("sources", [])),
        *_thinning(raw.get("thinning", []), points),
        *_masks(raw.get("masks", []), points, areas),
        *_tables("merges", raw.get("merges", []), Merge),
        *_alarms(raw.get("alarms", {}), points),
        *_notify(raw, areas),
    ]
    yield from faults or _opens(folder)


def _opens(folder: Path) -> Iterator[Fault]:
    try:
        read_park_settings(folder)
    except ParkError as error:
        yield _fault(error.field, None, error.message)


def _known(raw: Mapping[str, Any]) -> Iterator[Fault]:
    plain = {name: each for name, each in raw.items() if name not in (*SECTIONS, *LISTED)}
    yield from _table(_Said(plain, ParkSettings, ""))
    for name, kind in SECTIONS.items():
        said = raw.get(name, {})
        if isinstance(said, dict):
            yield from _table(_Said(said, kind, f"{name}."))
        else:
            yield _fault(name, said, "must be a table")


def _table(said: _Said) -> Iterator[Fault]:
    hints = get_type_hints(said.kind)
    for name, value in said.table.items():
        if name not in hints:
            yield _fault(said.prefix + name, value, "is not known here")
        elif why := _misfit(hints[name], value):
            yield _fault(said.prefix + name, value, why)


def _misfit(hint: Any, value: Any) -> str | None:
    """What the value should have been; None where it fits."""
    if isinstance(hint, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    origin = get_origin(hint)
    if origin is tuple and get_args(hint)[-1] is Ellipsis:
        right = isinstance(value, list) and all(isinstance(each, get_args(hint)[0]) for each in value)
        return None if right else f"must be a list of {_MANY[get_args(hint)[0]]}"
    if origin is tuple:
        right = isinstance(value, list) and len(value) == len(get_args(hint)) and all(map(is_number, value))
        return None if right else f"must be {len(get_args(hint))} numbers"
    if origin is not None:
        return _mapping_misfit(get_args(hint)[1], value)
    fits = is_number(value) if hint is float else type(value) is hint
    return None if fits else f"must be {_NAMES[hint]}"


def _mapping_misfit(hint: Any, value: Any) -> str | None:
    if not isinstance(value, dict):
        return "must be a table"
    return next((f"{name} {why}" for name, each in value.items() if (why := _misfit(hint, each))), None)


def _meaning(raw: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _zone(raw.get("zone"))
    levels = raw.get("levels")
    for name, level in levels.items() if isinstance(levels, dict) else ():
        if isinstance(level, str) and level not in list(AlarmLevel):
            yield _fault(f"levels.{name}", level, f"not one of {', '.join(AlarmLevel)}")
    yield from _center(raw.get("map"))
    reading = raw.get("reading")
    for name, seconds in reading.items() if isinstance(reading, dict) else ():
        if is_number(seconds) and seconds <= 0:
            yield _fault(f"reading.{name}", seconds, "must be above zero")
    economy = raw.get("economy")
    yield from _economy(economy if isinstance(economy, dict) else {})
    for name, most in not_above_zero(raw.get("limits")).items():
        yield _fault(f"limits.{name}", most, "must be above zero")
    backup = raw.get("backup")
    yield from _backup(backup if isinstance(backup, dict) else {})
    for name, look in (("duty", duty_faults), ("expiry", expiry_faults)):
        said = raw.get(name)
        if isinstance(said, dict) and not any(_table(_Said(said, SECTIONS[name], name))):
            yield from (_fault(f"{name}.{field}", value, why) for field, value, why in look(said))


def _backup(said: Mapping[str, Any]) -> Iterator[Fault]:
    for name, least in (("every_h", 0), ("keep", 1)):
        if is_number(said.get(name)) and said[name] < least:
            yield _fault(f"backup.{name}", said[name], f"must be at least {least}")


def _economy(said: Mapping[str, Any]) -> Iterator[Fault]:
    """A figure of the economy is of a year and from somebody."""
    year, figures = said.get("year"), [name for name in _ECONOMY if said.get(name) is not None]
    for name in figures:
        if is_number(said[name]) and said[name] < 0:
            yield _fault(f"economy.{name}", said[name], "must not be below zero")
    if type(year) is int and not 1949 <= year <= 9999:
        yield _fault("economy.year", year, "must be a year, such as 2025")
    if figures and year is None:
        yield _fault("economy.year", None, "a figure of the economy needs its year")
    if figures and not (said.get("source_zh") or said.get("source_en")):
        yield _fault("economy.source_zh", None, "a figure of the economy needs its source")


def _center(section: Any) -> Iterator[Fault]:
    center = section.get("center") if isinstance(section, dict) else None
    if (
        isinstance(center, list)
        and len(center) == 2
        and all(map(is_number, center))
        and (why := position_fault(center))
    ):
        yield _fault("map.center", center, why)


def _zone(zone: Any) -> Iterator[Fault]:
    if not isinstance(zone, str):
        return
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield _fault("zone", zone, "not a time zone, such as Asia/Shanghai")


def _sources(sources: Any) -> Iterator[Fault]:
    if not isinstance(sources, list) or not all(isinstance(each, dict) for each in sources):
        yield _fault("sources", sources, "must be a list of tables ([[sources]])")
        return
    seen: set[str] = set()
    for index, source in enumerate(sources):
        for name in ("id", "protocol"):
            if not isinstance(source.get(name), str) or not source[name]:
                yield _fault(f"sources[{index}].{name}", source.get(name), "a source needs it, as text")
        name = source.get("id")
        if isinstance(name, str) and name in seen:
            yield _fault(f"sources[{index}].id", name, "is also the id of an earlier source")
        seen.add(str(name))


def _tables(name: str, rules: Any, kind: type) -> Iterator[Fault]:
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        yield _fault(name, rules, f"must be a list of tables ([[{name}]])")
        return
    for index, rule in enumerate(rules):
        yield from _table(_Said(rule, kind, f"{name}[{index}]."))


def _masks(masks: Any, points: Collection[str], areas: Collection[str]) -> Iterator[Fault]:
    faults = list(_tables("masks", masks, Mask))
    yield from faults or (_fault(*each) for each in mask_faults(masks, points, areas))


def _thinning(rules: Any, points: Collection[str]) -> Iterator[Fault]:
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        yield _fault("thinning", rules, "must be a list of tables ([[thinning]])")
        return
    for index, rule in enumerate(rules):
        where = f"thinning[{index}]"
        yield from _table(_Said(rule, Thinning, f"{where}."))
        method = rule.get("method", THINNING_METHODS[0])
        if isinstance(method, str) and method not in THINNING_METHODS:
            yield _fault(f"{where}.method", method, f"not one of {', '.join(THINNING_METHODS)}")
        named = rule.get("points", [])
        for point in named if isinstance(named, list) else ():
            if point not in points:
                yield _fault(f"{where}.points", point, "there is no such point")
        given = [name for name in ("deviation", "percent") if is_number(rule.get(name)) and rule[name] > 0]
        if len(given) != 1:
            yield _fault(f"{where}.deviation", None, "needs either a deviation or a percent above zero")


def _alarms(said: Any, points: Collection[str]) -> Iterator[Fault]:
    if not isinstance(said, dict):
        yield _fault("alarms", said, "must be a table")
        return
    yield from _table(_Said({name: each for name, each in said.items() if name != "rules"}, AlarmRule, "alarms."))
    rules = said.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        yield _fault("alarms.rules", rules, "must be a list of tables ([[alarms.rules]])")
        return
    for index, rule in enumerate(rules):
        yield from _table(_Said(rule, AlarmRule, f"alarms.rules[{index}]."))
    yield from (_fault(*each) for each in alarm_faults(said, points))


def _notify(raw: Mapping[str, Any], areas: Collection[str]) -> Iterator[Fault]:
    """How people are reached."""
    said = raw.get("notify", {})
    if not isinstance(said, dict):
        yield _fault("notify", said, "must be a table")
        return
    channels, routes = raw.get("channels", []), raw.get("routes", [])
    faults = [
        *_table(_Said(said, NotifySettings, "notify.")),
        *_tables("channels", channels, Channel),
        *_tables("routes", routes, Route),
    ]
    told = () if faults else (*notify_faults(said), *channel_faults(channels), *route_faults(routes, areas))
    yield from faults or (_fault(*each) for each in told)
    templates = said.get("templates")
    if isinstance(templates, dict):
        yield from (
            _fault(f"notify.templates.{name}", templates[name], why) for name, why in template_faults(templates)
        )
