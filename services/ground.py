"""Where things are, kind by kind, as columns that a drawn shape can be laid over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from models.inside import Drawn
from park.feature import Feature
from park.load import Park
from services.geometry import features_of
from services.house import House
from services.told import LayerRows
from twin.screen import Layer


@dataclass(frozen=True)
class Things:
    """Things of one kind as columns; ``shapes`` is None where all of them are places."""

    ids: Sequence[str]
    names_zh: Sequence[str]
    names_en: Sequence[str]
    owners: Sequence[str | None]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]
    shapes: NDArray[np.object_] | None = None

    @classmethod
    def of_features(cls, features: Sequence[Feature], owners: Sequence[str | None]) -> Things:
        """Unmoving things of a park folder."""
        areal = any(each.geometry["type"] != "Point" for each in features)
        return cls(
            [each.id for each in features],
            [each.name_zh for each in features],
            [each.name_en for each in features],
            owners,
            np.array([each.lon for each in features], float),
            np.array([each.lat for each in features], float),
            _shapes(each.geometry for each in features) if areal else None,
        )

    @classmethod
    def of_rows(cls, rows: LayerRows) -> Things:
        """Things that come with their places; those of which no place is known are left out."""
        placed = {id: row for id, row in rows.items() if "geometry" in row or {"lon", "lat"} <= row.keys()}
        areal = any("geometry" in row for row in placed.values())
        shapes = _shapes(row.get("geometry") or _point(row) for row in placed.values()) if areal else None
        lons, lats = (_middles(shapes, axis) if areal else _column(placed, name) for axis, name in enumerate(_PLACE))
        return cls(
            list(placed),
            [row.get("name_zh") or row.get("name_en") or id for id, row in placed.items()],
            [row.get("name_en") or row.get("name_zh") or id for id, row in placed.items()],
            [row.get("owner") for row in placed.values()],
            lons,
            lats,
            shapes,
        )


@dataclass(frozen=True)
class Laid:
    """A shape laid over things: ``ix`` are the places in their columns of what lies in it, ``distance_m`` how far each
    is from its middle, ``share`` how much of each lies in it (None where all are places)."""

    things: Things
    ix: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    share: NDArray[np.float64] | None

    @classmethod
    def over(cls, drawn: Drawn, things: Things) -> Laid:
        """Lay it over them."""
        if things.shapes is None:
            ix, share = np.flatnonzero(drawn.holds(things.lons, things.lats)), None
        else:
            shares = drawn.shares(things.shapes)
            ix = np.flatnonzero(~np.isnan(shares))
            share = shares[ix]
        return cls(things, ix, drawn.distances_m(things.lons[ix], things.lats[ix]), share)


_PLACE = ("lon", "lat")


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [row[name] for name in _PLACE]}


def _column(rows: LayerRows, name: str) -> NDArray[np.float64]:
    return np.array([row[name] for row in rows.values()], float)


def _middles(shapes: Any, axis: int) -> NDArray[np.float64]:
    """Longitude (0) or latitude (1) of a place on each shape, NaN of an empty one."""
    middles = shapely.point_on_surface(shapes)
    return np.asarray(shapely.get_y(middles) if axis else shapely.get_x(middles))


def _shapes(geometries: Iterable[Mapping[str, Any]]) -> NDArray[np.object_]:
    """Shapes that can be cut; one that was reported and is none is left empty."""
    found = [_shape(each) for each in geometries]
    return np.asarray(shapely.make_valid(np.array(found, object)) if found else np.empty(0, object))


def _shape(geometry: Mapping[str, Any]) -> Any:
    try:
        return shape(geometry)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return shapely.Point()


class Grounds:
    """Where everything unmoving is, layer by layer, as columns that are made when they are first asked for."""

    def __init__(self, house: House, park: Park) -> None:
        self.of = lru_cache(maxsize=None)(lambda key: self._of(house.layer(key), park))
        self.indexed = lru_cache(maxsize=None)(lambda key: {id: ix for ix, id in enumerate(self.of(key).ids)})
        self.enterprises = lru_cache(maxsize=1)(lambda: self._file(park, "enterprises"))
        self.targets = lru_cache(maxsize=1)(lambda: self._file(park, "sensitive_targets"))

    def _of(self, layer: Layer, park: Park) -> Things:
        found = features_of(layer, park)
        return Things.of_features(found, [layer.owner(each.props) if layer.owner else each.owner for each in found])

    def _file(self, park: Park, name: str) -> Things:
        found = park.features.get(name, ())
        return Things.of_features(found, [each.owner for each in found])
