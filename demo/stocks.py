"""What else ends: papers of contractors, instruments and safety valves, emergency material, regulations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from demo.due import ends, years_before
from demo.fixed import document, fixed
from demo.names import full, phone
from demo.records import Entry
from demo.staff import with_hazards
from demo.world import Source, World

_CONTRACTORS = (
    "华安检维修有限公司",
    "恒信设备安装有限公司",
    "中测检测技术有限公司",
    "远桥建设工程有限公司",
    "安泰防腐保温有限公司",
)
_KIND = ("03", "02", "04", "01", "03")
_INSTRUMENTS = ("压力变送器", "安全阀", "可燃气体报警仪", "流量计", "安全阀", "压力表")
_MANY_INSTRUMENTS = 14
_MATERIALS = (
    ("正压式空气呼吸器", "02", "套"),
    ("氨用防毒面具滤罐", "02", "只"),
    ("抗溶性泡沫灭火剂", "01", "吨"),
    ("堵漏气囊", "01", "套"),
    ("急救药箱", "02", "个"),
    ("重型防化服", "02", "套"),
    ("应急照明灯", "01", "台"),
    ("吸附棉", "01", "箱"),
)
_REGULATIONS = (
    ("third", "第三方单位安全准入与退出制度"),
    ("black", "第三方单位黑名单制度"),
    ("joint", "联合执法与应急联动制度"),
)


def _contractors(world: World, day: date) -> Iterable[Entry]:
    for n, name in enumerate(_CONTRACTORS, 1):
        yield fixed(
            f"TP-{n:02d}",
            unified_credit_code=f"91320000MT{n * 7_919:08d}",
            organisation_name=name,
            third_party_type=_KIND[n - 1],
            third_party_head_id=f"TPP-{n:02d}",
            admin_division_code="320000",
            registered_address="园区外",
        )


def _contractor_people(world: World, day: date) -> Iterable[Entry]:
    for n in range(1, len(_CONTRACTORS) + 1):
        yield fixed(
            f"TPP-{n:02d}",
            third_party_id=f"TP-{n:02d}",
            person_type="02",
            name=full(300 + n),
            gender="01",
            id_document_type="99",
            id_document_no=f"DEMO-{300 + n:06d}",
            birth_date="1985-06-01",
            phone=phone(300 + n),
            post_name="焊工",
            is_high_risk_post=True,
        )


def _contractor_papers(world: World, day: date) -> Iterable[Entry]:
    for n, end in enumerate(ends(world, "contractor", len(_CONTRACTORS), (-11, 37)), 1):
        yield fixed(
            f"TPC-{n:02d}",
            third_party_id=f"TP-{n:02d}",
            certificate_name="安全生产标准化证书",
            certificate_licence_kind="2",
            certificate_type="21",
            certificate_no=f"DEMO-TP-{n:02d}",
            issuing_authority="省应急管理厅",
            valid_from=years_before(end, 3).isoformat(),
            valid_to=end.isoformat(),
        )


def _contractor_skills(world: World, day: date) -> Iterable[Entry]:
    for n, end in enumerate(ends(world, "contractor-people", len(_CONTRACTORS), (8,)), 1):
        begin = years_before(end, 6).isoformat()
        yield fixed(
            f"TPPC-{n:02d}",
            third_party_id=f"TP-{n:02d}",
            person_id=f"TPP-{n:02d}",
            certificate_name="特种作业操作证（熔化焊接与热切割）",
            certificate_type="05",
            certificate_no=f"DEMO-TPP-{n:02d}",
            valid_from=begin,
            valid_to=end.isoformat(),
            issuing_authority="省应急管理厅",
            issue_date=begin,
            special_operation_category="2",
            special_operation_item="201",
        )


def _instruments(world: World, day: date) -> Iterable[Entry]:
    owners = with_hazards(world.folder) or world.folder.operating
    for n, end in enumerate(ends(world, "instrument", _MANY_INSTRUMENTS, (5, 23, 64)) if owners else (), 1):
        owner, name = owners[n % len(owners)], _INSTRUMENTS[n % len(_INSTRUMENTS)]
        yield fixed(
            f"UI-{n:02d}",
            sensed_enterprise_id=owner.id,
            device_id=f"UD-{n:02d}",
            instrument_name=f"{name} {n:02d}",
            instrument_position=owner.name,
            longitude=owner.lon,
            latitude=owner.lat,
            installed_date="2022-10-18",
            certificate_no=f"DEMO-UI-{n:02d}",
            certificate_valid_to=end.isoformat(),
            brand="-",
            model_no=f"M-{n:02d}",
            instrument_status="01",
        )


def _materials(world: World, day: date) -> Iterable[Entry]:
    place = next(iter([*world.folder.features("boundary"), *world.folder.features("enterprises")]), None)
    ending = ends(world, "material", len(_MATERIALS), (26, 88))
    for n, ((name, category, unit), end) in enumerate(zip(_MATERIALS, ending, strict=True) if place else (), 1):
        assert place is not None
        yield fixed(
            f"EM-{n:02d}",
            enterprise_id=world.park_id,
            admin_division="320000",
            reserve_type="01",
            material_name=name,
            material_class="应急救援物资",
            material_category=category,
            material_quantity=10 * n,
            material_unit=unit,
            material_status="01",
            equipped_target_type="205",
            purpose="应急救援",
            storage_transport_requirement="干燥通风",
            storage_place="园区公共应急物资库",
            longitude=place.lon,
            latitude=place.lat,
            head_person_id="DP0004",
            expiry_date=end.isoformat(),
            assessment_updated_date=years_before(end, 3).isoformat(),
        )


def _regulations(world: World, day: date) -> Iterable[Entry]:
    ending = ends(world, "regulation", len(_REGULATIONS), (46,))
    for (key, name), end in zip(_REGULATIONS, ending, strict=True):
        revised = years_before(end, 3).isoformat()
        yield fixed(
            f"REG-{key}",
            regulation_name=name,
            regulation_type="99",
            regulation_file=document(f"REG-{key}"),
            publish_date=revised,
            last_revised_date=revised,
        )


SOURCES = (
    Source("third_party", _contractors),
    Source("third_party_person", _contractor_people),
    Source("third_party_certificate", _contractor_papers),
    Source("third_party_person_certificate", _contractor_skills),
    Source("utility_instrument", _instruments),
    Source("emergency_material", _materials),
    Source("park_safety_regulation", _regulations),
)
