"""Water, sewage, power, heat, gas and waste works, docks and pools."""

from __future__ import annotations

from layers._card import feature_card
from layers._documents import documents_of
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader

# the drawing of what each kind of works supplies
DRAWINGS = {
    "water_plant": "drawing.water_network",
    "substation": "drawing.power_network",
    "heat_plant": "drawing.power_network",
}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What it can supply, its points now, and the drawing of its network."""
    return feature_card(
        look,
        id,
        "kind",
        "capacity",
        "status",
        "area_m2",
        extra=[alarms(reader, id, look), children(reader, id, look), documents_of(reader, look, id, DRAWINGS)],
    )


LAYER = Layer(
    "utilities",
    "public",
    Mark("area", tone="unit", label="name", label_zoom=15.5),
    geo="utilities",
    order=32,
    detail=detail,
)
