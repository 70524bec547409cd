"""Templates of notices: what a message says in a language, and which fields a park's own template may name.

The phrases ``notice.<template>.title`` and ``notice.<template>.body`` of the catalogue are what counts where the park
says nothing; ``[notify.templates]`` may say something else for ``<template>.<title|body>.<zh|en>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from string import Formatter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from twin.errors import BadInput
from twin.labels import LANGUAGES, catalogue, say

PARTS = ("title", "body")
_RESTS = frozenset(f"{part}.{lang}" for part in PARTS for lang in LANGUAGES)
_WHEN = "%m-%d %H:%M"


class Letter(NamedTuple):
    """What a message says in one language."""

    title: str
    body: str


def fields_of(phrase: str) -> frozenset[str]:
    """The fields that a phrase names.

    Raises:
        BadInput: its braces do not fit.
    """
    try:
        return frozenset(name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(phrase) if name)
    except ValueError as error:
        raise BadInput(f"not a template: {error}", "template") from error


def known_fields(template: str) -> frozenset[str]:
    """The fields that a template may name: those of its phrases in the catalogue; none for an unknown one."""
    phrases = [catalogue(lang).get(f"notice.{template}.{part}") for lang in LANGUAGES for part in PARTS]
    return frozenset[str]().union(*(fields_of(each) for each in phrases if each is not None))


def is_template(template: str) -> bool:
    """Whether the catalogue has it."""
    return f"notice.{template}.body" in catalogue(LANGUAGES[0])


def template_faults(templates: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with a park's own templates: name, and why."""
    if not isinstance(templates, Mapping):
        return
    for name, phrase in templates.items():
        template, _, rest = name.partition(".")
        if not is_template(template) or rest not in _RESTS:
            yield name, "no such template; write <template>.<title|body>.<zh|en>"
            continue
        try:
            unknown = fields_of(str(phrase)) - known_fields(template)
        except BadInput as error:
            yield name, error.message
            continue
        if unknown:
            known = ", ".join(sorted(known_fields(template)))
            yield name, f"knows no field '{min(unknown)}'; known are {known}"


def letter(template: str, args: Mapping[str, Any], lang: str, zone: str, own: Mapping[str, str]) -> Letter:
    """A notice in a language; moments (``{"when": iso}``) with their day, in the park's zone."""
    said = {name: _when(each, zone) for name, each in args.items()}
    return Letter(*(_part(template, part, said, lang, zone, own) for part in PARTS))


def _part(template: str, part: str, args: Mapping[str, Any], lang: str, zone: str, own: Mapping[str, str]) -> str:
    phrase = own.get(f"{template}.{part}.{lang}")
    if phrase is None:
        return say({"key": f"notice.{template}.{part}", "args": args}, lang, zone)
    filled = {name: say(each, lang, zone) for name, each in args.items()}
    return Formatter().vformat(phrase, (), {name: filled.get(name, "") for name in fields_of(phrase)})


def _when(said: Any, zone: str) -> Any:
    if isinstance(said, Mapping):
        if "when" in said:
            return datetime.fromisoformat(str(said["when"])).astimezone(ZoneInfo(zone)).strftime(_WHEN)
        return {name: _when(each, zone) for name, each in said.items()}
    return [_when(each, zone) for each in said] if isinstance(said, list) else said
