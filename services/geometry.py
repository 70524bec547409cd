"""The unmoving part of a map layer, as columns, packed once and kept by browsers for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import orjson

from layers._deck import extent
from park.feature import Feature
from park.load import Park
from services.eyes import ALL, Eyes
from services.house import House
from twin.person import PARK
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
    return columns | extent(layer.mark, found)


class Geometry:
    """All layers' static columns, as each scope sees them."""

    def __init__(self, house: House, eyes: Eyes) -> None:
        self._house = house
        self._eyes = eyes
        self._kept = lru_cache(maxsize=1024)(self._make)

    def of(self, key: str, scope: str = PARK) -> Static:
        """A layer's."""
        return self._kept(key, PARK if scope in ALL else scope)

    def _make(self, key: str, scope: str) -> Static:
        columns = static_columns(self._house.layer(key), self._eyes.of(scope))
        body = orjson.dumps(columns)
        return Static(body, hashlib.sha256(body).hexdigest()[:16], len(columns["id"]))
