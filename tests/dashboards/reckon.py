"""Computes figures again from nothing but an answer of ``/api/v1/explain``, and finds every figure of a content.

It shares no code with the product: whoever reads the contract could have written it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
Answer = Mapping[str, Any]

# What stands in a content and is no figure, and why.
NOT_FIGURES = {
    "key": "names an item",
    "pick": "leads to a thing",
    "list": "leads to a list",
    "acts": "what can be done",
    "form": "what can be asked",
    "choices": "what can be chosen",
    "href": "leads to a file",
    "level": "a colour",
    "tone": "a shade",
    "unit": "what a number is in",
    "digits": "how a number is written",
    "period_s": "how often a panel promises to be new; not shown",
    "place": "where the map looks; leads to a thing",
    "range_s": "how far back a chart reaches: its axis",
    "gap_s": "after how long the line of a chart breaks",
    "x": "the axis of a chart: the hours that its columns stand at",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_QUANTITY = re.compile(
    r"(?P<number>[+−-]?\d[\d,]*(?:\.(?P<digits>\d+))?) ?(?P<unit>(?:[%℃°a-zA-Zµ][\w²³/·]*|(?<= )[一-鿿]+)?)", re.ASCII
)
_POWER = re.compile(r"(?P<number>\d(?:\.\d+)?)×10(?P<exponent>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def figures_in(content: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every number, time and quantity of a content, with the path to it."""
    if isinstance(content, Mapping):
        for name, each in content.items():
            if name not in NOT_FIGURES:
                yield from figures_in(each, (*at, name))
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for place, each in enumerate(content):
            name = each.get("key") if isinstance(each, Mapping) and set(each) - {"key", "args"} else None
            yield from figures_in(each, (*at, str(place if name is None else name)))
    elif _is_figure(content):
        yield "/".join(each.replace("~", "~0").replace("/", "~1") for each in at), content


def _is_figure(said: Any) -> bool:
    if isinstance(said, str):
        return any(each.fullmatch(said) for each in (_TIME, _DATE, _QUANTITY, _POWER))
    return isinstance(said, (int, float)) and not isinstance(said, bool)


def computed(formula: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """What a formula gives; None where there is nothing to compute."""
    if formula["op"] == "const":
        return formula["value"]
    if "of" in formula:
        return _OF_ROWS[formula["op"]](formula, _taken(formula, inputs))
    parts = [computed(each, inputs) for each in formula["parts"]]
    if formula["op"] == "greatest":
        return max((each for each in parts if each is not None), key=_comparable, default=None)
    return None if None in parts else _OF_PARTS[formula["op"]](parts, formula.get("value"))


def _taken(formula: Mapping[str, Any], inputs: Mapping[str, Any]) -> list[Row]:
    where = [(column, relation, _named(value, inputs)) for column, relation, value in formula.get("where", [])]
    return [row for row in inputs[formula["of"]]["rows"] if all(_holds(row[name], *more) for name, *more in where)]


def _named(value: Any, inputs: Mapping[str, Any]) -> Any:
    """What a condition compares with: a value, a list of them, or a column of rows."""
    if isinstance(value, Mapping):
        value = [each[value["column"]] for each in _taken(value, inputs)]
    return set(value) if isinstance(value, list) else _comparable(value)


def _holds(said: Any, relation: str, value: Any) -> bool:
    if relation in ("is", "is not"):
        return (said is None) == (relation == "is")
    return said is not None and _RELATIONS[relation](_comparable(said), value)


_RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}


def _comparable(said: Any) -> Any:
    return datetime.fromisoformat(said) if isinstance(said, str) and _TIME.fullmatch(said) else said


def _told(formula: Mapping[str, Any], rows: list[Row]) -> list[Any]:
    return [row[formula["column"]] for row in rows if row[formula["column"]] is not None]


def _one(formula: Mapping[str, Any], rows: list[Row]) -> Any:
    assert len(rows) <= 1, f"{len(rows)} rows are not one: {formula}"
    return rows[0][formula["column"]] if rows else None


def _last(formula: Mapping[str, Any], rows: list[Row]) -> Any:
    timed = [row for row in rows if row[formula["by"]] is not None]
    newest = max((_comparable(row[formula["by"]]) for row in timed), default=None)
    found = [row[formula["column"]] for row in timed if _comparable(row[formula["by"]]) == newest]
    return found[-1] if found else None


def _mean(formula: Mapping[str, Any], rows: list[Row]) -> Any:
    told = _told(formula, rows)
    return sum(told) / len(told) if told else None


_OF_ROWS: Mapping[str, Callable[[Mapping[str, Any], list[Row]], Any]] = {
    "count": lambda formula, rows: len(rows),
    "distinct": lambda formula, rows: len(set(_told(formula, rows))),
    "sum": lambda formula, rows: sum(_told(formula, rows)),
    "mean": _mean,
    "max": lambda formula, rows: max(_told(formula, rows), key=_comparable, default=None),
    "min": lambda formula, rows: min(_told(formula, rows), key=_comparable, default=None),
    "last": _last,
    "one": _one,
}


def _percent(parts: list[float], _: Any) -> float | None:
    first, second = parts
    if not second:
        return None
    said = round(100 * (first / second), 1)
    return 99.9 if said >= 100 and first < second else said


_OF_PARTS: Mapping[str, Callable[[list[Any], Any], Any]] = {
    "add": lambda parts, _: sum(parts),
    "subtract": lambda parts, _: parts[0] - parts[1],
    "multiply": lambda parts, _: math.prod(parts),
    "divide": lambda parts, _: parts[0] / parts[1] if parts[1] else None,
    "percent": _percent,
    "round": lambda parts, digits: round(parts[0], digits),
    "least": lambda parts, _: min(parts),
    "year": lambda parts, _: int(parts[0][:4]),
    "lapse": lambda parts, _: (_comparable(parts[1]) - _comparable(parts[0])).total_seconds(),
}


def agrees(shown: Any, found: Any, unit: str | None) -> bool:
    """Whether what is shown is what was computed, as far as it is written out."""
    if shown is None or found is None:
        return shown is None and not found
    if isinstance(shown, str) and isinstance(found, str) and not _TIME.fullmatch(shown):
        return shown == found
    if not isinstance(shown, str):
        return math.isclose(shown, found, rel_tol=1e-9, abs_tol=1e-12)
    if _TIME.fullmatch(shown) or _DATE.fullmatch(shown):
        return bool(_comparable(shown) == _comparable(found))
    if power := _POWER.fullmatch(shown):
        raised = float(power["number"]) * 10 ** int(power["exponent"].translate(_RAISED))
        return math.isclose(raised, found, rel_tol=5e-3)
    said = _QUANTITY.fullmatch(shown)
    assert said, shown
    number = float(said["number"].replace("−", "-").replace(",", ""))
    half = 0.5 * 10 ** -len(said["digits"] or "")
    return abs(number - found) <= half + 1e-9 and said["unit"] in ("", unit)
