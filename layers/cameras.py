"""Video points; those that are switched off are grey."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Where it looks."""
    return feature_card(look, id, "kind", "place", "direction_deg", "fov_deg")


LAYER = Layer(
    "cameras",
    "safety",
    Mark("point", symbol="camera", colour_by="state", tone="plan", size_px=5.0, min_zoom=15.0),
    geo="cameras",
    order=64,
    visible=False,
    query="layers/cameras",
    reads=frozenset({"camera"}),
    detail=detail,
)
