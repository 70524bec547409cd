"""A source that says crs = "gcj02" or "bd09": its places are WGS 84 before they are stored, whatever way they came."""

from __future__ import annotations

import math
from dataclasses import replace

import orjson
import pytest
import shapely

from adapters import http_push
from services.pipeline import Pipeline
from tests.adapters.exchange import record
from twin.dictionary import dictionary
from twin.errors import ParkError
from twin.moment import parse_moment
from twin.reading import Batch, Commit
from twin.source import SourceSettings

NOW = parse_moment("2026-11-21T06:00:00Z")
# the pairs that the project coordtransform publishes
WGS84 = (116.404, 39.915)
PLACES = {"gcj02": (116.41024449916938, 39.91640428150164), "bd09": (116.41662724378733, 39.922699552216216)}
ERROR_M = 0.1
TABLE = "fire_station"


class Book:
    """Keeps what the pipeline lets through."""

    def append(self, batch: Batch) -> Commit:
        self.batch = batch
        return Commit(batch.rows.height, 0, batch.rejects, NOW)


@pytest.fixture
def through(small_park):
    """What becomes of one station that a source sends."""

    def send(source: str, options: dict, **said: object) -> Batch:
        settings = replace(small_park.settings, sources=(SourceSettings("stations", "http_push", options),))
        book = Book()
        pipeline = Pipeline(book, replace(small_park, settings=settings), lambda: NOW)
        body = orjson.dumps([record(TABLE, "F1", **said), record(TABLE, "F2")])
        batch = http_push.decode_records(body, http_push.JSON, dictionary().table(TABLE), source, None, NOW)
        pipeline.accept(batch)
        return book.batch

    return send


def apart_m(one, other):
    """Metres between two places in Beijing."""
    return math.hypot((one[0] - other[0]) * math.cos(math.radians(WGS84[1])), one[1] - other[1]) * 111_320.0


def spellings(lon, lat):
    corners = [[lon, lat], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]
    yield {"type": "Polygon", "coordinates": [corners]}
    yield f"POLYGON (({', '.join(f'{x!r} {y!r}' for x, y in corners)}))"


@pytest.mark.parametrize("crs", PLACES)
@pytest.mark.parametrize(
    ("source", "options"),
    [("stations", {}), ("stations/fire_station", {}), ("machine", {"holder": "machine"})],
    ids=["its id", "one of its tables", "the holder of its token"],
)
def test_longitude_latitude_and_geometry_are_turned(through, crs, source, options):
    lon, lat = PLACES[crs]
    for boundary in spellings(lon, lat):
        batch = through(source, {"crs": crs, **options}, longitude=lon, latitude=lat, boundary=boundary)
        row, _ = batch.rows.to_dicts()
        assert apart_m((row["longitude"], row["latitude"]), WGS84) <= ERROR_M
        shape = (shapely.from_wkt if isinstance(boundary, str) else shapely.from_geojson)(row["boundary"])
        assert apart_m(shape.exterior.coords[0], WGS84) <= ERROR_M


def test_without_a_word_about_it_places_are_taken_as_they_are(through):
    lon, lat = PLACES["gcj02"]
    for options in ({}, {"crs": "wgs84"}):
        row = through("stations", options, longitude=lon, latitude=lat).rows.row(0, named=True)
        assert (row["longitude"], row["latitude"]) == (lon, lat)


def test_a_geometry_that_cannot_be_read_is_refused_instead_of_being_wrong(through):
    batch = through("stations", {"crs": "bd09"}, boundary="118.1,33.2;118.3,33.4")
    assert batch.rows["id"].to_list() == ["F2"]
    [reject] = batch.rejects
    assert (reject.index, reject.code, reject.field) == (0, "bad_geometry", "records[0].boundary")


def test_a_system_that_is_not_known_is_named_before_anything_runs(through):
    with pytest.raises(ParkError, match="'cgcs2000' is not one of wgs84, gcj02, bd09") as caught:
        through("stations", {"crs": "cgcs2000"})
    assert caught.value.field == "sources.crs"
