"""What a call promises, said once: the parameters that it reads and the answer that it gives.

A parameter is declared as the object that also reads it, and ``says`` refuses what is not declared, so the OpenAPI
document (``api/openapi.py``) cannot tell anything else than what the code does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from flask import request

from twin.errors import BadInput
from twin.moment import KNOWN, LATEST, Moment, parse_moment

JSON = "application/json"
Schema = Mapping[str, Any]
View = Callable[..., Any]
_WHOLE = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Param:
    """One parameter of a call. ``schema`` is its JSON Schema."""

    name: str
    about: str
    schema: Schema
    place: str = "query"  # query | path | header
    example: Any = None

    def asked(self) -> str | None:
        """What the request says, None where it says nothing.

        Raises:
            BadInput: none of the values that the parameter may have.
        """
        found = request.args if self.place == "query" else request.headers
        # ``get`` of what is missing makes an error of it first
        said = found[self.name] if self.name in found else None  # noqa: SIM401
        options = self.schema.get("enum")
        if said is not None and options is not None and said not in options:
            raise BadInput(f"{self.name}: '{said[:20]}' is none of {', '.join(options)}", self.name)
        return said


@dataclass(frozen=True)
class Number(Param):
    """A whole number within a range, with what stands for it where it is not given."""

    default: int = 0

    def number(self) -> int:
        """The number that is asked for.

        Raises:
            BadInput: not a whole number, or out of range.
        """
        text = self.asked()
        if text is None:
            return self.default
        low, high = self.schema["minimum"], self.schema["maximum"]
        if not (_WHOLE.fullmatch(text) and low <= int(text) <= high):
            raise BadInput(f"{self.name}: '{text[:40]}' is not a whole number from {low} to {high}", self.name)
        return int(text)


@dataclass(frozen=True)
class Instant(Param):
    """A moment with its offset."""

    def moment(self) -> Moment | None:
        """The moment that is asked for.

        Raises:
            BadInput: not a time, or without an offset.
        """
        text = self.asked()
        return None if text is None else parse_moment(text, self.name)


def number(name: str, about: str, default: int, low: int, high: int) -> Number:
    """A whole number from ``low`` to ``high``."""
    schema = {"type": "integer", "minimum": low, "maximum": high, "default": default}
    return Number(name, about, schema, default=default)


def instant(name: str, about: str) -> Instant:
    """A time with its offset."""
    return Instant(name, about, {"type": "string", "format": "date-time"})


def words(name: str, about: str, **schema: Any) -> Param:
    """Some text."""
    return Param(name, about, {"type": "string", **schema})


def one_of(name: str, about: str, *options: str) -> Param:
    """One of a few words."""
    return Param(name, about, {"type": "string", "enum": list(options)})


def part(name: str, about: str, example: str | None = None, **schema: Any) -> Param:
    """A part of the address."""
    return Param(name, about, {"type": "string", **schema}, "path", example)


AT = instant("at", "what the twin knew at that moment; absent means live")
KNOWLEDGE = one_of("knowledge", "what was known then, or (latest) as corrected since", KNOWN, LATEST)
LANG = one_of("lang", "language of a file's words", "zh", "en")
KEY = Param(
    "Idempotency-Key",
    "a name of the batch: sent again it gets the same answer and changes nothing",
    {"type": "string", "minLength": 1, "maxLength": 200},
    "header",
)


@dataclass(frozen=True)
class Contract:
    """One call of the contract.

    ``bodies`` and ``answers`` map a media type to the schema of what is sent and of what comes back;
    ``of_screen``: the parameters that screens declare belong to it as well; ``needs``: the right that it takes, from
    ``deps.needs``; ``limited``: it is refused when it is called too often.
    """

    summary: str
    params: tuple[Param, ...] = ()
    answers: Mapping[str, Schema] = field(default_factory=dict)
    status: int = 200
    bodies: Mapping[str, Schema] = field(default_factory=dict)
    refusals: tuple[int, ...] = ()
    needs: str | None = None
    of_screen: bool = False
    limited: bool = False

    def names(self, place: str) -> frozenset[str]:
        """Names of the parameters that stand at a place."""
        return frozenset(each.name for each in self.params if each.place == place)


def says(summary: str, *params: Param, answer: Schema | None = None, **more: Any) -> Callable[[View], View]:
    """Declare what a view promises; a parameter of the query that it does not have is refused.

    ``answer`` is the schema of its JSON; ``more`` are fields of ``Contract``.
    """
    if answer is not None:
        more["answers"] = {JSON: answer}
    stated = Contract(summary, params, **more)
    known = stated.names("query")

    def declared(view: View) -> View:
        contract = replace(stated, needs=getattr(view, "needs", None))

        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not contract.of_screen:
                _refuse_unknown(known)
            return view(*args, **kwargs)

        checked.contract = contract  # type: ignore[attr-defined]
        return checked

    return declared


def _refuse_unknown(known: frozenset[str]) -> None:
    for name in request.args:
        if name not in known:
            raise BadInput(f"this call has no parameter '{name[:40]}'", name[:40], "unknown_parameter")
