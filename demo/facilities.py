"""Public facilities and everything that is watched: enterprises, hazards, points, gas devices, stations, gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from demo.clock import MINUTE_MS
from demo.fixed import FIXED_MS, document, fixed
from demo.folder import Feature
from demo.names import person, phone
from demo.patrols import DEVICE_TYPES, Patrol
from demo.records import Entry, Fields, versions
from demo.trade import line_of_business
from demo.world import Source, World

_STATUS = {"operating": "01", "commissioning": "02", "idle": "03"}
_RISK = {1: "01", 2: "02", 3: "03", 4: "04"}
_SUPERVISION = {1: "01", 2: "02"}
_HAZARD_TYPE = {"unit": "01", "tank_farm": "02", "warehouse": "03"}
_PARAMETER = {
    "temperature": "01",
    "pressure": "02",
    "level": "03",
    "flow": "04",
    "combustible_gas": "05",
    "toxic_gas": "06",
}
_UNIT = {
    "m3": "01",
    "t": "02",
    "%": "03",
    "%LEL": "03",
    "%RH": "03",
    "ppm": "04",
    "mg/L": "05",
    "℃": "06",
    "mm": "07",
    "m": "09",
}
_INDICATOR = {"hazard": "01", "gas": "02", "parking": "03", "public_gas": "04", "gallery": "05", "utilities": "06"}
_BUILT = "2022-10-18"


def _credit_code(number: int) -> str:
    return f"91320000MA{number * 104_729 % 10**8:08d}"


def _enterprise(number: int, each: Feature) -> Entry:
    level = each.props.get("hazard_level")
    return fixed(
        each.id,
        enterprise_name=each.name,
        unified_credit_code=_credit_code(number),
        enterprise_type="生产企业",
        enterprise_status=_STATUS.get(str(each.props.get("status", "operating")), "01"),
        industry=line_of_business(each),
        scale="大型" if (each.props.get("staff") or 0) >= 300 else "中型" if level else "小型",
        employee_count=each.props.get("staff"),
        safety_head_name=person(number),
        safety_head_phone=phone(number),
        standardisation_grade="二级" if level in (1, 2) else "三级",
        risk_grade=_RISK.get(level or 4, "04"),
        supervision_class=_SUPERVISION.get(level, "03") if level else None,
        is_major_hazard=bool(level),
        is_key_process=bool(each.props.get("regulated_processes")),
        is_key_chemical=bool(each.props.get("regulated_chemicals")),
        is_key_fire_unit=level in (1, 2),
        boundary=each.boundary,
        longitude=each.lon,
        latitude=each.lat,
    )


def _enterprises(world: World, day: date) -> Iterable[Entry]:
    return (_enterprise(number, each) for number, each in enumerate(world.folder.features("enterprises"), 1))


def _hazards(world: World, day: date) -> Iterable[Entry]:
    for each in world.folder.features("hazards"):
        level = int(each.props.get("level") or 4)
        chemicals = [str(one["chemical"]) for one in each.props.get("substances") or ()]
        yield fixed(
            each.id,
            enterprise_id=str(each.props["owner"]),
            hazard_source_name=each.name,
            hazard_source_type=_HAZARD_TYPE.get(str(each.props.get("kind")), "99"),
            hazard_level=str(level),
            filing_no=f"BA-{each.id}",
            r_value=float(each.props.get("R") or 0.0),
            chemicals=";".join(chemicals) or "-",
            risk_grade=_RISK[level],
            boundary=each.boundary,
            longitude=each.lon,
            latitude=each.lat,
        )


def _limits(world: World, ix: int) -> dict[str, float | None]:
    names = {
        "level1_high": "alarm_hi",
        "level2_high": "alarm_hi_hi",
        "level1_low": "alarm_lo",
        "level2_low": "alarm_lo_lo",
        "range_high": "range_hi",
        "range_low": "range_lo",
    }
    found = {field: float(world.points.limit(name)[ix]) for field, name in names.items()}
    return {field: None if np.isnan(value) else value for field, value in found.items()}


def _hazard_points(world: World, day: date) -> Iterable[Entry]:
    points = world.points
    for ix, hazard in enumerate(points.hazards):
        if hazard:
            each = points.features[ix]
            yield fixed(
                each.id,
                enterprise_id=points.owners[ix],
                hazard_source_id=hazard,
                point_name=each.name,
                tag_no=each.id,
                parameter_type=_PARAMETER.get(points.kinds[ix], "99"),
                measurement_unit=str(each.props.get("unit") or "-"),
                monitored_substance=points.mediums[ix] or None,
                longitude=each.lon,
                latitude=each.lat,
                **_limits(world, ix),
            )


def _category(world: World, ix: int) -> str:
    parent = world.folder.by_id.get(world.points.parents[ix])
    if parent is not None and parent.props.get("kind") in ("lot", "zone", "bay"):
        return _INDICATOR["parking"]
    if world.points.is_gas(ix):
        return _INDICATOR["gas" if world.points.owners[ix] in world.folder.enterprise_ids else "public_gas"]
    if world.points.hazards[ix]:
        return _INDICATOR["hazard"]
    return _INDICATOR["gallery" if parent is not None and "piers" in parent.props else "utilities"]


def _indicators(world: World, day: date) -> Iterable[Entry]:
    """Points whose unit the norm's list knows; it has no MPa, m3/h, A, V."""
    points = world.points
    for ix, each in enumerate(points.features):
        unit = _UNIT.get(str(each.props.get("unit")))
        if unit:
            yield fixed(
                each.id,
                device_id=points.patrols[ix].id if ix in points.patrols else each.id,
                device_category=_category(world, ix),
                indicator_name=each.name,
                indicator_type=points.kinds[ix],
                measurement_unit=unit,
                monitored_substance=points.mediums[ix] or "-",
                **_limits(world, ix),
            )


def _gas_devices(world: World, day: date) -> Iterable[Entry]:
    points = world.points
    single = [each for ix, each in enumerate(points.features) if points.is_gas(ix) and ix not in points.patrols]
    for each in single:
        yield fixed(each.id, **_gas_device(each, "01", 15.0))
    for each in world.folder.features("gas_cameras"):
        yield fixed(each.id, **_gas_device(each, DEVICE_TYPES["imaging"], float(each.props.get("coverage_m") or 200)))
    for each in world.folder.features("gas_devices"):
        yield from _patrol(world, day, each, world.folder.patrols[each.id])


def _gas_device(each: Feature, kind: str, radius_m: float) -> Fields:
    return {
        "device_name": each.name,
        "device_type": kind,
        "device_status": "01",
        "coverage_radius": radius_m,
        "longitude": each.lon,
        "latitude": each.lat,
        "commissioned_date": _BUILT,
    }


def _patrol(world: World, day: date, each: Feature, way: Patrol) -> Iterable[Entry]:
    """A device that travels tells its place every minute, and nothing while it stands."""
    begins_ms, ends_ms = (world.calendar.midnight_ms(day + timedelta(days=ahead)) for ahead in (0, 1))
    told_ms = np.arange(begins_ms, ends_ms, MINUTE_MS, dtype=np.int64)
    places = np.column_stack([axis.round(6) for axis in way.place(told_ms)])
    base = [float(axis[0]) for axis in (way.lon, way.lat)]
    moved = np.any(np.diff(places, axis=0, prepend=[base]) != 0, axis=1)
    first = {**_gas_device(each, DEVICE_TYPES[way.kind], way.coverage_m), "longitude": base[0], "latitude": base[1]}
    changes = [(FIXED_MS, first)]
    changes += [
        (int(at_ms), {"longitude": float(lon), "latitude": float(lat)})
        for at_ms, (lon, lat) in zip(told_ms[moved].tolist(), places[moved].tolist(), strict=True)
    ]
    return versions(each.id, changes)


def _stations(world: World, kind: str) -> Iterable[tuple[int, Feature]]:
    return enumerate(world.folder.of_kind("stations", kind), 1)


def _place(each: Feature, number: int) -> dict[str, object]:
    return {
        "address": "园区内",
        "boundary": each.boundary,
        "longitude": each.lon,
        "latitude": each.lat,
        "head_name": person(number + 40),
        "phone": phone(number + 40),
    }


def _fire_stations(world: World, day: date) -> Iterable[Entry]:
    for number, each in _stations(world, "fire_station"):
        vehicles = int(each.props.get("vehicles") or 6)
        yield fixed(
            each.id,
            fire_station_name=each.name,
            training_tower_area=420.0,
            station_level="04",
            garage_spaces=vehicles + 2,
            vehicle_count=vehicles,
            floor_area=6_800.0,
            is_special_service_station=True,
            **_place(each, number),
        )


def _gas_rescue(world: World, day: date) -> Iterable[Entry]:
    for number, each in _stations(world, "gas_rescue"):
        yield fixed(each.id, gas_rescue_station_name=each.name, station_level="02", **_place(each, number + 3))


def _response_centres(world: World, day: date) -> Iterable[Entry]:
    for number, each in _stations(world, "response_centre"):
        yield fixed(each.id, centre_name=each.name, **_place(each, number + 5))


def _training(world: World, day: date) -> Iterable[Entry]:
    for number, each in _stations(world, "training"):
        yield fixed(
            each.id,
            base_name=each.name,
            base_category="01",
            joint_training_agreement_file=document(f"{each.id}-agreement"),
            address_description="园区内",
            longitude=each.lon,
            latitude=each.lat,
            max_concurrent_trainees=300,
            classroom_capacity_total=420,
            head_name=person(number + 47),
            phone=phone(number + 47),
        )


def _substations(world: World, day: date) -> Iterable[Entry]:
    for each in world.folder.of_kind("utilities", "substation"):
        yield fixed(each.id, substation_name=each.name, voltage_level="05" if "220" in each.id else "04")


def _galleries(world: World, day: date) -> Iterable[Entry]:
    for each in world.folder.features("gallery"):
        yield fixed(
            each.id,
            manager_unit_id=world.park_id,
            gallery_name=each.name,
            gallery_category="01",
            spatial_type="01",
            layer_count=int(each.props.get("tiers") or 1),
            gallery_width=float(each.props.get("width_m") or 4),
            gallery_length=float(each.props.get("length_m") or 0),
            control_distance=10.0,
            builder="园区公用工程公司",
            commissioned_date=_BUILT,
            geometry=each.boundary,
            is_enabled=True,
            remarks="-",
            related_file=document(each.id),
        )


def _parking(world: World, day: date) -> Iterable[Entry]:
    for each in world.folder.of_kind("parking", "lot"):
        bays = int(each.props.get("bays") or 0)
        yield fixed(
            each.id,
            empty_load_spaces=bays // 3,
            heavy_load_spaces=bays - bays // 3,
            is_open=True,
            parking_lot_name=each.name,
            longitude=each.lon,
            latitude=each.lat,
            boundary=each.boundary,
            admission_list_file=document(f"{each.id}-admission"),
        )


def _checkpoints(world: World, day: date) -> Iterable[Entry]:
    kinds = {"ordinary": "03", "hazmat": "02", "emergency": "04"}
    for each in world.folder.features("gates"):
        yield fixed(
            each.id,
            checkpoint_name=each.name,
            checkpoint_type=kinds.get(str(each.props.get("kind")), "99"),
            longitude=each.lon,
            latitude=each.lat,
        )


SOURCES = (
    Source("enterprise", _enterprises),
    Source("hazard_source", _hazards),
    Source("hazard_point", _hazard_points),
    Source("indicator", _indicators),
    Source("gas_device", _gas_devices),
    Source("fire_station", _fire_stations),
    Source("gas_rescue_station", _gas_rescue),
    Source("response_centre", _response_centres),
    Source("training_base", _training),
    Source("substation", _substations),
    Source("gallery", _galleries),
    Source("parking_lot", _parking),
    Source("checkpoint", _checkpoints),
)
