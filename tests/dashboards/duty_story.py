"""What the noon's duty desk has to show: rosters of the exchange and our own, a file with refused rows, handovers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cache.books import Deed
from cache.roster import Import
from cache.store import Store
from models.handover import Handover
from models.roster_import import Ground, Known, Line, read_lines
from park.load import Park
from tests.cache.batches import NOON, records
from twin.moment import Moment
from twin.reading import Batch
from twin.roles import ROLES

PEOPLE = (("DP1", "赵伟", None), ("DP2", "钱静", None), ("DP3", "孙敏", None), ("EP1", "李强", "E04"))
FILE = (
    ("2026-11-22", "早班", "带班领导", "DP2", ""),
    ("2026-11-22", "早班", "值班员", "孙敏", "园区"),
    ("2026-11-22", "下午", "值班员", "DP1", ""),
    ("2026-11-22", "中班", "带班领导", "王五", ""),
    ("2026-13-01", "中班", "带班领导", "DP1", ""),
)


def duty_records() -> list[Batch]:
    """Who is known, and who the exchange says stands watch today."""
    persons = [{"id": id, "name": name, "enterprise_id": org, "mobile": "10001"} for id, name, org in PEOPLE]
    turns = [("01", "01", "DP1", "赵伟"), ("01", "02", "DP2", "钱静"), ("02", "03", "EP1", "李强")]
    shift = NOON - timedelta(hours=3, minutes=30)
    roster = [
        {
            "id": f"DR-{person}-{n}",
            "duty_organisation_type": organisation,
            "duty_person_type": kind,
            "duty_person_id": person,
            "duty_person_name": name,
            "duty_start_at": shift + timedelta(hours=8 * n),
            "duty_end_at": shift + timedelta(hours=8 * n + 8),
            "duty_status": "02" if n < 0 else "01",
            "duty_log": "值班情况正常" if n < 0 else None,
            "updated_at": NOON - timedelta(hours=4),
        }
        for n in (-1, 0)
        for organisation, kind, person, name in turns
    ]
    return [records("person", *persons), records("duty_roster", *roster)]


def duty_deeds(store: Store, park: Park) -> None:
    """A file with two good rows, and handovers: one signed twice, one that nobody has taken over."""
    ground = Ground(park.settings.duty, park.zone, [Known(*each) for each in PEOPLE], {"e04": "E04"})
    names = ("day", "shift", "role", "person", "enterprise")
    lines = [Line(number, dict(zip(names, row, strict=True))) for number, row in enumerate(FILE, 2)]
    file = Import("RI-1", "park", "week.xlsx", *read_lines(lines, ground, "RI-1"))
    books, rights = store.books, ROLES["operator"]
    _do(store, lambda known: books.rosters.keep(file, "leader", known))
    for n, (day, shift) in enumerate([(date(2026, 11, 20), "night"), (date(2026, 11, 21), "morning")]):
        at = NOON - timedelta(hours=12 - 8 * n)
        counts = dict.fromkeys(("offline", "repair", "raised", "closed", "decided", "sources_down"), n)
        made = Handover(
            id=f"HO-{n}", org="park", state="prepared", day=day, shift=shift, since=None, as_of=at, held=2,
            open_alarms=3, **counts, remarks="泵 P-101 检修", prepared_by="duty", prepared_at=at,
        )  # fmt: skip
        _do(store, lambda known, made=made: books.handovers.prepare("park", lambda _: made, known, ""))
        _do(store, lambda known, id=made.id: books.handovers.sign(id, "give", "duty", rights, known))
    _do(store, lambda known: books.handovers.sign("HO-0", "take", "leader", rights, known))


def _do(store: Store, do: Callable[[Moment], Any]) -> None:
    tables = frozenset({"roster", "handover", "roster_import", "roster_refusal", "journal"})
    store.do(Deed(do, tables)).result()


def papers_due() -> list[Batch]:
    """A licence that is over, its renewed one, one that ends in 20 days, a plan filed three years ago, a danger."""
    today = NOON.date()
    licences = [
        ("EC1", "E01", "02", -9),
        ("EC2", "E04", "02", 20),
        ("EC3", "E02", "02", -400),
        ("EC4", "E02", "02", 300),
    ]
    danger = {"id": "HD1", "enterprise_id": "E04", "hidden_danger_name": "喷淋联锁失效", "hidden_danger_level": "02"}
    inspected = {"id": "IHD1", "enterprise_id": "E01", "hidden_danger_level": "02", "hidden_danger_status": "01"}
    plan = {"id": "EP1", "enterprise_id": "E04", "plan_name": "综合应急预案", "plan_level": "03"}
    return [
        records(
            "enterprise_certificate",
            *(
                {
                    "id": id,
                    "enterprise_id": owner,
                    "certificate_type": kind,
                    "certificate_name": "安全生产许可证",
                    "valid_to": today + timedelta(days=days),
                }
                for id, owner, kind, days in licences
            ),
        ),
        records("hidden_danger", danger | {"hidden_danger_status": "02", "deadline": NOON + timedelta(days=3)}),
        records("inspection_hidden_danger", inspected | {"rectification_deadline": "尽快"}),
        records(
            "emergency_plan",
            plan | {"last_filed_date": date(2023, 11, 30), "last_assessed_date": date(2025, 6, 1)},
        ),
        records("person_certificate", {"id": "PC1", "person_id": "EP1", "certificate_type": "05", "valid_to": today}),
    ]
