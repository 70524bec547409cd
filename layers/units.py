"""Process units, tank farms, warehouses and buildings inside the plants."""

from __future__ import annotations

from layers._card import feature_card
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What kind of place, its open alarms, and its points now."""
    return feature_card(
        look, id, "kind", "area_m2", "hazard", extra=[alarms(reader, id, look), children(reader, id, look)]
    )


LAYER = Layer(
    "units",
    "safety",
    Mark("area", tone="unit", width_px=0.5, label="name", label_zoom=17.0, min_zoom=13.0),
    geo="units",
    order=30,
    detail=detail,
)
