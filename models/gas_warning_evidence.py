"""What a warning's level is computed from (R-GAS-2), as it is kept with each evaluation.

What no source tells is not made up: how much has leaked stands only in the level's other inputs (how far it spreads,
how high the value went).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from models.gas_warning import SECOND, Excess, Span, episodes
from twin.moment import Moment

STEPS_WITHIN = timedelta(minutes=10)  # readings that the disturbance is told of
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The inputs of one evaluation. Times in seconds; ``disturbance`` in per cent of the first limit a minute."""

    points: int  # with an excess since the warning began
    lasting: int  # of these, beyond a limit now
    second: int  # of these, beyond the second one
    alarms: int  # excesses in all
    repeats: int  # of them, at a point that had one before
    per_point: float
    clear_s: float | None  # mean time from an excess to its end; None: none has ended
    longest_s: float
    spread_m: float | None  # as a device tells it, else what it covers
    disturbance: float | None
    people: int | None  # downwind; None: not looked for, because no toxic gas is beyond its second limit


def evidence(
    excesses: Sequence[Excess],
    at: Moment,
    *,
    spread_m: float | None = None,
    disturbance: float | None = None,
    people: int | None = None,
) -> Evidence:
    """The inputs at a moment; ``excesses`` of one warning, at least one."""
    by_point: dict[str, list[Span]] = {}
    for each in excesses:
        by_point.setdefault(each.point, []).append(Span(each.begun, each.ended))
    found = [span for spans in by_point.values() for span in episodes(spans)]
    lasts = [((each.ended or at) - each.begun).total_seconds() for each in found]
    ended = [(each.ended - each.begun).total_seconds() for each in found if each.ended is not None]
    now = {each.point for each in excesses if Span(each.begun, each.ended).holds(at)}
    second = {each.point for each in excesses if each.kind == SECOND and Span(each.begun, each.ended).holds(at)}
    return Evidence(
        points=len(by_point), lasting=len(now), second=len(second), alarms=len(found),
        repeats=len(found) - len(by_point), per_point=round(len(found) / len(by_point), 2),
        clear_s=round(sum(ended) / len(ended), 1) if ended else None, longest_s=round(max(max(lasts), 0.0), 1),
        spread_m=spread_m, disturbance=disturbance, people=people,
    )  # fmt: skip


def disturbance(steps: Sequence[tuple[Numbers, Numbers, float]]) -> float | None:
    """Mean disturbance rate: how much a value moves up and down in a minute, in per cent of its first limit.

    ``steps`` has for each point the seconds and values of its readings in order, and its limit. None where nothing
    can be told: fewer than two readings, or no limit.
    """
    rates = []
    for seconds, values, limit in steps:
        known = np.isfinite(values)
        seconds, values = seconds[known], values[known]
        if len(values) < 2 or not limit or seconds[-1] <= seconds[0]:
            continue
        moved = float(np.abs(np.diff(values)).sum()) / abs(limit)
        rates.append(100.0 * moved * 60.0 / float(seconds[-1] - seconds[0]))
    return round(sum(rates) / len(rates), 1) if rates else None
