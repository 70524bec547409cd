"""Where a figure comes from, as data: what it is made of, and by which formula.

A panel declares an ``Origin``: named sets of inputs (stored points and records, never sums of them), and a function
that gives one ``Figure`` for every number that the panel may show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from twin.content import Text
from twin.formula import Formula

# What every set of inputs has; a query that does not give one of them leaves it empty, and ``kind`` is a record then.
# kind: point | record | feature (of the park's folder) | setting. ts: when it was so; known: when the twin got to know.
BASE = ("id", "kind", "table", "name_zh", "name_en", "source", "ts", "known", "quality")


@dataclass(frozen=True)
class Inputs:
    """One set of what figures are made of: the rows of a query, or such that are ``made`` of the park.

    A row stands for one thing that is stored and has the columns of ``BASE`` and those that the formulas read.
    ``columns`` are shown beside them, as ``ListOf.columns``; ``pick`` leads to the thing: (layer, column of its id);
    a column ``pick_layer`` of the query overrides the layer for a row. ``rows`` turns the query's rows, and those of
    the queries named in ``also``, into the set's where no query can.
    """

    query: str | None = None
    columns: tuple[tuple[str, str, str | None], ...] = ()
    pick: tuple[str, str] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    made: Callable[[Any], Sequence[Mapping[str, Any]] | pl.DataFrame] | None = None  # (look) -> rows
    also: Mapping[str, str] = field(default_factory=dict)
    rows: Callable[..., pl.DataFrame] | None = None  # (rows, look, **rows of also)


@dataclass(frozen=True)
class Figure:
    """One number of a panel: where it stands in the content (``path``), how it is computed and how that is said.

    ``coverage`` counts what answered and what should have (n of m); without it, the inputs that can be trusted out of
    all inputs. ``rules`` are numbers of rules; None: those of the panel.
    """

    path: str
    formula: Formula
    said: Text
    unit: str | None = None
    coverage: tuple[Formula, Formula] | None = None
    rules: str | None = None


Figures = Callable[[Mapping[str, pl.DataFrame], Any], Iterable[Figure]]


@dataclass(frozen=True)
class Origin:
    """Where all figures of a panel come from: its inputs by name, and ``figures`` (inputs' rows by name, look)."""

    inputs: Mapping[str, Inputs]
    figures: Figures


def path(*steps: str | int) -> str:
    """Where something stands in a content: names and, in a list, the ``key`` of an item (its place where it has none).

    Example:
        ``path("items", "online", "value", "value")``
    """
    return "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def item(key: str, *inner: str | int) -> str:
    """Path of an item of a figure content: of its number, or of what stands ``inner`` to the item."""
    return path("items", key, *(inner or ("value", "value")))


def within(at: str, figures: Iterable[Figure]) -> Iterator[Figure]:
    """Figures of a content that is itself part of another one, at a path there."""
    return (replace(each, path=f"{at}/{each.path}") for each in figures)


def steps(said: str) -> list[str]:
    """The steps of a path."""
    return [step.replace("~1", "/").replace("~0", "~") for step in said.split("/")]


def setting(id: str, value: float | str | None, unit: str | None = None, source: str = "park.toml") -> dict[str, Any]:
    """A row for a number that the park's settings hold."""
    return {"id": id, "kind": "setting", "table": "park.toml", "source": source, "value": value, "unit": unit}
