"""The files of a park folder as they are: every feature, however broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from park.fault import Fault, shown

_MAX_DEPTH = 40
_TOO_DEEP = f"nested more than {_MAX_DEPTH} levels deep"


@dataclass(frozen=True, slots=True)
class Entry:
    """One feature as written. ``file`` is the stem of its file."""

    file: str
    index: int
    raw: dict[str, Any]

    @property
    def id(self) -> str | None:
        """Its id, if it is text."""
        name = self.raw.get("id")
        return name if isinstance(name, str) and name else None

    @property
    def label(self) -> str:
        """How a fault calls it: by its id, or by its position where that cannot be said."""
        return self.id if self.id and self.id.isprintable() else f"#{self.index}"

    @property
    def props(self) -> dict[str, Any]:
        """Its properties; none where they are not an object."""
        props = self.raw.get("properties")
        return props if isinstance(props, dict) else {}

    @property
    def is_area(self) -> bool:
        """Whether it says that it is a surface."""
        geometry = self.raw.get("geometry")
        return isinstance(geometry, dict) and geometry.get("type") in ("Polygon", "MultiPolygon")

    def fault(self, field: str, value: Any, message: str) -> Fault:
        """A fault of this feature."""
        return Fault(f"{self.file}.geojson", self.label, field, shown(value), message)

    def lacks(self, field: str, message: str) -> Fault:
        """A fault of this feature: something is not there at all."""
        return Fault(f"{self.file}.geojson", self.label, field, None, message)


@dataclass
class Folder:
    """All entries by file; ``broken`` are the files that could not be read."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entries in self.entries.values() for entry in entries)


def read_folder(folder: Path) -> Folder:
    """Every ``geo/*.geojson`` of the folder, with the faults of the files themselves."""
    found = Folder()
    paths = sorted((folder / "geo").glob("*.geojson"))
    if not paths:
        found.faults.append(Fault("geo", None, None, None, "not a park folder; it has no geo/*.geojson"))
    for path in paths:
        _read_file(path, found)
    return found


class _UnreadableError(Exception):
    """The file as a whole cannot be used."""


def _read_file(path: Path, found: Folder) -> None:
    try:
        features = _features(path)
    except _UnreadableError as error:
        found.broken.add(path.stem)
        found.faults.append(Fault(path.name, None, None, None, str(error)))
    else:
        found.entries[path.stem] = list(_entries(path, features, found))


def _features(path: Path) -> list[Any]:
    raw = _json(path)
    if not isinstance(raw, dict) or raw.get("type") != "FeatureCollection" or not isinstance(raw.get("features"), list):
        raise _UnreadableError("not a GeoJSON FeatureCollection")
    if _deeper(raw, _MAX_DEPTH):
        raise _UnreadableError(_TOO_DEEP)
    return raw["features"]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno} (character {error.pos})"
        raise _UnreadableError(f"not JSON, or cut off: {error.msg} at {where}") from error
    except UnicodeDecodeError as error:
        raise _UnreadableError(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise _UnreadableError(_TOO_DEEP) from error
    except (OSError, ValueError) as error:
        raise _UnreadableError(str(error)) from error


def _entries(path: Path, features: list[Any], found: Folder) -> Iterator[Entry]:
    for index, raw in enumerate(features):
        if isinstance(raw, dict) and raw.get("type") == "Feature":
            yield Entry(path.stem, index, raw)
        else:
            found.faults.append(Fault(path.name, f"#{index}", None, shown(raw), "not a GeoJSON Feature"))


def _deeper(value: Any, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_deeper(each, levels - 1) for each in inside if isinstance(each, dict | list))
