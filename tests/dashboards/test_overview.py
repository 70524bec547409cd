"""The overview shows what is known, its figures are the sums of their lists, and every moment can be asked for."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from services.lists import as_table, list_rows
from tests.cache.batches import NOON
from tests.dashboards.conftest import BEFORE, Scene
from tests.dashboards.story import LEAK, SILENT
from tests.dashboards.walk import figures, item, keys, nodes
from twin.content import KINDS
from twin.labels import LANGUAGES, catalogue, say

VIEWS = [{}, {"enterprise": "E04"}, {"enterprise": "E01"}]


@pytest.mark.parametrize("params", VIEWS, ids=str)
@pytest.mark.parametrize("screen", ["overview", "strip"])
def test_every_figure_is_the_sum_of_its_list(scene: Scene, screen: str, params: dict[str, str]) -> None:
    if screen == "strip":
        params = {}
    key = scene.builder.key(screen, params)
    checked = 0
    for name, content in scene.frame(screen, **params).panels.items():
        for wanted, number in figures(content):
            listed = scene.builder.house.panels[name].lists[wanted]
            rows = list_rows(scene.builder, scene.store.reader(), key, listed, scene.told)
            summed = next((column for column in ("count", wanted) if column in rows.columns), None)
            assert (rows[summed].sum() if summed else rows.height) == number, f"{name}.{wanted}"
            assert as_table(rows, listed, scene.builder.archive)["total"] == rows.height
            checked += 1
    assert checked >= (30 if screen == "overview" else 1)


def test_every_declared_list_is_opened_by_a_figure(scene: Scene) -> None:
    for screen in ("overview", "strip"):
        for name, content in scene.frame(screen).panels.items():
            opened = {each["list"] for each in nodes(content) if isinstance(each.get("list"), str)}
            assert opened == set(scene.builder.house.panels[name].lists) - {"high"}, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_is_said_is_in_the_catalogue(scene: Scene, lang: str) -> None:
    said = {**scene.frame().panels, **scene.frame("strip").panels, "layers": scene.frame().layers}
    assert sorted(keys(said) - set(catalogue(lang))) == []


def test_content_is_plain_json_of_known_kinds(scene: Scene, bare: Scene) -> None:
    for frame in (scene.frame(), scene.frame("strip"), bare.frame(), bare.frame("strip")):
        assert {each["kind"] for each in frame.panels.values()} <= set(KINDS)
        assert orjson.loads(orjson.dumps(frame.panels))
        assert orjson.dumps(frame.layers) is not None


def test_now_counts_open_alarms_by_colour(scene: Scene) -> None:
    now = scene.frame().panels["now"]
    counts = {each: item(now, each)["value"]["value"] for each in ("red", "orange", "yellow", "blue")}
    assert sum(counts.values()) == 3
    assert counts["orange"] >= 1
    assert item(now, "gas")["value"]["value"] == 2


def test_persons_are_the_count_and_the_passes_since(scene: Scene) -> None:
    persons = item(scene.frame().panels["now"], "persons")
    assert persons["value"]["value"] == 170 + 3 - 1
    assert persons["note"] == {"key": "now.persons.change", "args": {"change": "+1%"}}
    assert item(scene.frame(enterprise="E04").panels["now"], "persons")["value"]["value"] == 50


def test_vehicles_inside_are_those_that_came_and_did_not_leave(scene: Scene) -> None:
    vehicles = item(scene.frame().panels["now"], "vehicles")
    assert (vehicles["value"]["value"], vehicles["note"]["args"]["n"]) == (2, 1)
    assert {id: row["state"] for id, row in scene.frame().layers["vehicles"].items()} == {
        "HV0": "normal",
        "HV1": "stale",
    }


def test_works_that_run_and_hot_ones_among_them(scene: Scene) -> None:
    works = item(scene.frame().panels["now"], "works")
    assert (works["value"]["value"], works["note"]["args"]["n"]) == (2, 1)


def test_who_has_not_filed_a_commitment_is_counted(scene: Scene) -> None:
    filed = item(scene.frame().panels["now"], "commitments")
    assert (filed["value"]["value"], filed["of"], filed["note"]["args"]["n"]) == (2, 3, 1)


def test_a_reported_hazard_replaces_the_one_on_the_map(scene: Scene) -> None:
    hazards = scene.frame().panels["hazards"]
    assert [item(hazards, f"level_{each}")["value"] for each in (1, 2, 3, 4)] == [13, 5, 33, 18]
    assert [item(hazards, f"class_{each}")["value"]["value"] for each in ("01", "02", "03")] == [2, 1, 0]


def test_points_online_against_all(scene: Scene) -> None:
    online = scene.frame().panels["online"]
    total = scene.park.points.height
    assert online["meta"]["coverage"] == [total - SILENT, total]
    assert item(online, "silent")["value"]["value"] == SILENT


def test_the_worst_alarm_stands_first(scene: Scene) -> None:
    rows = scene.frame().panels["alarms"]["rows"]
    assert rows[0]["key"] in ("A1", "L1")
    assert say(next(row for row in rows if row["key"] == "A1")["title"], "zh") == "氨 38 ppm，超一级限值"
    assert say(next(row for row in rows if row["key"] == "A1")["title"], "en") == "Ammonia 38 ppm, above first limit"


def test_a_day_of_alarms_by_the_hour(scene: Scene) -> None:
    chart = scene.frame().panels["alarms_24h"]
    assert len(chart["x"]) == 24
    assert sum(chart["series"][0]["y"]) == chart["total"]["value"] == 4
    assert chart["limit"] == 6


def test_gas_nearest_to_its_limit(scene: Scene) -> None:
    gas = scene.frame().panels["gas_top"]
    assert [row["key"] for row in gas["rows"]] == [LEAK]
    assert gas["rows"][0]["share"] == 1.0
    assert gas["rows"][0]["level"] == "orange"
    assert say(gas["rows"][0]["label"], "en") == "NH₃"


def test_the_headline_names_what_is_wrong_where_and_since_when(scene: Scene) -> None:
    headline = scene.frame("strip").panels["headline"]
    assert headline["level"] in ("red", "orange")
    assert "气体报警" in say(headline["text"], "zh")
    assert headline["sub"]["args"]["at"]


def test_the_strip_says_how_fresh_data_are_and_marks_the_day(scene: Scene) -> None:
    strip = scene.frame("strip").panels
    assert item(strip["freshness"], "newest")["value"]["ts"] == "2026-11-21T11:59:59Z"
    assert item(strip["freshness"], "sources")["of"] == 77
    assert len(strip["timeline"]["marks"]) == 4
    assert say(strip["wind_now"]["text"], "zh") == "东北风 2.6 m/s"
    assert say(strip["wind_now"]["text"], "en") == "NE 2.6 m/s"


def test_the_park_page_tells_what_the_park_is(scene: Scene) -> None:
    panels = scene.frame().panels
    assert item(panels["facts"], "enterprises")["value"]["value"] == 76
    assert item(panels["facts"], "approved")["value"]["value"] == 24.58
    assert panels["grade"]["parts"][0]["text"] == {"key": "grade.C"}
    assert panels["wind"]["sectors"][6] == [0.2]
    assert panels["wind"]["year"] == 2025
    assert panels["documents"]["total"] == 5
    assert item(panels["statistics"], "status_01")["value"] + item(panels["statistics"], "status_03")["value"] > 60


def test_marks_of_the_map_have_state_letter_and_tag(scene: Scene) -> None:
    layers = scene.frame().layers
    assert layers["points"][LEAK] == {"state": "orange", "badge": "B"}
    assert layers["enterprises"]["E04"]["badge"] == 2
    assert layers["gas_cameras"]["GCAM3"]["state"] in ("red", "orange", "yellow")
    assert say(layers["alarms"]["A1"]["tag"], "en", "UTC").startswith("NH₃ 38 ppm ↑")
    assert sum(row["state"] == "nodata" for row in layers["points"].values()) == SILENT - 1  # one is in alarm
    assert list(layers["control_lines"]) == ["PLAN-04"]


def test_a_park_of_which_nothing_is_known_is_shown_empty(bare: Scene) -> None:
    for at in (bare.told, BEFORE):
        panels = bare.frame(at=at).panels
        assert item(panels["now"], "persons")["value"]["value"] is None
        assert panels["alarms"]["rows"] == []
        assert bare.frame("strip", at).panels["headline"]["text"]["key"] == "headline.nodata"


def test_a_moment_before_the_first_data_is_empty(scene: Scene) -> None:
    panels = scene.frame(at=BEFORE).panels
    assert panels["alarms"]["total"] == 0
    assert item(panels["online"], "online")["value"]["value"] == 0


def test_one_enterprise_sees_its_own(scene: Scene) -> None:
    panels = scene.frame(scope="E04").panels
    assert {row["key"] for row in panels["alarms"]["rows"]} <= {"A1", "L1"}
    assert item(panels["online"], "online")["of"] == scene.park.points.filter(owner="E04").height
    assert item(panels["now"], "persons")["value"]["value"] == 50


def test_the_frame_of_a_tick_is_the_frame_of_that_moment_afterwards(scene: Scene) -> None:
    then = scene.told
    shown = scene.frame(at=then)
    scene.clock.forward(600)
    later = scene.store.tick()
    assert scene.frame(at=then).panels == shown.panels
    assert scene.frame(at=later).panels["now"] != shown.panels["now"]  # the leak has closed by itself
    assert later - then >= timedelta(seconds=600)
    assert then >= NOON


def test_the_economy_is_of_a_year_and_from_somebody_or_not_reported(scene: Scene, bare: Scene) -> None:
    output, tax, source = scene.frame().panels["economy"]["rows"]
    assert (say(output["value"], "zh"), say(tax["value"], "zh")) == ("286 亿元", "12.9 万元/亩")
    assert (say(output["value"], "en"), say(tax["value"], "en")) == ("CNY 28.6 bn", "CNY 129k per mu")
    assert (say(output["note"], "zh"), say(tax["note"], "en")) == ("2025 年", "2025")
    assert say(source["value"], "en") == "Statistical yearbook of the park"
    if bare.park.settings.economy.year is None:
        rows = bare.frame().panels["economy"]["rows"]
        assert [(row["value"], row["note"]) for row in rows] == [({"key": "value.not_reported"}, None)] * 2


def test_a_plan_is_called_by_its_kind_where_its_name_is_not_understood(scene: Scene) -> None:
    plan = next(each for each in nodes(scene.frame().panels["documents"]) if each.get("key") == "PLAN-04")
    assert say(plan["title"], "zh") == "安全控制线划定文件"
    assert say(plan["sub"], "zh").startswith("土地规划安全控制线划定文件 · ")
    assert say(plan["title"], "en") == "Land-safety control line"
    assert say(plan["sub"], "en").startswith("安全控制线划定文件 · ")
