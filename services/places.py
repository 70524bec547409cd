"""Where a layer's features are, and what of them never changes, packed once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from park.feature import Feature
from park.load import Park
from services.geometry import features_of
from twin.screen import Layer

Box = tuple[float, float, float, float]  # west, south, east, north
OF_MOMENT = frozenset(
    {"state", "updated_at"}
)  # what every feature tells of the moment, whatever a file of the park says


class Spread:
    """Where places are, ordered from south to north: a box touches only what lies in its own band."""

    def __init__(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        self._order = np.argsort(lat, kind="stable")
        self._lat = lat[self._order]
        self._lon = lon[self._order]

    def within(self, box: Box) -> NDArray[np.intp]:
        """The places in the box by their number, in their order; what lies on its edge is in it."""
        west, south, east, north = box
        first = np.searchsorted(self._lat, south, "left")
        band = slice(first, max(first, np.searchsorted(self._lat, north, "right")))
        lon = self._lon[band]
        return np.sort(self._order[band][(lon >= west) & (lon <= east)])


def named(id: str, *told: Mapping[str, Any]) -> dict[str, Any]:
    """A feature's id and names: the first that are told, else its id."""
    names = {each: next((part[each] for part in told if part.get(each)), id) for each in ("name_zh", "name_en")}
    return {"id": id, **names}


class Places:
    """A layer's features as somebody sees them (``seen``) of a park; each is called by its number, its place among
    them."""

    def __init__(self, layer: Layer, seen: Park, park: Park) -> None:
        self.features = features_of(layer, seen)
        self.ids = pl.Series([each.id for each in self.features], dtype=pl.String)
        lon, lat = (np.array([getattr(each, axis) for each in self.features], float) for axis in ("lon", "lat"))
        self._spread = Spread(lon, lat)
        self._points = _points(self.features, park)
        self._heads = [b""] * len(self.features)

    def within(self, box: Box | None) -> NDArray[np.intp]:
        """The features in the box, all of them without one."""
        if box is None:
            return np.arange(len(self.features))
        return self._spread.within(box)

    def points(self, numbers: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """The measuring points that features are, by their index; None where the layer's are something else."""
        return None if self._points is None else self._points[numbers]

    def heads(self, numbers: list[int]) -> list[bytes]:
        """Features as GeoJSON up to where their properties end, those of the moment left out; each is packed when it
        is first wanted."""
        for number in numbers:
            if not self._heads[number]:
                self._heads[number] = _head(self.features[number])
        return [self._heads[number] for number in numbers]


def _points(features: list[Feature], park: Park) -> NDArray[np.intp] | None:
    index = {id: ix for ix, id in enumerate(park.points["id"])}
    found = [index[each.id] for each in features if each.id in index]
    return np.array(found, np.intp) if len(found) == len(features) else None


def _head(feature: Feature) -> bytes:
    lasting = {name: each for name, each in feature.props.items() if name not in OF_MOMENT}
    properties = {**lasting, **named(feature.id, feature.props)}
    told = {"type": "Feature", "id": feature.id, "geometry": feature.geometry, "properties": properties}
    return orjson.dumps(told).removesuffix(b"}}")
