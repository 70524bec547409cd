"""One cell of an exchange record, by the type that the dictionary gives its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson
import polars as pl

from adapters._json import is_finite_number, is_text, shown
from twin.dictionary import Field
from twin.errors import BadInput
from twin.moment import parse_moment
from twin.reading import UTC_US

_INT_LIMIT = 2**63
_CODES_SHOWN = 8
_YES_NO = {"1": True, "0": False, 1: True, 0: False}  # true and false are found under 1 and 0


class Fault(Exception):
    """What is wrong with a cell."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


def _string(value: Any, field: Field) -> str:
    if not is_text(value):
        raise Fault("bad_type", f"{shown(value)} is not text")
    return str(value)


def _file(value: Any, field: Field) -> str:
    """One or several addresses; several are kept as one text, parted by semicolons."""
    if isinstance(value, list):
        return ";".join(_string(each, field) for each in value)
    return _string(value, field)


def _number(value: Any, field: Field) -> float:
    if type(value) not in (int, float):
        raise Fault("bad_type", f"{shown(value)} is not a number")
    if not is_finite_number(value):
        raise Fault("not_finite", f"{shown(value)} is not a finite number")
    return float(value)


def _whole(value: Any, field: Field) -> int:
    number = _number(value, field)
    if number != int(number):
        raise Fault("bad_type", f"{shown(value)} is not a whole number")
    if not -_INT_LIMIT <= int(value) < _INT_LIMIT:
        raise Fault("out_of_range", f"{shown(value)} does not fit into 64 bits")
    return int(value)


def _degrees(limit: float) -> Callable[[Any, Field], float]:
    def check(value: Any, field: Field) -> float:
        number = _number(value, field)
        if abs(number) > limit:
            raise Fault("out_of_range", f"{shown(value)} is not within -{limit:g} to {limit:g} degrees")
        return number

    return check


def _yes_no(value: Any, field: Field) -> bool:
    if type(value) not in (bool, int, str) or value not in _YES_NO:
        raise Fault("bad_type", f"{shown(value)} is not true, false, 1 or 0")
    return _YES_NO[value]


def _date(value: Any, field: Field) -> date:
    try:
        return date.fromisoformat(_string(value, field))
    except ValueError as error:
        raise Fault("bad_time", f"{shown(value)} is not a date like 2026-11-21") from error


def _datetime(value: Any, field: Field) -> Any:
    try:
        return parse_moment(_string(value, field), field.name)
    except BadInput as error:
        raise Fault(error.code, error.message.removeprefix(f"{field.name}: ")) from error


def _code(value: Any, field: Field) -> str:
    code = _string(value, field)
    codes: Mapping[str, str] = field.codes or {}
    if codes and code not in codes:
        named = ", ".join(list(codes)[:_CODES_SHOWN]) + (" …" if len(codes) > _CODES_SHOWN else "")
        raise Fault("unknown_code", f"{shown(value)} is not one of {named}")
    return code


def _geometry(value: Any, field: Field) -> str:
    """WKT as it is, or GeoJSON kept as text."""
    if not isinstance(value, dict):
        return _string(value, field)
    if not isinstance(value.get("type"), str):
        raise Fault("bad_type", f"{shown(value)} is not a GeoJSON geometry")
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise Fault("too_deep", "the geometry is nested too deep, or no text") from error


Cell = Callable[[Any, Field], Any]
CELLS: Mapping[str, tuple[pl.DataType, Cell]] = {
    "string": (pl.String(), _string),
    "file": (pl.String(), _file),
    "enum": (pl.String(), _code),
    "geometry": (pl.String(), _geometry),
    "int": (pl.Int64(), _whole),
    "float": (pl.Float64(), _number),
    "lon": (pl.Float64(), _degrees(180.0)),
    "lat": (pl.Float64(), _degrees(90.0)),
    "bool": (pl.Boolean(), _yes_no),
    "date": (pl.Date(), _date),
    "datetime": (UTC_US, _datetime),
}
