"""General, key and core control zones of the closed park."""

from __future__ import annotations

from layers._card import feature_card
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader

KINDS = {"control_general", "control_key", "control_core"}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What kind of zone, and how large."""
    return feature_card(look, id, "kind", "area_ha", "speed_limit_kmh", "max_stay_min", "max_stay_s", "hazards")


LAYER = Layer(
    "control_zones",
    "closure",
    Mark("area", tone="plan", dash="4 4", label="name", label_zoom=14.5),
    geo="zones",
    keep=lambda props: props.get("kind") in KINDS,
    order=19,
    visible=False,
    detail=detail,
)
