"""The edge of the park."""

from __future__ import annotations

from layers._card import feature_card
from layers._documents import documents
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Area, people, and the documents that fix the edge."""
    return feature_card(look, id, "area_km2", "staff_per_day", zoom=13.5, extra=[documents(reader, look)])


LAYER = Layer(
    "boundary",
    "base",
    Mark("area", tone="land", width_px=1.5),
    geo="boundary",
    order=0,
    detail=detail,
    owner=lambda props: "PARK",
)
