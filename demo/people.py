"""People through the gates: three shifts, the day staff and visitors; who is inside at midnight is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo.chance import Ints, generator
from demo.clock import HOUR_MS
from demo.folder import Feature
from demo.records import Entry
from demo.world import Source, World

PEOPLE_A_DAY = 8_000  # where the park does not say
_SATURDAY = 5
_TURNOUT = 0.03  # by how much days of the same kind differ


@dataclass(frozen=True)
class Crowd:
    """People who come at about the same hour: their share of the day's people, hour and stay with their spreads.

    ``weekend`` is how many of them come on a Saturday or Sunday, against a working day.
    """

    share: float
    hour: float
    spread_h: float
    stay_h: float
    stay_spread_h: float
    weekend: float = 1.0


CROWDS = (
    Crowd(0.11, 7.55, 0.15, 8.6, 0.15),
    Crowd(0.11, 15.55, 0.15, 8.6, 0.15),
    Crowd(0.10, 23.3, 0.12, 8.7, 0.15),
    Crowd(0.50, 7.95, 0.35, 9.6, 0.5, weekend=0.8),
    Crowd(0.10, 8.8, 0.5, 7.5, 1.5, weekend=0.6),
    Crowd(0.08, 13.5, 1.8, 2.2, 0.8, weekend=0.5),
)


@dataclass(frozen=True)
class Visits:
    """One row a person: when they came and left (milliseconds), to which enterprise and through which gate."""

    came_ms: Ints
    left_ms: Ints
    enterprise: Ints
    gate: Ints


def _people_a_day(world: World) -> int:
    boundary = world.folder.features("boundary")
    return int(boundary[0].props.get("staff_per_day") or PEOPLE_A_DAY) if boundary else PEOPLE_A_DAY


def visits(world: World, day: date) -> Visits:
    """Everybody who comes on that local day; the same for the same seed and day."""
    rng, midnight_ms = generator(world.seed, "people", day), world.calendar.midnight_ms(day)
    people = _people_a_day(world) * rng.uniform(1 - _TURNOUT, 1 + _TURNOUT)
    counts = [round(people * crowd.share * (crowd.weekend if day.weekday() >= _SATURDAY else 1.0)) for crowd in CROWDS]
    came = [rng.normal(crowd.hour, crowd.spread_h, n) for crowd, n in zip(CROWDS, counts, strict=True)]
    stay = [rng.normal(crowd.stay_h, crowd.stay_spread_h, n) for crowd, n in zip(CROWDS, counts, strict=True)]
    came_ms = midnight_ms + (np.clip(np.concatenate(came), 0.1, 23.95) * HOUR_MS).astype(np.int64)
    stay_ms = (np.clip(np.concatenate(stay), 0.2, 12.0) * HOUR_MS).astype(np.int64)
    staff = np.array([float(each.props.get("staff") or 20) for each in world.folder.operating] or [1.0])
    gates = np.array([float(each.props.get("lanes_in") or 1) for each in _gates(world)] or [1.0])
    enterprise = rng.choice(len(staff), came_ms.size, p=staff / staff.sum())
    gate = rng.choice(len(gates), came_ms.size, p=gates / gates.sum())
    return Visits(came_ms, came_ms + stay_ms, enterprise.astype(np.int64), gate.astype(np.int64))


def _gates(world: World) -> list[Feature]:
    return world.folder.of_kind("gates", "ordinary")


def opened_ms(world: World) -> int:
    """Passes are told from yesterday's midnight on, the moment of the first count: a day can be held against it."""
    return world.calendar.midnight_ms(world.calendar.day(world.start_ms) - timedelta(days=1))


def _passes(world: World, day: date) -> Iterable[Entry]:
    gates, seen, since_ms = _gates(world), visits(world, day), opened_ms(world)
    if not gates:
        return
    rows = zip(seen.came_ms.tolist(), seen.left_ms.tolist(), seen.gate.tolist(), strict=True)
    for number, (came_ms, left_ms, gate) in enumerate(rows, 1):
        person, at = f"P{day:%y%m%d}{number:05d}", gates[gate].id
        for at_ms, way, code in ((came_ms, "IN", "01"), (left_ms, "OUT", "02")):
            if at_ms >= since_ms:
                yield Entry(
                    at_ms,
                    f"PP-{person}-{way}",
                    {
                        "person_id": person,
                        "checkpoint_id": at,
                        "device_id": f"{at}-{way}1",
                        "pass_direction": code,
                        "passed_at": world.calendar.iso(at_ms),
                        "snapshot_file": f"snapshot/{person}-{way}.jpg",
                    },
                )


def _presence(world: World, day: date) -> Iterable[Entry]:
    """How many were inside at midnight, by enterprise: the start that passes are counted from."""
    midnight_ms = world.calendar.midnight_ms(day)
    before = visits(world, day - timedelta(days=1))
    inside = np.bincount(before.enterprise[before.left_ms >= midnight_ms], minlength=len(world.folder.operating))
    for enterprise, count in zip(world.folder.operating, inside.tolist(), strict=False):
        yield Entry(
            midnight_ms,
            f"AP-{day:%y%m%d}-{enterprise.id}",
            {
                "enterprise_id": enterprise.id,
                "collected_at": world.calendar.iso(midnight_ms),
                "area_type": "02",
                "person_count": count,
            },
        )


SOURCES = (
    Source("person_pass_record", _passes, days=(-2, 0)),
    Source("area_presence", _presence, days=(-1, 0)),
)
