"""An index of everything on the map, by name and id."""

from __future__ import annotations

from typing import Any

from park.load import Park
from services.geometry import features_of
from services.house import House
from twin.screen import Layer

# What people look for first stands first.
_FIRST = ("enterprises", "hazards", "points", "gates", "stations", "targets")


def _weight(layer: Layer) -> int:
    return _FIRST.index(layer.key) if layer.key in _FIRST else len(_FIRST)


def _wanted(shown: dict[str, Any], layer: str | None) -> bool:
    return layer is None or shown["layer"] == layer


class Index:
    """Names and ids in small letters; a few thousand rows, so a plain scan answers in milliseconds."""

    def __init__(self, house: House, park: Park) -> None:
        self._rows: list[tuple[str, int, dict[str, Any]]] = []
        seen: set[str] = set()
        # a thing that several layers draw is found as what it is looked for first
        for layer in sorted(house.layers.values(), key=_weight):
            weight = _weight(layer)
            for each in features_of(layer, park):
                if each.id in seen:
                    continue
                seen.add(each.id)
                shown: dict[str, Any] = {
                    "layer": layer.key,
                    "id": each.id,
                    "name_zh": each.name_zh,
                    "name_en": each.name_en,
                }
                shown |= {"owner": each.owner, "lon": each.lon, "lat": each.lat, "kind": each.props.get("kind")}
                self._rows.append((f"{each.id}\n{each.name_zh}\n{each.name_en}".lower(), weight, shown))

    def find(self, text: str, limit: int, layer: str | None = None) -> list[dict[str, Any]]:
        """Up to ``limit`` things (of one layer, if named) in which every word of ``text`` stands; those that begin
        with it come first."""
        words = text.lower().split()
        if not words:
            return []
        found = [row for row in self._rows if _wanted(row[2], layer) and all(word in row[0] for word in words)]
        found.sort(
            key=lambda row: (not any(line.startswith(words[0]) for line in row[0].split("\n")), row[1], len(row[0]))
        )
        return [shown for _, _, shown in found[:limit]]
