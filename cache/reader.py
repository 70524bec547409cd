"""Runs the queries of screens: ``sql/<area>/<name>.sql`` as of a moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from cache.database import Database
from models.alarm_tables import ALARM_TABLES
from twin.errors import BadInput, StoreError
from twin.moment import Moment

_FOLDER = Path(__file__).parent / "sql"
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_PARAM = re.compile(r"\$([a-z_][a-z0-9_]*)")
_AS_OF = re.compile(r"\b(\w+)_at\(")
_MEASURED = re.compile(r"\b(?:reading|reading_raw|pulse|snapshot)\b")
_STATE = re.compile(r"\b(?:from|join)\s+state\b", re.IGNORECASE)
StateAt = Callable[[Moment], pl.DataFrame]


@dataclass(frozen=True)
class Query:
    """One query: its text, the parameters it names, and whether it reads ``state``."""

    sql: str
    params: frozenset[str]
    state: bool


def parse(sql: str) -> Query:
    """A query without its comments, and what it needs."""
    bare = _COMMENT.sub("", sql).strip().rstrip(";")
    return Query(bare, frozenset(_PARAM.findall(bare)), bool(_STATE.search(bare)))


@cache
def query(name: str) -> Query:
    """The query ``<area>/<name>``, read once.

    Raises:
        StoreError: there is no such file.
    """
    path = _FOLDER / f"{name}.sql"
    if not path.is_file():
        raise StoreError(f"there is no query '{name}'")
    return parse(path.read_text("utf-8"))


@cache
def tables_of(name: str) -> frozenset[str]:
    """The tables whose change can change a query's answer; ``reading`` stands for measured values."""
    asked = query(name)
    named = set(_AS_OF.findall(asked.sql))
    tables = (named - {"alarm"}) | (ALARM_TABLES if "alarm" in named else set())
    return frozenset(tables | ({"reading"} if asked.state or _MEASURED.search(asked.sql) else set()))


class SqlReader:
    """What screens, layers and panels ask. Safe from any thread; each has its own cursor."""

    def __init__(self, database: Database, state_at: StateAt, scope: str) -> None:
        self.scope = scope
        self._database = database
        self._state_at = state_at

    def read(self, name: str, /, *, at: Moment, **params: Any) -> pl.DataFrame:
        """Rows of ``sql/<name>.sql`` as the twin knew them at ``at``; times are aware UTC. Only the parameters that
        the query names are bound.

        Raises:
            StoreError: no such query.
            BadInput: a parameter that the query names was not given.
        """
        asked = query(name)
        given = {"at": at, "scope": self.scope, **params}
        missing = asked.params - set(given)
        if missing:
            raise BadInput(f"query '{name}' needs '{min(missing)}'", min(missing))
        if asked.state:
            self._database.show("state", self._state_at(at))
        return self._database.query(asked.sql, {each: given[each] for each in asked.params})
