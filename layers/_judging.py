"""What helps to judge an alarm (R-AL-7): what the point did before, who can see it, what goes on beside it."""

from __future__ import annotations

from typing import Any

import polars as pl

from layers._card import Row, label
from models.geometry import distance_m
from models.quantity import plain
from twin.content import Content, at, both, facts, listing, text
from twin.screen import Look, Reader

NEAR_M = 120.0
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
    lasted = "–" if past["lasted_s"] is None else text("desk.minutes", n=plain(round(past["lasted_s"] / 60, 1)))
    judged = text("desk.judged_false", n=past["false_ones"], of=past["judged_ones"])
    rows: list[Row] = [
        (label("month"), text("desk.times", n=past["alarms"]), judged),
        (label("lasted"), lasted, None),
    ]
    return facts(rows)


def _near(alarm: dict[str, Any], lon: float | None, lat: float | None) -> bool:
    if None in (lon, lat, alarm["lon"], alarm["lat"]):
        return False
    return distance_m(alarm["lon"], alarm["lat"], float(lon or 0), float(lat or 0)) <= NEAR_M


def _cameras(alarm: dict[str, Any], look: Look) -> Content | None:
    found = [each for file in ("cameras", "gas_cameras") for each in look.park.features.get(file, ())]
    near = [each for each in found if _near(alarm, each.lon, each.lat)]
    rows = [
        {
            "key": each.id,
            "title": both(each.name_zh, each.name_en),
            "right": each.id,
            "pick": {"layer": each.file, "id": each.id},
        }
        for each in near[:SHOWN]
    ]
    return listing(rows, len(near), title=text("desk.cameras", n=len(near))) if near else None


def _works(reader: Reader, alarm: dict[str, Any], look: Look) -> Content | None:
    works = reader.read("overview/works", at=look.at, enterprise=None, only=None, zone=look.zone)
    near = [each for each in works.iter_rows(named=True) if _near(alarm, each["lon"], each["lat"])]
    rows = [
        {"key": each["id"], "title": each["work_content"] or each["id"], "right": at(each["started_at"])}
        for each in near[:SHOWN]
    ]
    return listing(rows, len(near), title=text("desk.works", n=len(near))) if near else None


def _points(reader: Reader, alarm: dict[str, Any], look: Look) -> Content | None:
    """Other points that are in alarm near it."""
    recent = reader.read("alarms/recent", at=look.at, enterprise=None).filter(
        pl.col("open") & pl.col("point").is_not_null() & (pl.col("id") != alarm["id"])
    )
    near = [each for each in recent.iter_rows(named=True) if _near(alarm, each["lon"], each["lat"])]
    rows = [
        {
            "key": each["id"],
            "level": each["colour"],
            "badge": each["level"],
            "title": both(each["name_zh"], each["name_en"]),
            "right": at(each["alarm_at"]),
            "pick": {"layer": "alarms", "id": each["id"]},
        }
        for each in near[:SHOWN]
    ]
    return listing(rows, len(near), title=text("desk.linked", n=len(near))) if near else None
