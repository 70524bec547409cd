"""A click on anything on the map is answered, at every moment, in the closed vocabulary."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.geometry import features_of
from tests.dashboards.conftest import BEFORE, Scene, bare, scene, the_house
from tests.dashboards.story import LEAK, ago
from tests.dashboards.walk import item, keys, nodes
from twin.content import KINDS
from twin.labels import LANGUAGES, catalogue, say
from twin.moment import iso

__all__ = ["bare", "scene"]
LAYERS = the_house().layers
STATIC = sorted(key for key, layer in LAYERS.items() if layer.geo)


def _fact(detail: dict[str, Any], key: str) -> Any:
    rows = [row for part in detail["parts"] if part["kind"] == "facts" for row in part["rows"]]
    return next(row for row in rows if row["label"] == {"key": f"prop.{key}"})


@pytest.mark.parametrize("key", STATIC)
def test_everything_drawn_can_be_clicked(scene: Scene, key: str) -> None:
    found = features_of(LAYERS[key], scene.park)
    kinds = {(each.props.get("kind"), each.props.get("type"), each.props.get("status")): each for each in found}
    for feature in kinds.values():
        detail = scene.detail(key, feature.id)
        assert detail["kind"] == "detail"
        assert detail["crumbs"], key
        assert {part["kind"] for part in detail["parts"]} <= set(KINDS)
        assert set(detail["place"]) == {"lon", "lat", "zoom"}
        for lang in LANGUAGES:
            assert sorted(keys(detail) - set(catalogue(lang))) == [], feature.id
        assert orjson.loads(orjson.dumps(detail))


@pytest.mark.parametrize("key", sorted(LAYERS))
def test_what_is_not_known_is_said_so(bare: Scene, key: str) -> None:
    for at in (bare.told, BEFORE):
        detail = bare.detail(key, "NO-SUCH-THING", at)
        assert detail["title"] == "NO-SUCH-THING"
        assert detail["place"] is None


@pytest.mark.parametrize("key", STATIC)
def test_details_stand_on_the_map_alone_where_nothing_is_reported(bare: Scene, key: str) -> None:
    for feature in features_of(LAYERS[key], bare.park)[:1]:
        assert bare.detail(key, feature.id)["kind"] == "detail"


def test_a_point_says_its_value_where_it_comes_from_and_what_is_near(scene: Scene) -> None:
    detail = scene.detail("points", LEAK)
    newest = detail["parts"][0]["items"][0]
    assert (newest["value"]["value"], newest["value"]["unit"], newest["value"]["level"]) == (38.0, "ppm", "orange")
    assert newest["value"]["ts"] == "2026-11-21T11:59:59Z"
    trend = detail["parts"][1]
    assert trend["point"] == LEAK
    assert [limit["key"] for limit in trend["limits"]] == ["alarm_hi_hi", "alarm_hi"]
    assert say(_fact(detail, "quality")["value"], "zh") == "好"
    assert say(_fact(detail, "limits")["value"], "en") == "28 / 56 ppm"
    assert _fact(detail, "near")["value"]["args"]["detectors"] >= 1
    assert [crumb.get("pick", {}).get("layer") for crumb in detail["crumbs"]] == [None, "enterprises", "units", None]
    assert {each["key"] for each in detail["actions"]} == {"enter", "export", "limit", "repair"}


def test_a_silent_point_has_no_value_and_says_so(scene: Scene) -> None:
    detail = scene.detail("points", scene.park.points["id"][0])
    assert detail["parts"][0]["items"][0]["value"]["value"] is None
    assert say(_fact(detail, "quality")["value"], "en") == "no data"


def test_an_enterprise_has_its_card(scene: Scene) -> None:
    detail = scene.detail("enterprises", "E04")
    assert _fact(detail, "safety_head")["value"] == "周安"
    assert _fact(detail, "commitment")["value"] == {"key": "commitment.missing"}
    assert _fact(scene.detail("enterprises", "E01"), "commitment")["value"] == {"key": "commitment.filed"}
    assert item(detail, "works")["value"]["value"] == 2
    assert item(detail, "online")["of"] == scene.park.points.filter(owner="E04").height
    assert detail["actions"] == [
        {"key": "enter", "label": {"key": "action.enter"}, "enter": {"enterprise": "E04"}},
    ]


def test_a_target_knows_its_nearest_unit(scene: Scene) -> None:
    detail = scene.detail("targets", "ST01")
    assert _fact(detail, "population")["value"]["value"] == 1200
    assert 1000 < _fact(detail, "nearest_unit_distance")["value"]["value"] < 3000


def test_a_tank_shows_its_points_now(scene: Scene) -> None:
    detail = scene.detail("tanks", "E02-T01")
    shown = {each["pick"]["id"] for part in detail["parts"] for each in part.get("rows", []) if "pick" in each}
    assert {"E02-T01-LEVEL", "E02-T01-TEMP"} <= shown


def test_an_alarm_leads_to_its_point_and_one_that_is_over_tells_itself(scene: Scene) -> None:
    assert scene.detail("alarms", "A1")["parts"][1]["point"] == LEAK
    over = scene.detail("alarms", "A3")
    assert say(over["title"], "zh").endswith("超一级限值")
    cleared = [each["value"] for each in nodes(over) if each.get("label") == {"key": "column.cleared_at"}]
    assert cleared == [{"at": iso(ago(290))}]
    camera = scene.detail("alarms", "L1")
    assert "泄漏" in say(camera["title"], "zh")


def test_a_vehicle_says_what_it_carries_and_where_it_was_seen(scene: Scene) -> None:
    detail = scene.detail("vehicles", "HV0")
    assert detail["title"] == "苏A0"
    assert any(row["value"] == {"key": "load.loaded"} for row in detail["parts"][0]["rows"])


def test_a_gate_counts_who_passed_today(scene: Scene) -> None:
    detail = scene.detail("gates", "G1")
    assert item(detail, "persons_in")["value"]["value"] == 4
    assert item(detail, "persons_out")["value"]["value"] == 1


def test_documents_open_from_the_map(scene: Scene) -> None:
    detail = scene.detail("control_lines", "PLAN-04")
    papers = next(part for part in detail["parts"] if part["kind"] == "picture")
    assert {each["key"] for each in papers["items"]} == {"PLAN-04", "PLAN-04-drawing"}
    assert not any("href" in each for each in papers["items"])
    assert say(papers["items"][0]["sub"], "en").endswith(" · https://archive/line.pdf")
    assert say(papers["items"][1]["sub"], "zh").endswith(" · 无文件")


def test_nothing_selected_is_an_empty_card(scene: Scene) -> None:
    assert scene.frame("detail").panels["detail"]["parts"] == []
    assert scene.detail("no_such_layer", "x")["parts"] == []


def test_a_store_shows_what_lies_in_it(scene: Scene) -> None:
    detail = scene.detail("resources", "RS1")
    assert "正压式空气呼吸器" in {
        say(row["title"], "zh") for part in detail["parts"] for row in part["rows"] if "title" in row
    }


def test_a_station_says_who_answers_for_it(scene: Scene) -> None:
    detail = scene.detail("stations", "ST-FIRE")
    assert any(row["value"] == "赵队" for part in detail["parts"] for row in part.get("rows", []) if "value" in row)
