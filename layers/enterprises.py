"""Enterprises: quiet plots with their names; the worst open alarm and their number stand for all points from afar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import ENTERPRISE_ZOOM, Row, card, crumbs, gone, label, owner_text, rows
from layers._live import alarms, worst_of
from layers._origin import WORKS, feature_rows, of_field, points_of
from layers.points import owned
from models.alarm_tables import ALARM_TABLES
from models.enterprise_words import in_words
from twin import formula
from twin.content import Content, at, facts, figure, text, value
from twin.lineage import Inputs
from twin.moment import iso
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced


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
    counted = traced(
        len(hazards), formula.count("hazards"), text("explain.detail.hazards"), inputs={"hazards": HAZARDS}
    )
    at_work = formula.count("works", ("owner", "=", id))
    running = traced(
        sum(each == id for each in works["owner"]), at_work, text("explain.detail.works"), inputs={"works": WORKS}
    )
    items: list[Any] = [
        {"key": "hazards", "label": text("panel.hazards"), "value": value(counted)},
        {"key": "works", "label": text("now.works"), "value": value(running)},
    ]
    return figure([*items, *(_online(each, id) for each in flow)])


def _online(flow: dict[str, Any], id: str) -> dict[str, Any]:
    """How many of its points are heard of, and the newest time of any."""
    covered = owned(flow, id)
    newest = text("explain.newest", field=text("column.ts"))
    ts = flow["ts"] and traced(iso(flow["ts"]), formula.highest("owned", "ts"), newest, inputs=points_of(id))
    said = value(covered["n"]) | ({"ts": ts} if ts else {})
    return {"key": "online", "label": text("detail.online"), "value": said, "of": covered["of"]}


def _hazards(look: Look) -> pl.DataFrame:
    """The major hazard sources that the map has for the enterprise that was picked."""
    found = look.park.features.get("hazards", ())
    return feature_rows(((each, {}) for each in found if each.owner == look.params.get("id")), {})


def _commitment(told: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The commitment of the day as an input: the record that says when it was filed."""
    filed = told.filter(pl.col("commitment").is_not_null())
    return filed.select(
        "source", "known", "committed_at", "committer", id="commitment", ts="committed_at"
    ).with_columns(table=pl.lit("safety_commitment"), quality=pl.lit("good"))


COMMITMENT = {"commitments": Inputs("detail/enterprise", (("committer", "text", None),), rows=_commitment)}
HAZARDS = Inputs(pick=("hazards", "id"), made=_hazards)


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
        how = text("commitment.filed") if filed else text("commitment.missing")
        when = of_field(at(filed), COMMITMENT, told["commitment"], "committed_at", at="at", rules="SB-2")
        said.append((label("commitment"), how, when))
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
