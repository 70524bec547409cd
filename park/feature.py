"""One thing on the map, and reading a file of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry import shape

from twin.errors import ParkError


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a ``geo`` file. ``lon``, ``lat`` (degrees, WGS 84) are where a label or a mark stands."""

    file: str
    id: str
    geometry: dict[str, Any]
    props: dict[str, Any]
    lon: float
    lat: float

    @property
    def name_zh(self) -> str:
        """The Chinese name; the English one or the id where there is none."""
        return str(self.props.get("name_zh") or self.props.get("name_en") or self.id)

    @property
    def name_en(self) -> str:
        """The English name; the Chinese one or the id where there is none."""
        return str(self.props.get("name_en") or self.props.get("name_zh") or self.id)

    @property
    def owner(self) -> str | None:
        """Id of the enterprise it belongs to, or ``PARK``."""
        return self.props.get("owner")


def read_features(path: Path) -> list[Feature]:
    """All features of a GeoJSON file, in its order.

    Raises:
        ParkError: not JSON, not a FeatureCollection, or a feature that could not be drawn.
    """
    try:
        raw = orjson.loads(path.read_bytes())
    except (orjson.JSONDecodeError, OSError) as error:
        raise ParkError(f"{path.name}: {error}", path.name) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("features"), list):
        raise ParkError(f"{path.name}: not a GeoJSON FeatureCollection", path.name)
    return [_feature(path.stem, each, f"{path.name} feature {index}") for index, each in enumerate(raw["features"])]


def _feature(file: str, raw: Any, where: str) -> Feature:
    if not isinstance(raw, dict):
        raise ParkError(f"{where}: not an object", where)
    props = raw.get("properties") or {}
    name = raw.get("id") or (props.get("id") if isinstance(props, dict) else None)
    if not isinstance(name, str) or not isinstance(props, dict):
        raise ParkError(f"{where}: needs an id (text) and properties", where)
    where = f"{file}.geojson {name}"
    geometry = raw.get("geometry")
    if not isinstance(geometry, dict):
        raise ParkError(f"{where}: has no geometry", where)
    lon, lat = _place(geometry, props, where)
    return Feature(file, name, geometry, props, lon, lat)


def _place(geometry: dict[str, Any], props: Mapping[str, Any], where: str) -> tuple[float, float]:
    try:
        if props.get("label"):
            lon, lat = props["label"][:2]
        elif geometry["type"] == "Point":
            lon, lat = geometry["coordinates"][:2]
        else:
            inside = _representative(shape(geometry))
            lon, lat = inside.x, inside.y
        lon, lat = float(lon), float(lat)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise ParkError(f"{where}: its geometry cannot be read ({error})", where) from error
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ParkError(f"{where}: its place is not finite", where)
    return lon, lat


def _representative(geometry: Any) -> Any:
    # the middle of a road reads better than its nearest vertex
    return (
        geometry.interpolate(0.5, normalized=True)
        if geometry.geom_type == "LineString"
        else geometry.representative_point()
    )
