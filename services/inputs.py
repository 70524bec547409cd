"""Which rows of its inputs a formula takes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from twin.formula import Formula, Where

Rows = Mapping[str, pl.DataFrame]
Used = dict[str, pl.Series]  # by the set's name: whether a row is taken
_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def used(formula: Formula, rows: Rows) -> Used:
    """The rows that a formula takes, by set."""
    return together({leaf.of or "": _mask(leaf.where, rows[leaf.of or ""], rows)} for leaf in formula.leaves())


def together(uses: Iterable[Used]) -> Used:
    """The rows that any of them takes."""
    found: Used = {}
    for name, mask in (item for each in uses for item in each.items()):
        found[name] = found[name] | mask if name in found else mask
    return found


def without(these: Used, those: Used) -> Used:
    """The rows of these that are none of those."""
    return {name: mask & ~those[name] if name in those else mask for name, mask in these.items()}


def counted(formula: Formula, rows: Rows) -> int:
    """The number that a ``count`` or ``distinct`` gives."""
    frame = rows[formula.of or ""]
    taken = _mask(formula.where, frame, rows)
    return frame[formula.column or ""].filter(taken).drop_nulls().n_unique() if formula.column else int(taken.sum())


def _mask(where: tuple[Where, ...], frame: pl.DataFrame, rows: Rows) -> pl.Series:
    mask = pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    for column, relation, value in where:
        mask &= _holds(frame[column], relation, value, rows)
    return mask


def _holds(said: pl.Series, relation: str, value: Any, rows: Rows) -> pl.Series:
    """Whether a condition holds, row by row; for what is missing only ``is`` and ``is not`` ever do."""
    if relation in ("is", "is not"):
        return said.is_null() if relation == "is" else said.is_not_null()
    if relation in _COMPARED:
        return _COMPARED[relation](said, value).fill_null(False)
    inside = said.is_in(_values(value, rows)).fill_null(False)
    return inside if relation == "in" else ~inside & said.is_not_null()


def _values(value: Any, rows: Rows) -> list[Any]:
    if not isinstance(value, Formula):
        return list(value)
    frame = rows[value.of or ""]
    return frame[value.column or ""].filter(_mask(value.where, frame, rows)).drop_nulls().unique().to_list()
