"""Rows under other people's column names, to readings or records under ours: names, times without offset, numbers in
texts. What cannot be understood is left as it is, so that it is refused with the words that were sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters._options import option_error
from adapters._readings import reading_batch
from adapters._records import record_batch
from twin.dictionary import dictionary
from twin.moment import Moment
from twin.reading import READING_TABLE, Batch, Reject
from twin.source import SourceSettings

OPTIONS = frozenset({"table", "columns", "zone", "crs"})
_READING = {"point": "string", "ts": "datetime", "value": "float", "quality": "quality"}
_NEEDED = ("point", "ts", "value")
_NUMBERS = frozenset({"int", "float", "lon", "lat"})
_WORDS = frozenset({"string", "enum", "file"})
_TRUTHS = {"true": True, "false": False}
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2})(:.*)")  # as spreadsheets write times

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Mapped:
    """How rows of one table are called elsewhere. ``columns``: theirs by ours; ``zone``: of times without offset."""

    table: str
    columns: Mapping[str, str]
    zone: ZoneInfo | None

    def missing(self, names: Iterable[str]) -> str | None:
        """The first column (by their name) without which no row can be kept; None when all are among ``names``."""
        there = set(names)
        needed = _NEEDED if self.table == READING_TABLE else dictionary().table(self.table).keys
        return next((self.theirs(each) for each in needed if self.theirs(each) not in there), None)

    def batch(
        self,
        rows: Sequence[Any],
        source: str,
        batch_id: str,
        received_at: Moment,
        places: Sequence[int],
        refused: Sequence[Reject],
        named: str,
    ) -> Batch:
        """Rows as they were read, to a batch of our table."""
        ours = self._renamed(rows)
        if self.table == READING_TABLE:
            return reading_batch(ours, source, batch_id, received_at, places, refused, named)
        table = dictionary().table(self.table)
        return record_batch(table, ours, source, batch_id, received_at, places, refused, named)

    def theirs(self, name: str) -> str:
        """What one of our columns is called there."""
        return self.columns.get(name, name)

    def _renamed(self, rows: Sequence[Any]) -> list[Any]:
        names = {theirs: ours for ours, theirs in self.columns.items()}
        convert = self._converters()
        return [
            {name: convert[name](value) if name in convert else value for name, value in _named(row, names)}
            for row in rows
        ]

    def _converters(self) -> dict[str, Convert]:
        makers: dict[str, Convert] = dict.fromkeys(_NUMBERS, _number) | dict.fromkeys(_WORDS, _word)
        makers |= {"datetime": self._moment, "bool": _truth, "quality": _quality}
        return {name: makers[kind] for name, kind in kinds_of(self.table).items() if kind in makers}

    def _moment(self, value: Any) -> Any:
        """A time; one without an offset is in the operator's zone, if he named one."""
        if self.zone is None or not isinstance(value, str):
            return value
        moment = _parsed(value.strip())
        return value if moment is None or moment.tzinfo else moment.replace(tzinfo=self.zone).isoformat()


def kinds_of(table: str) -> dict[str, str]:
    """The types of a table's fields, by their names."""
    return _READING if table == READING_TABLE else {each.name: each.type for each in dictionary().table(table).fields}


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    taken = set(names.values())
    for theirs, value in row.items():
        if theirs in names:
            yield names[theirs], value
        elif theirs not in taken:  # what is called like ours, but is not what was meant
            yield theirs, value


def _parsed(text: str) -> datetime | None:
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        year, month, day, hour, rest = slashed.groups()
        text = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}{rest}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return float(value) if value.strip() else None
    except ValueError:
        return value


def _word(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _truth(value: Any) -> Any:
    return _TRUTHS.get(value.lower(), value) if isinstance(value, str) else value


def _quality(value: Any) -> Any:
    if value is None:
        return "good"
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def mapped(settings: SourceSettings, table: str) -> Mapped:
    """The mapping that the options ``columns`` and ``zone`` of a source describe, for one table.

    Raises:
        ParkError: the table, one of its columns or the zone is not known.
    """
    if table != READING_TABLE and table not in dictionary():
        raise option_error(settings, "table", f"the dictionary has no table '{table}'")
    columns = settings.options.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
        raise option_error(settings, "columns", "is not a table of our names = 'their names'")
    unknown = next((each for each in columns if each not in kinds_of(table)), None)
    if unknown is not None:
        raise option_error(settings, "columns", f"'{table}' has no '{unknown}'")
    return Mapped(table, columns, _zone(settings))


def _zone(settings: SourceSettings) -> ZoneInfo | None:
    name = settings.options.get("zone")
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise option_error(settings, "zone", f"{name!r} is not a time zone like Asia/Shanghai") from error
