"""Any layer as the 2-D map knows it: what it means, in which order it lies, where its geometry is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from twin.screen import Layer, title_key

StaticUrl = Callable[[str], str]


def map_layer(layer: Layer, static_url: StaticUrl) -> dict[str, Any]:
    """One layer of the map. ``static`` is None for a layer whose features come with the frames."""
    return {
        "key": layer.key,
        "group": layer.group,
        "title": {"key": title_key("layer", layer.key)},
        "order": layer.order,
        "mark": {name: each for name, each in asdict(layer.mark).items() if each not in (None, {})},
        "base": layer.base,
        "visible": layer.visible,
        "moving": layer.geo is None,
        "picks": layer.detail is not None,
        "static": static_url(layer.key) if layer.geo else None,
    }


def map_layers(layers: Iterable[Layer], static_url: StaticUrl) -> list[dict[str, Any]]:
    """All layers of a map, the lowest first."""
    return [map_layer(each, static_url) for each in sorted(layers, key=lambda one: (one.order, one.key))]
