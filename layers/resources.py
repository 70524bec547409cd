"""Stores, teams, experts and shelters."""

from __future__ import annotations

from layers._card import feature_card
from models.quantity import quantity
from twin.content import Content, both, listing, text
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Who or what is there."""
    return feature_card(
        look,
        id,
        "kind",
        "members",
        "vehicles",
        "skills",
        "field",
        "on_call",
        "capacity_persons",
        "inside_park",
        extra=[_stock(look, id)],
    )


def _stock(look: Look, id: str) -> Content | None:
    """What lies in a store, and how much of it."""
    feature = look.park.feature(id)
    items = feature.props.get("items") if feature else None
    if not items:
        return None
    shown = [
        {
            "key": str(number),
            "title": both(each.get("name_zh"), each.get("name_en")),
            "right": quantity(each.get("quantity"), each.get("unit")),
        }
        for number, each in enumerate(items)
    ]
    return listing(shown, len(shown), title=text("prop.items"))


LAYER = Layer(
    "resources",
    "emergency",
    Mark("point", symbol="star", tone="plan", size_px=6.0, label="name", label_zoom=16.0, min_zoom=13.0),
    geo="resources",
    order=66,
    visible=False,
    detail=detail,
)
