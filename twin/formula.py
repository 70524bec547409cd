"""Formulas as data: how a number is computed from the rows that it is made of.

A formula is made by the functions below (``formula.count("alarms", ("open", "=", True))``) and travels as JSON beside
its rows, so whoever has an answer can compute the figure again without asking us.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from twin.moment import Moment, iso

# Over the rows of a set that meet all conditions of ``where``.
OF_ROWS = ("count", "distinct", "sum", "mean", "max", "min", "last", "one", "each")
# Over other formulas.
OF_PARTS = ("add", "subtract", "multiply", "divide", "percent", "round", "least", "greatest", "year", "lapse")
RELATIONS = ("=", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not")
Where = tuple[str, str, Any]  # column, relation, value; only ``is`` and ``is not`` (None) ever hold for what is missing


@dataclass(frozen=True)
class Formula:
    """One step of a formula; made by the functions below."""

    op: str
    of: str | None = None
    column: str | None = None
    where: tuple[Where, ...] = ()
    by: str | None = None
    parts: tuple[Formula, ...] = ()
    value: Any = None

    def as_json(self) -> dict[str, Any]:
        """The formula as it travels; what says nothing is left out."""
        said: dict[str, Any] = {"op": self.op, "of": self.of, "column": self.column, "by": self.by}
        said["where"] = [[column, relation, _plain(value)] for column, relation, value in self.where] or None
        said["parts"] = [each.as_json() for each in self.parts] or None
        said["value"] = _plain(self.value)
        return {name: each for name, each in said.items() if each is not None}

    def leaves(self) -> Iterable[Formula]:
        """Every step that takes rows of a set, those that stand in conditions included."""
        if self.of is not None:
            yield self
        for inner in (*self.parts, *(value for _, _, value in self.where if isinstance(value, Formula))):
            yield from inner.leaves()


def _plain(value: Any) -> Any:
    if isinstance(value, Formula):
        return value.as_json()
    if isinstance(value, Moment):
        return iso(value)
    return list(value) if isinstance(value, (tuple, list, frozenset)) else value


def count(of: str, *where: Where) -> Formula:
    """How many rows."""
    return Formula("count", of, where=where)


def distinct(of: str, column: str, *where: Where) -> Formula:
    """How many different values of a column."""
    return Formula("distinct", of, column, where)


def total(of: str, column: str, *where: Where) -> Formula:
    """The sum of a column; 0 of no rows."""
    return Formula("sum", of, column, where)


def mean(of: str, column: str, *where: Where) -> Formula:
    """The mean of a column; nothing of no rows."""
    return Formula("mean", of, column, where)


def highest(of: str, column: str, *where: Where) -> Formula:
    """The largest value of a column, its newest time; nothing of no rows."""
    return Formula("max", of, column, where)


def lowest(of: str, column: str, *where: Where) -> Formula:
    """The smallest value of a column, its oldest time; nothing of no rows."""
    return Formula("min", of, column, where)


def last(of: str, column: str, *where: Where, by: str = "ts") -> Formula:
    """The value of a column in the row that is the newest ``by`` a time; of several the last one."""
    return Formula("last", of, column, where, by)


def one(of: str, column: str, id: str, key: str = "id", *where: Where) -> Formula:
    """The value of a column in the one row that has ``id`` in the column ``key``, and meets the other conditions."""
    return Formula("one", of, column, ((key, "=", id), *where))


def each(of: str, column: str, *where: Where) -> Formula:
    """All values of a column, for a condition: ``("id", "in", each("enterprises", "id", …))``."""
    return Formula("each", of, column, where)


def const(value: float) -> Formula:
    """A number that is what it is: a conversion of units."""
    return Formula("const", value=value)


def add(*parts: Formula) -> Formula:
    """The sum of all."""
    return Formula("add", parts=parts)


def subtract(first: Formula, second: Formula) -> Formula:
    """The first less the second."""
    return Formula("subtract", parts=(first, second))


def multiply(*parts: Formula) -> Formula:
    """The product of all."""
    return Formula("multiply", parts=parts)


def divide(first: Formula, second: Formula) -> Formula:
    """The first through the second; nothing where that is 0."""
    return Formula("divide", parts=(first, second))


def percent(first: Formula, second: Formula) -> Formula:
    """The first of the second as per cent with one digit, never rounded up to a full hundred."""
    return Formula("percent", parts=(first, second))


def rounded(formula: Formula, digits: int = 0) -> Formula:
    """Rounded to so many digits, halves to the even neighbour."""
    return Formula("round", parts=(formula,), value=digits)


def least(*parts: Formula) -> Formula:
    """The smallest of all."""
    return Formula("least", parts=parts)


def greatest(*parts: Formula) -> Formula:
    """The largest of all that there are: of times the newest."""
    return Formula("greatest", parts=parts)


def year(formula: Formula) -> Formula:
    """The year of a date."""
    return Formula("year", parts=(formula,))


def lapse(first: Formula, then: Formula) -> Formula:
    """The seconds from one time to another."""
    return Formula("lapse", parts=(first, then))
