"""What the feed knows of a park folder: its map features and its measuring points, as plain columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from demo.chance import Floats, Ints
from demo.patrols import Patrol, patrol
from twin.errors import ParkError
from twin.settings import ParkSettings, read_park_settings

GAS_KINDS = ("combustible_gas", "toxic_gas")
M_PER_DEG_LAT = 110_911.0


@dataclass(frozen=True, eq=False)
class Feature:
    """One feature of a geo file. ``lon``/``lat`` lie at its label, else at its first corner's mean."""

    id: str
    props: Mapping[str, Any]
    geometry: Mapping[str, Any]
    lon: float
    lat: float

    @property
    def name(self) -> str:
        """The Chinese name, else the English one, else the id."""
        return str(self.props.get("name_zh") or self.props.get("name_en") or self.id)

    @property
    def boundary(self) -> str:
        """The geometry as the exchange tables carry it: GeoJSON text."""
        return json.dumps(self.geometry, separators=(",", ":"))


def _corners(coordinates: Any) -> list[list[float]]:
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [coordinates]
    return [corner for part in coordinates or () for corner in _corners(part)]


def _feature(raw: Mapping[str, Any]) -> Feature:
    props = raw.get("properties") or {}
    corners = _corners(raw["geometry"]["coordinates"])
    label = props.get("label") or [sum(axis) / len(corners) for axis in zip(*[c[:2] for c in corners], strict=True)]
    return Feature(str(raw.get("id") or props["id"]), props, raw["geometry"], float(label[0]), float(label[1]))


@dataclass(frozen=True)
class Folder:
    """A park folder, read once."""

    path: Path

    @cached_property
    def settings(self) -> ParkSettings:
        """What ``park.toml`` says."""
        return read_park_settings(self.path)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The park's time zone."""
        return ZoneInfo(self.settings.zone)

    @cached_property
    def _files(self) -> dict[str, list[Feature]]:
        if not (self.path / "geo").is_dir():
            raise ParkError(f"{self.path}: no folder 'geo' with the park's map", "geo")
        return {
            path.stem: [_feature(each) for each in json.loads(path.read_text("utf-8"))["features"]]
            for path in sorted((self.path / "geo").glob("*.geojson"))
        }

    def features(self, stem: str) -> list[Feature]:
        """Features of one geo file; none where the park has no such file."""
        return self._files.get(stem, [])

    def of_kind(self, stem: str, *kinds: str) -> list[Feature]:
        """Features of one geo file whose ``kind`` is one of these."""
        return [each for each in self.features(stem) if each.props.get("kind") in kinds]

    @cached_property
    def by_id(self) -> dict[str, Feature]:
        """Every feature but the measuring points."""
        return {each.id: each for stem, every in self._files.items() if stem != "sensors" for each in every}

    @cached_property
    def operating(self) -> list[Feature]:
        """Enterprises at work; where the park does not say, all of them."""
        return [each for each in self.features("enterprises") if each.props.get("status", "operating") == "operating"]

    @cached_property
    def enterprise_ids(self) -> frozenset[str]:
        """Ids of all enterprises."""
        return frozenset(each.id for each in self.features("enterprises"))

    @cached_property
    def patrols(self) -> dict[str, Patrol]:
        """The gas devices that cover an area or travel, by id."""
        return {each.id: patrol(each.id, each.props, each.geometry) for each in self.features("gas_devices")}

    def hazard_of(self, id: str | None) -> str | None:
        """The major hazard that a tank or a unit belongs to."""
        owner = self.by_id.get(id or "")
        return None if owner is None else owner.props.get("hazard")


LIMITS = ("range_lo", "range_hi", "alarm_lo_lo", "alarm_lo", "alarm_hi", "alarm_hi_hi")


class Points:
    """The measuring points in file order; numbers as arrays, NaN where the park sets no limit."""

    def __init__(self, folder: Folder, most: int | None = None) -> None:
        self.folder = folder
        self.features = folder.features("sensors")[:most]
        self.ids = [each.id for each in self.features]
        self.kinds = [str(each.props.get("kind", "")) for each in self.features]
        self.mediums = [str(each.props.get("medium") or "") for each in self.features]
        self.owners = [str(each.props.get("owner") or "") for each in self.features]
        self.parents = [str(each.props.get("parent") or "") for each in self.features]
        self.hazards = [folder.hazard_of(parent) for parent in self.parents]
        self.lon = np.array([each.lon for each in self.features], dtype=np.float64)
        self.lat = np.array([each.lat for each in self.features], dtype=np.float64)
        self._limits = {name: self._column(name) for name in LIMITS}
        self.ix_of = {id: ix for ix, id in enumerate(self.ids)}
        self.patrols = {ix: folder.patrols[each] for ix, each in enumerate(self.parents) if each in folder.patrols}

    def __len__(self) -> int:
        return len(self.ids)

    def _column(self, name: str) -> Floats:
        values = [each.props.get(name) for each in self.features]
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)

    def limit(self, name: str) -> Floats:
        """One of ``LIMITS`` for every point."""
        return self._limits[name]

    def place(self, ix: Ints, t_ms: Ints) -> tuple[Floats, Floats]:
        """Where each point is at its time, in degrees."""
        lon, lat = self.lon[ix], self.lat[ix]
        for point, way in self.patrols.items():
            where = np.flatnonzero(ix == point)
            if where.size and way.travels:
                lon[where], lat[where] = way.place(t_ms[where])
        return lon, lat

    def is_gas(self, ix: int) -> bool:
        """Whether the point measures a gas in the air."""
        return self.kinds[ix] in GAS_KINDS
