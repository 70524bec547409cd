"""Sensitive targets: homes, schools, hospitals around the park."""

from __future__ import annotations

from layers._card import PLACE_ZOOM, Row, card, crumbs, gone, label, owner_text, rows
from models.geometry import nearest
from twin.content import Content, Text, both, facts, text, value
from twin.screen import Layer, Look, Mark, Reader

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
            value(feature.props.get("population")),
            text(f"population_unit.{unit_of_people}") if unit_of_people else None,
        )
    ]
    said = [
        *rows(feature.props, "type"),
        *people,
        *_reported(reader, id, look),
        *_nearest(feature.lon, feature.lat, look),
    ]
    said += [
        (label("stated_distance"), value(feature.props.get("distance_m"), "m"), _bearing(feature.props.get("bearing")))
    ]
    return card(title, crumbs(look, last=title), [facts(said)], place=(feature.lon, feature.lat, PLACE_ZOOM - 1))


def _bearing(said: str | None) -> Text | None:
    return text(f"wind.from.{said}") if said else None


def _nearest(lon: float, lat: float, look: Look) -> list[Row]:
    units = [each for each in look.park.features.get("units", ()) if each.props.get("kind") in HARMFUL]
    near = nearest(lon, lat, ((each.id, each.geometry) for each in units))
    if near is None:
        return []
    unit = look.park.feature(near.id)
    named = both(unit.name_zh, unit.name_en)
    return [
        (label("nearest_unit"), named, owner_text(look, unit.owner)),
        (label("nearest_unit_distance"), value(round(near.distance_m), "m"), None),
    ]


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
