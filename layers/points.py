"""Measuring points: a small quiet dot each, coloured only by an open alarm or by silence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from layers import _near
from layers._card import POINT_ZOOM, Row, ask_limit, ask_repair, card, crumbs, gone, label
from layers._live import alarms, not_at_rest
from layers._origin import HEARD, of_field, point, points_of
from layers._point import limit_figures, limits_text, newest, trend
from models.alarm_tables import ALARM_TABLES
from models.quantity import plain
from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, at, both, facts, text
from twin.formula import Where
from twin.lineage import Inputs
from twin.moment import Moment
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced, with_figures

GAS_KINDS = ("combustible_gas", "toxic_gas")
LIMITS = ("alarm_lo_lo", "alarm_lo", "alarm_hi", "alarm_hi_hi")


def features(silent: pl.DataFrame, look: Look, alarms: pl.DataFrame) -> pl.DataFrame:
    """Points that are not at rest: in the colour of their worst open alarm, else silent."""
    return not_at_rest(silent, alarms)


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Newest value, trend with limits, where the number comes from, what is near (MAP-2)."""
    found = reader.read("detail/point", at=look.at, id=id).to_dicts()
    if not found:
        return gone(id)
    row = found[0]
    title = both(row["name_zh"], row["name_en"])
    parts = [newest(row), trend(row, look), facts(_facts(reader, row, look)), alarms(reader, id, look)]
    way = crumbs(look, row["owner"], row["parent"], id)
    return card(title, way, parts, actions=_actions(row, look), place=(row["lon"], row["lat"], POINT_ZOOM))


def _facts(reader: Reader, row: dict[str, Any], look: Look) -> list[Row]:
    of, id = point(row["id"]), row["id"]
    ends = {name: of_field(plain(row[f"range_{name}"]), of, id, f"range_{name}", row["unit"]) for name in ("lo", "hi")}
    source = f"{row['source']} · {row['owner']}" if row["source"] else row["owner"]
    limits = with_figures(limits_text(row, *LIMITS), limit_figures("points", row, *LIMITS), of)
    return [
        (label("ts"), of_field(at(row["ts"]) or "–", of, id, "ts", at="at"), _late(row, of)),
        (label("quality"), _quality(row), text("detail.range", **ends, unit=row["unit"] or "")),
        (label("source"), source, _coverage(reader, row["owner"], look)),
        (label("limits"), limits, medium_name(row["medium"]) or None),
        (label("changed"), of_field(at(row["changed"]) or "–", of, id, "changed", at="at"), None),
        (label("near"), _beside(reader, row, look), text("detail.within", distance=_near.limit())),
        *_repair(reader, id, look),
    ]


def _late(row: dict[str, Any], of: dict[str, Inputs]) -> Text | None:
    """How long after the source's time it was known here, from times as they are told."""
    if row["ts"] is None:
        return None
    ts, known = (formula.one("points", name, row["id"]) for name in ("ts", "known"))
    seconds = plain((_as_said(row["known"]) - _as_said(row["ts"])).total_seconds())
    said = traced(seconds, formula.lapse(ts, known), text("explain.detail.late"), "s", inputs=of)
    return text("detail.late", seconds=said)


def _as_said(moment: Moment) -> Moment:
    """A moment to the millisecond, as it travels."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _coverage(reader: Reader, owner: str | None, look: Look) -> Text | None:
    """How many of its owner's points are heard of."""
    flow = reader.read("state/flow", at=look.at, enterprise=owner).to_dicts() if owner else []
    return text("detail.coverage", **owned(flow[0], owner)) if flow and owner else None


def owned(flow: dict[str, Any], owner: str) -> dict[str, int]:
    """The two numbers of an owner's coverage: its points heard of (``n``), and all of them (``of``)."""
    heard, every = formula.count("owned", HEARD), formula.count("owned")
    covered = partial(traced, inputs=points_of(owner), coverage=(heard, every), rules="KPI-1")
    return {
        "n": covered(flow["count"], heard, text("explain.heard")),
        "of": covered(flow["points"], every, text("explain.expected")),
    }


def _repair(reader: Reader, id: str, look: Look) -> Iterator[Row]:
    """That its values are those of a point under repair (R-AL-8)."""
    of = {"repairs": Inputs("ledger/repair", (("starts", "time", None), ("ends", "time", None)), params={"point": id})}
    for each in reader.read("ledger/repair", at=look.at, point=id).to_dicts():
        ends = of_field(at(each["ends"]), of, each["id"], "ends", at="at", rules="R-AL-8")
        yield text("alarm.repair"), text(f"alarm.repair.{each['reason']}"), text("alarm.repair.until", at=ends)


def _quality(row: dict[str, Any]) -> Text:
    names = ("good", "uncertain", "bad")
    return text("quality.none") if row["quality"] is None else text(f"quality.{names[row['quality']]}")


def _beside(reader: Reader, row: dict[str, Any], look: Look) -> Text:
    """How many cameras, works and other gas detectors are near."""
    place = (row["lon"], row["lat"])
    cameras = [(each.lon, each.lat) for file in _near.CAMERAS for each in look.park.features.get(file, ())]
    works = reader.read("overview/works", at=look.at, enterprise=None, only=None, zone=look.zone)
    others = look.park.points.filter(pl.col("kind").is_in(GAS_KINDS) & (pl.col("id") != row["id"]))
    detectors = _near.features("detectors", *place, "sensors", kinds=GAS_KINDS)
    beside = {
        "cameras": (cameras, _near.features("cameras", *place, *_near.CAMERAS)),
        "works": (works.select("lon", "lat").rows(), _near.works(*place)),
        "detectors": (others.select("lon", "lat").rows(), detectors),
    }
    other = ("id", "!=", row["id"])
    return text("detail.near", **{name: _counted(name, place, other, *each) for name, each in beside.items()})


def _counted(name: str, place: tuple[float, float], other: Where, found: list[Any], of: dict[str, Inputs]) -> int:
    n = sum(_near.is_near(place, lon, lat) for lon, lat in found)
    return traced(n, *_near.count(name, other), inputs=of)


def _actions(row: dict[str, Any], look: Look) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    if row["owner"] in {each.id for each in look.park.features.get("enterprises", ())}:
        said.append({"key": "enter", "label": text("action.enter"), "enter": {"enterprise": row["owner"]}})
    address = f"/api/v1/points/{row['id']}/history?format=csv"
    export = {"key": "export", "label": text("action.export"), "href": address}
    return [*said, export, ask_repair(row["id"]), ask_limit(row["id"])]


LAYER = Layer(
    "points",
    "monitoring",
    Mark("point", colour_by="state", tone="line", size_px=2.5, min_zoom=13.0),
    geo="sensors",
    order=70,
    query="layers/points",
    also={"alarms": "alarms/recent"},
    features=features,
    reads=ALARM_TABLES | {"reading", "clock"},
    detail=detail,
)
