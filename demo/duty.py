"""Who is on duty, and which enterprise has given its safety commitment for the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from demo import works
from demo.chance import generator
from demo.clock import HOUR_MS, MINUTE_MS
from demo.folder import Feature
from demo.names import person
from demo.records import Entry, Fields, versions
from demo.staff import Watcher, watchers
from demo.world import Source, World
from twin.duty_settings import SHIFTS

MISSING = 2  # enterprises that forget
_RISK = {1: "01", 2: "02", 3: "03"}
_FIELD = {
    "02": "confined_space",
    "03": "blind_plate",
    "04": "work_at_height",
    "05": "lifting",
    "06": "temporary_power",
    "07": "excavation",
    "08": "road_cut",
}
_HOT = {"特级": "hot_work_special", "一级": "hot_work_1", "二级": "hot_work_2"}


def _counts(world: World, day: date) -> dict[str, Counter[str]]:
    """Works of the day by enterprise and field of the commitment; withdrawn ones are still promised."""
    counts: dict[str, Counter[str]] = {}
    for work in works.of_day(world, day):
        field = _HOT.get(work.level) if work.kind.code == "01" else _FIELD[work.kind.code]
        counts.setdefault(str(work.place.props.get("owner") or work.place.id), Counter())[str(field)] += 1
    return counts


def _commitment(world: World, day: date, each: Feature, at_ms: int, counts: Counter[str], number: int) -> Entry:
    units = sum(1 for unit in world.folder.of_kind("units", "unit") if unit.props.get("owner") == each.id)
    stopped = 1 if units > 6 and number % 5 == 0 else 0
    fields: Fields = dict.fromkeys((*_HOT.values(), *_FIELD.values()), 0)
    return Entry(
        at_ms,
        f"SC-{day:%y%m%d}-{each.id}",
        fields
        | dict(counts)
        | {
            "enterprise_id": each.id,
            "commitment_date": day.isoformat(),
            "committed_at": world.calendar.iso(at_ms),
            "committer": person(number),
            "risk_grade": _RISK.get(int(each.props.get("hazard_level") or 4), "04"),
            "unit_total": units,
            "unit_running": units - stopped,
            "unit_stopped": stopped,
            "in_trial_production": False,
            "in_startup_shutdown": bool(stopped),
            "commitment_text": "今天我公司已进行安全风险研判，各项安全风险防控措施已落实到位。",
        },
    )


def _commitments(world: World, day: date) -> Iterable[Entry]:
    rng, midnight_ms = generator(world.seed, "commitments", day), world.calendar.midnight_ms(day)
    counts, owners = _counts(world, day), world.folder.operating
    missing = set(rng.choice(len(owners), min(MISSING, len(owners)), replace=False).tolist())
    hours = rng.normal(8.2, 0.55, len(owners)).clip(6.4, 9.9)
    for number, each in enumerate(owners):
        if number not in missing:
            at_ms = midnight_ms + round(float(hours[number]) * HOUR_MS)
            yield _commitment(world, day, each, at_ms, counts.get(each.id, Counter()), number)


# as what somebody stands watch: kind of organisation, kind of person
_AS = {"leader": ("01", "01"), "watch": ("01", "02"), "enterprise": ("02", "03")}
_LOGS = ("值班情况正常", "值班情况正常，已巡查重大危险源 2 处", "处理气体报警 1 起，已复核", "值班情况正常，无遗留事项")
_PLANNED_MS = 30 * HOUR_MS  # before the day begins
_LATE_MS = 6 * HOUR_MS  # after it has begun: one enterprise hands its roster in then, and its morning stays empty


def _turn(world: World, day: date, shift: str, turn: int, who: Watcher, planned_ms: int) -> list[Entry]:
    """Planned ahead, over when the shift ends."""
    midnight_ms, iso = world.calendar.midnight_ms(day), world.calendar.iso
    start_ms, end_ms = (midnight_ms + each * MINUTE_MS for each in world.folder.settings.duty.minutes(shift))
    organisation, kind = _AS[who.kind]
    planned: Fields = {
        "duty_organisation_type": organisation,
        "duty_person_type": kind,
        "duty_person_name": who.name,
        "duty_person_id": who.id,
        "duty_start_at": iso(start_ms),
        "duty_end_at": iso(end_ms),
        "duty_status": "01",
    }
    over: Fields = {"duty_status": "02", "duty_log": _LOGS[(day.toordinal() + turn) % len(_LOGS)]}
    id = f"DR-{day:%y%m%d}-{who.owner or 'park'}-{shift}-{turn}"
    return versions(id, [(midnight_ms + planned_ms, planned), (end_ms, over)])


def _of_shift(everybody: list[Watcher], day: date, number: int) -> Iterable[tuple[int, Watcher]]:
    """Who stands on a shift: a leader and a third of the park's watch, and one of each enterprise; all in turns."""
    leaders = [each for each in everybody if each.kind == "leader"]
    watch = [each for each in everybody if each.kind == "watch"]
    count, a_shift = day.toordinal() * len(SHIFTS) + number, len(watch) // len(SHIFTS)
    group = (day.toordinal() + number) % len(SHIFTS) * a_shift
    yield 0, leaders[count % len(leaders)]
    yield from enumerate(watch[group : group + a_shift], 1)
    pairs: dict[str, list[Watcher]] = {}
    for each in everybody:
        if each.owner:
            pairs.setdefault(each.owner, []).append(each)
    yield from ((0, each[count % len(each)]) for each in pairs.values())


def _roster(world: World, day: date) -> Iterable[Entry]:
    everybody = watchers(world.folder)
    late = everybody[-1].owner
    for number, shift in enumerate(SHIFTS):
        for turn, each in _of_shift(everybody, day, number):
            is_late = each.owner is not None and each.owner == late
            if not (is_late and number == 0):
                yield from _turn(world, day, shift, turn, each, _LATE_MS if is_late else -_PLANNED_MS)


SOURCES = (
    Source("safety_commitment", _commitments, days=(-1, 0)),
    Source("duty_roster", _roster, days=(-1, 1)),
)
