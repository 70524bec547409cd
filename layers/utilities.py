"""Water, sewage, power, heat, gas and waste works, docks and pools."""

from __future__ import annotations

from layers._card import feature_card
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What it can supply, and its points now."""
    return feature_card(
        look,
        id,
        "kind",
        "capacity",
        "status",
        "area_m2",
        extra=[alarms(reader, id, look), children(reader, id, look)],
    )


LAYER = Layer(
    "utilities",
    "public",
    Mark("area", tone="unit", label="name", label_zoom=15.5),
    geo="utilities",
    order=32,
    detail=detail,
)
