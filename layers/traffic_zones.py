"""Where vehicles may stop, may not stop, and may not enter."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader

KINDS = {"parking", "temporary_stop", "no_stop", "no_entry"}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What is allowed there, and for how long."""
    return feature_card(look, id, "kind", "area_ha", "speed_limit_kmh", "max_stay_min", "max_stay_s", "hazards")


LAYER = Layer(
    "traffic_zones",
    "closure",
    Mark("area", tone="plan", dash="2 2", label="name", label_zoom=16.0, min_zoom=14.0),
    geo="zones",
    keep=lambda props: props.get("kind") in KINDS,
    order=21,
    visible=False,
    detail=detail,
)
