"""What the park is: kind, recognition, industries, areas, enterprises, people, projects (OV-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._columns import ENTERPRISE_COLUMNS
from dashboards.panels._origin import ENTERPRISES, HAZARDS, PARK
from dashboards.panels._words import counter
from layers._origin import field_of
from models.quantity import plain
from twin import formula
from twin.content import Content, Text, both, facts, figure, meta, sentence, stack, text, value
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, item, path
from twin.screen import ListOf, Look, Panel, Rows

PERIOD_S = 86_400.0
RECOGNISED = "04"  # published by the province
INDUSTRIES = 4
_HA_PER_KM2 = 100


def draw(rows: Rows, look: Look) -> Content:
    """An introduction, the numbers, the facts."""
    told = rows["park"].row(0, named=True) if rows["park"].height else {}
    parts = [
        sentence(_introduction(rows, look)),
        figure(_numbers(rows)),
        facts(_facts(rows, told, look)),
    ]
    return stack(*parts, meta=meta(period_s=PERIOD_S))


def _km2(areas: pl.DataFrame, source: str) -> float | None:
    """The largest area that a source tells: ``plan``, ``approval`` or ``map``."""
    said = areas.filter(says=source)["area_km2"].max()
    return float(said) if isinstance(said, (int, float)) else None


def _planned(areas: pl.DataFrame) -> str:
    """Which source tells the planned area: the plans where one does, else the boundary on the map."""
    return "plan" if _km2(areas, "plan") else "map"


def _introduction(rows: Rows, look: Look) -> Text:
    name = both(look.park.name_zh, look.park.name_en)
    area = plain(_km2(rows["areas"], _planned(rows["areas"])), "km²")
    running = rows["enterprises"].filter(pl.col("enterprise_status") == "01").height
    return text(
        "facts.introduction",
        name=name,
        area=area,
        n=rows["enterprises"].height,
        running=running,
        hazards=rows["hazards"].height,
    )


def _numbers(rows: Rows) -> list[dict[str, Any]]:
    enterprises = rows["enterprises"]
    built = float(enterprises.filter(pl.col("enterprise_status") == "01")["area_ha"].sum() or 0) / _HA_PER_KM2
    told = rows["areas"]
    areas = {"planned": _km2(told, _planned(told)), "approved": _km2(told, "approval"), "built": built}
    items: list[dict[str, Any]] = [
        {"key": key, "label": text(f"facts.{key}"), "value": value(each or None, "km²", 2)}
        for key, each in areas.items()
    ]
    counts = {
        "enterprises": enterprises.height,
        "employees": int(enterprises["employees"].sum()),
        "projects": rows["projects"].height,
    }
    return [*items, *(counter(key, text(f"facts.{key}"), each) for key, each in counts.items())]


def _facts(rows: Rows, told: dict[str, Any], look: Look) -> list[tuple[Text, Any, Text | None]]:
    said: list[tuple[Text, Any, Text | None]] = [
        (text("facts.name"), both(told.get("park_name") or look.park.name_zh, look.park.name_en), None),
        (text("facts.kind"), text("facts.kind.chemical"), None),
        (text("facts.level"), _level(rows["recognitions"]), None),
        (text("facts.industries"), _industries(rows["enterprises"], look), None),
    ]
    if told.get("park_address"):
        said.append((text("facts.address"), told["park_address"], None))
    if told.get("last_year_water_use") is not None:
        said.append((text("facts.water_use"), value(told["last_year_water_use"], "t"), None))
    return said


def _level(recognitions: pl.DataFrame) -> Text:
    top = recognitions.filter(pl.col("recognition") == RECOGNISED)
    return text("facts.level.provincial" if top.height else "facts.level.unreported")


def _industries(enterprises: pl.DataFrame, look: Look) -> Text:
    """Names of the functional zones where the plan has them, else the commonest lines of business."""
    zones = [each for each in look.park.features.get("zones", ()) if each.props.get("kind") == "functional"]
    if zones:
        return both(
            "、".join(each.name_zh.removesuffix("区") for each in zones),
            "; ".join(each.name_en.removesuffix(" zone") for each in zones),
        )
    common = (
        enterprises.drop_nulls("industry")["industry"].value_counts(sort=True)["industry"].head(INDUSTRIES).to_list()
    )
    return "、".join(common) or text("value.not_reported")


AREAS = Inputs("park/areas", (("says", "code", None), ("area_km2", "number", "km²")))
PLOTS = Inputs("explain/land", (("area_ha", "number", "ha"),), ("enterprises", "id"))
PROJECTS = Inputs("explain/projects", (("industry_relevance", "code", None),), ("enterprises", "owner"))
RUNNING = ("enterprise_status", "=", "01")


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Areas of plans, approvals and plots, and counts of enterprises, hazards, people and projects."""
    source = _planned(rows["areas"])
    planned = formula.highest("areas", "area_km2", ("says", "=", source))
    enterprises, running = formula.count("enterprises"), formula.count("enterprises", RUNNING)
    said = "parts/0/text/args"
    yield Figure(f"{said}/area", planned, text(f"explain.facts.{source}"), "km²")
    yield Figure(f"{said}/n", enterprises, text("explain.facts.enterprises"))
    yield Figure(f"{said}/running", running, text("explain.facts.running"))
    yield Figure(f"{said}/hazards", formula.count("hazards"), text("explain.hazards.total"))
    yield Figure(f"parts/1/{item('planned')}", planned, text(f"explain.facts.{source}"), "km²")
    approved = formula.highest("areas", "area_km2", ("says", "=", "approval"))
    yield Figure(f"parts/1/{item('approved')}", approved, text("explain.facts.approval"), "km²")
    yield Figure(f"parts/1/{item('built')}", _built(), text("explain.facts.built"), "km²")
    yield Figure(f"parts/1/{item('enterprises')}", enterprises, text("explain.facts.enterprises"))
    employees = formula.total("enterprises", "employees")
    yield Figure(f"parts/1/{item('employees')}", employees, text("explain.facts.employees"))
    yield Figure(f"parts/1/{item('projects')}", formula.count("projects"), text("explain.facts.projects"))
    for told in rows["park"].iter_rows(named=True):
        used = formula.one("park", "last_year_water_use", told["id"])
        place = 5 if told["park_address"] else 4
        yield Figure(path("parts", 2, "rows", place, "value", "value"), used, field_of("last_year_water_use"), "t")


def _built() -> Formula:
    """Plots of the enterprises that are running, in km²."""
    running = ("id", "in", formula.each("enterprises", "id", RUNNING))
    area = formula.total("plots", "area_ha", ("land_use", "=", "industrial"), running)
    return formula.divide(area, formula.const(_HA_PER_KM2))


PANEL = Panel(
    key="facts",
    reads=frozenset({"park", "park_master_plan_ext", "park_approval_document", "park_admitted_project"})
    | {"park_recognition_material", "enterprise", "hazard_source"},
    queries={
        "park": "park/facts",
        "enterprises": "park/enterprises",
        "recognitions": "park/recognitions",
        "hazards": "overview/hazards",
        "projects": "park/projects",
        "areas": "park/areas",
    },
    draw=draw,
    lists={
        "enterprises": ListOf("park/enterprises", ENTERPRISE_COLUMNS, ("enterprises", "id")),
        "employees": ListOf(
            "park/enterprises",
            (("name", "text", None), ("enterprise_status", "code", None), ("employees", "number", None)),
            ("enterprises", "id"),
        ),
        "projects": ListOf(
            "park/projects",
            (("project_name", "text", None), ("owner", "text", None), ("industry_relevance", "code", None)),
            ("enterprises", "owner"),
        ),
    },
    origin=Origin(
        {
            "areas": AREAS,
            "enterprises": ENTERPRISES,
            "plots": PLOTS,
            "hazards": HAZARDS,
            "projects": PROJECTS,
            "park": PARK,
        },
        figures,
    ),
)
