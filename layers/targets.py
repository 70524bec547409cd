"""Sensitive targets: homes, schools, hospitals around the park."""

from __future__ import annotations

from functools import partial

import polars as pl

from layers._card import PLACE_ZOOM, Row, card, crumbs, gone, label, of_property, owner_text, rows
from layers._origin import feature_rows
from models.geometry import distance_to_m, nearest
from park.feature import Feature
from twin import formula
from twin.content import Content, Text, both, facts, text, value
from twin.lineage import Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced

# Parts of a plant from which harm could come; offices and control rooms are not.
HARMFUL = {"unit", "tank_farm", "warehouse"}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Who is there, and how far it is to the nearest unit (OV-5)."""
    feature = look.park.feature(id)
    if feature is None:
        return gone(id)
    title = both(feature.name_zh, feature.name_en)
    unit_of_people = feature.props.get("population_unit")
    people: list[Row] = [
        (
            label("population"),
            of_property("population", value(feature.props.get("population"))),
            text(f"population_unit.{unit_of_people}") if unit_of_people else None,
        )
    ]
    said = [
        *rows(feature.props, "type"),
        *people,
        *_reported(reader, id, look),
        *_nearest(feature.lon, feature.lat, look),
    ]
    stated = of_property("distance_m", value(feature.props.get("distance_m"), "m"))
    said += [(label("stated_distance"), stated, _bearing(feature.props.get("bearing")))]
    return card(title, crumbs(look, last=title), [facts(said)], place=(feature.lon, feature.lat, PLACE_ZOOM - 1))


def _bearing(said: str | None) -> Text | None:
    return text(f"wind.from.{said}") if said else None


def _nearest(lon: float, lat: float, look: Look) -> list[Row]:
    near = nearest(lon, lat, ((each.id, each.geometry) for each in _harmful(look)))
    if near is None:
        return []
    unit = look.park.feature(near.id)
    least, said = formula.rounded(formula.lowest("units", "distance_m")), text("explain.detail.nearest")
    made = partial(_by_distance, lon=lon, lat=lat)
    of = {"units": Inputs(columns=(("distance_m", "number", "m"),), pick=("units", "id"), made=made)}
    named = both(unit.name_zh, unit.name_en)
    return [
        (label("nearest_unit"), named, owner_text(look, unit.owner)),
        (label("nearest_unit_distance"), value(traced(round(near.distance_m), least, said, "m", inputs=of), "m"), None),
    ]


def _harmful(look: Look) -> list[Feature]:
    return [each for each in look.park.features.get("units", ()) if each.props.get("kind") in HARMFUL]


def _by_distance(look: Look, lon: float, lat: float) -> pl.DataFrame:
    """The units from which harm could come, by how far their nearest edge is from a place."""
    far = ((each, {"distance_m": distance_to_m(lon, lat, each.geometry)}) for each in _harmful(look))
    return feature_rows(far, {"distance_m": pl.Float64})


def _reported(reader: Reader, id: str, look: Look) -> list[Row]:
    told = (reader.read("detail/target", at=look.at, id=id).to_dicts() or [{}])[0]
    return [
        (label(name), text(f"{name}.{each}"), None)
        for name, each in told.items()
        if each and name.startswith("target_")
    ]


LAYER = Layer(
    "targets",
    "plan",
    Mark("point", symbol="house", tone="target", size_px=6.0, label="name", label_zoom=13.0),
    geo="sensitive_targets",
    order=61,
    detail=detail,
)
