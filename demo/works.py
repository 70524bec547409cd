"""Special works: filed the afternoon before, started and ended through the day; some are withdrawn or never start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from demo.chance import generator
from demo.clock import DAY_MS, HOUR_MS
from demo.fixed import document
from demo.folder import Feature, Folder
from demo.names import person
from demo.records import Entry, Fields, versions
from demo.world import Source, World

WORKS_A_DAY = 118
WORK_UNITS = ("unit", "tank_farm", "utility", "warehouse", "wastewater")


@dataclass(frozen=True)
class Kind:
    """One kind of special work: its share, its levels, its risk grade and what is done."""

    code: str
    share: float
    levels: tuple[str, ...]
    grade: str
    content: str


KINDS = (
    Kind("01", 0.30, ("二级", "二级", "一级", "特级"), "02", "管线焊接"),
    Kind("02", 0.10, ("-",), "02", "容器内部检查清理"),
    Kind("03", 0.10, ("-",), "03", "盲板抽堵"),
    Kind("04", 0.20, ("I级", "II级", "III级"), "03", "平台检修"),
    Kind("05", 0.12, ("三级", "二级"), "03", "设备吊装"),
    Kind("06", 0.12, ("-",), "04", "临时用电接线"),
    Kind("07", 0.04, ("-",), "04", "基础开挖"),
    Kind("08", 0.02, ("-",), "04", "厂内道路占用"),
)


@dataclass(frozen=True)
class Work:
    """One work: where, what, when (milliseconds), and how it goes."""

    id: str
    place: Feature
    kind: Kind
    level: str
    start_ms: int
    end_ms: int
    filed_ms: int
    fate: str  # done | withdrawn | not_started | not_ended
    people: int
    number: int


_FATES, _FATE_SHARES = ("done", "withdrawn", "not_started", "not_ended"), (0.94, 0.03, 0.02, 0.01)


def _places(world: World) -> list[Feature]:
    working = {each.id for each in world.folder.operating}
    units = [each for each in world.folder.of_kind("units", *WORK_UNITS) if each.props.get("owner") in working]
    return units or world.folder.operating


@lru_cache(maxsize=6)
def of_day(world: World, day: date) -> tuple[Work, ...]:
    """The works planned for that local day; the same for the same seed and day."""
    places = _places(world)
    if not places:
        return ()
    rng, midnight_ms = generator(world.seed, "works", day), world.calendar.midnight_ms(day)
    return tuple(_work(places, rng, midnight_ms, f"SW-{day:%y%m%d}-{n:03d}", n) for n in range(1, WORKS_A_DAY + 1))


def _work(places: list[Feature], rng: np.random.Generator, midnight_ms: int, id: str, n: int) -> Work:
    kind = KINDS[int(rng.choice(len(KINDS), p=[each.share for each in KINDS]))]
    by_night = rng.random() < 0.07 and kind.code != "01"
    start_h = rng.uniform(18.5, 21.0) if by_night else rng.choice([8.3, 9.1, 10.0, 13.2, 14.3]) + rng.normal(0, 0.35)
    length_h = float(np.clip(rng.gamma(5.0, 0.68), 0.7, 8.0 if kind.code != "01" else 7.0))
    start_ms = midnight_ms + round(float(start_h) * HOUR_MS)
    filed_ms = midnight_ms - round(float(rng.uniform(5.5, 9.0)) * HOUR_MS)
    end_ms = min(start_ms + round(length_h * HOUR_MS), midnight_ms + DAY_MS - HOUR_MS // 2)
    return Work(
        id,
        places[int(rng.integers(len(places)))],
        kind,
        str(rng.choice(kind.levels)),
        start_ms,
        end_ms,
        filed_ms,
        str(rng.choice(_FATES, p=_FATE_SHARES)),
        int(rng.integers(2, 9)),
        n + int(rng.integers(300)),
    )


def _fate(work: Work, midnight_ms: int) -> list[tuple[int, Fields]]:
    """How the state goes on after filing; 24:00 decides what was not started or not ended."""
    end_of_day_ms = midnight_ms + DAY_MS
    started = (work.start_ms, {"work_status": "02"})
    return {
        "done": [started, (work.end_ms, {"work_status": "03"})],
        "withdrawn": [(work.start_ms - HOUR_MS, {"work_status": "04", "cancel_reason": "天气或生产安排变化"})],
        "not_started": [(end_of_day_ms, {"work_status": "06"})],
        "not_ended": [started, (end_of_day_ms, {"work_status": "07"})],
    }[work.fate]


def _plans(world: World, day: date) -> Iterable[Entry]:
    iso = world.calendar.iso
    for work in of_day(world, day):
        filed: Fields = {
            "enterprise_id": str(work.place.props.get("owner") or work.place.id),
            "work_content": work.kind.content,
            "work_type": work.kind.code,
            "work_level": work.level,
            "risk_grade": work.kind.grade,
            "area_id": work.place.id,
            "place": work.place.name,
            "plan_start_at": iso(work.start_ms),
            "plan_end_at": iso(work.end_ms),
            "worker_count": work.people,
            "worker_type": "承包商" if work.number % 3 else "本企业",
            "scheme_file": document(f"{work.id}-scheme"),
            "jha_file": document(f"{work.id}-jha"),
            "work_status": "01",
            "longitude": work.place.lon,
            "latitude": work.place.lat,
        }
        yield from versions(work.id, [(work.filed_ms, filed), *_fate(work, world.calendar.midnight_ms(day))])


@lru_cache(maxsize=4)
def _watching(folder: Folder, stem: str) -> dict[str, list[str]]:
    """Ids of the cameras or points by what they stand at: place, parent, owner."""
    found: dict[str, list[str]] = {}
    for each in folder.features(stem):
        for where in {each.props.get(name) for name in ("place", "parent", "owner")} - {None}:
            found.setdefault(str(where), []).append(each.id)
    return found


def _bound(world: World, stem: str, work: Work) -> str | None:
    """Cameras or points that watch the work: those of its unit, else of its enterprise."""
    watching = _watching(world.folder, stem)
    here = watching.get(work.place.id) or watching.get(str(work.place.props.get("owner"))) or []
    return ",".join(here[:3]) or None


def _tickets(world: World, day: date) -> Iterable[Entry]:
    iso = world.calendar.iso
    for work in of_day(world, day):
        if work.fate in ("done", "not_ended"):
            bound = {"camera_ids": _bound(world, "cameras", work), "point_ids": _bound(world, "sensors", work)}
            started: Fields = {
                "special_work_plan_id": work.id,
                "ticket_no": f"{work.id}-T",
                "work_leader": person(work.number),
                "guardian": person(work.number + 11),
                "started_at": iso(work.start_ms),
                **{name: ids for name, ids in bound.items() if ids},
            }
            ended = {"ended_at": iso(work.end_ms), "ticket_file": document(f"{work.id}-ticket")}
            changes = [(work.start_ms, started), (work.end_ms, ended)]
            yield from versions(f"{work.id}-T", changes if work.fate == "done" else changes[:1])


SOURCES = (
    Source("special_work_plan", _plans, days=(-1, 1)),
    Source("special_work_ticket", _tickets, days=(-1, 0)),
)
