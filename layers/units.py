"""Process units, tank farms, warehouses and buildings inside the plants."""

from __future__ import annotations

from layers._card import feature_card
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader

# Usual heights by kind, for the 3-D map where the survey gives none: structures of process units, eaves of buildings,
# the bund wall of a tank farm, the kerb of a basin.
HEIGHTS_M = {
    "unit": 16.0,
    "tank_farm": 1.2,
    "warehouse": 9.0,
    "office": 15.0,
    "control": 6.0,
    "utility": 8.0,
    "wastewater": 2.0,
}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What kind of place, its open alarms, and its points now."""
    return feature_card(
        look, id, "kind", "area_m2", "hazard", extra=[alarms(reader, id, look), children(reader, id, look)]
    )


LAYER = Layer(
    "units",
    "safety",
    Mark(
        "area",
        tone="unit",
        width_px=0.5,
        height_by="height_m",
        heights_m=HEIGHTS_M,
        label="name",
        label_zoom=17.0,
        min_zoom=13.0,
    ),
    geo="units",
    order=30,
    detail=detail,
)
