"""What has to be done by a day: major hidden dangers, tests and inspections, drills, plans that are filed again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from demo.clock import HOUR_MS
from demo.due import days_left, ends, first_day, years_before
from demo.fixed import document, fixed
from demo.folder import Feature
from demo.names import full
from demo.records import Entry
from demo.staff import with_hazards
from demo.world import Source, World

_PLAN_YEARS = 3  # after so many a plan is filed again, and assessed
_DANGERS = (
    "液氨储罐区喷淋系统联锁失效",
    "可燃气体报警器未接入 UPS",
    "反应釜超压泄放管线堵塞",
    "罐区防火堤开裂",
    "SIS 联锁旁路超期",
    "压力管道壁厚减薄",
    "甲类仓库超量储存",
    "消防泵备用电源故障",
)
_ACCEPTED = 2  # of them are put right and accepted
_EQUIPMENT = ("压力容器定期检验", "压力管道定期检验", "起重机械定期检验", "锅炉定期检验", "安全附件校验")


def _owners(world: World) -> list[Feature]:
    return with_hazards(world.folder) or world.folder.operating


def _iso(world: World, day: date, hour: int = 12) -> str:
    return world.calendar.iso(world.calendar.midnight_ms(day) + hour * HOUR_MS)


def _dangers(world: World, day: date) -> Iterable[Entry]:
    owners, begun = _owners(world), first_day(world) - timedelta(days=20)
    left = days_left(world, "danger", len(_DANGERS), (-3, 6, 20, 55), (95, 200))
    for n, (name, days) in enumerate(zip(_DANGERS, left, strict=True) if owners else ()):
        accepted = n >= len(_DANGERS) - _ACCEPTED and days > 90
        yield fixed(
            f"HD-{n + 1:03d}",
            enterprise_id=owners[n % len(owners)].id,
            hidden_danger_name=name,
            hidden_danger_level="02",
            source="02" if n % 2 else "01",
            registered_at=_iso(world, begun),
            rectifier=full(100 + n),
            deadline=_iso(world, first_day(world) + timedelta(days=days), 18),
            rectified_at=_iso(world, begun + timedelta(days=9)) if accepted else None,
            accepted_at=_iso(world, begun + timedelta(days=12)) if accepted else None,
            hidden_danger_status="04" if accepted else "02",
        )


def _inspected(world: World, day: date) -> Iterable[Entry]:
    """Hidden dangers that law enforcement has found."""
    owners = _owners(world)
    for n, days in enumerate((14, 100) if owners else ()):
        yield fixed(
            f"IHD-{n + 1:03d}",
            enterprise_id=owners[(n + 9) % len(owners)].id,
            inspection_plan_id="IP-01",
            hidden_danger_level="02",
            hidden_danger_status="01",
            hidden_danger_type="01",
            hidden_danger_admin_level="02",
            hidden_danger_description="动火作业点可燃气体检测不合规" if n else "罐区紧急切断阀动作试验未开展",
            inspection_date=(first_day(world) - timedelta(days=10)).isoformat(),
            rectification_deadline=(first_day(world) + timedelta(days=days)).isoformat(),
        )


def _task(id: str, owner: Feature, name: str, kind: str, cycle: str) -> Entry:
    said = {"risk_measure_id": f"RM-{owner.id}", "task_name": name, "cycle": cycle, "task_type": kind}
    return fixed(id, enterprise_id=owner.id, **said)


def _tasks(world: World, day: date) -> Iterable[Entry]:
    for n, owner in enumerate(_owners(world)):
        yield _task(f"IT-SE-{owner.id}", owner, _EQUIPMENT[n % len(_EQUIPMENT)], "特种设备定期检验", "1年")
        yield _task(f"IT-FF-{owner.id}", owner, "消防设施月度检查", "消防设施检查", "1月")


def _task_records(world: World, day: date) -> Iterable[Entry]:
    owners = _owners(world)
    kinds = (("SE", (-4, 5, 28), (100, 360), 365), ("FF", (-2, 3, 6), (8, 28), 30))
    for code, soon, far, cycle in kinds:
        left = days_left(world, f"task-{code}", len(owners), soon, far)
        for n, (owner, days) in enumerate(zip(owners, left, strict=True)):
            due = first_day(world) + timedelta(days=days)
            said = {
                "enterprise_id": owner.id,
                "inspection_task_id": f"IT-{code}-{owner.id}",
                "inspector": full(120 + n),
            }
            done = due - timedelta(days=cycle)
            yield fixed(
                f"ITR-{code}-{owner.id}-1",
                **said,
                due_at=_iso(world, done, 18),
                done_at=_iso(world, done),
                task_status="01",
            )
            status = "03" if days < 0 else "02"
            yield fixed(f"ITR-{code}-{owner.id}-2", **said, due_at=_iso(world, due, 18), task_status=status)


_DRILLS = 12
_DONE = 2  # drills that were carried out


def _drill_days(world: World) -> list[int]:
    return days_left(world, "drill", _DRILLS, (-6, 12, 40), (95, 300))


def _drill_plans(world: World, day: date) -> Iterable[Entry]:
    owners = _owners(world)
    for n, days in enumerate(_drill_days(world) if owners else ()):
        owner = owners[n % len(owners)]
        expected = first_day(world) + timedelta(days=days)
        yield fixed(
            f"DP-{n + 1:02d}",
            enterprise_id=owner.id,
            drill_plan_name="液氨泄漏处置演练" if n % 2 else "罐区火灾综合应急演练",
            drill_type="02" if n % 3 else "01",
            plan_id=f"EP-{owner.id}",
            drill_level="03",
            drill_scenario="储罐根部阀门泄漏" if n % 2 else "储罐密封圈着火",
            expected_date=expected.isoformat(),
            participant_count=30 + n,
            plan_status="01",
            compiled_by_id="EP0122",
            reviewer_id="EP0100",
            approval_date=(expected - timedelta(days=200)).isoformat(),
        )


def _drill_records(world: World, day: date) -> Iterable[Entry]:
    """Some of those that are far ahead were carried out early."""
    early = [n for n, days in enumerate(_drill_days(world)) if days > 90][:_DONE] if _owners(world) else []
    for n in early:
        on = first_day(world) - timedelta(days=15 + n)
        yield fixed(
            f"DRR-{n + 1:02d}",
            drill_name="应急演练",
            drill_type="02",
            drill_plan_id=f"DP-{n + 1:02d}",
            drill_start_at=_iso(world, on, 9),
            drill_end_at=_iso(world, on, 11),
            participant_count=32,
            drill_process="按脚本实施",
            drill_evaluation="达到预期",
            problems="通信联络不畅 1 处",
            improvement_measures="更换对讲机",
        )


def _plans(world: World, day: date) -> Iterable[Entry]:
    owners = _owners(world)
    filed = ends(world, "filing", len(owners), (30, 82))
    assessed = ends(world, "assessing", len(owners), (19,))
    for owner, to_file, to_assess in zip(owners, filed, assessed, strict=True):
        begun, looked = years_before(to_file, _PLAN_YEARS), years_before(to_assess, _PLAN_YEARS)
        yield fixed(
            f"EP-{owner.id}",
            enterprise_id=owner.id,
            admin_division="320000",
            plan_name="生产安全事故综合应急预案",
            plan_category="01",
            special_plan_subcategory="02",
            plan_level="03",
            review_date=(begun - timedelta(days=20)).isoformat(),
            review_opinion="通过",
            first_filed_date=begun.isoformat(),
            filing_authority="应急管理局",
            filing_authority_type="01",
            last_published_date=begun.isoformat(),
            last_assessed_date=looked.isoformat(),
            last_filed_date=begun.isoformat(),
            assessment_cycle="09",
            assessment_status="01",
            revision_status="01",
            filing_record_file=document(f"EP-{owner.id}"),
        )


SOURCES = (
    Source("hidden_danger", _dangers),
    Source("inspection_hidden_danger", _inspected),
    Source("inspection_task", _tasks),
    Source("inspection_task_record", _task_records),
    Source("drill_plan", _drill_plans),
    Source("drill_record", _drill_records),
    Source("emergency_plan", _plans),
)
