"""How a measured number is said: enough digits to act on, none that only look exact."""

from __future__ import annotations

import math

_WHOLE, _TENTHS, _SMALL = 100.0, 10.0, 0.1  # a small one keeps two figures that say something
_MOST = 6
MISSING = "–"  # what stands where there is no number
# A unit of which one has a feeling in whole numbers or tenths, whatever the size of the value.
_DIGITS_OF_UNIT = {"%": 1, "%LEL": 1, "℃": 1, "°": 0, "hPa": 1, "MPa": 3, "pH": 2, "mm": 1, "m": 2, "m/s": 1}


def digits(value: float | None, unit: str | None = None) -> int:
    """Digits after the point for a value of that unit."""
    if value is None or not math.isfinite(value):
        return 0
    if unit in _DIGITS_OF_UNIT:
        return _DIGITS_OF_UNIT[unit]
    size = abs(value)
    if 0 < size < _SMALL:
        return min(_MOST, 1 - math.floor(math.log10(size)))
    return 0 if size >= _WHOLE or size == 0 else 1 if size >= _TENTHS else 2


def plain(value: float | None, unit: str | None = None) -> str:
    """The number alone, without trailing zeros; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return MISSING
    said = f"{value:.{digits(value, unit)}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def quantity(value: float | None, unit: str | None = None) -> str:
    """Number and unit with the space between them, as in ``38 ppm``."""
    return f"{plain(value, unit)} {unit}" if unit and value is not None else plain(value, unit)


def signed(value: float, unit: str = "") -> str:
    """A change: its sign is always said, nought has none."""
    said = plain(abs(value))
    sign = "" if said == "0" else "+" if value > 0 else "−"
    return f"{sign}{said}{unit}"


def power(value: float) -> str:
    """A very small number as risk is written, 3×10⁻⁷."""
    exponent = math.floor(math.log10(abs(value))) if value else 0
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{value / 10**exponent:.3g}×10{raised}"
