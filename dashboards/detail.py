"""The detail of whatever is selected: the layer that drew it tells about it."""

from __future__ import annotations

from collections.abc import Mapping

import layers
from layers._card import card
from twin.content import Content
from twin.registry import discover
from twin.screen import Layer, Look, Reader, Screen, Slot

LAYERS: Mapping[str, Layer] = discover(layers, "LAYER")


def compute(reader: Reader, look: Look) -> Mapping[str, Content]:
    """The detail of ``look.params``' layer and id; an empty card where nothing (or something unknown) is selected."""
    layer = LAYERS.get(look.params.get("layer", ""))
    id = look.params.get("id", "")
    if layer is None or layer.detail is None or not id:
        return {"detail": card("", [], [])}
    return {"detail": layer.detail(reader, id, look)}


SCREEN = Screen(key="detail", path=None, slots=(Slot("detail", "right"),), params=("layer", "id"), compute=compute)
