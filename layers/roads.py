"""Roads, edge by edge of the road graph."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Class, length, lanes, speed limit, and whether dangerous goods may pass."""
    return feature_card(look, id, "class", "length_m", "lanes", "speed_limit_kmh", "hazmat_allowed")


LAYER = Layer(
    "roads",
    "base",
    Mark("line", tone="road", width_px=2.0, label="name", label_zoom=15.0),
    geo="roads",
    detail=detail,
    order=40,
)
