"""Individual-risk contours of the park's overall assessment: 3×10⁻⁷, 3×10⁻⁶ and 1×10⁻⁵ a year."""

from __future__ import annotations

from layers._card import feature_card
from layers._documents import documents
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Which risk the line stands for, and the report that drew it."""
    return feature_card(look, id, "value_per_year", "area_ha", zoom=13.5, extra=[documents(reader, look, "report.01")])


LAYER = Layer(
    "risk_contours",
    "plan",
    Mark("area", tone="plan", width_px=1.0, dash="3 3", fill=False, label="name", label_zoom=12.0),
    geo="risk_contours",
    order=23,
    visible=False,
    detail=detail,
)
