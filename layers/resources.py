"""Stores, teams, experts and shelters."""

from __future__ import annotations

from typing import Any

import polars as pl

from layers._card import feature_card
from layers._origin import feature_rows, field_of, picked
from models.quantity import quantity
from twin import formula
from twin.content import Content, both, listing, text
from twin.lineage import Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced


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
    shown = listing([_item(number, each) for number, each in enumerate(items)], len(items), title=text("prop.items"))
    return traced(shown, formula.count("items"), text("explain.detail.items"), at="total", inputs={"items": ITEMS})


def _item(number: int, each: dict[str, Any]) -> dict[str, Any]:
    name, unit = both(each.get("name_zh"), each.get("name_en")), each.get("unit")
    shown = {"key": str(number), "title": name, "right": quantity(each.get("quantity"), unit)}
    return traced(shown, formula.one("items", "value", str(number), "item"), field_of("value"), unit, at="right")


def _lying(look: Look) -> pl.DataFrame:
    """What the park's folder says that lies in the store, in its order."""
    store = picked(look)
    items = store.props.get("items") or [] if store else []
    said = (
        {"item": str(number), "what": each.get("name_zh"), "value": each.get("quantity"), "unit": each.get("unit")}
        for number, each in enumerate(items)
    )
    return feature_rows(((store, each) for each in said if store), _COLUMNS)


_COLUMNS = {"item": pl.String, "what": pl.String, "value": pl.Float64, "unit": pl.String}
ITEMS = Inputs(columns=(("what", "text", None), ("value", "number", None), ("unit", "text", None)), made=_lying)


LAYER = Layer(
    "resources",
    "emergency",
    Mark("point", symbol="star", tone="plan", size_px=6.0, label="name", label_zoom=16.0, min_zoom=13.0),
    geo="resources",
    order=66,
    visible=False,
    detail=detail,
)
