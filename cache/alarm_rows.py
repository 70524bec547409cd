"""Alarms as rows of the projection, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter

import polars as pl

from cache.database import Database
from models.alarm_state import Alarm
from twin.moment import Moment
from twin.reading import UTC_US

_NAMES = tuple(each.name for each in fields(Alarm))
_TIMES = frozenset(
    {"alarm_at", "raised", "handle_by", "cleared_at", "ends_at", "first_handled_at", "contacted_at", "contact_by"}
    | {"closed_at", "last_at"}
)
_NUMBERS = frozenset({"lon", "lat", "value", "threshold"})
_TRUTHS = frozenset({"is_gas", "clears", "seen", "told"})


def _kind(name: str) -> pl.DataType:
    if name in _TIMES:
        return UTC_US
    if name in _NUMBERS:
        return pl.Float64()
    if name in _TRUTHS:
        return pl.Boolean()
    return pl.Int32() if name == "events" else pl.String()


_VALUES = attrgetter(*_NAMES)
_SCHEMA = pl.Schema({name: _kind(name) for name in _NAMES} | {"seq": pl.Int64(), "until": UTC_US})
_ALWAYS = datetime(9999, 12, 31, tzinfo=UTC)
_LISTED = ", ".join(_NAMES)
_OPEN = f"SELECT {_LISTED} FROM alarm WHERE known_to IS NULL AND stage <> 'closed'"
_SOME = f"SELECT {_LISTED} FROM alarm WHERE known_to IS NULL AND id IN (SELECT id FROM asked)"
_END = (
    "UPDATE alarm SET known_to = $known WHERE known_to IS NULL AND known_from >= $oldest "
    "AND id IN (SELECT id FROM gone)"
)
_BEGIN = f"INSERT INTO alarm ({_LISTED}, seq, until, known_from) SELECT {_LISTED}, seq, until, $known FROM made"
_PAST = (
    f"INSERT INTO alarm ({_LISTED}, seq, until, known_from, known_to) "
    f"SELECT {_LISTED}, seq, until, known_from, known_to FROM made ORDER BY known_from"
)


def open_alarms(database: Database) -> list[Alarm]:
    """Every alarm that is not closed, as the file has it."""
    return _alarms(database.query(_OPEN))


def some_alarms(database: Database, ids: Collection[str]) -> list[Alarm]:
    """The alarms of these ids that there are, closed or not."""
    if not ids:
        return []
    return _alarms(database.query(_SOME, tables={"asked": pl.DataFrame({"id": list(ids)})}))


def write_versions(
    database: Database, made: Sequence[tuple[Alarm, int]], ended: Sequence[Alarm], known: Moment
) -> None:
    """End the versions that held and begin new ones (inside the caller's transaction); each with its entry's number."""
    if ended:
        oldest = min(each.last_at or each.raised for each in ended)
        gone = pl.DataFrame({"id": [each.id for each in ended]})
        database.execute(_END, {"known": known, "oldest": oldest}, {"gone": gone})
    if made:
        database.execute(_BEGIN, {"known": known}, {"made": _frame(made)})


def versions_frame(versions: Iterable[tuple[Alarm, int, Moment, Moment | None]]) -> pl.DataFrame:
    """Versions with their entries' numbers, and from when to when each was so."""
    rows = list(versions)
    spans = pl.DataFrame(
        {"known_from": [each[2] for each in rows], "known_to": [each[3] for each in rows]},
        {"known_from": UTC_US, "known_to": UTC_US},
    )
    return _frame([(alarm, seq) for alarm, seq, _, _ in rows]).hstack(spans)


def write_past(database: Database, versions: pl.DataFrame) -> None:
    """Keep versions of the past, in the order in which they became known (inside the caller's transaction)."""
    database.execute(_PAST, tables={"made": versions})


def _frame(made: Sequence[tuple[Alarm, int]]) -> pl.DataFrame:
    columns = dict(zip(_NAMES, map(list, zip(*(_VALUES(each) for each, _ in made), strict=True)), strict=True))
    more = {"seq": [seq for _, seq in made], "until": [_until(each) for each, _ in made]}
    return pl.DataFrame({**columns, **more}, _SCHEMA)


def _until(alarm: Alarm) -> datetime:
    """The last that happened to a closed alarm; the end of time for any other."""
    if alarm.closed_at is None:
        return _ALWAYS
    return max(each for each in (alarm.alarm_at, alarm.cleared_at, alarm.closed_at) if each is not None)


def _alarms(rows: pl.DataFrame) -> list[Alarm]:
    return [Alarm(**row) for row in rows.iter_rows(named=True)]
