"""Contents whose numbers say themselves where they come from.

A panel shows the same numbers of whatever it is asked for, so its origin stands beside it. A detail is of one thing and
made of parts that come and go with it; there a number carries its figure wherever it ends up: any part of such a
content may be ``Traced``, and ``settled`` tells the plain content from the figures in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from twin.content import Content, Text
from twin.errors import TwinError
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, path


@dataclass(frozen=True)
class Traced:
    """A part of a content, the figures in it (their paths begin at the part; ``""`` is the part itself) and the sets of
    inputs that they name. A figure whose path is not there is passed over."""

    shown: Any
    figures: tuple[Figure, ...]
    inputs: Mapping[str, Inputs] = field(default_factory=dict)


Shown = TypeVar("Shown")


def with_figures(shown: Shown, figures: Iterable[Figure], inputs: Mapping[str, Inputs] | None = None) -> Shown:
    """A part of a content that says where its numbers come from; it stands wherever the part itself may stand."""
    return cast(Shown, Traced(shown, tuple(figures), inputs or {}))


def traced(
    shown: Shown,
    formula: Formula,
    said: Text,
    unit: str | None = None,
    *,
    at: str = "",
    inputs: Mapping[str, Inputs] | None = None,
    coverage: tuple[Formula, Formula] | None = None,
    rules: str | None = None,
) -> Shown:
    """A part of a content with one number, which stands ``at`` a path of it."""
    return with_figures(shown, (Figure(at, formula, said, unit, coverage, rules),), inputs)


@dataclass(frozen=True)
class Settled:
    """A plain content, and where the figures in it come from."""

    content: Content
    origin: Origin


def settled(content: Content) -> Settled:
    """A content as it is shown, and its figures with their paths in it.

    Raises:
        TwinError: two parts call different sets of inputs by the same name.
    """
    found = _Found([], {})
    plain = found.plain(content, ())
    return Settled(plain, Origin(found.inputs, lambda rows, look: found.figures))


@dataclass(frozen=True)
class _Found:
    """What has been met on the way through a content."""

    figures: list[Figure]
    inputs: dict[str, Inputs]

    def plain(self, said: Any, at: tuple[str | int, ...]) -> Any:
        """What is said at a place, without its figures."""
        if isinstance(said, Traced):
            self._take(said, path(*at))
            return self.plain(said.shown, at)
        if isinstance(said, dict):
            return {name: self.plain(each, (*at, name)) for name, each in said.items()}
        if isinstance(said, (list, tuple)):
            return [self.plain(each, (*at, _step(each, place))) for place, each in enumerate(said)]
        return said

    def _take(self, said: Traced, at: str) -> None:
        self.figures.extend(replace(each, path=f"{at}/{each.path}" if each.path else at) for each in said.figures)
        for name, inputs in said.inputs.items():
            if self.inputs.setdefault(name, inputs) != inputs:
                raise TwinError(f"a detail calls two sets of inputs '{name}'", name, "lineage")


def _step(said: Any, place: int) -> str | int:
    """How a path calls an item of a list: by its key, else by its place."""
    while isinstance(said, Traced):
        said = said.shown
    keyed = isinstance(said, dict) and set(said) - {"key", "args"}
    return said.get("key", place) if keyed else place
