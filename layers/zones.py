"""Functional zones of the plan."""

from __future__ import annotations

from layers._card import feature_card
from layers._documents import documents
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Name and area of the zone, and the plans that fix it."""
    return feature_card(look, id, "kind", "area_ha", zoom=14.0, extra=[documents(reader, look, "plan", "drawing")])


LAYER = Layer(
    "zones",
    "plan",
    Mark("area", tone="plan", dash="6 4", fill=False, label="name", label_zoom=12.0),
    geo="zones",
    keep=lambda props: props.get("kind") == "functional",
    order=18,
    visible=False,
    detail=detail,
)
