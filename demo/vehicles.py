"""Vehicles: the known fleet, passes through the gates, and where dangerous goods are on the park's roads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from demo import trips
from demo.fixed import document, fixed
from demo.records import Entry, Fields, versions
from demo.trips import Spot, Trip, standing
from demo.world import Source, World

# What stands before a vehicle's id where a field may name one of either kind.
KIND_OF_ID = {"H": "01", "O": "02"}


def _passes(world: World, day: date) -> Iterable[Entry]:
    for trip in (*trips.hazmat_trips(world, day), *trips.ordinary_trips(world, day)):
        for at_ms, word, code in ((trip.came_ms, "IN", "01"), (trip.left_ms, "OUT", "02")):
            yield Entry(
                at_ms,
                f"VP-{trip.id}-{word}",
                {
                    "vehicle_id": f"{KIND_OF_ID[trip.vehicle[0]]}:{trip.vehicle}",
                    "plate_no": trip.plate,
                    "checkpoint_id": trip.gate.id,
                    "device_id": f"{trip.gate.id}-{word}1",
                    "passed_at": world.calendar.iso(at_ms),
                    "pass_direction": code,
                    "snapshot_file": f"snapshot/{trip.id}-{word}.jpg",
                },
            )


def _said(trip: Trip, loaded: bool, where: str) -> str:
    return f"{'重载' if loaded else '空载'}，{where}"


def _spots(world: World, trip: Trip) -> list[tuple[Spot, str]]:
    """Every place that the locator tells, with the words for it. What it has come to do is done when it drives out."""
    drive = trips.journey(world, trip)
    waits = [*drive.to_lot, *(standing(drive.to_lot[-1], drive.to_place[0][0]) if drive.to_lot else [])]
    works = [*drive.to_place, *standing(drive.to_place[-1], drive.back[0][0])]
    lot = trip.lot.name if trip.lot else ""
    return [
        *((spot, _said(trip, trip.loaded, lot)) for spot in waits),
        *((spot, _said(trip, trip.loaded, trip.place.name)) for spot in works),
        *((spot, _said(trip, not trip.loaded, trip.gate.name)) for spot in drive.back),
    ]


def _positions(world: World, day: date) -> Iterable[Entry]:
    """One record a trip that moves with the vehicle and is deleted when it has left."""
    for trip in trips.hazmat_trips(world, day):
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
            for (at_ms, lon, lat), said in _spots(world, trip)
        ]
        changes[-1] = (changes[-1][0], {**changes[-1][1], "is_deleted": True})
        yield from versions(f"HVP-{trip.id}", changes)


def _hazmat_fleet(world: World, day: date) -> Iterable[Entry]:
    for number in range(1, trips.HAZMAT_FLEET + 1):
        yield fixed(
            trips.fleet_id("hazmat", number),
            vehicle_type="02" if trips.carries_waste(number) else "01",
            vehicle_ownership="02",
            plate_no=trips.fleet_plate("hazmat", number),
            plate_colour="02",
        )


def _ordinary_fleet(world: World, day: date) -> Iterable[Entry]:
    for number in range(1, trips.ORDINARY_FLEET + 1):
        yield fixed(
            trips.fleet_id("ordinary", number),
            plate_no=trips.fleet_plate("ordinary", number),
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
