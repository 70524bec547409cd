"""What the analysis tells of a ledger that holds everything it looks for, as told by what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cache.store import Store
from dashboards.analysis import SCREEN
from dashboards.panels.analysis_statistics import BY, RANKS
from park.load import Park
from services.builder import Key
from tests.cache.batches import NOON, Clock
from tests.cache.ledger import act, detect
from tests.dashboards.conftest import Scene, open_scene
from tests.dashboards.test_explain import ask, content, faults
from tests.dashboards.walk import keys
from tests.plants import wait_until
from twin.labels import LANGUAGES, catalogue

LEVEL, PRESS, FLOW, THEIRS = "LW1-T1-LEVEL", "LW1-U2-PRESS", "LW1-U2-FLOW", "LW2-U1-TEMP"
HOUR, DAY = 3600, 86_400
PANELS = [slot.panel for slot in SCREEN.slots]


def tell(store: Store, park: Park, clock: Clock) -> None:
    """A tank just above its limit again and again for moments, a flow that chatters, a real alarm that stands, one of
    forty days ago, one of another enterprise."""
    momentary = [(LEVEL, "H", what, -n * HOUR + late, 8.6, 8.5) for n in range(1, 13) for what, late in OVER_SOON]
    chatter = [(FLOW, "L", what, -2 * DAY + n * 12 + late, 0.1, 1.0) for n in range(4) for what, late in OVER_SOON]
    detect(store, *momentary, *chatter)
    detect(store, (PRESS, "HH", "raised", -3 * DAY, 2.9, 2.5), (THEIRS, "H", "raised", -5 * HOUR, 90.0, 60.0))
    detect(store, (PRESS, "H", "raised", -40 * DAY, 2.2, 2.0), (PRESS, "H", "cleared", -40 * DAY + 600, 1.0, 2.0))
    for n in range(1, 9):
        act(store, id_of(LEVEL, "H", -n * HOUR), "judge", judged="momentary")
    act(store, id_of(PRESS, "HH", -3 * DAY), "judge", judged="confirmed", to="LW1")
    later(store, clock)


def later(store: Store, clock: Clock) -> None:
    """Ten minutes pass, and no chore that began before is being written any more."""
    clock.forward(600)
    wait_until(lambda: store.tick() >= clock.now)


OVER_SOON = (("raised", 0), ("cleared", 5))


def id_of(point: str, kind: str, seconds: float) -> str:
    return f"{point}-{kind}-{NOON + timedelta(seconds=seconds):%Y%m%dT%H%M%S%fZ}"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, small_park: Park) -> Iterator[Scene]:
    """The small park with that ledger."""
    opened = open_scene(tmp_path_factory.mktemp("taught"), small_park, tell)
    yield opened
    opened.store.close()


def items(scene: Scene, **params: str) -> dict[str, Any]:
    return {
        each["key"]: each["value"]["value"] for each in content(scene, "analysis", "analysis_load", **params)["items"]
    }


def rows(scene: Scene, panel: str, **params: str) -> dict[str, Any]:
    return {each["key"]: each for each in content(scene, "analysis", panel, **params)["rows"]}


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("period", ["week", "year"])
def test_every_figure_is_what_the_alarms_make_it(taught: Scene, panel: str, period: str) -> None:
    assert faults(taught, "analysis", panel, period=period) == []


@pytest.mark.parametrize(("by", "rank"), list(zip(BY, RANKS * 2, strict=False)))
def test_so_are_the_statistics_however_they_are_told_apart(taught: Scene, by: str, rank: str) -> None:
    assert faults(taught, "analysis", "analysis_statistics", period="year", by=by, rank=rank) == []
    lines = rows(taught, "analysis_statistics", period="year", by=by).values()
    assert sum(each["n"] for each in lines) == 19
    assert sum(each[f"level_{level}"] for each in lines for level in "SABCD") == 19


def test_the_load_is_held_against_the_standard(taught: Scene) -> None:
    told = items(taught)
    assert (told["peak"], told["flooded"], told["stale"], told["chattering"]) == (4, 0.0, 1, 1)
    assert told["average"] == round(18 / 30 / 144, 2)
    assert told["busiest"] == 100.0


def test_what_would_spare_alarms_and_hide_no_real_one_is_suggested(taught: Scene) -> None:
    (made,) = rows(taught, "analysis_limits").values()
    assert (made["spared"], made["n"], made["idle"], made["hidden"], made["confirmed"]) == (12, 12, 8, 0, 0)
    assert made["what"] == {"key": "analysis_limits.said.delay", "args": {"size": 10}}
    assert made["pick"] == {"layer": "points", "id": LEVEL}


def test_it_is_held_against_the_period_before(taught: Scene) -> None:
    told = rows(taught, "analysis_compare")["n"]
    assert (told["now"], told["before"], told["difference"], told["percent"]) == (18, 1, 17, 1700.0)


def test_points_that_repeat_stand_first_with_what_was_judged_of_them(taught: Scene) -> None:
    first, second, *_ = rows(taught, "analysis_points").values()
    assert (first["key"], first["n"], first["idle"], first["bursts"]) == (f"{LEVEL} H", 12, 8, 0)
    assert (second["key"], second["n"], second["bursts"]) == (f"{FLOW} L", 4, 2)


def test_an_enterprise_sees_its_own_alarms_only(taught: Scene) -> None:
    look = taught.builder.look(Key("analysis", (), "LW2"), taught.told)
    panel = taught.builder.house.panels["analysis_statistics"]
    told = taught.builder.panel(panel, taught.store.reader("LW2"), look)
    assert [(each["key"], each["n"]) for each in told["rows"]] == [("LW2", 1)]
    assert rows(taught, "analysis_statistics", enterprise="LW2").keys() == {"LW2"}


def test_what_is_told_stands_for_ten_minutes(tmp_path: Any, small_park: Park) -> None:
    scene = open_scene(tmp_path, small_park, tell)
    began = scene.told
    assert items(scene)["peak"] == 4
    detect(scene.store, *((PRESS, "L", what, 601 + n, 0.1, 1.0) for n in range(8) for what, _ in OVER_SOON))
    shown = [scene.frame("analysis", began + timedelta(seconds=s)).panels for s in (0, 300, 598)]
    assert shown[0] == shown[1] == shown[2]
    later(scene.store, scene.clock)
    assert items_at(scene, began + timedelta(minutes=10)) == 8
    scene.store.close()


def items_at(scene: Scene, at: Any) -> Any:
    panels = scene.frame("analysis", at).panels
    return next(each["value"]["value"] for each in panels["analysis_load"]["items"] if each["key"] == "peak")


@pytest.mark.parametrize("by", BY)
def test_all_of_it_is_said_in_both_languages(taught: Scene, by: str) -> None:
    shown = taught.frame("analysis", by=by).panels
    for lang in LANGUAGES:
        assert sorted(set(keys(shown)) - set(catalogue(lang))) == []


def test_a_number_leads_to_the_alarms_that_it_counts(taught: Scene) -> None:
    answer = ask(taught, "analysis", "analysis_limits", figure=f"rows/{LEVEL} H/idle")
    assert answer["figures"][0]["shown"] == answer["figures"][0]["inputs_total"] == 8
    assert {each["point"] for each in answer["inputs"]["alarms"]["rows"]} == {LEVEL}
