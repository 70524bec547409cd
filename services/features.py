"""A layer's features at a moment as GeoJSON: who asks for a part of the map costs what lies in that part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from cache.store import Store
from models.geometry import reach
from park.load import Feature
from services.builder import Builder
from services.eyes import ALL
from services.places import OF_MOMENT, Box, Places, named
from services.told import LayerRows
from twin.moment import KNOWN, Moment, iso
from twin.person import PARK
from twin.screen import Layer

Row = dict[str, Any]
_DRAWN_ELSEWHERE = ("rings", "geometry")


class Features:
    """Knows where the features of each layer are from the first time that it is asked for."""

    def __init__(self, store: Store, builder: Builder) -> None:
        self._store = store
        self._builder = builder
        self._places = lru_cache(maxsize=512)(self._placed)

    def _placed(self, key: str, scope: str) -> Places:
        builder = self._builder
        return Places(builder.house.layer(key), builder.eyes.of(scope), builder.park)

    def collection(
        self, layer: Layer, at: Moment, box: Box | None = None, knowledge: str = KNOWN, scope: str = PARK
    ) -> bytes:
        """The features within the box, all of them without one. A feature's state is its layer's base unless something
        is the matter; of points that lie elsewhere nothing is asked."""
        places = self._places(layer.key, PARK if scope in ALL else scope)
        numbers = places.within(box)
        reader = self._store.reader(scope, knowledge, places.points(numbers))
        look = self._builder.look(self._builder.key("strip", {}, scope), at)
        only = None if box is None or not layer.geo else places.ids.gather(numbers)
        rows = self._builder.layer(layer, reader, look, only)
        usual = {"state": layer.base, "updated_at": iso(at)}
        told = _still(places, numbers.tolist(), rows, usual)
        told += [] if layer.geo else [orjson.dumps(each) for each in _moving(rows, box, layer, usual)]
        head = {"type": "FeatureCollection", "layer": layer.key, "at": iso(at), "features": []}
        return orjson.dumps(head).removesuffix(b"]}") + b",".join(told) + b"]}"


def _still(places: Places, numbers: list[int], rows: LayerRows, usual: Row) -> list[bytes]:
    """What stands where the park's files say; ``usual`` is told of the moment where a row says nothing else."""
    at_rest = _end({}, usual)
    ends: dict[int, bytes] = {}  # what is the same is mostly said by one and the same row

    def told(feature: Feature, head: bytes) -> bytes:
        row = rows[feature.id]
        if row.keys() <= OF_MOMENT:
            end = ends.get(id(row))
            if end is None:
                end = ends[id(row)] = _end(row, usual)
            return head + end
        return orjson.dumps(_feature(feature.id, feature.geometry, feature.props, row, usual))

    asked = zip(map(places.features.__getitem__, numbers), places.heads(numbers), strict=True)
    return [told(feature, head) if feature.id in rows else head + at_rest for feature, head in asked]


def _end(row: Row, usual: Row) -> bytes:
    """What follows upon the head of a feature."""
    return b"," + orjson.dumps(_of_moment(row, usual)).removeprefix(b"{") + b"}"


def _moving(rows: LayerRows, box: Box | None, layer: Layer, usual: Row) -> Iterator[Row]:
    """What the layer's query says the place of."""
    for id, row in rows.items():
        if row.get("lon") is not None and _within(row["lon"], row["lat"], box):
            yield _feature(id, _geometry(row, layer), {}, row, usual)


def _geometry(row: Row, layer: Layer) -> Any:
    covered = reach(row) if layer.mark.shape == "area" else None
    return row.get("geometry") or covered or {"type": "Point", "coordinates": [row["lon"], row["lat"]]}


def _within(lon: float, lat: float, box: Box | None) -> bool:
    return box is None or (box[0] <= lon <= box[2] and box[1] <= lat <= box[3])


def _feature(id: str, geometry: Any, props: Row, row: Row, usual: Row) -> Row:
    drawn = {name: each for name, each in row.items() if name not in _DRAWN_ELSEWHERE}
    properties = {**props, **drawn, **named(id, props, row), **_of_moment(row, usual)}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _of_moment(row: Row, usual: Row) -> Row:
    return {name: row.get(name, each) for name, each in usual.items()}
