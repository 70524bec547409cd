"""An enterprise's people see what is theirs and what is common: every query, layer, screen, list and search is walked
with the eyes of one enterprise, and nothing that is another's may be in any answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import polars as pl
import pytest

from api.search import Index
from cache.reader import query
from models.drawing import read_drawn
from services import newest
from services.explain import Page, Wanted, explain
from services.eyes import OWNED
from services.features import Features
from services.geometry import Geometry, features_of
from services.lists import find_list, list_rows
from services.within import Finder
from services.within_told import as_json
from tests.dashboards.conftest import Scene, scene, the_house
from tests.serving import ROOT
from twin.moment import Moment, iso
from twin.person import MASKED
from twin.reading import READING_TABLE

__all__ = ["scene"]
A, B = "E01", "E04"  # both have alarms, works, persons in the story
HOUSE = the_house()
QUERIES = sorted(f"{each.parent.name}/{each.stem}" for each in (ROOT / "cache" / "sql").glob("*/*.sql"))
OF_PEOPLE = {"people/audit"}  # closed to whoever may not read the log
GIVEN = {"enterprise": None, "only": None, "zone": "Asia/Shanghai"}


@pytest.fixture(scope="module")
def private(scene: Scene) -> frozenset[str]:
    """Ids and names of what is somebody else's: things on the map, points, and records of the story."""
    found: set[str] = set()
    for name, features in scene.park.features.items():
        for each in features:
            owner = each.owner
            if owner not in (None, A) or (owner is None and name in OWNED):
                found |= {each.id, each.name_zh, each.name_en}
    mine = {
        word
        for name, features in scene.park.features.items()
        for each in features
        if each.owner == A or (each.owner is None and name not in OWNED)
        for word in (each.id, each.name_zh, each.name_en)
    }
    wind = scene.park.points.filter(pl.col("kind").str.starts_with("wind"))
    records = {"A1", "L1", "SC-E02"} | {f"W-{each}" for each in ("E02", "E04", "E75")}
    return frozenset((found | records) - mine - set(wind["id"]) - set(wind["name_zh"]) - set(wind["name_en"]))


def words(said: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for name, each in said.items():
            yield str(name)
            yield from words(each)
    elif isinstance(said, (list, tuple)):
        for each in said:
            yield from words(each)


def cells(rows: pl.DataFrame) -> set[str]:
    """Every text in rows."""
    return {each for column in rows.iter_columns() if column.dtype == pl.String for each in column.drop_nulls()}


def bound(name: str, at: Moment, id: str) -> dict[str, Any]:
    """A value for every parameter of a query; None, which lets everything pass, for most."""
    day = timedelta(days=1)
    given = {
        **GIVEN,
        "id": id,
        "since": at,
        "most": 100,
        "limit": 100,
        "last_id": "",
        "state": "all" if "page" in name else None,
    }
    given |= {"start": at - day, "end": at, "raised": at - 30 * day}
    return {each: given.get(each) for each in query(name).params - {"at", "scope"}}


def ids_of(scene: Scene) -> list[str]:
    """Something of another's of each kind, to be asked for by its id."""
    found = [B, "A1", "L1"]
    for name, features in scene.park.features.items():
        found += [each.id for each in features if each.owner == B][:1]
        assert name
    return found


@pytest.mark.parametrize("name", sorted(set(QUERIES) - OF_PEOPLE))
def test_no_query_tells_of_anothers(scene: Scene, private: frozenset[str], name: str) -> None:
    reader = scene.store.reader(A)
    asked = ids_of(scene) if "id" in query(name).params else [A]
    for id in asked:
        rows = reader.read(name, at=scene.told, **bound(name, scene.told, id))
        told = cells(rows) - ({id} if "id" in query(name).params else set())
        assert sorted(told & private) == [], id
        if "owner" in rows.columns and name not in ("explain/land",):
            assert set(rows["owner"].drop_nulls()) <= {A, "PARK"} or name in ("state/now", "explain/wind")


@pytest.mark.parametrize("name", sorted(set(QUERIES) - OF_PEOPLE))
def test_a_wall_sees_all_but_names_of_persons(scene: Scene, name: str) -> None:
    at = scene.told
    for id in (A, "ST-FIRE") if "id" in query(name).params else (A,):
        full = scene.store.reader("park").read(name, at=at, **bound(name, at, id))
        masked = scene.store.reader(MASKED).read(name, at=at, **bound(name, at, id))
        assert full.height == masked.height
        assert not cells(masked) & {"周安", "王", "赵队", "110"}


def test_no_frame_tells_of_anothers(scene: Scene, private: frozenset[str]) -> None:
    for key, screen in HOUSE.screens.items():
        if screen.compute is None:
            said = scene.frame(key, scope=A)
            told = set(words(orjson.loads(orjson.dumps([said.panels, said.layers]))))
            assert sorted(told & private) == [], key


@pytest.mark.parametrize("key", sorted(HOUSE.layers))
def test_no_layer_tells_of_anothers(scene: Scene, private: frozenset[str], key: str) -> None:
    features = Features(scene.store, scene.builder)
    told = orjson.loads(features.collection(HOUSE.layers[key], scene.told, scope=A))
    assert sorted(set(words(told)) & private) == []
    still = orjson.loads(Geometry(HOUSE, scene.builder.eyes).of(key, A).body)
    assert sorted(set(words(still)) & private) == []


@pytest.mark.parametrize("key", sorted(HOUSE.layers))
def test_no_detail_tells_of_anothers(scene: Scene, private: frozenset[str], key: str) -> None:
    layer = HOUSE.layers[key]
    asked = [each.id for each in features_of(layer, scene.park) if each.owner == B][:2] + ids_of(scene)
    for id in asked:
        said = scene.frame("detail", scope=A, layer=key, id=id).panels["detail"]
        assert sorted((set(words(orjson.loads(orjson.dumps(said)))) & private) - {id}) == [], id
        wanted = Wanted(scene.builder.key("detail", {"layer": key, "id": id}, A), "detail")
        told = explain(scene.builder, scene.store.reader(A), wanted, scene.told, Page(20_000))
        assert sorted((set(words(told)) & private) - {id}) == [], id


def test_a_neighbours_plot_is_an_outline_with_a_name(scene: Scene) -> None:
    seen = scene.builder.eyes.of(A)
    other, own = seen.feature(B), seen.feature(A)
    assert other
    assert set(other.props) <= {"id", "name_zh", "name_en", "label"}
    assert own
    assert "staff" in own.props


def test_no_list_or_explanation_tells_of_anothers(scene: Scene, private: frozenset[str]) -> None:
    for screen in HOUSE.paged:
        key = scene.builder.key(screen.key, {}, A)
        reader = scene.store.reader(A)
        for panel in screen.panels:
            for item in HOUSE.panels[panel].lists:
                rows = list_rows(scene.builder, reader, key, find_list(scene.builder, key, panel, item), scene.told)
                assert sorted(cells(rows) & private) == [], (panel, item)
            said = explain(scene.builder, reader, Wanted(key, panel), scene.told, Page(20_000))
            assert sorted(set(words(said)) & private) == [], panel


def test_no_search_and_no_drawn_shape_finds_anothers(scene: Scene, private: frozenset[str]) -> None:
    seen = scene.builder.eyes.of(A)
    index = Index(HOUSE, seen)
    for word in (B, *sorted(private)[:200]):
        assert not {each["id"] for each in index.find(word, 100)} & private
    west, south, east, north = scene.park.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    finder = Finder(HOUSE, scene.park, scene.builder)
    drawn = read_drawn({"type": "Polygon", "coordinates": [ring]})
    found = finder.find(drawn, list(HOUSE.layers.values()), scene.store.reader(A), scene.told)
    told = orjson.loads(orjson.dumps(as_json(found, 2000)))
    assert sorted(set(words(told)) & private) == []


def test_the_newest_values_are_those_of_ones_own_points(scene: Scene) -> None:
    asked, mine = newest.Newest(scene.store, scene.builder), scene.builder.eyes.of(A).points["id"].to_list()
    assert orjson.loads(asked.columns(newest.Wanted(), scene.told, scope=A))["id"] == mine
    assert orjson.loads(asked.columns(newest.Wanted(owner=B), scene.told, scope=A))["count"] == 0


def test_what_the_map_shows_at_rest_is_what_the_queries_tell_of(scene: Scene) -> None:
    """Else a silent point of another's would stand there as if all were well."""
    points = orjson.loads(Geometry(HOUSE, scene.builder.eyes).of("points", A).body)
    own = scene.park.points.filter(pl.col("owner") == A)
    assert sorted(points["id"]) == sorted(own["id"])
    assert READING_TABLE
    assert iso(scene.told)
