"""The park's own papers: what it is, how it is divided, planned, approved, assessed and honoured."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

import numpy as np

from demo.chance import generator
from demo.fixed import document, fixed, paper
from demo.folder import Feature, Folder
from demo.names import person
from demo.papers import APPROVALS, ASSESSOR, EXTENT_ZH, GRADE, GRADE_DATE, HONOURS, PLANNER, PLANS, REPORTS
from demo.records import Entry
from demo.world import Source, World

_SECTORS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_CATEGORY = {"residential": "06", "education": "07", "hospital": "07"}
_SENSITIVITY = {"residential": "03", "education": "01", "hospital": "01"}


def _boundary(folder: Folder) -> Feature | None:
    return next(iter(folder.features("boundary")), None)


def _area_km2(folder: Folder) -> float:
    boundary = _boundary(folder)
    return float(boundary.props.get("area_km2") or 0.0) if boundary else 0.0


def _park(world: World, day: date) -> Iterable[Entry]:
    boundary = _boundary(world.folder)
    if boundary is None:
        return
    yield fixed(
        world.park_id,
        park_name=world.folder.settings.name_zh or world.park_id,
        is_park_in_park=False,
        has_residents=False,
        admin_division_code="320000",
        one_park_one_policy_file=paper("one-park-one-policy"),
        safety_risk_grade=GRADE,
        safety_risk_grade_date=GRADE_DATE,
        park_address="东环路与中央大道交汇处",
        enterprises_boundary=boundary.boundary,
        project_admission_file=paper("project-admission"),
        water_network_drawing=paper("water-network"),
        power_network_drawing=paper("power-network"),
        safety_risk_grade_file=paper("safety-risk-grade-2025"),
        longitude=boundary.lon,
        latitude=boundary.lat,
        last_year_water_use=18_460_000.0,
        has_hazmat_vehicle_gathering_risk=True,
    )


def _districts(world: World, day: date) -> Iterable[Entry]:
    for zone in world.folder.of_kind("zones", "functional"):
        yield fixed(
            f"D-{zone.id}",
            district_name=zone.name,
            boundary=zone.boundary,
            longitude=zone.lon,
            latitude=zone.lat,
        )


def _functional_zones(world: World, day: date) -> Iterable[Entry]:
    for zone in world.folder.of_kind("zones", "functional"):
        yield fixed(
            zone.id,
            district_id=f"D-{zone.id}",
            functional_zone_name=zone.name,
            level1_category="1",
            level2_category="11",
            boundary=zone.boundary,
            longitude=zone.lon,
            latitude=zone.lat,
        )
    for place in world.folder.features("utilities"):
        yield fixed(
            f"FZ-{place.id}",
            functional_zone_name=place.name,
            level1_category="2",
            level2_category="21",
            boundary=place.boundary,
            longitude=place.lon,
            latitude=place.lat,
        )


def _plans(world: World, day: date) -> Iterable[Entry]:
    for plan in PLANS:
        yield fixed(
            plan.id,
            plan_name=plan.name_zh,
            plan_type=plan.kind,
            plan_file=paper(plan.id),
            approval_document_file=paper(plan.approval),
            compiled_date=plan.compiled,
            compiler=PLANNER[0],
            publish_date=plan.published,
            plan_start_date=plan.start,
            plan_end_date=plan.end,
        )


def _plan_ext(world: World, day: date) -> Iterable[Entry]:
    yield fixed(
        "PLAN-01",
        planned_extent=EXTENT_ZH,
        planned_area=_area_km2(world.folder),
        industry_plan_file=paper("PLAN-02"),
        land_use_plan_file=paper("land-use-plan"),
    )


def _industry_ext(world: World, day: date) -> Iterable[Entry]:
    yield fixed("PLAN-02", planned_area=_area_km2(world.folder), industry_plan_file=paper("PLAN-02"))


def _control_line(world: World, day: date) -> Iterable[Entry]:
    contours = world.folder.features("risk_contours")
    park = _boundary(world.folder)
    lowest = min(contours, key=lambda each: float(each.props.get("value_per_year") or 1), default=park)
    if lowest is None:
        return
    yield fixed(
        "PLAN-04",
        control_line_boundary=lowest.boundary,
        meets_safety_distance=True,
        covers_individual_risk_contour=True,
        covers_accident_consequence=True,
        control_line_drawing_file=paper("control-line-drawing"),
        city_planning_receipt_file=paper("receipt-city-planning"),
        city_emergency_receipt_file=paper("receipt-city-emergency"),
        county_planning_receipt_file=paper("receipt-county-planning"),
        county_emergency_receipt_file=paper("receipt-county-emergency"),
    )


def _approvals(world: World, day: date) -> Iterable[Entry]:
    for each in APPROVALS:
        yield fixed(
            each.id,
            approval_document_name=each.name_zh,
            approval_document_type=each.kind,
            approval_document_file=paper(each.id),
            approval_document_date=each.approved,
            approval_document_no=each.number,
            approving_authority=each.authority_zh,
            planned_area=_area_km2(world.folder) if each.kind in ("01", "03") else None,
        )


def _reports(world: World, day: date) -> Iterable[Entry]:
    for turn, each in enumerate(REPORTS):
        yield fixed(
            each.id,
            report_name=each.name_zh,
            report_type=each.kind,
            compiled_date=each.compiled,
            compiler_name=ASSESSOR[0],
            compiler_qualification="甲级",
            assessor_name=person(turn + 3),
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            report_file=paper(each.id),
        )


def _overall_risk(world: World, day: date) -> Iterable[Entry]:
    hazards = [each.id for each in world.folder.features("hazards")]
    yield fixed(
        "RPT-01",
        individual_risk_3e7_contains_target=False,
        individual_risk_3e6_contains_target=False,
        individual_risk_1e5_contains_target=False,
        in_unacceptable_zone=False,
        assessment_extent="园区规划范围及周边5 km",
        assessment_area=_area_km2(world.folder),
        risk_measures_implemented=True,
        included_major_hazard_sources=",".join(hazards) or "-",
        risk_measures="优化布局、外部安全防护距离管控、封闭化管理",
        report_cover_file=paper("RPT-01"),
    )


def _residence(world: World, day: date) -> Iterable[Entry]:
    yield fixed(
        "RES-01",
        relocation_plan_file=paper("relocation-plan"),
        safeguard_measure_file=paper("relocation-safeguards"),
    )


def _projects(world: World, day: date) -> Iterable[Entry]:
    building = [each for each in world.folder.features("enterprises") if each.props.get("status") == "commissioning"]
    for turn, owner in enumerate([*building, *world.folder.operating[:6]], 1):
        yield fixed(
            f"PRJ-{turn:02d}",
            enterprise_id=owner.id,
            project_name=f"{owner.name}{'新建' if turn <= len(building) else '改扩建'}项目",
            industry_relevance="04" if turn % 2 else "02",
            joint_review_file=document(f"PRJ-{turn:02d}-review"),
            is_utility_or_upgrade_project=turn > len(building),
        )


def _wind_rose(world: World, day: date) -> Iterable[Entry]:
    """Twenty years' frequencies: a main wind from the south-east, a second one from the north-east."""
    towards = np.arange(16) * 22.5
    shares = 3.0 + 7.0 * np.exp(-(((towards - 125) / 42) ** 2)) + 3.5 * np.exp(-(((towards - 40) / 38) ** 2))
    shares += generator(world.seed, "wind-rose").uniform(0, 0.8, 16)
    for sector, share in zip(_SECTORS, np.round(shares / shares.sum() * 96.4, 1).tolist(), strict=True):
        yield fixed(f"WR-2025-{sector}", record_year=2025, wind_direction=sector, wind_frequency=share)


def _honours(world: World, day: date) -> Iterable[Entry]:
    for each in HONOURS:
        yield fixed(
            each.id,
            recognition_material_name=each.name_zh,
            recognition_material_type=each.kind,
            recognition_material_file=paper(each.id),
        )


def _targets(world: World, day: date) -> Iterable[Entry]:
    hazards = world.folder.features("hazards")
    for target in world.folder.features("sensitive_targets"):
        kind, here = str(target.props.get("type")), (target.lon, target.lat)
        nearest = min(hazards, key=lambda each: math.dist((each.lon, each.lat), here), default=target)
        yield fixed(
            target.id,
            protection_target_name=target.name,
            target_category=_CATEGORY.get(kind, "99"),
            target_level=_SENSITIVITY.get(kind, "05"),
            nearest_facility_name=nearest.name,
            nearest_facility_category="04",
            nearest_facility_hazard_class="99",
            nearest_facility_boundary=nearest.boundary,
            protection_target_boundary=target.boundary,
        )


SOURCES = (
    Source("park", _park),
    Source("park_district", _districts),
    Source("park_functional_zone", _functional_zones),
    Source("park_plan", _plans),
    Source("park_master_plan_ext", _plan_ext),
    Source("park_industry_plan_ext", _industry_ext),
    Source("land_safety_control_line_ext", _control_line),
    Source("park_approval_document", _approvals),
    Source("park_assessment_report", _reports),
    Source("park_overall_risk_report_ext", _overall_risk),
    Source("park_residence", _residence),
    Source("park_admitted_project", _projects),
    Source("park_wind_rose", _wind_rose),
    Source("park_recognition_material", _honours),
    Source("protection_target", _targets),
)
