"""Rows of a table or query in the order of a cursor, page by page: none lost between two pages, few asked for twice.

A page begins after the last row of the one before, compared in all columns of the cursor. But a row whose transaction
ends late has an older stamp than rows that were read already. So the rows are read in turns: each goes up to the edge
(the greatest stamp there is when it begins), and begins an ``overlap`` before the edge of the turn before. A row that
is stamped no more than the overlap behind the edge of its time is so never missed, however long a turn takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from unicodedata import combining, normalize
from uuid import UUID

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Numeric,
    Select,
    String,
    TextClause,
    Uuid,
    and_,
    column,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.types import TypeEngine

from adapters._http import BAD_ANSWER
from twin.errors import SourceError

Values = tuple[Any, ...]
Origin = FromClause | TextClause
_COUNTED = (date, int, float, Decimal)

# how a value of a cursor is written and read again; texts and whole numbers are themselves in JSON
_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    datetime: datetime.isoformat, date: date.isoformat, Decimal: str, UUID: str, float: repr,
}  # fmt: skip
_READ: Mapping[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "Decimal": Decimal, "UUID": UUID, "float": float,
}  # fmt: skip
_TYPES: Mapping[type, TypeEngine[Any]] = {
    int: BigInteger(), float: Double(), Decimal: Numeric(), str: String(), date: Date(), UUID: Uuid(),
}  # fmt: skip


@dataclass(frozen=True)
class Position:
    """``high``: all up to here has been read. ``at``: the last row of the turn that is under way, ``edge``: its end."""

    high: Values | None = None
    at: Values | None = None
    edge: Values | None = None

    @classmethod
    def of_cursor(cls, cursor: str | None, columns: Sequence[str]) -> Position:
        """What a stored cursor says; the beginning where there is none, or one of other columns."""
        said = {} if cursor is None else orjson.loads(cursor)
        if said.get("by") != [*columns]:
            return cls()
        return cls(*(said[name] and tuple(map(_read, said[name])) for name in ("high", "at", "edge")))

    def as_cursor(self, columns: Sequence[str]) -> str:
        """To be stored with the rows."""
        said = {name: values and [*map(_written, values)] for name, values in vars(self).items()}
        return orjson.dumps({"by": columns, **said}).decode()


def _written(value: Any) -> Any:
    write = _WRITTEN.get(type(value))
    return value if write is None else [type(value).__name__, write(value)]


def _read(said: Any) -> Any:
    return _READ[said[0]](said[1]) if isinstance(said, list) else said


def origin_of(name: str) -> Origin:
    """A table, or ``schema.table``; what must be quoted is quoted by the dialect."""
    schema, _, own = name.rpartition(".")
    return table(own, schema=schema or None)


def origin_of_query(query: str) -> Origin:
    """The rows of a query."""
    bare = query.strip().rstrip(";").replace(":", "\\:")  # a colon is no parameter here
    return text(f"({bare}) AS parktwin_rows")


@dataclass(frozen=True)
class Paging:
    """Where the rows are, the columns that order them and tell them apart, rows of a page; ``start``: the first value.

    ``overlap``: how far a new turn goes back; seconds for times, else in the cursor's own units.
    """

    origin: Origin
    cursor: tuple[str, ...]
    size: int
    overlap: float
    start: Any = None

    def edge(self) -> Select[Any]:
        """The question for the greatest stamp there is, as ``edge``."""
        first: ColumnElement[Any] = column(self.cursor[0])
        asked = select(first.label("edge")).select_from(self.origin).where(first.is_not(None))
        return asked.order_by(first.desc()).limit(1)  # not max(): some types that are ordered have none

    def statement(self, position: Position) -> Select[Any]:
        """The question for the next page, and the row behind it."""
        columns: list[ColumnElement[Any]] = [column(name) for name in self.cursor]
        asked: Select[Any] = select(literal_column("*")).select_from(self.origin).where(columns[0].is_not(None))
        if position.edge is not None:
            asked = asked.where(columns[0] <= _literal(position.edge[0]))
        return asked.where(*self._begin(columns, position)).order_by(*columns).limit(self.size + 1)

    def _begin(self, columns: Sequence[ColumnElement[Any]], position: Position) -> list[ColumnElement[bool]]:
        if position.at is not None:
            return [_behind(columns, position.at)]
        if position.high is None:
            return [] if self.start is None else [columns[0] >= _literal(self.start)]
        if position.edge is not None:
            return [columns[0] >= _literal(self.back(position.high[0]))]
        return [_behind(columns, position.high)]

    def after(self, position: Position, values: Sequence[Values], over: bool) -> Position:
        """The position behind a page with these values; ``over``: it is the last one of its turn."""
        if position.edge is None:
            return Position(values[-1] if values else position.high)
        return Position(position.edge) if over else replace(position, at=values[-1])

    def goes_back(self, value: Any) -> bool:
        """Whether turns overlap: it is wanted, and the cursor is something that can be counted."""
        return self.overlap > 0 and isinstance(value, _COUNTED)

    def back(self, value: Any) -> Any:
        """A value of the first column, less the overlap."""
        step = timedelta(seconds=self.overlap) if isinstance(value, date) else type(value)(self.overlap)
        return value - step

    def values(self, row: Mapping[str, Any]) -> Values:
        """What a row has in the columns of the cursor.

        Raises:
            SourceError: it has no such column, or nothing in it.
        """
        for name in self.cursor:
            if row.get(name) is None:
                said = "the rows have no column" if name not in row else "there is a row without a value in"
                raise SourceError(f"{said} '{name}', which the cursor needs", "cursor", BAD_ANSWER)
        return tuple(row[name] for name in self.cursor)

    def page(self, rows: Sequence[dict[str, Any]]) -> tuple[Sequence[dict[str, Any]], list[Values]]:
        """The rows of a page, without those behind it, and what they have in the columns of the cursor.

        A page does not end between two that the database may hold equal: the second would be lost.

        Raises:
            SourceError: two rows have the same, so that they cannot be told apart.
        """
        values = [self.values(each) for each in rows]
        end = self._end(values)
        pairs = pairwise(values[: end or 2])  # no end: they are all alike
        twice = next((one for one, other in pairs if one == other or not end), None)
        if twice is not None:
            named = ", ".join(f"{name} {value}" for name, value in zip(self.cursor, twice, strict=True))
            said = f"several rows have {named}: name one more column in 'cursor', which tells them apart"
            raise SourceError(said, "cursor", BAD_ANSWER)
        return rows[:end], values[:end]

    def _end(self, values: Sequence[Values]) -> int:
        if len(values) <= self.size:
            return len(values)
        return next((n for n in range(self.size, 0, -1) if _alike(values[n - 1]) != _alike(values[n])), 0)


def _alike(values: Values) -> list[Any]:
    """Values without what some collations overlook: case, accents, spaces at the end."""
    return [_bare(each) if isinstance(each, str) else each for each in values]


def _bare(said: str) -> str:
    return "".join(each for each in normalize("NFKD", said).casefold() if not combining(each)).rstrip()


def _behind(columns: Sequence[ColumnElement[Any]], values: Values) -> ColumnElement[bool]:
    """The rows after ``values``, spelled so that an index on the first column can be used."""
    pairs = list(zip(columns, map(_literal, values), strict=False))  # an edge has one value only
    ways = [and_(*(each == value for each, value in pairs[:n]), pairs[n][0] > pairs[n][1]) for n in range(len(pairs))]
    return and_(pairs[0][0] >= pairs[0][1], or_(*ways))


def _literal(value: Any) -> ColumnElement[Any]:
    if isinstance(value, datetime):
        return literal(value, DateTime(timezone=value.tzinfo is not None))
    return literal(value, _TYPES.get(type(value)))
