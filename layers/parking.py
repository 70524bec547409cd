"""Parking for hazmat vehicles: the lot, its zones, its bays."""

from __future__ import annotations

from layers._card import feature_card
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Spaces and what may stand there, and the gas points of the zone now."""
    return feature_card(
        look,
        id,
        "kind",
        "cargo",
        "area_m2",
        "bays",
        "threshold",
        extra=[alarms(reader, id, look), children(reader, id, look)],
    )


LAYER = Layer(
    "parking",
    "closure",
    Mark("area", tone="plot", width_px=0.5, label="name", label_zoom=16.5, min_zoom=14.0),
    geo="parking",
    order=31,
    detail=detail,
)
