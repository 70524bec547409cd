"""The demo park's pages: approvals, report covers, the certificate of its grade, notices. Figures come from its map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from demo.folder import GAS_KINDS, Folder
from demo.papers import (
    APPROVALS,
    ASSESSOR,
    EXTENT_EN,
    EXTENT_ZH,
    GRADE,
    GRADE_DATE,
    HONOURS,
    PLANNER,
    PLANS,
    REPORTS,
    Plan,
)
from demo.sheet import Figure, Title, page

Said = Mapping[str, str]
COMMITTEE = ("化工园区管理委员会", "Administrative Committee of the Chemical Park")
CITY = ("市人民政府", "City People's Government")


class Letter(NamedTuple):
    """A page that is not a record of its own: name, title, number, date, who signs, what it says, which figures."""

    name: str
    zh: str
    en: str
    number: str
    date: str
    by: tuple[str, str]
    texts: tuple[tuple[str, str], ...]
    figures: tuple[str, ...] = ()


def facts(folder: Folder) -> dict[str, Figure]:
    """What the pages count, by key."""
    hazards, enterprises = folder.features("hazards"), folder.features("enterprises")
    levels = Counter(int(each.props["level"]) for each in hazards)
    points, targets = folder.features("sensors"), folder.features("sensitive_targets")
    gas = sum(each.props.get("kind") in GAS_KINDS for each in points)
    nearest = min((float(each.props["map_distance_m"]) for each in targets), default=0.0)
    lots = folder.of_kind("parking", "lot")
    told = {
        "area": ("规划面积", "Planned area", f"{folder.features('boundary')[0].props['area_km2']} km²"),
        "enterprises": ("入园企业", "Enterprises", len(enterprises)),
        "operating": ("在产企业", "Operating enterprises", len(folder.operating)),
        "hazards": ("重大危险源", "Major hazards", len(hazards)),
        "owners": ("重大危险源企业", "Enterprises with major hazards", len({each.props["owner"] for each in hazards})),
        "points": ("监测点", "Measuring points", len(points)),
        "gas": ("可燃、有毒气体探测器", "Gas detectors", gas),
        "targets": ("5 km 内防护目标", "Protection targets within 5 km", len(targets)),
        "nearest": ("最近防护目标", "Nearest protection target", f"{nearest:,.0f} m"),
        "bays": ("危化品车位", "Bays for hazmat vehicles", sum(int(each.props.get("bays", 0)) for each in lots)),
        "gates": ("卡口", "Gates", len(folder.features("gates"))),
        "green": ("绿地地块", "Green plots", len(folder.of_kind("landuse", "green"))),
        "sewage": ("污水泵站", "Sewage pump stations", len(folder.of_kind("utilities", "sewage_pump"))),
    }
    for level, zh in enumerate("一二三四", 1):
        told[f"level{level}"] = (f"{zh}级重大危险源", f"Major hazards of level {level}", levels[level])
    return {key: Figure(zh, en, str(value)) for key, (zh, en, value) in told.items()}


_LEVELS = ("level1", "level2", "level3", "level4")
_OF_REPORT = {
    "01": ("enterprises", "operating", "owners", *_LEVELS, "gas", "targets", "nearest"),
    "02": ("area", "enterprises", "hazards", "targets", "nearest"),
    "03": ("area", "operating", "green", "sewage", "targets", "nearest"),
    "04": ("bays", "gates", "operating", "hazards", "targets"),
}
_OF_APPROVAL = {
    "01": ("同意化工园区规划面积 {area}，四至范围：" + EXTENT_ZH + "。",
           "The planned area of the chemical park, {area}, is approved; its extent: " + EXTENT_EN + "."),
    "02": ("原则同意产业规划。园区以石化及氯碱、精细化工、盐化工和化工新材料为主导产业，入园企业 {enterprises} 家。",
           "The industry plan is approved in principle: petrochemicals and chlor-alkali, fine chemicals, "
           "salt chemicals and new materials lead; {enterprises} enterprises."),
    "03": ("原则同意总体规划，规划面积 {area}。规划实施应严守安全控制线，周边 5 km 内防护目标 {targets} 处。",
           "The master plan is approved in principle, planned area {area}. The land-safety control line shall be kept; "
           "{targets} protection targets lie within 5 km."),
    "04": ("同意规划用地 {area}，土地用途以工业用地为主，预留绿地和公用设施用地。",
           "The planned land of {area} is approved, industrial land in the main, "
           "with green land and public utilities."),
}  # fmt: skip
_ROUTINE = (
    "请按批准的内容组织实施，重大调整须重新报批。",
    "It shall be carried out as approved; larger changes need a new approval.",
)
_COUNTED = (
    "报告依据园区现状数据编制，主要数据如下。",
    "The report rests on the park's present data; the main figures follow.",
)


def _plan_letters() -> Iterator[Letter]:
    by_id = {each.id: each for each in PLANS}
    for id, number, figures in (
        ("PLAN-03", "市安委〔2022〕3号", ()),
        ("PLAN-04", "市政复〔2022〕27号", ()),
        ("PLAN-05", "市消〔2022〕19号", ()),
    ):
        yield _approval_of(by_id[id], number, figures)
    yield _plan_page(by_id["PLAN-03"], ("operating", "owners", *_LEVELS, "points", "gas"))
    yield _plan_page(by_id["PLAN-04"], ("area", "hazards", "targets", "nearest"))


def _approval_of(plan: Plan, number: str, figures: tuple[str, ...]) -> Letter:
    said = (f"原则同意《{plan.name_zh}》，自 {plan.start} 起施行。",
            f"“{plan.name_en}” is approved in principle and in force from {plan.start}.")  # fmt: skip
    zh, en = f"关于《{plan.name_zh}》的批复", f"Approval: {plan.name_en}"
    return Letter(plan.approval, zh, en, number, plan.published, CITY, (said, _ROUTINE), figures)


def _plan_page(plan: Plan, figures: tuple[str, ...]) -> Letter:
    said = (
        f"规划期 {plan.start} 至 {plan.end}，{plan.compiled} 编制，{plan.published} 发布。编制时的主要数据如下。",
        f"In force {plan.start} to {plan.end}; compiled {plan.compiled}, published {plan.published}. Main figures:",
    )
    return Letter(plan.id, plan.name_zh, plan.name_en, plan.id, plan.published, PLANNER, (said,), figures)


def _approval_letters() -> Iterator[Letter]:
    for each in APPROVALS:
        by = (each.authority_zh, each.authority_en)
        texts = (_OF_APPROVAL[each.kind], _ROUTINE)
        yield Letter(each.id, each.name_zh, each.name_en, each.number, each.approved, by, texts)


def _report_letters() -> Iterator[Letter]:
    for each in REPORTS:
        valid = (f"有效期 {each.valid_from} 至 {each.valid_to}。", f"Valid {each.valid_from} to {each.valid_to}.")
        texts = (_COUNTED, valid)
        yield Letter(
            each.id, each.name_zh, each.name_en, each.id, each.compiled, ASSESSOR, texts, _OF_REPORT[each.kind]
        )


def _honour_letters() -> Iterator[Letter]:
    said = (
        "园区规划面积 {area}，入园企业 {enterprises} 家，在产 {operating} 家，监测点 {points} 个。",
        "Planned area {area}; {enterprises} enterprises, {operating} of them operating; {points} measuring points.",
    )
    for turn, each in enumerate(HONOURS):
        by = COMMITTEE if each.kind == "01" else CITY
        yield Letter(each.id, each.name_zh, each.name_en, each.id, f"202{1 + turn // 2}-0{4 + turn}-15", by, (said,))


_OTHERS = (
    Letter("one-park-one-policy", "一园一策整治提升方案", "Improvement scheme, one park one policy", "园管〔2024〕8号",
           "2024-03-12", COMMITTEE,
           (("对 {owners} 家重大危险源企业逐一落实安全责任人，{points} 个监测点全部接入园区平台。",
             "Each of the {owners} enterprises with major hazards has its responsible persons; "
             "all {points} measuring points report to the park."),), ("operating", "hazards", "gas")),
    Letter("project-admission", "入园项目准入条件", "Conditions of admission for projects", "园管〔2021〕15号",
           "2021-07-01", COMMITTEE,
           (("入园项目应符合产业规划，不得新增一级重大危险源以外的控制线外溢风险。",
             "Projects follow the industry plan, and no risk may reach beyond the control line."),), _LEVELS),
    Letter("relocation-plan", "居民搬迁安置方案", "Plan for the relocation of residents", "园管〔2021〕22号",
           "2021-09-10", COMMITTEE,
           (("园区规划范围内无常住居民；周边防护目标保持在控制线以外。",
             "Nobody lives within the park; the protection targets around it stay outside of the control line."),),
           ("targets", "nearest")),
    Letter("relocation-safeguards", "搬迁安置保障措施", "Safeguards of the relocation", "园管〔2021〕23号",
           "2021-09-10", COMMITTEE,
           (("控制线内不再新建居住、教育和医疗设施。",
             "No dwellings, schools or hospitals are built within the control line."),), ("targets", "nearest")),
)  # fmt: skip
_RECEIVERS = (
    ("city-planning", "市自然资源和规划局", "City Bureau of Natural Resources and Planning"),
    ("city-emergency", "市应急管理局", "City Emergency Management Bureau"),
    ("county-planning", "县自然资源和规划局", "County Bureau of Natural Resources and Planning"),
    ("county-emergency", "县应急管理局", "County Emergency Management Bureau"),
)


def _receipts() -> Iterator[Letter]:
    said = ("已收到周边土地规划安全控制线划定文件及图纸，予以备案。",
            "The determination of the land-safety control line and its drawing were received and filed.")  # fmt: skip
    for turn, (name, zh, en) in enumerate(_RECEIVERS, 1):
        yield Letter(f"receipt-{name}", "控制线备案回执", "Receipt: control line filed", f"回执〔2022〕{turn}号",
                     f"2022-09-{4 + turn:02d}", (zh, en), (said,))  # fmt: skip


def letters() -> list[Letter]:
    """All pages but the certificate."""
    made = (_plan_letters(), _approval_letters(), _report_letters(), _honour_letters(), _OTHERS, _receipts())
    return [each for several in made for each in several]


def as_page(letter: Letter, told: Mapping[str, Figure]) -> str:
    """A letter as a page, its figures put in."""
    values = {key: each.value for key, each in told.items()}
    texts = [(zh.format_map(values), en.format_map(values)) for zh, en in letter.texts]
    title = Title(letter.zh, letter.en, letter.number, letter.date, *letter.by)
    return page(title, letter.by, texts, [told[each] for each in letter.figures])


def certificate(told: Mapping[str, Figure]) -> str:
    """The publication of the safety-risk grade, with the grade large on it."""
    title = Title("化工园区安全风险等级评估结果", "Result of the safety-risk grading", "应急〔2025〕9号", GRADE_DATE,
                  "省应急管理厅", "Provincial Department of Emergency Management")  # fmt: skip
    said = (
        f"经评估，园区安全风险等级为 {GRADE} 级（一般安全风险）。",
        f"The park is graded {GRADE}: ordinary safety risk.",
    )
    shown = [told[each] for each in ("operating", "hazards", *_LEVELS)]
    return page(title, ("安全风险等级证书", "Certificate of the safety-risk grade"), [said], shown, GRADE)
