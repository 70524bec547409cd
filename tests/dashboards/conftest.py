"""The demo park at noon, told and ready to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest

import dashboards
import dashboards.panels
import layers
from cache.store import Store
from park.load import Park
from services.builder import Builder, Frame
from services.house import House
from tests.cache.batches import NOON, Clock, quick
from tests.dashboards.story import tell
from twin.alarm_settings import AlarmRule, AlarmSettings
from twin.moment import Moment, iso
from twin.registry import discover


def the_house() -> House:
    """Our own screens, panels and layers."""
    return House(discover(dashboards, "SCREEN"), discover(dashboards.panels, "PANEL"), discover(layers, "LAYER"))


@dataclass(frozen=True)
class Scene:
    """A store with a story, and what shows it."""

    store: Store
    park: Park
    builder: Builder
    clock: Clock
    told: Moment

    def frame(self, screen: str = "overview", at: Moment | None = None, scope: str = "park", **params: str) -> Frame:
        """One screen at a moment."""
        key = self.builder.key(screen, params, scope)
        return self.builder.frame(key, self.store.reader(scope), at or self.told)

    @cached_property
    def newest(self) -> dict[str, tuple[Any, ...]]:
        """What is known of each point: time, value, since when it is known, quality; as an answer tells it."""
        return {
            row["id"]: (
                row["ts"] and iso(row["ts"]),
                row["value"],
                row["known"] and iso(row["known"]),
                None if row["quality"] is None else "good",
            )
            for row in self.store.state(self.told).iter_rows(named=True)
        }

    def detail(self, layer: str, id: str, at: Moment | None = None) -> dict[str, Any]:
        """The detail of a thing."""
        return self.frame("detail", at, layer=layer, id=id).panels["detail"]


def told_alarms(park: Park) -> Park:
    """The park such that alarms are those that records tell of: what readings would raise comes by the clock."""
    patient = AlarmSettings((AlarmRule(on_s=3600.0, offline_s=0.0),))
    return replace(park, settings=replace(park.settings, alarms=patient))


def open_scene(folder: Any, park: Park, story: Callable[[Store, Park, Clock], None] | None) -> Scene:
    """A scene in a folder; without a story nothing is known."""
    clock, park = Clock(), told_alarms(park)
    store = Store.open(folder, park, settings=quick(), clock=clock)
    if story:
        story(store, park, clock)
    return Scene(store, park, Builder(the_house(), park), clock, store.tick())


@pytest.fixture(scope="package")
def scene(tmp_path_factory: pytest.TempPathFactory, demo_park: Park) -> Iterator[Scene]:
    """The demo park at noon; tests look, and change nothing."""
    opened = open_scene(tmp_path_factory.mktemp("noon"), demo_park, tell)
    yield opened
    opened.store.close()


@pytest.fixture(scope="package", params=["demo", "small"])
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A park of which nothing is known yet."""
    park = request.getfixturevalue(f"{request.param}_park")
    opened = open_scene(tmp_path_factory.mktemp(request.param), park, None)
    yield opened
    opened.store.close()


BEFORE = NOON - timedelta(days=400)
