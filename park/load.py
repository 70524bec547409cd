"""A park folder, opened: its settings, its map, its measuring points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import shapely
from shapely.geometry import shape

from park.feature import Feature, read_features
from park.points import points_table
from twin.errors import ParkError
from twin.settings import ParkSettings, read_park_settings

PARK_ITSELF = "PARK"
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Park:
    """One park. ``bounds`` is (west, south, east, north) in degrees; ``features`` are by file stem."""

    folder: Path
    settings: ParkSettings
    id: str
    name_zh: str
    name_en: str
    zone: str
    bounds: Bounds
    features: Mapping[str, Sequence[Feature]]
    points: pl.DataFrame
    _by_id: Mapping[str, Feature]

    def __repr__(self) -> str:
        return f"Park({self.id!r}, {self.points.height} points)"

    def feature(self, id: str) -> Feature | None:
        """The feature of that id, whichever file it stands in; None where there is none."""
        return self._by_id.get(id)

    def owner_name(self, id: str | None) -> tuple[str, str]:
        """Chinese and English name of an owner: an enterprise, or the park itself."""
        if id is None or id == PARK_ITSELF:
            return self.name_zh, self.name_en
        owner = self._by_id.get(id)
        return (owner.name_zh, owner.name_en) if owner else (id, id)


def load_park(folder: Path) -> Park:
    """Open a folder with ``geo/*.geojson`` and perhaps a ``park.toml``.

    Raises:
        ParkError: there is no such folder, or something in it cannot be read; names file and feature.
    """
    paths = sorted((folder / "geo").glob("*.geojson"))
    if not paths:
        raise ParkError(f"{folder}: not a park folder; it has no geo/*.geojson", "park")
    settings = read_park_settings(folder)
    _known_zone(settings.zone)
    features = {path.stem: read_features(path) for path in paths}
    by_id = _by_id(features)
    name_zh, name_en = _names(folder, settings, features.get("boundary", ()))
    return Park(
        folder=folder,
        settings=settings,
        id=settings.id,
        name_zh=name_zh,
        name_en=name_en,
        zone=settings.zone,
        bounds=_bounds(features),
        features=features,
        points=points_table(features.get("sensors", ())),
        _by_id=by_id,
    )


def _known_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ParkError(f"park.toml: zone {zone!r} is not a time zone, such as Asia/Shanghai", "zone") from error


def _by_id(features: Mapping[str, Sequence[Feature]]) -> dict[str, Feature]:
    found: dict[str, Feature] = {}
    for feature in (each for file in features.values() for each in file):
        first = found.setdefault(feature.id, feature)
        if first is not feature:
            raise ParkError(f"{feature.file}.geojson {feature.id}: {first.file}.geojson has the same id", feature.id)
    return found


def _names(folder: Path, settings: ParkSettings, boundary: Sequence[Feature]) -> tuple[str, str]:
    """Names as set, else as the boundary says (less its word for boundary), else the folder's."""
    said = boundary[0].props if boundary else {}
    zh = settings.name_zh or str(said.get("name_zh") or "").removesuffix("边界")
    en = settings.name_en or str(said.get("name_en") or "").removesuffix(" boundary")
    stem = folder.resolve().name
    return zh or en or stem, en or zh or stem


def _bounds(features: Mapping[str, Sequence[Feature]]) -> Bounds:
    """Extent of the boundary, or of everything where none is drawn."""
    drawn = features.get("boundary") or [each for file in features.values() for each in file]
    if not drawn:
        raise ParkError("geo: no feature in any file", "geo")
    west, south, east, north = shapely.total_bounds([shape(each.geometry) for each in drawn])
    return float(west), float(south), float(east), float(north)
