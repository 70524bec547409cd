"""Trips of vehicles: who comes when through which gate, waits in the parking lot, drives to whom, and leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from demo.chance import Floats, generator
from demo.clock import HOUR_MS, MINUTE_MS
from demo.folder import Feature
from demo.names import plate
from demo.routes import along, way
from demo.world import World

HAZMAT_FLEET, ORDINARY_FLEET = 170, 620
HAZMAT_TRIPS, ORDINARY_TRIPS = 105, 900
WAITING = 0.45  # share of the hazmat vehicles that wait in the parking lot until they are called
STANDS_MS = 5 * MINUTE_MS  # a locator that stands still tells its place so often
_SPEED_M_MIN = 25_000 / 60
_FIRST_ORDINARY = 5_000  # numbers of plates above this are ordinary vehicles
Spot = tuple[int, float, float]  # milliseconds, longitude, latitude


@dataclass(frozen=True)
class Trip:
    """One vehicle in the park: through ``gate`` to ``place`` and out again; ``loaded`` as it comes.

    ``lot`` is where it waits for ``wait_ms`` first, None where it drives straight on.
    """

    id: str
    number: int
    vehicle: str
    plate: str
    gate: Feature
    place: Feature
    came_ms: int
    left_ms: int
    loaded: bool
    lot: Feature | None = None
    wait_ms: int = 0


@dataclass(frozen=True)
class Journey:
    """Where a trip's vehicle is, minute by minute while it drives: to the lot (if it waits), to the place, and back."""

    to_lot: Sequence[Spot]
    to_place: Sequence[Spot]
    back: Sequence[Spot]


def fleet_id(kind: str, number: int) -> str:
    """Id of the n-th vehicle of a kind."""
    return f"{'HV' if kind == 'hazmat' else 'OV'}{number:04d}"


def fleet_plate(kind: str, number: int) -> str:
    """Its number plate."""
    return plate(number if kind == "hazmat" else _FIRST_ORDINARY + number)


def carries_waste(number: int) -> bool:
    """Whether the n-th hazmat vehicle fetches hazardous waste."""
    return number % 9 == 0


def hazmat_trips(world: World, day: date) -> list[Trip]:
    """Trips of dangerous goods that begin on that local day; no vehicle comes twice."""
    return _trips(world, day, "hazmat", HAZMAT_FLEET, HAZMAT_TRIPS)


def ordinary_trips(world: World, day: date) -> list[Trip]:
    """Trips of all other vehicles."""
    return _trips(world, day, "ordinary", ORDINARY_FLEET, ORDINARY_TRIPS)


@lru_cache(maxsize=6)
def _trips(world: World, day: date, kind: str, fleet: int, count: int) -> list[Trip]:
    gates, places = world.folder.of_kind("gates", kind), world.folder.operating
    if not gates or not places:
        return []
    rng = generator(world.seed, f"trips-{kind}", day)
    hours = np.sort(np.clip(rng.normal(12.2, 3.6, count), 5.5, 21.5))
    numbers = rng.choice(fleet, count, replace=count > fleet) + 1
    stays_h = rng.gamma(4.0, 0.72, count) + 0.4
    waits_h = _waits_h(world, rng, kind, count)
    midnight_ms = world.calendar.midnight_ms(day)
    return [
        _trip(rng, world, f"{kind[0].upper()}{day:%y%m%d}{turn:04d}", kind, int(numbers[turn]), *times)
        for turn, times in enumerate(_times(midnight_ms, hours, stays_h, waits_h))
    ]


def _waits_h(world: World, rng: np.random.Generator, kind: str, count: int) -> Floats:
    """Hours in the parking lot; 0 for those that drive straight on."""
    if kind != "hazmat" or not _lots(world):
        return np.zeros(count)
    return np.where(rng.random(count) < WAITING, rng.uniform(0.3, 2.6, count), 0.0)


def _lots(world: World) -> list[Feature]:
    return world.folder.of_kind("parking", "lot")


def _times(midnight_ms: int, hours: Floats, stays_h: Floats, waits_h: Floats) -> list[tuple[int, int, int]]:
    """When each comes, when it leaves, and how long it waits (milliseconds)."""
    came = midnight_ms + hours * HOUR_MS
    columns = (came, came + (stays_h + waits_h) * HOUR_MS, waits_h * HOUR_MS)
    return list(zip(*(column.astype(np.int64).tolist() for column in columns), strict=True))


def _trip(
    rng: np.random.Generator, world: World, id: str, kind: str, number: int, came_ms: int, left_ms: int, wait_ms: int
) -> Trip:
    gates, places = world.folder.of_kind("gates", kind), world.folder.operating
    return Trip(
        id,
        number,
        fleet_id(kind, number),
        fleet_plate(kind, number),
        gates[int(rng.integers(len(gates)))],
        places[int(rng.integers(len(places)))],
        came_ms,
        left_ms,
        bool(rng.random() < 0.62) and not (kind == "hazmat" and carries_waste(number)),
        _lots(world)[0] if wait_ms else None,
        wait_ms,
    )


def journey(world: World, trip: Trip) -> Journey:
    """Where the trip's vehicle drives, and when."""
    to_lot = _drive(world, trip, trip.gate, trip.lot, trip.came_ms) if trip.lot else []
    begins_ms = to_lot[-1][0] + trip.wait_ms if to_lot else trip.came_ms
    to_place = _drive(world, trip, trip.lot or trip.gate, trip.place, begins_ms)
    back = _drive(world, trip, trip.place, trip.gate, 0)
    late_ms = trip.left_ms - back[-1][0]
    return Journey(to_lot, to_place, [(at_ms + late_ms, lon, lat) for at_ms, lon, lat in back])


def _drive(world: World, trip: Trip, start: Feature, goal: Feature, from_ms: int) -> list[Spot]:
    """A place a minute; in a short stay it drives faster, so that the three ways fit into it."""
    corners, metres = way(world.folder, start, goal)
    most = (trip.left_ms - trip.came_ms - trip.wait_ms) // (4 * MINUTE_MS)
    minutes = max(1, min(most, int(np.ceil(metres[-1] / _SPEED_M_MIN))))
    spots = along(corners, metres, np.linspace(0.0, metres[-1], minutes + 1)).tolist()
    return [(from_ms + turn * MINUTE_MS, lon, lat) for turn, (lon, lat) in enumerate(spots)]


def standing(spot: Spot, until_ms: int) -> list[Spot]:
    """What a locator tells from a place where the vehicle stands until then."""
    at_ms, lon, lat = spot
    return [(each, lon, lat) for each in range(at_ms + STANDS_MS, until_ms, STANDS_MS)]
