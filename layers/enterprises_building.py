"""Enterprises under construction or about to start trial production: their plots with a dashed edge (OV-4)."""

from __future__ import annotations

from layers.enterprises import detail
from twin.screen import Layer, Mark

LAYER = Layer(
    "enterprises_building",
    "base",
    Mark("area", tone="target", width_px=1.2, dash="6 4", fill=False),
    geo="enterprises",
    keep=lambda props: props.get("status") == "commissioning",
    order=27,
    detail=detail,
    owner=lambda props: props.get("id"),
)
