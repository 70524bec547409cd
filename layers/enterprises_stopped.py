"""Enterprises that stand still: their plots as empty ground (OV-4)."""

from __future__ import annotations

from layers.enterprises import detail
from twin.screen import Layer, Mark

LAYER = Layer(
    "enterprises_stopped",
    "base",
    Mark("area", tone="ground", width_px=0.8, dash="2 3"),
    geo="enterprises",
    keep=lambda props: props.get("status") == "idle",
    order=26,
    detail=detail,
    owner=lambda props: props.get("id"),
)
