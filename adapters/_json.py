"""Bytes to JSON values, and any value back to the text that is kept beside a reject."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson

from twin.errors import BadInput

RAW_BYTES = 2048  # what is kept of a refused row
_SHOWN = 60
_INT_DIGITS = 18  # longer ones do not fit into 64 bits; read as floats


def load_json(raw: bytes, field: str = "body") -> Any:
    """Read JSON.

    Bare ``NaN`` and ``Infinity``, halves of surrogates and numbers without end are not JSON, but they
    must cost their row and not the batch: what the strict parser refuses, a tolerant one reads again.

    Raises:
        BadInput: not JSON at all (``bad_json``), or nested too deep (``too_deep``).
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _load_tolerant(raw, field)


def _load_tolerant(raw: bytes, field: str) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_int=_integer)
    except RecursionError as error:
        raise BadInput(f"{field}: nested too deep", field, "too_deep") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{field}: byte {error.start} is not UTF-8", field, "bad_json") from error
    except json.JSONDecodeError as error:
        near = error.doc[error.pos : error.pos + 20]
        said = f"{field}: not JSON at line {error.lineno}, column {error.colno}: {error.msg}, near {near!a}"
        raise BadInput(said, field, "bad_json") from error


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _INT_DIGITS else float(digits)


def is_text(value: Any) -> bool:
    """A string that can be written as UTF-8 (half a surrogate cannot)."""
    if type(value) is not str:
        return False
    return value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value)


def is_finite_number(value: Any) -> bool:
    """An int or float (true and false are neither) that a double can hold."""
    if type(value) is float:
        return math.isfinite(value)
    return type(value) is int and abs(value) < 2**1023


def raw_text(value: Any) -> str:
    """A row as text, cut to ``RAW_BYTES``, whatever it is."""
    text = value[:RAW_BYTES].decode("utf-8", "replace") if isinstance(value, bytes) else _dumped(value)
    return text.encode("utf-8", "backslashreplace")[:RAW_BYTES].decode("utf-8", "ignore")


def shown(value: Any) -> str:
    """A value as it stands in a message: short, on one line."""
    text = raw_text(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _dumped(value: Any) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    except (RecursionError, ValueError, TypeError):
        return f"({type(value).__name__} that cannot be written as JSON)"
