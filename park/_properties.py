"""Faults of what features say: ids, types, required words, units, limits, references."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from park._entries import Entry, Folder
from park.fault import Fault, is_number
from park.format import ALL_UNITS, ANYWHERE, CHOICES, PARK_ITSELF, REFERENCES, REQUIRED, UNITS_OF_KIND, expected

_LOW, _HIGH = ("alarm_lo_lo", "alarm_lo"), ("alarm_hi", "alarm_hi_hi")
_SAYS = {
    "number": "must be a number",
    "truth": "must be true or false",
    "text": "must be text",
    "texts": "must be a list of text",
}


def property_faults(folder: Folder) -> Iterator[Fault]:
    """Faults of every feature's id and properties."""
    first: dict[str, Entry] = {}
    for entry in folder:
        yield from _id(entry, first)
        if not isinstance(entry.raw.get("properties"), dict):
            yield entry.fault("properties", entry.raw.get("properties"), "must be an object")
            continue
        yield from _types(entry, entry.props, "")
        yield from _words(entry)
        if entry.file == "sensors":
            yield from _unit(entry)
            yield from _limits(entry)
    yield from _references(folder)


def _id(entry: Entry, first: dict[str, Entry]) -> Iterator[Fault]:
    said, name = entry.raw.get("id"), entry.id
    if name is None:
        yield entry.fault("id", said, "needs an id, as text") if said is not None else entry.lacks("id", "has no id")
        return
    if not name.isascii() or not name.isprintable() or " " in name:
        yield entry.fault("id", name, "an id is plain ASCII without spaces")
    if "id" not in entry.props:
        yield entry.lacks("properties.id", "the properties do not repeat the id")
    elif entry.props["id"] != name:
        yield entry.fault("properties.id", entry.props["id"], f"differs from the feature's id {name}")
    other = first.setdefault(name, entry)
    if other is not entry:
        yield entry.fault("id", name, f"is also the id of feature {other.index} of {other.file}.geojson")


def _types(entry: Entry, props: Mapping[str, Any], prefix: str) -> Iterator[Fault]:
    for name, said in props.items():
        if isinstance(said, float) and not math.isfinite(said):
            yield entry.fault(prefix + name, said, "not a finite number")
            continue
        wanted = expected(name)
        if said is not None and wanted and not _fits(wanted, said):
            yield entry.fault(prefix + name, said, _SAYS[wanted])
        if isinstance(said, list):
            for index, each in enumerate(each for each in said if isinstance(each, dict)):
                yield from _types(entry, each, f"{prefix}{name}[{index}].")


def _fits(wanted: str, said: Any) -> bool:
    if wanted == "number":
        return all(map(is_number, said)) if isinstance(said, list) else is_number(said)
    if wanted == "texts":
        return isinstance(said, list) and all(isinstance(each, str) for each in said)
    return isinstance(said, bool if wanted == "truth" else str)


def _words(entry: Entry) -> Iterator[Fault]:
    if not (entry.props.get("name_zh") or entry.props.get("name_en")):
        yield entry.lacks("name_zh", "has no name")
    for name in REQUIRED.get(entry.file, ()):
        if entry.props.get(name) in (None, ""):
            yield entry.lacks(name, "is missing")
    for name, choices in CHOICES.get(entry.file, {}).items():
        said = entry.props.get(name)
        if said is not None and _fits(expected(name) or "", said) and said not in choices:
            yield entry.fault(name, said, f"not one of {', '.join(map(str, choices))}")


def _unit(entry: Entry) -> Iterator[Fault]:
    kind, unit = entry.props.get("kind"), entry.props.get("unit")
    if not isinstance(kind, str) or not isinstance(unit, str):
        return
    units = UNITS_OF_KIND.get(kind)
    if units is None and unit not in ALL_UNITS:
        yield entry.fault("unit", unit, "unknown unit")
    elif units is not None and unit not in units:
        yield entry.fault("unit", unit, f"unknown unit for {kind}; it is measured in {', '.join(units)}")


def _limits(entry: Entry) -> Iterator[Fault]:
    said = {name: each for name, each in entry.props.items() if is_number(each)}
    lo, hi = said.get("range_lo", -math.inf), said.get("range_hi", math.inf)
    if not lo < hi:
        yield entry.fault("range_lo", lo, f"must be below range_hi = {hi}")
    for name in (*_LOW, *_HIGH):
        if name in said and lo < hi and not lo <= said[name] <= hi:
            yield entry.fault(name, said[name], f"outside the instrument's range {lo} to {hi}")
    for below, above in pairwise(name for name in (*_LOW, *_HIGH) if name in said):
        strict = below in _LOW and above in _HIGH
        if said[below] > said[above] or (strict and said[below] == said[above]):
            yield entry.fault(below, said[below], f"must be {'below' if strict else 'at most'} {above} = {said[above]}")


def _references(folder: Folder) -> Iterator[Fault]:
    ids = {file: {entry.id for entry in entries} for file, entries in folder.entries.items()}
    ids[ANYWHERE] = set().union(*ids.values()) if ids else set()
    for entry in folder:
        named = REFERENCES[ANYWHERE] | REFERENCES.get(entry.file, {})
        for name, file in named.items():
            # a file that could not be read would make every mention of its ids a fault
            unreadable = folder.broken if file == ANYWHERE else folder.broken & {file}
            if name in entry.props and not unreadable:
                known = ids.get(file, set())
                yield from _reference(entry, name, file, known)


def _reference(entry: Entry, name: str, file: str, known: set[str | None]) -> Iterator[Fault]:
    said = entry.props[name]
    for each in said if isinstance(said, list) else [said]:
        if not each or not isinstance(each, str) or (name == "owner" and each == PARK_ITSELF):
            continue
        if each in known and each != entry.id:
            continue
        yield entry.fault(name, each, "no feature has this id" if file == ANYWHERE else f"not in {file}.geojson")
