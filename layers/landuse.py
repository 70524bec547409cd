"""Land without a plant: reserve and green."""

from __future__ import annotations

from layers._card import feature_card
from layers._documents import documents
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Use, area, and the drawing that plans it."""
    return feature_card(look, id, "kind", "area_m2", extra=[documents(reader, look, "drawing.land_use")])


LAYER = Layer(
    "landuse",
    "plan",
    Mark("area", tone="plot", width_px=0.5, dash="2 3"),
    geo="landuse",
    detail=detail,
    order=15,
    visible=False,
)
