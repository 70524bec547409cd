"""A noon in the demo park, told in a few records: what every test of the overview looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from cache.accounts import Account, MachineToken, Session
from cache.books import Deed
from cache.ledger import Entry
from cache.store import Store
from cache.warnings import Uploaded
from models.fault_life import Fault
from models.gas_warning import Excess
from models.gas_warning_evidence import evidence
from models.gas_warning_life import Actor, WarningWish
from models.gas_warning_state import Finding, Source
from models.limits import Change
from park.load import Park
from services.gas_watch import GasWatch
from tests.cache.batches import NOON, Clock, records
from tests.dashboards.duty_story import duty_deeds, duty_records, papers_due
from tests.dashboards.told import tell_people
from twin.moment import Moment
from twin.reading import DECODED_READINGS, READING_TABLE, Batch
from twin.roles import ROLES

TODAY = date(2026, 11, 21)
LEAK = "E04-U02-GT01"  # an ammonia detector
SILENT = 10  # the first so many points say nothing
FACTORIES = ("E01", "E02", "E04", "E75")


def ago(minutes: float) -> datetime:
    """So many minutes before noon, as records hold it."""
    return NOON - timedelta(minutes=minutes)


def tell(store: Store, park: Park, clock: Clock) -> None:
    """The whole story, known at noon."""
    _late_warnings(store, clock)
    told = (
        *_basics(),
        *_alarms(park),
        *_gas(park),
        *_people(),
        *_vehicles(),
        *_works(),
        *_papers(),
        *duty_records(),
        *papers_due(),
        _newest(park),
    )
    for batch in told:
        store.append(batch)
    _accounts(store)
    _requests(store, park)
    duty_deeds(store, park)
    tell_people(store)
    _warned(store, park)
    clock.forward(1)


def _late_warnings(store: Store, clock: Clock) -> None:
    """Days ago: two orange warnings in E01 that nobody handled in time, one of them closed since, and one in public."""
    book, watched = store.books.warnings, []
    clock.now = NOON - timedelta(days=3)
    for id, owner in (("GW-1", "E01"), ("GW-2", "E01"), ("GW-3", None), ("GW-4", "E01")):
        watched.append(_finding(id, owner, clock.now))
    _do(store, lambda known: book.find(watched, known))
    clock.forward(25 * 3600)
    _do(store, book.overdue)
    chief = Actor("leader", ROLES["safety_bureau"])
    for action, more in (("feedback", {}), ("result", {}), ("close", {"basis": "impossible"})):
        if action == "close":
            _do(store, lambda known: book.attach("GW-1", Uploaded("report.pdf", 9, "00" * 32), chief, known))
        wish = WarningWish(action, "现场已核实", **more)
        _do(store, lambda known, wish=wish: book.act("GW-1", wish, chief, known))
    clock.now = NOON


def _finding(id: str, owner: str | None, at: Moment) -> Finding:
    source = Source(
        "E01-U02-GT01", 118.98, 33.38, "氯气探测器", "Chlorine detector", "液氯", True, owner, ("E02",), 15.0
    )
    seen = Excess(f"alarm-of-{id}", source.point, "HH", at, None, at)
    return Finding(id, at, "orange", "second", at, at, source, (seen,), 1, evidence([seen], at))


def _warned(store: Store, park: Park) -> None:
    """What the leak of E04 makes of itself, and who has answered it."""
    GasWatch(store, park).look(store.tick())
    book, people = store.books.warnings, Actor("safety", ROLES["enterprise_safety"], "E04")
    wish = WarningWish("feedback", "已派人现场确认")
    _do(store, lambda known: book.act("GW-L1", wish, people, known))


def _accounts(store: Store) -> None:
    """Who may sign in, a machine's token in use and one that is revoked, and what the log has of them."""
    told = (NOON - timedelta(days=2), NOON - timedelta(days=2), "root")
    store.accounts.put(
        Account("root", "王磊", "administrator", None, "kept-of-root", False, *told, second="sealed-of-root"),
        Account("duty", "陈值", "operator", None, "kept-of-duty", True, *told),
        Account("safety", "赵安", "enterprise_safety", "E04", "kept-of-safety", False, *told, disabled=True),
        Account("guest", "访客", "expert", None, None, False, *told),
        Session("key-of-root", "root", ago(20), ago(1), "10.0.0.1", "Firefox"),
        MachineToken("key-of-pump", "t-pump", "pump", ("ingest", "read"), "E04", ago(60), "root"),
        MachineToken("key-of-old", "t-old", "old", ("operate",), None, ago(90), "root", ago(30), "root"),
    )
    home, wrong = {"address": "10.0.0.1", "agent": "Firefox"}, {"why": "wrong_password", "locked": ["account:duty"]}
    store.note(
        [
            Entry("account", "duty", "made", "root", home),
            Entry("account", "root", "signed_in", "root", home),
            Entry("account", "duty", "refused", "duty", {"address": "10.0.0.9", **wrong}),
            Entry("audit", "POST /api/v1/tokens", "done", "root", {**home, "role": "administrator", "status": 201}),
            Entry("audit", "GET /api/v1/audit", "refused", "root", {**home, "code": "no_right", "status": 403}),
        ]
    ).result()


def _basics() -> list[Batch]:
    facts = [("E01", "01", "01", 300), ("E02", "01", "02", 200), ("E04", "01", "01", 150), ("E75", "03", None, 4)]
    enterprises = [
        {
            "id": id,
            "enterprise_name": id,
            "enterprise_status": status,
            "supervision_class": supervision,
            "risk_grade": supervision or "04",
            "employee_count": staff,
            "industry": "化工",
            "scale": "中型",
            "safety_head_name": "周安",
            "is_deleted": False,
        }
        for id, status, supervision, staff in facts
    ]
    hazards = [
        {"id": "MH01", "enterprise_id": "E01", "hazard_source_name": "a", "hazard_level": "2", "r_value": 60.0},
    ]
    filed = [
        {
            "id": f"SC-{id}",
            "enterprise_id": id,
            "commitment_date": TODAY,
            "committed_at": ago(180),
            "committer": "王",
            "risk_grade": "04",
        }
        for id in ("E01", "E02")
    ]
    fire = {"id": "ST-FIRE", "fire_station_name": "消防站", "head_name": "赵队", "phone": "110", "address": "园区内"}
    return [
        records("fire_station", fire),
        records("enterprise", *enterprises),
        records("hazard_source", *hazards),
        records("safety_commitment", *filed),
    ]


def alarm(id: str, point: str, owner: str, kind: str, minutes: float, **more: Any) -> dict[str, Any]:
    """One process or gas alarm; ``kind`` 01 H, 02 HH, 03 L, 04 LL."""
    said = {
        "id": id,
        "enterprise_id": owner,
        "hazard_point_id": point,
        "alarm_type": kind,
        "alarm_value": 38.0,
        "threshold": 28.0,
        "alarm_at": ago(minutes),
        "cleared_at": None,
        "alarm_status": "01",
        "handling_status": "01",
        "is_false_alarm": False,
    }
    return said | more


def _alarms(park: Park) -> list[Batch]:
    temperature = park.points.filter(pl.col("owner") == "E01", pl.col("kind") == "temperature")["id"][0]
    return [
        records(
            "hazard_alarm",
            alarm("A1", LEAK, "E04", "01", 4, handling_status="02"),
            alarm("A2", temperature, "E01", "03", 90),
            alarm("A3", temperature, "E01", "01", 300, cleared_at=ago(290), alarm_status="02", handling_status="03"),
            alarm("A4", temperature, "E01", "03", 30 * 60, cleared_at=ago(29 * 60), alarm_status="02"),
        ),
        records(
            "gas_leak_statistic",
            {
                "id": "L1",
                "device_id": "GCAM3",
                "leaked_chemical_name": "氨",
                "max_value": 12.0,
                "longitude": 118.99,
                "latitude": 33.39,
                "created_at": ago(6),
                "updated_at": ago(3),
            },
        ),
    ]


def _gas(park: Park) -> list[Batch]:
    """The leaking detector and a quiet one, a camera, a drone above the ammonia tanks, and one that is out of use."""
    quiet = park.points.filter(pl.col("kind").is_in(["combustible_gas", "toxic_gas"]))["id"][0]
    devices = [
        (LEAK, "01", "01", 15.0),
        (quiet, "01", "01", 15.0),
        ("GCAM3", "04", "01", 500.0),
        ("GUAV1", "03", "01", 60.0),
        ("OLD1", "99", "02", 30.0),
    ]
    measured = [("GUAV1-H2S", "GUAV1", "硫化氢"), ("GUAV1-CH4", "GUAV1", "甲烷")]
    return [
        records(
            "gas_device",
            *(
                {
                    **_placed(park, id),
                    "device_name": id,
                    "device_type": kind,
                    "device_status": status,
                    "coverage_radius": radius,
                    "commissioned_date": date(2022, 10, 18),
                }
                for id, kind, status, radius in devices
            ),
        ),
        records(
            "indicator",
            *(
                {"id": id, "device_id": device, "device_category": "04", "monitored_substance": gas}
                for id, device, gas in measured
            ),
        ),
    ]


def _placed(park: Park, id: str) -> dict[str, Any]:
    """Where a device stands: as the map has it, else above the ammonia tanks of E04."""
    found = park.feature(id)
    if found is None or id == "GUAV1":
        return {"id": id, "longitude": 118.9972, "latitude": 33.3897}
    return {"id": id, "longitude": found.lon, "latitude": found.lat}


def _people() -> list[Batch]:
    counted = [
        {
            "id": f"AP-{id}-{area}-{day}",
            "enterprise_id": id,
            "collected_at": ago(60 + day * 1440),
            "area_type": area,
            "person_count": n,
        }
        for day in (0, 1)
        for id, area, n in (("E01", "01", 100), ("E01", "02", 20), ("E04", "02", 50))
    ]
    passes = [
        {"id": f"PP{n}", "checkpoint_id": "G1", "passed_at": ago(minutes), "pass_direction": way}
        for n, (minutes, way) in enumerate([(50, "01"), (40, "01"), (30, "02"), (20, "01"), (90, "01")])
    ]
    return [records("area_presence", *counted), records("person_pass_record", *passes)]


def _vehicles() -> list[Batch]:
    fleet = [{"id": f"HV{n}", "vehicle_type": "01", "plate_no": f"苏A{n}"} for n in range(4)]
    passes = [
        {"id": "VP0", "vehicle_id": "01:HV0", "checkpoint_id": "H1", "passed_at": ago(50), "pass_direction": "01"},
        {"id": "VP1", "vehicle_id": "HV1", "checkpoint_id": "H1", "passed_at": ago(40), "pass_direction": "01"},
        {"id": "VP2", "vehicle_id": "HV2", "checkpoint_id": "H1", "passed_at": ago(70), "pass_direction": "01"},
        {"id": "VP3", "vehicle_id": "HV2", "checkpoint_id": "H1", "passed_at": ago(10), "pass_direction": "02"},
    ]
    place = {"longitude": 118.99, "latitude": 33.39, "position_description": "重载，中央大道"}
    located = [
        {"id": "P0", "vehicle_id": "HV0", "located_at": ago(2), **place},
        {"id": "P1", "vehicle_id": "HV1", "located_at": ago(35), **place, "position_description": "空载，停车场"},
    ]
    return [
        records("hazmat_vehicle", *fleet),
        records("vehicle_pass_record", *passes),
        records("hazmat_vehicle_position", *located),
    ]


def _works() -> list[Batch]:
    kinds = [("W1", "01", "02"), ("W2", "04", "02"), ("W3", "01", "03"), ("W4", "01", "01")]
    plans = [
        {
            "id": id,
            "enterprise_id": "E04",
            "work_content": "焊接",
            "work_type": kind,
            "work_level": "一级",
            "risk_grade": "02",
            "place": "装置",
            "plan_start_at": ago(60),
            "plan_end_at": ago(-60),
            "worker_count": 3,
            "work_status": status,
            "longitude": 118.9905,
            "latitude": 33.3885,
        }
        for id, kind, status in kinds
    ]
    ticket = {"id": "T1", "special_work_plan_id": "W1", "ticket_no": "T1", "guardian": "李", "started_at": ago(55)}
    return [records("special_work_plan", *plans), records("special_work_ticket", ticket | {"ended_at": None})]


def _papers() -> list[Batch]:
    square = '{"type":"Polygon","coordinates":[[[118.95,33.36],[119.05,33.36],[119.05,33.42],[118.95,33.36]]]}'
    plan = {
        "plan_type": "05",
        "plan_file": "https://archive/line.pdf",
        "compiler": "院",
        "publish_date": date(2022, 8, 30),
    }
    paper = {"approving_authority": "市人民政府", "approval_document_file": "archive/1.pdf"}
    return [
        records(
            "park",
            {
                "id": "demo",
                "park_name": "化工园区",
                "safety_risk_grade": "C",
                "safety_risk_grade_date": date(2025, 3, 28),
                "safety_risk_grade_file": "archive/grade.pdf",
                "water_network_drawing": "archive/water.pdf",
                "power_network_drawing": "archive/power.pdf",
            },
        ),
        records("park_plan", {"id": "PLAN-04", "plan_name": "安全控制线划定文件", **plan}),
        records(
            "land_safety_control_line_ext",
            {
                "plan_id": "PLAN-04",
                "control_line_boundary": square,
                "meets_safety_distance": True,
                "covers_individual_risk_contour": True,
                "covers_accident_consequence": False,
                "control_line_drawing_file": "archive/line.pdf",
            },
        ),
        records(
            "park_approval_document",
            {
                "id": "APPR-01",
                "approval_document_name": "四至范围批复",
                "approval_document_type": "01",
                "approval_document_date": date(2020, 6, 22),
                "planned_area": 24.58,
                **paper,
            },
        ),
        records(
            "park_recognition_material",
            {"id": "HON-04", "recognition_material_name": "认定公布文件", "recognition_material_type": "04"},
        ),
        records(
            "park_admitted_project",
            {"id": "PRJ-1", "enterprise_id": "E04", "project_name": "扩建", "industry_relevance": "04"},
        ),
        records(
            "park_wind_rose",
            {"id": "W-SE", "record_year": 2025, "wind_direction": "SE", "wind_frequency": 20.0},
            {"id": "W-N", "record_year": 2025, "wind_direction": "N", "wind_frequency": 5.0},
            {"id": "W-OLD", "record_year": 2020, "wind_direction": "N", "wind_frequency": 99.0},
        ),
    ]


def _requests(store: Store, park: Park) -> None:
    """A repair that is in force and has hushed something, one that waits, and one refused; limits likewise."""
    books, leader = store.books, ROLES["safety_bureau"]
    temperature = park.points.filter(pl.col("owner") == "E01", pl.col("kind") == "temperature")["id"][0]
    for id, target, owner in (("FA-1", temperature, "E01"), ("FA-2", LEAK, "E04"), ("FA-3", LEAK, "E04")):
        fault = Fault(id, "pending", "repair", target, (target,), NOON, ago(-90), "检修", "engineer", NOON, owner)
        _do(store, lambda known, fault=fault: books.faults.apply(replace(fault, applied_at=known), known))
    for id, action, why in (("FA-1", "approve", ""), ("FA-3", "refuse", "大检修期间统一申请")):
        _do(store, lambda known, id=id, do=action, why=why: books.faults.decide(id, do, why, "leader", leader, known))
    repair = replace(fault, id="FA-1", state="approved")
    _do(store, lambda known: books.faults.mute(repair, temperature, "H", known, 90.0, 80.0))
    limits = store.limits.given(temperature)
    for id, which in (("LC-1", "H"), ("LC-2", "HH")):
        change = Change(id, temperature, which, None, (limits[which] or 0.0) + 0.5, "夏季工况", "engineer", NOON)
        _do(store, lambda known, change=change: store.limits.ask(replace(change, asked_at=known), known))
    _do(store, lambda known: store.limits.decide("LC-1", True, "leader", "", known))


def _do(store: Store, do: Callable[[Moment], Any]) -> None:
    store.do(Deed(do, frozenset({"fault", "limit_change"}))).result()


def _newest(park: Park) -> Batch:
    """Every point but the first ten says something a second before noon; the leaking detector says 38 ppm."""
    points = park.points.with_row_index("index").filter(pl.col("ix") >= SILENT)
    at_rest = (
        pl.when(pl.col("kind").is_in(["combustible_gas", "toxic_gas"])).then(0.0).otherwise(pl.col("range_lo") + 1.0)
    )
    told = {LEAK: 38.0, "WX1-WD": 45.0, "WX1-WS": 2.6}
    value = pl.col("id").replace_strict(told, default=None, return_dtype=pl.Float64).fill_null(at_rest)
    rows = points.select(
        pl.col("index").cast(pl.Int64),
        pl.col("id").alias("point"),
        pl.lit(NOON - timedelta(seconds=1)).alias("ts").cast(DECODED_READINGS["ts"]),
        value.alias("value"),
        pl.lit(0, pl.UInt8).alias("quality"),
    )
    return Batch(READING_TABLE, rows, "plant", "noon", NOON)
