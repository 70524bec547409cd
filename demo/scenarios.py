"""Scenarios: what happens on top of an ordinary day. Adding one is a function and a row of ``SCENARIOS``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from demo.clock import MINUTE_MS, SECOND_MS
from demo.events import Excursion
from demo.folder import Feature, Points
from demo.leaks import Leak, sees

BEGINS_MS = 60 * SECOND_MS  # everything starts this long after the feed


@dataclass(frozen=True)
class Outage:
    """All points of one enterprise fall silent."""

    owner: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Scenario:
    """What a scenario adds."""

    key: str
    excursions: tuple[Excursion, ...] = ()
    leaks: tuple[Leak, ...] = ()
    outages: tuple[Outage, ...] = ()


def _quiet_day(points: Points, start_ms: int) -> Scenario:
    return Scenario("quiet_day")


def _leak_place(points: Points, owner: str, gas: str) -> Feature | None:
    """The tank of that gas with the largest volume, at the owner if it has one there."""
    tanks = [each for each in points.folder.features("tanks") if sees(gas, str(each.props.get("chemical")))]
    at_owner = [each for each in tanks if each.props.get("owner") == owner]
    return max(at_owner or tanks, key=lambda each: float(each.props.get("volume_m3") or 0), default=None)


def _ammonia_leak(points: Points, start_ms: int) -> Scenario:
    place = _leak_place(points, "E04", "氨")
    if place is None:
        return Scenario("ammonia_leak")
    begins = start_ms + BEGINS_MS
    leak = Leak(
        f"LEAK-{place.id}",
        place.id,
        "氨",
        place.lon,
        place.lat,
        begins,
        rise_ms=3 * MINUTE_MS,
        hold_ms=18 * MINUTE_MS,
        fall_ms=6 * MINUTE_MS,
        ppm=900.0,
    )
    return Scenario("ammonia_leak", leaks=(leak,))


def _busiest_unit(points: Points) -> str | None:
    """The unit with most points that can alarm; at an enterprise, if any has one."""
    high = [ix for ix in np.flatnonzero(~np.isnan(points.limit("alarm_hi"))).tolist() if not points.is_gas(ix)]
    at_work = [ix for ix in high if points.owners[ix] in points.folder.enterprise_ids]
    counts = Counter(points.parents[ix] for ix in at_work or high)
    return counts.most_common(1)[0][0] if counts else None


def _flooding(points: Points, ix: int, begins_ms: int, turn: int) -> Excursion:
    """A point that trembles around its first high limit: an alarm every period."""
    limit, low = float(points.limit("alarm_hi")[ix]), float(points.limit("range_lo")[ix])
    swing = 0.08 * (limit - (0.0 if np.isnan(low) else low))
    return Excursion(
        ix,
        begins_ms + turn * 3 * SECOND_MS,
        20 * SECOND_MS,
        9 * MINUTE_MS,
        40 * SECOND_MS,
        peak=limit,
        shake=swing,
        shake_ms=(26 + turn % 9) * SECOND_MS,
    )


def _alarm_flood(points: Points, start_ms: int) -> Scenario:
    unit, high = _busiest_unit(points), points.limit("alarm_hi")
    of_unit = [
        ix
        for ix, parent in enumerate(points.parents)
        if parent == unit and not points.is_gas(ix) and not np.isnan(high[ix])
    ]
    begins = start_ms + BEGINS_MS
    return Scenario(
        "alarm_flood", excursions=tuple(_flooding(points, ix, begins, turn) for turn, ix in enumerate(of_unit))
    )


def _source_outage(points: Points, start_ms: int) -> Scenario:
    owners = Counter(owner for owner in points.owners if owner in points.folder.enterprise_ids)
    if not owners:
        return Scenario("source_outage")
    owner = owners.most_common(1)[0][0]
    return Scenario("source_outage", outages=(Outage(owner, start_ms + BEGINS_MS, start_ms + 3 * BEGINS_MS),))


SCENARIOS: Mapping[str, Callable[[Points, int], Scenario]] = {
    "quiet_day": _quiet_day,
    "ammonia_leak": _ammonia_leak,
    "alarm_flood": _alarm_flood,
    "source_outage": _source_outage,
}
