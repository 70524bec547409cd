"""Public pipe gallery, segment by segment."""

from __future__ import annotations

from layers._card import feature_card
from layers._live import alarms, children
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Size of the segment, and its points now."""
    return feature_card(
        look,
        id,
        "route",
        "piers",
        "length_m",
        "levelling_length_m",
        "tiers",
        "width_m",
        "height_m",
        "settlement_points",
        "base_points",
        extra=[alarms(reader, id, look), children(reader, id, look)],
    )


LAYER = Layer(
    "gallery",
    "public",
    Mark("line", tone="line", width_px=1.5, dash="1 3", height_by="height_m"),
    geo="gallery",
    order=55,
    detail=detail,
)
