"""Records of an exchange table as they were sent, to typed columns, checked against the dictionary.

A record with faults is refused whole, with all of its faults named; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from adapters._batch import make_batch
from adapters._cells import CELLS, Fault
from adapters._json import raw_text, shown
from twin.dictionary import Field, Table
from twin.moment import Moment
from twin.reading import Batch, Reject

_log = logging.getLogger("parktwin.adapters")
_TOLD = 5  # faults of one record that its message names
# The norm's print of these code lists is wrong (the dictionary's README); any code is taken.
_OPEN_CODES = frozenset({("camera", "device_type")})


def record_batch(
    table: Table,
    rows: Sequence[Any],
    source: str,
    batch_id: str | None,
    received_at: Moment,
    places: Sequence[int],
    refused: Sequence[Reject] = (),
    named: str = "records",
) -> Batch:
    """A batch of records; ``places`` says where each stood in what was sent, when some were already ``refused``.

    Rejects call a record ``named[place]``.
    """
    kept, rejects = read_records(table, rows, places, named)
    return make_batch(table.name, kept, (refused, rejects), source, batch_id, received_at, named)


def read_records(
    table: Table, rows: Sequence[Any], places: Sequence[int], named: str = "records"
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """The sound records as typed columns with ``index``, and a reject for each of the others."""
    numbers = [number for number, row in enumerate(rows) if type(row) is dict]
    objects = [rows[number] for number in numbers]
    faults: dict[int, list[tuple[Field, Fault]]] = {}
    columns = [_column(field, table, objects, faults) for field in table.fields]
    index = pl.Series("index", [places[number] for number in numbers], dtype=pl.Int64)
    sound = pl.Series([number not in faults for number in range(len(objects))], dtype=pl.Boolean)
    _mention_unknown(table, objects)
    rejects = [
        _not_an_object(row, place, named) for row, place in zip(rows, places, strict=True) if type(row) is not dict
    ]
    rejects += [
        _reject(table, objects[number], f"{named}[{index[number]}]", index[number], found)
        for number, found in faults.items()
    ]
    return pl.DataFrame([index, *columns]).filter(sound), tuple(rejects)


def _column(
    field: Field, table: Table, rows: list[dict[str, Any]], faults: dict[int, list[tuple[Field, Fault]]]
) -> pl.Series:
    kind, check = CELLS["string" if (table.name, field.name) in _OPEN_CODES else field.type]
    needed = field.name in table.keys or (field.required and not field.conditional)
    cells: list[Any] = []
    for number, row in enumerate(rows):
        try:
            cells.append(_cell(row.get(field.name), field, check, needed))
        except Fault as fault:
            faults.setdefault(number, []).append((field, fault))
            cells.append(None)
    return pl.Series(field.name, cells, dtype=kind)


def _cell(value: Any, field: Field, check: Any, needed: bool) -> Any:
    # an empty text is how many sources write "nothing" into a field that is not text
    if value is None or (value == "" and (needed or field.type != "string")):
        if needed:
            raise Fault("missing_field", "is missing")
        return None
    return check(value, field)


def _not_an_object(row: Any, place: int, named: str) -> Reject:
    field = f"{named}[{place}]"
    return Reject(place, "not_an_object", f"{field}: {shown(row)} is not an object", field, raw_text(row))


def _reject(table: Table, row: dict[str, Any], where: str, place: int, found: list[tuple[Field, Fault]]) -> Reject:
    first, fault = found[0]
    said = "; ".join(f"{field.name}: {each}" for field, each in found[:_TOLD])
    more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    message = f"{where} ({table.key} {shown(row.get(table.key))}): {said}{more}"
    return Reject(place, fault.code, message, f"{where}.{first.name}", raw_text(row))


def _mention_unknown(table: Table, rows: list[dict[str, Any]]) -> None:
    known = {field.name for field in table.fields}
    for name in {name for row in rows for name in row if name not in known}:
        _mention(table.name, shown(name))


@lru_cache(maxsize=1000)
def _mention(table: str, name: str) -> None:
    """Say once that a field is not one of the table's; its values are kept out."""
    _log.warning("%s: the dictionary has no field '%s'; it is left out", table, name)
