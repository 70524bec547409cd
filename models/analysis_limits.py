"""What limits and delays could be, out of how alarms of a point went: never such that a real one had been hidden.

Three things are looked for in the alarms of a point and kind:

* ``delay``: many are over within seconds; waiting so long before one is raised would have spared them (EEMUA 191).
* ``rest``: many come again within seconds of their end; holding an alarm so long would have made one of them.
* ``limit``: many were beyond the limit by little and judged to be nothing; the limit could be that much further.

Of gas neither a delay nor another limit is suggested: it goes out at once, and its limits are the law's (R-GAS-1).
A suggestion stands on its evidence: how many alarms it would have spared out of how many, how many of these were judged
to be nothing, and that none that was judged real is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SECONDS = (10, 30, 60, 120)  # longer would be no longer seconds
SHARES = (2, 5, 10)  # per cent of the limit
LEAST = 10  # alarms, before anything is said of a point
WORTH = 0.3  # so much of them must be spared
LIMITED = frozenset({"HH", "H", "L", "LL"})
FALLING = frozenset({"L", "LL"})


@dataclass(frozen=True)
class Suggestion:
    """One suggestion for a point and kind. ``size``: seconds, or per cent of the limit; ``to``: the limit it makes;
    of ``n`` alarms ``spared``, of these ``idle`` were judged false or momentary and ``hidden`` real, which is none;
    ``confirmed`` of all were judged real."""

    point: str
    kind: str
    what: str  # delay | rest | limit
    size: int
    n: int
    spared: int
    idle: int
    confirmed: int
    to: float | None = None
    hidden: int = 0


def suggestions(rows: Iterable[Mapping[str, Any]]) -> list[Suggestion]:
    """The best suggestion for each point and kind, those that spare most first.

    Args:
        rows: as ``cache/sql/analysis/points.sql`` gives them.
    """
    found = [max(made, key=lambda each: each.spared) for row in rows if (made := list(_of(row)))]
    return sorted(found, key=lambda each: (-each.spared, each.point, each.kind))


def _of(row: Mapping[str, Any]) -> Iterator[Suggestion]:
    if row["n"] < LEAST or row["kind"] not in LIMITED:
        return
    for make in (_delay, _rest, _limit):
        made = make(row)
        if made is not None and made.spared >= WORTH * row["n"]:
            yield made


def _delay(row: Mapping[str, Any]) -> Suggestion | None:
    return None if row["is_gas"] else _longest(row, "delay", "within", row["real_lasted_s"])


def _rest(row: Mapping[str, Any]) -> Suggestion | None:
    return _longest(row, "rest", "again", row["real_gap_s"])


def _longest(row: Mapping[str, Any], what: str, counted: str, real_s: float | None) -> Suggestion | None:
    """The shortest time that spares as many as any that is shorter than every real one."""
    allowed = [each for each in SECONDS if real_s is None or each <= real_s]
    if not allowed:
        return None
    most = row[f"{counted}_{allowed[-1]}"]
    size = next(each for each in allowed if row[f"{counted}_{each}"] >= 0.9 * most)
    return _made(row, what, size, row[f"{counted}_{size}"], row[f"{counted}_idle_{size}"])


def _limit(row: Mapping[str, Any]) -> Suggestion | None:
    """The nearest limit whose spared alarms were judged, and mostly to be nothing."""
    if row["is_gas"] or row["threshold"] is None:
        return None
    real = row["real_over"]
    for size in SHARES:
        spared, idle = row[f"beyond_{size}"], row[f"idle_{size}"]
        hides = real is not None and real < size / 100
        if not hides and spared >= WORTH * row["n"] and idle >= 0.5 * spared > 0:
            return _made(row, "limit", size, spared, idle, _further(row, size))
    return None


def _further(row: Mapping[str, Any], size: int) -> float:
    sign = -1 if row["kind"] in FALLING else 1
    return float(row["threshold"] + sign * abs(row["threshold"]) * size / 100)


def _made(row: Mapping[str, Any], what: str, size: int, spared: int, idle: int, to: float | None = None) -> Suggestion:
    return Suggestion(row["point"], row["kind"], what, size, row["n"], spared, idle, row["confirmed"], to)
