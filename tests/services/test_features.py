"""A part of the map says what the whole says of that part, live and of the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.features import Features
from services.geometry import features_of
from services.places import Box
from tests.dashboards.conftest import BEFORE, Scene, scene, the_house
from tests.dashboards.story import LEAK
from twin.moment import Moment, iso

__all__ = ["scene"]
LAYERS = the_house().layers
share = st.floats(-0.1, 1.1)
edges = st.tuples(share, share).map(sorted)


@pytest.fixture(scope="module")
def features(scene: Scene) -> Features:
    """Features of the demo park."""
    return Features(scene.store, scene.builder)


def told(features: Features, key: str, at: Moment, box: Box | None = None) -> list[dict[str, Any]]:
    """The features of an answer."""
    return orjson.loads(features.collection(LAYERS[key], at, box))["features"]


def within(scene: Scene, key: str, all: list[dict[str, Any]], box: Box) -> list[dict[str, Any]]:
    """Those of the features that are in the box."""
    places = {each.id: (each.lon, each.lat) for each in features_of(LAYERS[key], scene.park)}
    found = []
    for each in all:
        lon, lat = places.get(each["id"]) or (each["properties"]["lon"], each["properties"]["lat"])
        if box[0] <= lon <= box[2] and box[1] <= lat <= box[3]:
            found.append(each)
    return found


@pytest.mark.parametrize("key", sorted(LAYERS))
@given(across=edges, along=edges, past=st.booleans())
@settings(max_examples=12)
def test_a_box_is_told_what_the_whole_says_of_it(scene, features, key, across, along, past):
    at = scene.told - timedelta(seconds=0.5) if past else scene.told
    west, south, east, north = scene.park.bounds
    box = (
        west + (east - west) * across[0],
        south + (north - south) * along[0],
        west + (east - west) * across[1],
        south + (north - south) * along[1],
    )
    assert told(features, key, at, box) == within(scene, key, told(features, key, at), box)


def test_a_point_is_told_with_its_names_its_place_and_its_state(scene, features):
    found = {each["id"]: each for each in told(features, "points", scene.told)}
    leak, quiet = found[LEAK], next(each for each in found.values() if each["properties"]["state"] == "normal")
    assert leak["properties"]["state"] == "orange"
    for each in (leak, quiet):
        row = scene.park.points.row(by_predicate=pl.col("id") == each["id"], named=True)
        assert each["geometry"]["coordinates"][:2] == [row["lon"], row["lat"]]
        assert (each["properties"]["id"], each["properties"]["name_zh"]) == (row["id"], row["name_zh"])
        assert each["properties"]["updated_at"] == iso(scene.told)


def test_before_anything_was_known_all_points_are_silent(scene, features):
    assert {each["properties"]["state"] for each in told(features, "points", BEFORE)} == {"nodata"}
