"""Rows of readings as they were sent, to columns; a row that is not well-formed costs nothing but itself.

Columns are checked whole; only a row that stands out is looked at alone, to say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import polars as pl

from adapters._batch import make_batch
from adapters._json import is_finite_number, is_text, raw_text, shown
from adapters._times import parse_times
from twin.errors import BadInput
from twin.moment import Moment, parse_moment
from twin.reading import DECODED_READINGS, QUALITY_CODES, READING_TABLE, Batch, Reject

_GOOD = "good"  # a source that says nothing about quality means well
_QUALITIES: dict[Any, int] = {**QUALITY_CODES, **{code: code for code in QUALITY_CODES.values()}}
_NUMBERS = frozenset((int, float))
_WORDS = frozenset((str, int))
_TEXT = frozenset((str,))
_NEEDED = ("point", "ts", "value")
_SOUND = pl.col("ts").is_not_null() & pl.col("value").is_finite() & pl.col("quality").is_not_null()


def reading_batch(
    rows: Sequence[Any],
    source: str,
    batch_id: str | None,
    received_at: Moment,
    places: Sequence[int],
    refused: Sequence[Reject] = (),
    named: str = "readings",
) -> Batch:
    """A batch of readings from rows ``{"point", "ts", "value", "quality"}``.

    ``places`` says where each row stood in what was sent, when some were already ``refused``; rejects call
    a row ``named[place]``.
    """
    kept, rejects = read_rows(rows, places, named)
    return make_batch(READING_TABLE, kept, (refused, rejects), source, batch_id, received_at, named)


def read_rows(
    rows: Sequence[Any], places: Sequence[int], named: str = "readings"
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """The well-formed rows as columns of ``DECODED_READINGS``, and a reject for each of the others."""
    numbers: Sequence[int] = range(len(rows))
    columns = _columns(rows)
    if columns is not None and places == numbers and _sound(columns):
        return pl.DataFrame([pl.Series("index", numbers, dtype=pl.Int64), *columns], schema=DECODED_READINGS), ()
    if columns is None:
        numbers = [number for number, row in enumerate(rows) if _well_shaped(row)]
        columns = _columns([rows[number] for number in numbers])
    frame = pl.DataFrame([pl.Series("index", numbers, dtype=pl.Int64), *(columns or ())], schema=DECODED_READINGS)
    frame = frame.filter(_SOUND)
    if frame.height < len(rows):
        sound = set(frame["index"].to_list())
        rejects = tuple(_explain(row, places[n], named) for n, row in enumerate(rows) if n not in sound)
    else:
        rejects = ()
    return frame.with_columns(pl.Series("index", places, dtype=pl.Int64).gather(frame["index"])), rejects


def _columns(rows: Sequence[Any]) -> list[pl.Series] | None:
    """The four columns, None where at least one row does not fit into them."""
    try:
        points, times, values = (list(map(itemgetter(name), rows)) for name in _NEEDED)
        qualities = _qualities(rows)
        if not (_all(_TEXT, points) and _all(_TEXT, times) and _all(_NUMBERS, values) and _all(_WORDS, qualities)):
            return None
        return [
            pl.Series("point", points, dtype=pl.String),
            parse_times(times),
            pl.Series("value", values, dtype=pl.Float64),
            pl.Series("quality", list(map(_QUALITIES.get, qualities)), dtype=pl.UInt8),
        ]
    except (KeyError, TypeError, AttributeError, OverflowError, UnicodeEncodeError):
        return None


def _qualities(rows: Sequence[Any]) -> list[Any]:
    try:
        return list(map(itemgetter("quality"), rows))
    except KeyError:
        return [row.get("quality", _GOOD) for row in rows]


def _sound(columns: Sequence[pl.Series]) -> bool:
    """Whether no cell has a fault, seen without copying a row."""
    _, ts, value, quality = columns
    return not ts.null_count() and not quality.null_count() and bool(np.isfinite(value.to_numpy()).all())


def _all(types: frozenset[type], cells: list[Any]) -> bool:
    return types.issuperset(map(type, cells))


def _well_shaped(row: Any) -> bool:
    return (
        type(row) is dict
        and is_text(row.get("point"))
        and is_text(row.get("ts"))
        and is_finite_number(row.get("value"))
        and type(row.get("quality", _GOOD)) in _WORDS
    )


def _explain(row: Any, index: int, named: str) -> Reject:
    """What is wrong with one row; the first fault counts."""
    where = f"{named}[{index}]"
    code, name, said = _fault(row)
    field = f"{where}.{name}" if name else where
    return Reject(index, code, f"{field}: {said}", field, raw_text(row))


def _fault(row: Any) -> tuple[str, str, str]:
    if type(row) is not dict:
        return "not_an_object", "", f"{shown(row)} is not an object with point, ts, value and quality"
    missing = next((name for name in _NEEDED if name not in row), None)
    if missing is not None:
        return "missing_field", missing, "is missing"
    if not is_text(row["point"]):
        return "bad_type", "point", f"{shown(row['point'])} is not text"
    return _fault_of_time(row["ts"]) or _fault_of_value(row["value"]) or _fault_of_quality(row.get("quality"))


def _fault_of_time(value: Any) -> tuple[str, str, str] | None:
    if not is_text(value):
        return "bad_type", "ts", f"{shown(value)} is not a time as text, like 2026-11-21T06:00:00Z"
    try:
        parse_moment(value, "ts")
    except BadInput as error:
        return error.code, "ts", error.message.removeprefix("ts: ")
    return None


def _fault_of_value(value: Any) -> tuple[str, str, str] | None:
    if type(value) not in _NUMBERS:
        return "bad_type", "value", f"{shown(value)} is not a number"
    if not is_finite_number(value):
        return "not_finite", "value", f"{shown(value)} is not a finite number"
    return None


def _fault_of_quality(value: Any) -> tuple[str, str, str]:
    return "unknown_quality", "quality", f"{shown(value)} is not one of good, uncertain, bad (0, 1, 2)"
