"""What the demo park tells is what its overview shows on the first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from adapters._records import record_batch
from cache.store import Store
from demo.books import books
from demo.clock import SECOND_MS
from park.load import Park
from services.builder import Builder
from services.lists import as_table, list_rows
from tests.cache.batches import Clock, quick
from tests.dashboards.conftest import Scene, the_house
from tests.dashboards.walk import item
from tests.demo.worlds import AFTERNOON, ms, world
from twin.dictionary import dictionary
from twin.labels import say

TOLD = (
    "enterprise", "area_presence", "person_pass_record", "hazmat_vehicle", "vehicle_pass_record",
    "hazmat_vehicle_position", "hazmat_vehicle_application", "hazmat_vehicle_application_item",
    "parking_vehicle_record",
)  # fmt: skip
IN_THE_MINUTE_S = 40  # nothing may hang on a moment being a whole minute


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory, demo_park: Park) -> Iterator[Scene]:
    """The demo park in the afternoon of its first day, as a newcomer hears of it."""
    clock = Clock()
    clock.now = datetime.fromisoformat(AFTERNOON).astimezone(UTC) + timedelta(seconds=IN_THE_MINUTE_S)
    store = Store.open(tmp_path_factory.mktemp("first"), demo_park, settings=quick(), clock=clock)
    for name, book in books(world()).items():
        if name in TOLD:
            told = book.page(None, ms(AFTERNOON) + IN_THE_MINUTE_S * SECOND_MS, 100_000).records
            store.append(record_batch(dictionary().table(name), told, "demo", name, clock.now, range(len(told))))
    clock.forward(1)
    yield Scene(store, demo_park, Builder(the_house(), demo_park), clock, store.tick())
    store.close()


def rows_of(scene: Scene, name: str, **params: str) -> pl.DataFrame:
    """The rows behind a figure of the panel ``now``."""
    key = scene.builder.key("overview", params)
    wanted = scene.builder.house.panels["now"].lists[name]
    return list_rows(scene.builder, scene.store.reader(), key, wanted, scene.told)


def now(scene: Scene, name: str) -> dict[str, Any]:
    """A figure of the panel ``now``."""
    return item(scene.frame().panels["now"], name)


def test_the_first_day_is_held_against_the_day_before(first_day: Scene) -> None:
    persons, rows = now(first_day, "persons"), rows_of(first_day, "persons")
    assert persons["note"]["key"] == "now.persons.change"
    assert 4_000 < persons["value"]["value"] < rows["yesterday"].sum() < 8_000  # a Saturday after a Friday
    assert -25 < int(persons["note"]["args"]["change"].replace("−", "-").removesuffix("%")) < -5


def test_vehicles_are_booked_with_cargo_and_goal(first_day: Scene) -> None:
    inside = rows_of(first_day, "vehicles")
    assert inside.height == now(first_day, "vehicles")["value"]["value"] > 10
    assert inside.select(pl.col("cargo", "owner", "place", "passed_at").null_count()).row(0) == (0, 0, 0, 0)
    assert set(inside["load"]) == {"loaded", "empty"}
    wanted = first_day.builder.house.panels["now"].lists["vehicles"]
    cells = as_table(inside, wanted, first_day.builder.archive)["rows"]
    assert all(say(row["cargo"], "en").isascii() for row in cells)
    by_enterprise = [rows_of(first_day, "vehicles", enterprise=each).height for each in inside["owner"].unique()]
    assert sum(by_enterprise) == inside.height


def test_lines_of_business_differ_and_are_named_in_both_languages(first_day: Scene) -> None:
    ranked = next(part for part in first_day.frame().panels["statistics"]["parts"] if part.get("list") == "enterprises")
    counts = [row["value"] for row in ranked["rows"]]
    assert len(counts) >= 5
    assert sum(counts) == 76
    assert max(counts) < 76 / 2
    assert all(say(row["label"], "en").isascii() for row in ranked["rows"])
