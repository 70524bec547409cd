"""Tanks."""

from __future__ import annotations

from layers._card import feature_card
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What is in it, its open alarms, and level, temperature and pressure now."""
    return feature_card(
        look,
        id,
        "chemical",
        "kind",
        "volume_m3",
        "diameter_m",
        "height_m",
        "working_pressure_mpa",
        "design_pressure_mpa",
        "working_temp_c",
        "hazard",
        extra=[alarms(reader, id, look), children(reader, id, look)],
    )


LAYER = Layer(
    "tanks",
    "safety",
    Mark("point", symbol="tank", tone="unit", size_px=4.0, label="name", label_zoom=17.5, min_zoom=14.0),
    geo="tanks",
    order=60,
    detail=detail,
)
