"""Rivers, canals and ditches."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What kind of water, and how wide."""
    return feature_card(look, id, "kind", "width_m")


LAYER = Layer(
    "water", "base", Mark("area", tone="water", label="name", label_zoom=15.0), geo="water", detail=detail, order=10
)
