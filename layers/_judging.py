"""What helps to judge an alarm (R-AL-7): what the point did before, who can see it, what goes on beside it."""

from __future__ import annotations

from typing import Any

import polars as pl

from layers import _near
from layers._card import Row, label
from layers._origin import ALARM_COLUMNS, field_of
from models.quantity import plain
from twin import formula
from twin.content import Content, at, both, facts, listing, text
from twin.formula import Where
from twin.lineage import Figure, Inputs
from twin.screen import Look, Reader
from twin.traced import traced, with_figures

SHOWN = 4


def judging(reader: Reader, alarm: dict[str, Any], look: Look) -> list[Content | None]:
    """The point's past month, and cameras, points and works near the place; parts of a detail."""
    return [
        _before(reader, alarm, look),
        _cameras(alarm, look),
        _works(reader, alarm, look),
        _points(reader, alarm, look),
    ]


def _before(reader: Reader, alarm: dict[str, Any], look: Look) -> Content | None:
    if not alarm["point"]:
        return None
    past = reader.read("desk/before", at=look.at, id=alarm["point"]).row(0, named=True)
    of = {"before": Inputs("explain/before", ALARM_COLUMNS, ("alarms", "id"), {"id": alarm["point"]})}
    minutes = formula.rounded(formula.divide(formula.mean("before", "lasted_s"), formula.const(60)), 1)
    judged = text(
        "desk.judged_false",
        n=_counted(past["false_ones"], "false", ("judged", "=", "false"), rules="KPI-5"),
        of=_counted(past["judged_ones"], "judged", ("judged", "is not", None), rules="KPI-5"),
    )
    lasted = plain(round((past["lasted_s"] or 0) / 60, 1))
    lasted_for = text("desk.minutes", n=traced(lasted, minutes, text("explain.before.lasted"), "min", rules="KPI-4"))
    rows: list[Row] = [
        (label("month"), text("desk.times", n=_counted(past["alarms"], "alarms")), judged),
        (label("lasted"), "–" if past["lasted_s"] is None else lasted_for, None),
    ]
    return with_figures(facts(rows), (), of)


def _counted(n: int, what: str, *where: Where, rules: str | None = None) -> int:
    return traced(n, formula.count("before", *where), text(f"explain.before.{what}"), rules=rules)


def _place(alarm: dict[str, Any]) -> tuple[float | None, float | None]:
    return alarm["lon"], alarm["lat"]


def _listed(rows: list[Any], total: int, title: str, of: dict[str, Inputs], *where: Where) -> Content:
    """What is near, with the count of it in the title and below."""
    (name,) = of
    counted, said = _near.count(name, *where)
    figures = tuple(Figure(place, counted, said) for place in ("total", "title/args/n"))
    return with_figures(listing(rows, total, title=text(title, n=total)), figures, of)


def _cameras(alarm: dict[str, Any], look: Look) -> Content | None:
    found = [each for file in _near.CAMERAS for each in look.park.features.get(file, ())]
    near = [each for each in found if _near.is_near(_place(alarm), each.lon, each.lat)]
    rows = [
        {
            "key": each.id,
            "title": both(each.name_zh, each.name_en),
            "right": each.id,
            "pick": {"layer": each.file, "id": each.id},
        }
        for each in near[:SHOWN]
    ]
    of = _near.features("cameras", alarm["lon"], alarm["lat"], *_near.CAMERAS)
    return _listed(rows, len(near), "desk.cameras", of) if near else None


def _works(reader: Reader, alarm: dict[str, Any], look: Look) -> Content | None:
    works = reader.read("overview/works", at=look.at, enterprise=None, only=None, zone=look.zone)
    near = [each for each in works.iter_rows(named=True) if _near.is_near(_place(alarm), each["lon"], each["lat"])]
    rows = [_work(each) for each in near[:SHOWN]]
    return _listed(rows, len(near), "desk.works", _near.works(alarm["lon"], alarm["lat"])) if near else None


def _work(each: dict[str, Any]) -> dict[str, Any]:
    shown = {"key": each["id"], "title": each["work_content"] or each["id"], "right": at(each["started_at"])}
    return traced(shown, formula.one("works", "ts", each["id"]), field_of("started_at"), at="right/at")


def _points(reader: Reader, alarm: dict[str, Any], look: Look) -> Content | None:
    """Other points that are in alarm near it."""
    recent = reader.read("alarms/recent", at=look.at, enterprise=None).filter(
        pl.col("open") & pl.col("point").is_not_null() & (pl.col("id") != alarm["id"])
    )
    near = [each for each in recent.iter_rows(named=True) if _near.is_near(_place(alarm), each["lon"], each["lat"])]
    if not near:
        return None
    others: tuple[Where, ...] = (("open", "=", True), ("point", "is not", None), ("id", "!=", alarm["id"]))
    of = _near.alarms(alarm["lon"], alarm["lat"])
    return _listed([_linked(each) for each in near[:SHOWN]], len(near), "desk.linked", of, *others)


def _linked(each: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "key": each["id"],
        "level": each["colour"],
        "badge": each["level"],
        "title": both(each["name_zh"], each["name_en"]),
        "right": at(each["alarm_at"]),
        "pick": {"layer": "alarms", "id": each["id"]},
    }
    return traced(shown, formula.one("linked", "alarm_at", each["id"]), field_of("alarm_at"), at="right/at")
