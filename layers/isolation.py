"""Isolation regions that can be cut off from each other."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader

KINDS = {"isolation"}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What the region holds."""
    return feature_card(look, id, "kind", "area_ha", "speed_limit_kmh", "max_stay_min", "max_stay_s", "hazards")


LAYER = Layer(
    "isolation",
    "closure",
    Mark("area", tone="plan", dash="8 4", fill=False, label="name", label_zoom=14.5),
    geo="zones",
    keep=lambda props: props.get("kind") in KINDS,
    order=20,
    visible=False,
    detail=detail,
)
