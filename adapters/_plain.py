"""Values of databases and column files as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_INT_LIMIT = 2**63


def plain(value: Any) -> Any:
    """Texts, numbers and moments (as ISO 8601, without an offset where there is none); NaN as a text that says so."""
    kind = _KINDS.get(type(value))
    return value if kind is None else kind(value)


def _float(value: float) -> Any:
    return value if math.isfinite(value) else str(value)


def _decimal(value: Decimal) -> Any:
    if not value.is_finite():
        return str(value)
    whole = value == value.to_integral_value() and abs(value) < _INT_LIMIT
    return int(value) if whole else float(value)


def _bytes(value: bytes | bytearray | memoryview) -> str:
    return bytes(value).decode("utf-8", "replace")


def _seconds(value: timedelta) -> float:
    return value.total_seconds()


_KINDS: Mapping[type, Callable[[Any], Any]] = {
    float: _float,
    Decimal: _decimal,
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _seconds,
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
}
