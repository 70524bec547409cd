"""Enterprises: quiet plots with their names; the worst open alarm and their number stand for all points from afar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import ENTERPRISE_ZOOM, Row, card, crumbs, gone, label, owner_text, rows
from layers._live import alarms, worst_of
from models.alarm_tables import ALARM_TABLES
from models.enterprise_words import in_words
from twin.content import Content, at, facts, figure, text, value
from twin.screen import Layer, Look, Mark, Reader


def features(found: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    """Enterprises with open alarms: the worst colour, and how many there are."""
    plots = {each.id for each in look.park.features.get("enterprises", ())}
    counts = dict(found.filter(pl.col("open"))["owner"].value_counts().iter_rows())
    yield from ({**row, "badge": counts[id]} for id, row in worst_of(found, "owner").items() if id in plots)


def detail(reader: Reader, id: str, look: Look) -> Content:
    """The enterprise's card (OV-4): kind, head of safety, grades, major hazards, today's commitment, alarms, points."""
    feature = look.park.feature(id)
    if feature is None:
        return gone(id)
    title = owner_text(look, id)
    told = (reader.read("detail/enterprise", at=look.at, id=id, zone=look.zone).to_dicts() or [{}])[0]
    said = [*_reported(told), *rows(feature.props, "status", "hazard_level", "area_m2", "staff")]
    said += rows(feature.props, "regulated_chemicals", "regulated_processes")
    parts = [_numbers(reader, id, look), facts(said), alarms(reader, id, look)]
    enter = {"key": "enter", "label": text("action.enter"), "enter": {"enterprise": id}}
    place = (feature.lon, feature.lat, ENTERPRISE_ZOOM)
    return card(title, crumbs(look, last=title), parts, actions=[enter], place=place)


def _numbers(reader: Reader, id: str, look: Look) -> Content:
    flow = reader.read("state/flow", at=look.at, enterprise=id).to_dicts()
    hazards = [each for each in look.park.features.get("hazards", ()) if each.owner == id]
    works = reader.read("overview/works", at=look.at, enterprise=None, only=None, zone=look.zone)
    items: list[dict[str, Any]] = [
        {"key": "hazards", "label": text("panel.hazards"), "value": value(len(hazards))},
        {"key": "works", "label": text("now.works"), "value": value(sum(each == id for each in works["owner"]))},
    ]
    if flow:
        online = value(flow[0]["count"], ts=flow[0]["ts"])
        items.append({"key": "online", "label": text("detail.online"), "value": online, "of": flow[0]["points"]})
    return figure(items)


def _reported(told: dict[str, Any]) -> list[Row]:
    """What the enterprise itself has reported; nothing where nothing is."""
    plain = [(name, told.get(name)) for name in ("enterprise_type", "industry", "scale", "standardisation_grade")]
    coded = [(name, told.get(name)) for name in ("enterprise_status", "risk_grade", "supervision_class")]
    said: list[Row] = [(label(name), in_words(each), None) for name, each in plain if each]
    said += [(label(name), text(f"{_CODES[name]}.{each}"), None) for name, each in coded if each]
    if told.get("safety_head_name"):
        said.insert(0, (label("safety_head"), told["safety_head_name"], None))
    if told:
        filed = told["committed_at"]
        said.append((label("commitment"), text("commitment.filed") if filed else text("commitment.missing"), at(filed)))
    return said


_CODES = {"enterprise_status": "enterprise_status", "risk_grade": "risk_grade", "supervision_class": "class"}

LAYER = Layer(
    "enterprises",
    "base",
    Mark("area", colour_by="state", tone="plot", width_px=0.5, label="name", label_zoom=13.0),
    geo="enterprises",
    order=25,
    query="alarms/recent",
    reads=ALARM_TABLES,
    features=features,
    detail=detail,
    owner=lambda props: props.get("id"),
)
