"""The unmoving part of a map layer, as columns, packed once and kept by browsers for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from park.feature import Feature
from park.load import Park
from services.house import House
from twin.screen import Layer

_DIGITS = 6  # about 0.1 m


@dataclass(frozen=True)
class Static:
    """One layer's geometry as it is sent."""

    body: bytes
    version: str
    count: int


def features_of(layer: Layer, park: Park) -> list[Feature]:
    """The park's features that belong to the layer."""
    found = park.features.get(layer.geo, ()) if layer.geo else ()
    return [each for each in found if layer.keep is None or layer.keep(each.props)]


def _lines(geometry: Mapping[str, Any]) -> list[Any]:
    """Rings of an area, or lines, each a list of [lon, lat]."""
    kind, places = geometry["type"], geometry["coordinates"]
    if kind == "MultiPolygon":
        return [ring for polygon in places for ring in polygon]
    if kind in ("Polygon", "MultiLineString"):
        return list(places)
    return [places] if kind == "LineString" else []


def static_columns(layer: Layer, park: Park) -> dict[str, Any]:
    """A layer's geometry and names as columns."""
    found = features_of(layer, park)
    columns: dict[str, Any] = {
        "layer": layer.key,
        "geometry": layer.mark.shape,
        "mark": asdict(layer.mark),
        "base": layer.base,
        "id": [each.id for each in found],
        "lon": [round(each.lon, _DIGITS) for each in found],
        "lat": [round(each.lat, _DIGITS) for each in found],
    }
    columns["name_zh"] = [each.name_zh for each in found]
    columns["name_en"] = [each.name_en for each in found]
    columns["owner"] = [layer.owner(each.props) if layer.owner else each.owner for each in found]
    columns["kind"] = [each.props.get("kind") for each in found]
    if layer.mark.shape != "point":
        columns["rings"] = [_lines(each.geometry) for each in found]
    return columns


Box = tuple[float, float, float, float]  # west, south, east, north


class Places:
    """Where a layer's features are, to find those in a box quickly."""

    def __init__(self, layer: Layer, park: Park) -> None:
        self.features = features_of(layer, park)
        self.ids = frozenset(each.id for each in self.features)
        self._lon = np.array([each.lon for each in self.features])
        self._lat = np.array([each.lat for each in self.features])

    def within(self, box: Box | None) -> list[Feature]:
        """The features in the box, all of them without one."""
        if box is None:
            return self.features
        west, south, east, north = box
        here = (self._lon >= west) & (self._lon <= east) & (self._lat >= south) & (self._lat <= north)
        return [self.features[each] for each in np.flatnonzero(here)]


class Geometry:
    """All layers' static columns, and the places of their features."""

    def __init__(self, house: House, park: Park) -> None:
        self._house = house
        self._park = park
        self.of = lru_cache(maxsize=None)(self._make)
        self.places = lru_cache(maxsize=None)(self._places)

    def _places(self, key: str) -> Places:
        return Places(self._house.layer(key), self._park)

    def _make(self, key: str) -> Static:
        columns = static_columns(self._house.layer(key), self._park)
        body = orjson.dumps(columns)
        return Static(body, hashlib.sha256(body).hexdigest()[:16], len(columns["id"]))
