"""The demo park's plans, approvals, reports and notices: which there are, what they are called, when they were made."""

from __future__ import annotations

from typing import NamedTuple


class Plan(NamedTuple):
    """A plan; ``kind`` as in the exchange dictionary, ``approval`` names the paper that approved it."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    compiled: str
    published: str
    start: str
    end: str
    approval: str


class Approval(NamedTuple):
    """An approval document."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    approved: str
    number: str
    authority_zh: str
    authority_en: str


class Report(NamedTuple):
    """An assessment report."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    compiled: str
    valid_from: str
    valid_to: str


class Honour(NamedTuple):
    """A paper of the park's recognition."""

    id: str
    name_zh: str
    name_en: str
    kind: str


PLANNER = ("化工规划设计院", "Institute of Chemical Planning and Design")
ASSESSOR = ("安全评价技术有限公司", "Safety Assessment Technology Co., Ltd.")
_CITY = ("市人民政府", "City People's Government")
_LAND = ("市自然资源和规划局", "City Bureau of Natural Resources and Planning")

PLANS = (
    Plan("PLAN-01", "化工园区总体规划（2021-2035年）", "Master plan of the chemical park (2021–2035)", "01",
         "2020-11-06", "2021-05-18", "2021-01-01", "2035-12-31", "APPR-03"),
    Plan("PLAN-02", "化工园区产业规划（2021-2030年）", "Industry plan of the chemical park (2021–2030)", "02",
         "2020-12-10", "2021-05-18", "2021-01-01", "2030-12-31", "APPR-02"),
    Plan("PLAN-03", "安全生产专项规划（2022-2026年）", "Work-safety plan (2022–2026)", "03",
         "2021-09-02", "2022-01-12", "2022-01-01", "2026-12-31", "PLAN-03-approval"),
    Plan("PLAN-04", "周边土地规划安全控制线划定文件", "Determination of the land-safety control line", "05",
         "2022-03-15", "2022-08-30", "2022-09-01", "2035-12-31", "PLAN-04-approval"),
    Plan("PLAN-05", "园区消防规划（2022-2030年）", "Fire-protection plan (2022–2030)", "06",
         "2022-02-20", "2022-07-08", "2022-07-01", "2030-12-31", "PLAN-05-approval"),
)  # fmt: skip
APPROVALS = (
    Approval("APPR-01", "关于化工园区四至范围的批复", "Approval of the extent of the chemical park", "01",
             "2020-06-22", "市政发〔2020〕31号", *_CITY),
    Approval("APPR-02", "关于化工园区产业规划的批复", "Approval of the industry plan", "02",
             "2021-05-18", "市政复〔2021〕12号", *_CITY),
    Approval("APPR-03", "关于化工园区总体规划的批复", "Approval of the master plan", "03",
             "2021-05-18", "市政复〔2021〕11号", *_CITY),
    Approval("APPR-04", "关于化工园区规划用地的批复", "Approval of the planned land", "04",
             "2021-08-09", "自然资函〔2021〕86号", *_LAND),
)  # fmt: skip
REPORTS = (
    Report("RPT-01", "化工园区整体性安全风险评估报告", "Overall safety-risk assessment of the chemical park", "01",
           "2023-11-20", "2023-12-01", "2026-11-30"),
    Report("RPT-02", "化工园区选址安全评估报告", "Safety assessment of the siting", "02",
           "2022-04-12", "2022-05-01", "2027-04-30"),
    Report("RPT-03", "化工园区规划环境影响评估报告", "Environmental impact assessment of the plan", "03",
           "2022-09-05", "2022-10-01", "2027-09-30"),
    Report("RPT-04", "危险化学品车辆聚集安全风险评估报告", "Risk assessment of gathering hazmat vehicles", "04",
           "2023-06-15", "2023-07-01", "2026-06-30"),
)  # fmt: skip
HONOURS = (
    Honour("HON-01", "省级化工园区认定申请材料", "Application for recognition as a provincial chemical park", "01"),
    Honour("HON-02", "设区市初步审查意见", "Opinion of the city's first review", "02"),
    Honour("HON-03", "省级审核意见", "Opinion of the provincial review", "03"),
    Honour("HON-04", "省级化工园区认定公布文件", "Publication of the recognition as a provincial chemical park", "04"),
    Honour("HON-05", "绿色化工园区公布文件", "Publication as a green chemical park", "04"),
    Honour("HON-06", "智慧化工园区试点示范公布文件", "Publication as a smart chemical park, pilot", "04"),
)
GRADE, GRADE_DATE = "C", "2025-03-28"
EXTENT_ZH = "北至北干渠，南至南环路，西至西渠路，东至东环路"
EXTENT_EN = "north to North Main Canal, south to South Ring Road, west to Xiqu Road, east to East Ring Road"
