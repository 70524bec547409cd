"""Stores, teams, experts and shelters."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Who or what is there."""
    return feature_card(
        look, id, "kind", "members", "vehicles", "skills", "field", "on_call", "capacity_persons", "inside_park"
    )


LAYER = Layer(
    "resources",
    "emergency",
    Mark("point", symbol="star", tone="plan", size_px=6.0, label="name", label_zoom=16.0, min_zoom=13.0),
    geo="resources",
    order=66,
    visible=False,
    detail=detail,
)
