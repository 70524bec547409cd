"""Who is on duty, and which enterprise has given its safety commitment for the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from demo import works
from demo.chance import generator
from demo.clock import HOUR_MS
from demo.folder import Feature
from demo.names import person
from demo.records import Entry, Fields, versions
from demo.world import Source, World

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


# Who stands watch: organisation (park, enterprise), kind of person, how many a shift.
_WATCH = (("01", "01", 1), ("01", "02", 4))
_SHIFTS_H = ((8, 20), (20, 32))


def _shift(world: World, midnight_ms: int, id: str, who: Fields, hours: tuple[int, int]) -> list[Entry]:
    """Planned in the evening before, over when the shift ends."""
    start_ms, end_ms = (midnight_ms + hour * HOUR_MS for hour in hours)
    iso = world.calendar.iso
    planned = {**who, "duty_start_at": iso(start_ms), "duty_end_at": iso(end_ms), "duty_status": "01"}
    over: Fields = {"duty_status": "02", "duty_log": "值班情况正常"}
    return versions(id, [(midnight_ms - 6 * HOUR_MS, planned), (end_ms, over)])


def _roster(world: World, day: date) -> Iterable[Entry]:
    watch = [(organisation, kind, turn) for organisation, kind, count in _WATCH for turn in range(count)]
    watch += [("02", "03", turn) for turn, each in enumerate(world.folder.operating) if each.props.get("hazard_level")]
    for at, (organisation, kind, turn) in enumerate(watch):
        for shift, hours in enumerate(_SHIFTS_H):
            number = (day.toordinal() * 13 + at * 2 + shift) % 900
            id = f"DR-{day:%y%m%d}-{organisation}{kind}{turn:02d}-{shift}"
            who: Fields = {
                "duty_organisation_type": organisation,
                "duty_person_type": kind,
                "duty_person_name": person(number),
                "duty_person_id": f"DP{number:04d}",
            }
            yield from _shift(world, world.calendar.midnight_ms(day), id, who, hours)


SOURCES = (
    Source("safety_commitment", _commitments, days=(-1, 0)),
    Source("duty_roster", _roster, days=(-1, 1)),
)
