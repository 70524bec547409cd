"""Bookings of dangerous goods: who may bring or fetch what, when, for whom; and who waits in the parking lot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from demo import trips
from demo.chance import generator
from demo.clock import HOUR_MS, MINUTE_MS
from demo.fixed import document
from demo.folder import Feature, Folder
from demo.records import Entry, Fields, versions
from demo.trips import Trip
from demo.vehicles import KIND_OF_ID
from demo.world import Source, World

NO_SHOWS = 6  # bookings a day that are withdrawn
_WINDOW_MS = 4 * HOUR_MS
_REVIEWED, _CANCELLED = "03", "01"
_LOADS, _UNLOADS = "01", "02"
_HAZMAT, _WASTE = "01", "02"
_GASES = ("乙烯", "乙炔", "氢气")  # the others travel as liquids, liquefied ones too
# Hazardous wastes of a chemical park: category, name, state.
_WASTES = (("HW06", "废有机溶剂", "02"), ("HW11", "精（蒸）馏残渣", "04"), ("HW49", "废活性炭", "01"))
_TREATMENT = "县危险废物处置中心"
_SUPPLIERS = ("东港石化销售公司", "北河化学品物流中心", "江湾仓储公司", "滨海化工贸易公司")
_CUSTOMERS = ("南塘材料厂", "西桥化工贸易公司", "海岬涂料厂", "平原农化公司")


@lru_cache(maxsize=2)
def _stored(folder: Folder) -> dict[str, list[str]]:
    """What each enterprise has in its tanks."""
    found: dict[str, list[str]] = {}
    for tank in folder.features("tanks"):
        chemicals = found.setdefault(str(tank.props["owner"]), [])
        if tank.props.get("chemical") and tank.props["chemical"] not in chemicals:
            chemicals.append(str(tank.props["chemical"]))
    return found


def _cargo(world: World, trip: Trip) -> Fields:
    if trips.carries_waste(trip.number):
        category, name, state = _WASTES[trip.number % len(_WASTES)]
        waste: Fields = {"cargo_type": _WASTE, "hazardous_waste_category": category, "cargo_state": state}
        return waste | {"cargo_name": name, "hazardous_waste_manifest_file": document(f"manifest-{trip.id}")}
    known = _stored(world.folder).get(trip.place.id) or ["硫酸", "液碱"]
    name = known[trip.number % len(known)]
    goods: Fields = {"cargo_type": _HAZMAT, "cargo_name": name, "cargo_state": "03" if name in _GASES else "02"}
    return goods | {"electronic_waybill_file": document(f"waybill-{trip.id}")}


def _ends(trip: Trip) -> Fields:
    """From whom to whom: one of the two is the enterprise in the park."""
    if trip.loaded:
        outside: Fields = {"origin_unit_name": _SUPPLIERS[trip.number % len(_SUPPLIERS)]}
        return outside | _inside("destination", trip.place) | {"origin_is_park_enterprise": False}
    waste = trips.carries_waste(trip.number)
    goal = _TREATMENT if waste else _CUSTOMERS[trip.number % len(_CUSTOMERS)]
    return _inside("origin", trip.place) | {"destination_unit_name": goal, "destination_is_park_enterprise": False}


def _inside(end: str, place: Feature) -> Fields:
    return {f"{end}_is_park_enterprise": True, f"{end}_unit_id": place.id, f"{end}_unit_name": place.name}


def _reviewed_ms(trip: Trip) -> int:
    """When the booking was approved: one to thirteen hours before the vehicle comes."""
    return trip.came_ms - (60 + trip.number * 7 % 720) * MINUTE_MS


def _application(world: World, trip: Trip) -> Fields:
    iso, reviewed_ms = world.calendar.iso, _reviewed_ms(trip)
    begins_ms = trip.came_ms - (10 + trip.number % 40) * MINUTE_MS
    return {
        "vehicle_id": trip.vehicle,
        "checkpoint_id": trip.gate.id,
        "pass_window_start_at": iso(begins_ms),
        "pass_window_end_at": iso(max(begins_ms + _WINDOW_MS, trip.left_ms + HOUR_MS)),
        "pass_direction": "03",
        "applicant_id": f"TP{trip.number:04d}",
        "applied_at": iso(reviewed_ms - (8 + trip.number % 50) * MINUTE_MS),
        "final_reviewer_id": f"DP{trip.number % 20:04d}",
        "final_reviewed_at": iso(reviewed_ms),
        "review_status": _REVIEWED,
    }


def application_id(trip: Trip) -> str:
    """Id of the booking that a trip was made under."""
    return f"HVA-{trip.id}"


def _withdrawn(world: World, day: date) -> Iterable[Trip]:
    """Bookings of that day under which nobody came."""
    booked = trips.hazmat_trips(world, day)
    came = {trip.number for trip in booked}
    free = [number for number in range(1, trips.HAZMAT_FLEET + 1) if number not in came]
    rng = generator(world.seed, "no-shows", day)
    for model, number in zip(booked[:: max(1, len(booked) // NO_SHOWS)], rng.permutation(free).tolist(), strict=False):
        yield Trip(
            f"{model.id}X", number, trips.fleet_id("hazmat", number), trips.fleet_plate("hazmat", number),
            model.gate, model.place, model.came_ms, model.left_ms, model.loaded and not trips.carries_waste(number),
        )  # fmt: skip


def _applications(world: World, day: date) -> Iterable[Entry]:
    for trip in trips.hazmat_trips(world, day):
        yield Entry(_reviewed_ms(trip), application_id(trip), _application(world, trip))
    for trip in _withdrawn(world, day):
        cancelled_ms = trip.came_ms - (5 + trip.number % 45) * MINUTE_MS
        changes = [(_reviewed_ms(trip), _application(world, trip)), (cancelled_ms, {"review_status": _CANCELLED})]
        yield from versions(application_id(trip), changes)


def _items(world: World, day: date) -> Iterable[Entry]:
    for trip in (*trips.hazmat_trips(world, day), *_withdrawn(world, day)):
        fields: Fields = {
            "hazmat_vehicle_application_id": application_id(trip),
            "handling_mode": _UNLOADS if trip.loaded else _LOADS,
            "cargo_quantity": round(12.0 + trip.number * 37 % 190 / 10, 1),
            "cargo_unit": "02",
            "driver_id": f"03:TP{trip.number:04d}",
            "escort_id": f"03:TP{trip.number + 500:04d}",
        }
        yield Entry(_reviewed_ms(trip), f"HVI-{trip.id}", fields | _cargo(world, trip) | _ends(trip))


def _parked(world: World, day: date) -> Iterable[Entry]:
    """In and out of the parking lot, for vehicles that wait there until they are called."""
    for trip in trips.hazmat_trips(world, day):
        if trip.lot is None:
            continue
        drive = trips.journey(world, trip)
        for at_ms, word, code in ((drive.to_lot[-1][0], "IN", "01"), (drive.to_place[0][0], "OUT", "02")):
            fields: Fields = {
                "parking_lot_id": trip.lot.id,
                "application_id": application_id(trip),
                "vehicle_id": f"{KIND_OF_ID[trip.vehicle[0]]}:{trip.vehicle}",
                "plate_no": trip.plate,
                "checkpoint_id": f"{trip.lot.id}-{word}",
                "device_id": f"{trip.lot.id}-{word}1",
                "vehicle_type": "02" if trips.carries_waste(trip.number) else "01",
                "load_type": "02" if trip.loaded else "01",
                "passed_at": world.calendar.iso(at_ms),
                "pass_direction": code,
                "snapshot_file": f"snapshot/{trip.id}-PK-{word}.jpg",
            }
            yield Entry(at_ms, f"PVR-{trip.id}-{word}", fields)


SOURCES = (
    Source("hazmat_vehicle_application", _applications, days=(-1, 1)),
    Source("hazmat_vehicle_application_item", _items, days=(-1, 1)),
    Source("parking_vehicle_record", _parked, days=(-1, 0)),
)
