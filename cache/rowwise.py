"""Queries that look at each row of ``state`` by itself, answered from its arrays without a planner.

``select … from state where …`` out of nothing but columns, parameters, plain values, comparisons, ``case``, ``in`` and
``is null`` says the same to polars and to DuckDB. polars answers it from the frame as it lies, in a tenth of the
time; and of some points the answer is what it would tell of these among all. Whatever else is asked is DuckDB's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl
from polars.exceptions import SQLInterfaceError, SQLSyntaxError

_SHAPE = re.compile(r"select\s+(?P<told>.+?)\s+from\s+state(?:\s+where\s+(?P<where>.+))?", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(
    r"\s+|(?P<text>'[^']*')|(?P<name>\$?[a-z_]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign><>|<=|>=|[=<>(),])", re.IGNORECASE
)
_BEFORE_BRACKET = frozenset({"and", "or", "not", "in", "when", "then", "else", "(", ",", "=", "<>"})
_MORE_THAN_ROWS = re.compile(
    r"\b(?:all|any|distinct|exists|from|group|having|interval|join|like|limit|offset|order|over|select|union)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rowwise:
    """The columns told, and which rows they are told of; parameters are columns named ``$name``."""

    told: tuple[pl.Expr, ...]
    where: pl.Expr | None

    def read(self, state: pl.DataFrame, params: Mapping[str, Any]) -> pl.DataFrame:
        """The query's answer on the rows given."""
        rows = state.lazy().with_columns(pl.lit(each).alias(f"${name}") for name, each in params.items())
        kept = rows if self.where is None else rows.filter(self.where)
        return kept.select(self.told).collect()


def rowwise(sql: str) -> Rowwise | None:
    """A query (without comments) of that form; None for every other."""
    found = _SHAPE.fullmatch(sql)
    if found is None or any(_MORE_THAN_ROWS.search(each) for each in found.groups("")):
        return None
    told, where = _tokens(found["told"]), _tokens(found["where"] or "")
    if told is None or where is None:
        return None
    try:
        columns = pl.sql_expr([_spoken(each) for each in _columns(told)])
        return Rowwise(tuple(columns), pl.sql_expr(_spoken(where)) if where else None)
    except (SQLInterfaceError, SQLSyntaxError):
        return None


def _tokens(text: str) -> list[str] | None:
    """The words of a piece of SQL; None where one of them does not say the same everywhere."""
    found: list[str] = []
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        found += [token[0]] if token.lastgroup else []
        place = token.end()
    calls = any(after == "(" and before.lower() not in _BEFORE_BRACKET for before, after in pairwise(["(", *found]))
    return None if calls else found


def _columns(tokens: list[str]) -> Iterator[list[str]]:
    """What is told, column by column: commas within brackets part nothing."""
    column: list[str] = []
    depth = 0
    for token in tokens:
        depth += (token == "(") - (token == ")")
        if token == "," and not depth:
            yield column
            column = []
        else:
            column.append(token)
    yield column


def _spoken(tokens: list[str]) -> str:
    return " ".join(f'"{each}"' if each.startswith("$") else each for each in tokens)
