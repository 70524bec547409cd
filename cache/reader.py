"""Runs the queries of screens: ``sql/<area>/<name>.sql`` as of a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.masking import masked
from cache.rowwise import Rowwise, rowwise
from cache.standing import Standing
from models.alarm_tables import ALARM_TABLES
from twin.dictionary import dictionary
from twin.errors import BadInput, StoreError
from twin.moment import Moment
from twin.person import MASKED, PARK

_FOLDER = Path(__file__).parent / "sql"
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_PARAM = re.compile(r"\$([a-z_][a-z0-9_]*)")
_AS_OF = re.compile(r"\b(\w+)_at\(")
_NAMED = re.compile(r"\b(?:from|join)\s+([a-z_]\w*)\b(?!\s*\()", re.IGNORECASE)
_MEASURED = re.compile(r"\b(?:reading|reading_raw|pulse|snapshot)\b")
_BY_MINUTE = re.compile(
    r"_at\(\s*\$at\s*\)|analysed_alarm_at\(\s*\$at,|\$at is not null"
    r"|date_trunc\('(?:minute|hour)',\s*\$at::timestamp\)",
    re.IGNORECASE,
)
_OF_RECORDS = re.compile(r"\b(\w+)_at\(\s*\$at\s*\)|\$at is not null", re.IGNORECASE)
_MADE = re.compile(r"\b(\w+)\s*(?:\([^()]*\))?\s+as\s+(?:materialized\s+)?\(", re.IGNORECASE)  # in the query itself
_STATE = re.compile(r"\b(?:from|join)\s+state\b", re.IGNORECASE)

MEASURED = frozenset({"reading"})
_OF_THE_PARK = frozenset({"point", "feature", "alarm_level"})  # change only when the file is opened
_OF_ALARMS = frozenset({"alarm", "desk_alarm"})  # views of the ledger
_OF_SEVERAL = {
    "message_log": frozenset({"message", "notice", "reply"})
}  # other views that look at more than their name says
# the view of it that tells of whole ten minutes, whatever has become known since: unless the caller says which period
_ANALYSED, TEN_MINUTES = "analysed_alarm", "ten_minutes"


class StateAt(Protocol):
    """Where ``state`` comes from."""

    def __call__(self, at: Moment, *, points: NDArray[np.intp] | None = None) -> pl.DataFrame:
        """One row per point at a moment, or of some points only."""


@dataclass(frozen=True)
class Query:
    """One query: its text, the parameters it names, the tables whose change can change its answer (``reading`` stands
    for measured values), and whether it reads ``state``. ``lasting``: it reads no measured values, and the time of
    day only by its whole minute. ``records``: the exchange tables, where its answer changes with these alone.
    ``rowwise``: the query itself, where it looks at each row of ``state`` alone."""

    sql: str
    params: frozenset[str]
    tables: frozenset[str]
    state: bool
    lasting: bool
    records: frozenset[str] | None
    rowwise: Rowwise | None


def parse(sql: str) -> Query:
    """A query without its comments, and what it needs."""
    bare = _COMMENT.sub("", sql).strip().rstrip(";")
    state, tables = bool(_STATE.search(bare)), _tables(bare)
    lasting = not tables & MEASURED and "at" not in _PARAM.findall(_BY_MINUTE.sub("", bare))
    return Query(bare, frozenset(_PARAM.findall(bare)), tables, state, lasting, _records(bare), rowwise(bare))


def _records(sql: str) -> frozenset[str] | None:
    """The exchange tables as of the moment, if a query looks at nothing else and not at the time of day."""
    tables = frozenset(_AS_OF.findall(sql))
    others = set(_NAMED.findall(sql)) - set(_MADE.findall(sql)) - _OF_THE_PARK
    known = all(each in dictionary() for each in tables)
    return tables if known and not others and "at" not in _PARAM.findall(_OF_RECORDS.sub("", sql)) else None


def _tables(sql: str) -> frozenset[str]:
    named = set(_AS_OF.findall(sql)) | set(_NAMED.findall(sql))
    for view in _OF_SEVERAL.keys() & named:
        named = named - {view} | _OF_SEVERAL[view]
    tables = (named - _OF_ALARMS - {_ANALYSED}) | (ALARM_TABLES if named & _OF_ALARMS else set())
    tables |= {TEN_MINUTES} if _ANALYSED in named else set()
    return frozenset(tables | (MEASURED if _STATE.search(sql) or _MEASURED.search(sql) else set()))


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


def tables_of(name: str) -> frozenset[str]:
    """The tables whose change can change a query's answer; ``reading`` stands for measured values."""
    return query(name).tables


class SqlReader:
    """What screens, layers and panels ask. Safe from any thread; each has its own cursor."""

    def __init__(
        self,
        database: Database,
        state_at: StateAt,
        standing: Standing,
        scope: str,
        points: NDArray[np.intp] | None = None,
    ) -> None:
        self.scope = scope
        self._bound = PARK if scope == MASKED else scope  # masked eyes see all, less what belongs to persons
        self._database = database
        self._state_at = state_at
        self._standing = standing
        self._points = points

    def read(self, name: str, /, *, at: Moment, **params: Any) -> pl.DataFrame:
        """Rows of ``sql/<name>.sql`` as the twin knew them at ``at``; times are aware UTC. Only the parameters that
        the query names are bound.

        Raises:
            StoreError: no such query.
            BadInput: a parameter that the query names was not given.
        """
        rows = self._rows(name, at, params)
        return masked(name, rows) if self.scope == MASKED else rows

    def _rows(self, name: str, at: Moment, params: dict[str, Any]) -> pl.DataFrame:
        asked = query(name)
        given = {"at": at, "scope": self._bound, **params}
        missing = asked.params - set(given)
        if missing:
            raise BadInput(f"query '{name}' needs '{min(missing)}'", min(missing))
        bound = {each: given[each] for each in asked.params}
        if asked.rowwise is not None:
            return asked.rowwise.read(self._state_at(at, points=self._points), bound)
        if asked.lasting and bound.get("starts") is None:
            return self._lasting(name, asked, at, bound)
        if asked.state:
            self._database.show("state", self._state_at(at))
        return self._database.query(asked.sql, bound)

    def _lasting(self, name: str, asked: Query, at: Moment, bound: dict[str, Any]) -> pl.DataFrame:
        key = (name, *sorted((each, value) for each, value in bound.items() if each != "at"))

        def make() -> pl.DataFrame:
            return self._database.query(asked.sql, bound)

        if asked.records is not None:
            return self._standing.of_records(key, asked.records, at, make)
        minutes = 10 if TEN_MINUTES in asked.tables else 1
        return self._standing.get(key, asked.tables, at, make, minutes)
