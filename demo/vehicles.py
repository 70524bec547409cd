"""Vehicles: the known fleet, passes through the gates, and where dangerous goods are on the park's roads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.chance import generator
from demo.clock import HOUR_MS, MINUTE_MS
from demo.fixed import document, fixed
from demo.folder import Feature
from demo.names import plate
from demo.records import Entry, Fields, versions
from demo.routes import along, way
from demo.world import Source, World

HAZMAT_FLEET, ORDINARY_FLEET = 170, 620
HAZMAT_TRIPS, ORDINARY_TRIPS = 105, 900
SPEED_M_MIN = 25_000 / 60
_FIRST_ORDINARY = 5_000  # numbers of plates above this are ordinary vehicles


@dataclass(frozen=True)
class Trip:
    """One vehicle in the park: through ``gate`` to ``place`` and out again."""

    id: str
    vehicle: str
    plate: str
    gate: Feature
    place: Feature
    came_ms: int
    left_ms: int
    loaded: bool


def _fleet_id(kind: str, number: int) -> str:
    return f"{'HV' if kind == 'hazmat' else 'OV'}{number:04d}"


def _plate(kind: str, number: int) -> str:
    return plate(number if kind == "hazmat" else _FIRST_ORDINARY + number)


def trips(world: World, day: date, kind: str, fleet: int, count: int) -> list[Trip]:
    """The trips of one kind of vehicle that begin on that local day."""
    gates, places = world.folder.of_kind("gates", kind), world.folder.operating
    if not gates or not places:
        return []
    rng, midnight_ms = generator(world.seed, f"trips-{kind}", day), world.calendar.midnight_ms(day)
    hours = np.sort(np.clip(rng.normal(12.2, 3.6, count), 5.5, 21.5))
    stays_h = rng.gamma(4.0, 0.72, count) + 0.4
    numbers = rng.integers(1, fleet + 1, count)
    came = (midnight_ms + hours * HOUR_MS).astype(np.int64).tolist()
    left = (midnight_ms + (hours + stays_h) * HOUR_MS).astype(np.int64).tolist()
    return [
        Trip(
            f"{kind[0].upper()}{day:%y%m%d}{turn:04d}",
            _fleet_id(kind, int(numbers[turn])),
            _plate(kind, int(numbers[turn])),
            gates[int(rng.integers(len(gates)))],
            places[int(rng.integers(len(places)))],
            came[turn],
            left[turn],
            bool(rng.random() < 0.62),
        )
        for turn in range(count)
    ]


def _hazmat_trips(world: World, day: date) -> list[Trip]:
    return trips(world, day, "hazmat", HAZMAT_FLEET, HAZMAT_TRIPS)


def _passes(world: World, day: date) -> Iterable[Entry]:
    ordinary = trips(world, day, "ordinary", ORDINARY_FLEET, ORDINARY_TRIPS)
    for trip in (*_hazmat_trips(world, day), *ordinary):
        for at_ms, word, code in ((trip.came_ms, "IN", "01"), (trip.left_ms, "OUT", "02")):
            yield Entry(
                at_ms,
                f"VP-{trip.id}-{word}",
                {
                    "vehicle_id": trip.vehicle,
                    "plate_no": trip.plate,
                    "checkpoint_id": trip.gate.id,
                    "device_id": f"{trip.gate.id}-{word}1",
                    "passed_at": world.calendar.iso(at_ms),
                    "pass_direction": code,
                    "snapshot_file": f"snapshot/{trip.id}-{word}.jpg",
                },
            )


def _moves(world: World, trip: Trip) -> list[tuple[int, float, float]]:
    """Where the vehicle is, every minute while it drives: in, then at its place, then out."""
    corners, metres = way(world.folder, trip.gate, trip.place)
    minutes = max(1, int(np.ceil(metres[-1] / SPEED_M_MIN)))
    minutes = min(minutes, (trip.left_ms - trip.came_ms) // (3 * MINUTE_MS))
    spots = along(corners, metres, np.linspace(0.0, metres[-1], minutes + 1)).tolist()
    goes_ms = trip.left_ms - minutes * MINUTE_MS
    inwards = [(trip.came_ms + turn * MINUTE_MS, *spot) for turn, spot in enumerate(spots)]
    return inwards + [(goes_ms + turn * MINUTE_MS, *spot) for turn, spot in enumerate(spots[::-1])]


def _positions(world: World, day: date) -> Iterable[Entry]:
    """One record a trip that moves with the vehicle and is deleted when it has left."""
    for trip in _hazmat_trips(world, day):
        said = f"{'重载' if trip.loaded else '空载'}，{trip.place.name}"
        changes: list[tuple[int, Fields]] = [
            (
                at_ms,
                {
                    "vehicle_id": trip.vehicle,
                    "position_description": said,
                    "longitude": round(lon, 6),
                    "latitude": round(lat, 6),
                    "located_at": world.calendar.iso(at_ms),
                },
            )
            for at_ms, lon, lat in _moves(world, trip)
        ]
        changes[-1] = (changes[-1][0], {**changes[-1][1], "is_deleted": True})
        yield from versions(f"HVP-{trip.id}", changes)


def _hazmat_fleet(world: World, day: date) -> Iterable[Entry]:
    for number in range(1, HAZMAT_FLEET + 1):
        yield fixed(
            _fleet_id("hazmat", number),
            vehicle_type="02" if number % 9 == 0 else "01",
            vehicle_ownership="02",
            plate_no=_plate("hazmat", number),
            plate_colour="02",
        )


def _ordinary_fleet(world: World, day: date) -> Iterable[Entry]:
    for number in range(1, ORDINARY_FLEET + 1):
        yield fixed(
            _fleet_id("ordinary", number),
            plate_no=_plate("ordinary", number),
            plate_colour="05",
            vehicle_type=("07", "09", "04", "06")[number % 4],
            vehicle_licence_no=f"L{number:06d}",
            vehicle_licence_file=document(f"licence-{number:04d}"),
        )


SOURCES = (
    Source("hazmat_vehicle", _hazmat_fleet),
    Source("ordinary_vehicle", _ordinary_fleet),
    Source("vehicle_pass_record", _passes, days=(-1, 0)),
    Source("hazmat_vehicle_position", _positions, days=(-1, 0)),
)
