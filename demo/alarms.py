"""Alarm records: raised when a signal crosses a limit, handled by people, cleared when the signal is back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from demo import crossings
from demo.chance import draws
from demo.clock import MINUTE_MS, SECOND_MS
from demo.crossings import Crossing
from demo.folder import Feature
from demo.leaks import Leak, sees
from demo.records import Entry, Fields, versions
from demo.world import Source, World

_TYPE = {"H": "01", "HH": "02", "L": "03", "LL": "04"}
_SAID = {"H": "超过一级上限", "HH": "超过二级上限", "L": "低于一级下限", "LL": "低于二级下限"}
_UNIT = {"ppm": "04", "%LEL": "03", "%": "03", "mg/m3": "05"}
_CAS = {
    "氨": "7664-41-7",
    "液氨": "7664-41-7",
    "氨水": "1336-21-6",
    "液氯": "7782-50-5",
    "氢气": "1333-74-0",
    "天然气": "8006-14-2",
    "甲烷": "74-82-8",
    "一氧化碳": "630-08-0",
    "硫化氢": "7783-06-4",
    "甲醇": "67-56-1",
    "甲苯": "108-88-3",
    "苯": "71-43-2",
    "环氧乙烷": "75-21-8",
    "环氧丙烷": "75-56-9",
    "乙烯": "74-85-1",
    "丙烯": "115-07-1",
    "液化石油气": "68476-85-7",
}
_MOMENTARY_MS = 10 * SECOND_MS
_SEEN_AFTER_MS, _TOLD_EVERY_MS = 20 * SECOND_MS, MINUTE_MS
PARKING_KINDS = ("lot", "zone", "bay")


def _parking(world: World, ix: int) -> Feature | None:
    """The parking zone that a point watches."""
    parent = world.folder.by_id.get(world.points.parents[ix])
    return parent if parent is not None and parent.props.get("kind") in PARKING_KINDS else None


def _public_gas(world: World, ix: int) -> bool:
    """A gas detector that stands in no enterprise."""
    return world.points.is_gas(ix) and world.points.owners[ix] not in world.folder.enterprise_ids


def _waits(world: World, each: Crossing) -> tuple[int, int]:
    """How long until somebody begins to act (higher kinds sooner), and from the end to the closing note."""
    begins, closes, _ = draws(world.seed, 51, np.array([each.ix]), np.array([each.raised_ms]))
    longest_min = 12 if each.kind == "L" else 6 if each.kind in ("H", "LL") else 2.5
    return round((0.5 + float(begins[0]) * longest_min) * MINUTE_MS), round((3 + float(closes[0]) * 15) * MINUTE_MS)


def _life(world: World, each: Crossing, first: Fields) -> list[tuple[int, Fields]]:
    """Raised, being handled, cleared, handled; what happens at one moment is one change."""
    iso = world.calendar.iso
    handling_ms, closing_ms = _waits(world, each)
    changes = {each.raised_ms: {**first, "alarm_status": "01", "handling_status": "01"}}
    acts_ms = each.raised_ms + handling_ms
    if each.cleared_ms is None or acts_ms < each.cleared_ms:
        changes[acts_ms] = {"handling_status": "02"}
    if each.cleared_ms is not None:
        done_ms = max(each.cleared_ms, acts_ms) + closing_ms
        momentary = each.cleared_ms - each.raised_ms < _MOMENTARY_MS
        changes[each.cleared_ms] = {"alarm_status": "02", "cleared_at": iso(each.cleared_ms)}
        changes[done_ms] = {
            "alarm_status": "03",
            "handling_status": "03",
            "handled_at": iso(done_ms),
            "is_false_alarm": momentary,
            "handling_measures": "瞬时超限，已确认" if momentary else "现场核实并调整，参数恢复正常",
        }
    return sorted(changes.items())


def _hazard_alarms(world: World, day: date) -> Iterable[Entry]:
    points = world.points
    for each in crossings.of_day(world, day):
        if _parking(world, each.ix) or _public_gas(world, each.ix):
            continue
        first: Fields = {
            "enterprise_id": points.owners[each.ix] or world.park_id,
            "hazard_point_id": points.ids[each.ix],
            "hazard_source_id": points.hazards[each.ix] or points.parents[each.ix] or points.ids[each.ix],
            "alarm_type": _TYPE[each.kind],
            "alarm_value": each.value,
            "threshold": each.limit,
            "alarm_at": world.calendar.iso(each.raised_ms),
        }
        key = f"HA-{points.ids[each.ix]}-{each.kind}-{each.raised_ms // SECOND_MS}"
        yield from versions(key, _life(world, each, first))


def _parking_alarms(world: World, day: date) -> Iterable[Entry]:
    for each in crossings.of_day(world, day):
        zone = _parking(world, each.ix)
        if zone is None:
            continue
        id = world.points.ids[each.ix]
        key = f"PA-{id}-{each.kind}-{each.raised_ms // SECOND_MS}"
        first: Fields = {
            "parking_lot_id": zone.id.split("-")[0],
            "alarm_id": key,
            "indicator_id": id,
            "alarm_type": _TYPE[each.kind],
            "alarm_at": world.calendar.iso(each.raised_ms),
            "alarm_content": f"{world.points.features[each.ix].name}{_SAID[each.kind]}",
            "handling_measures": "已通知停车场值守人员",
            "handler_id": "DUTY",
            "is_false_alarm": False,
        }
        yield from versions(key, _life(world, each, first))


def _leak_record(world: World, device: Feature, gas: str, unit: str, value: float) -> Fields:
    return {
        "device_id": device.id,
        "leaked_chemical_name": gas,
        "leaked_chemical_cas": _CAS.get(gas, "-"),
        "measurement_unit": unit,
        "max_value": round(value, 2),
        "longitude": device.lon,
        "latitude": device.lat,
    }


def _public_leaks(world: World, day: date) -> Iterable[Entry]:
    """Detectors in public places: a record when the first limit is crossed, the worst value when it is over."""
    for each in crossings.of_day(world, day):
        if each.kind == "H" and _public_gas(world, each.ix) and not _parking(world, each.ix):
            gas, unit = world.points.mediums[each.ix] or "-", str(world.points.features[each.ix].props.get("unit"))
            device = _device(world, each)
            changes = [(each.raised_ms, _leak_record(world, device, gas, _UNIT.get(unit, "04"), each.value))]
            if each.cleared_ms is not None:
                changes.append((each.cleared_ms, {"max_value": each.worst}))
            yield from versions(f"GL-{world.points.ids[each.ix]}-{each.raised_ms // SECOND_MS}", changes)


def _device(world: World, each: Crossing) -> Feature:
    """The device that a point belongs to, where it was then; most points are devices of their own."""
    way = world.points.patrols.get(each.ix)
    if way is None:
        return world.points.features[each.ix]
    lon, lat = way.place(np.array([each.raised_ms]))
    return replace(world.folder.by_id[way.id], lon=round(float(lon[0]), 6), lat=round(float(lat[0]), 6))


def _camera_leak(world: World, camera: Feature, leak: Leak) -> Iterable[Entry]:
    """What a gas-cloud camera tells of a leak in its sight: the worst seen so far, every minute."""
    t_ms = np.arange(leak.start_ms + _SEEN_AFTER_MS, leak.end_ms, _TOLD_EVERY_MS, dtype=np.int64)
    worst = np.maximum.accumulate(leak.strength(t_ms))
    changes: list[tuple[int, Fields]] = []
    for at_ms, value in zip(t_ms.tolist(), worst.tolist(), strict=True):
        seen = _leak_record(world, camera, leak.gas, "04", value)
        changes.append((at_ms, {**seen, "diffusion_radius": round(value**0.5 * 6, 1)}))
    return versions(f"GL-{camera.id}-{leak.start_ms // SECOND_MS}", changes)


def _camera_leaks(world: World, day: date) -> Iterable[Entry]:
    _, leaks = world.signals.happening(day)
    for leak in leaks:
        place = world.folder.by_id.get(leak.place_id)
        for camera in world.folder.features("gas_cameras"):
            looks = place is not None and camera.props.get("target_unit") == place.props.get("unit")
            if looks and any(sees(leak.gas, str(gas)) for gas in camera.props.get("target_gases") or ()):
                yield from _camera_leak(world, camera, leak)


def _leaks(world: World, day: date) -> Iterable[Entry]:
    yield from _public_leaks(world, day)
    yield from _camera_leaks(world, day)


SOURCES = (
    Source("hazard_alarm", _hazard_alarms, days=(-1, 0)),
    Source("parking_gas_alarm", _parking_alarms, days=(-1, 0)),
    Source("gas_leak_statistic", _leaks, days=(-1, 0)),
)
