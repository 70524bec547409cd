"""The gas screen: what each of its figures says, the list behind it, what stands on the map, at any moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import polars as pl
import pytest

from services.lists import as_csv, as_table, as_xlsx, list_rows
from tests.cache.batches import NOON, records
from tests.dashboards.conftest import BEFORE, Scene
from tests.dashboards.story import LEAK
from tests.dashboards.walk import figures, item, keys, nodes
from twin.content import KINDS
from twin.labels import LANGUAGES, catalogue, say

VIEWS: list[dict[str, str]] = [{}, {"enterprise": "E04"}, {"gas": "液氯"}]
GAS = ("combustible_gas", "toxic_gas")


def panel(scene: Scene, name: str, **more: Any) -> dict[str, Any]:
    return scene.frame("gas", **more).panels[name]


@pytest.mark.parametrize("later_h", [0, 2], ids=["now", "when all is silent"])
@pytest.mark.parametrize("params", VIEWS, ids=str)
def test_every_figure_is_the_sum_of_its_list(scene: Scene, params: dict[str, str], later_h: int) -> None:
    key, at = scene.builder.key("gas", params), scene.told + timedelta(hours=later_h)
    checked = 0
    for name, content in scene.frame("gas", at, **params).panels.items():
        for wanted, number in figures(content):
            listed = scene.builder.house.panels[name].lists[wanted]
            rows = list_rows(scene.builder, scene.store.reader(), key, listed, at)
            summed = next((column for column in ("count", wanted) if column in rows.columns), None)
            assert (rows[summed].sum() if summed else rows.height) == number, f"{name}.{wanted}"
            assert as_table(rows, listed, scene.builder.archive)["total"] == rows.height
            assert as_csv(rows, listed, "zh", "Asia/Shanghai").count(b"\r\n") == rows.height + 1
            checked += 1
    assert checked >= 15


def test_every_declared_list_is_opened_by_a_figure(scene: Scene) -> None:
    house = scene.builder.house
    for name, content in scene.frame("gas").panels.items():
        opened = {each["list"] for each in nodes(content) if isinstance(each.get("list"), str)}
        kinds = {f"kind_{each}" for each in ("02", "05", "06")}  # the story has none of these
        assert opened == set(house.panels[name].lists) - kinds, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_is_said_is_in_the_catalogue(scene: Scene, lang: str) -> None:
    shown = [scene.frame("gas", at, **params) for params in VIEWS for at in (None, BEFORE)]
    said = [{**each.panels, "layers": each.layers} for each in shown]
    assert sorted(keys(said) - set(catalogue(lang))) == []


def test_content_is_plain_json_of_known_kinds(scene: Scene, bare: Scene) -> None:
    for frame in (scene.frame("gas"), scene.frame("gas", BEFORE), bare.frame("gas")):
        assert {each["kind"] for each in frame.panels.values()} <= set(KINDS)
        assert orjson.loads(orjson.dumps(frame.panels))
        assert orjson.dumps(frame.layers)


def test_devices_are_counted_by_kind_and_by_how_they_answer(scene: Scene) -> None:
    devices, gas = panel(scene, "gas_devices"), scene.park.points.filter(pl.col("kind").is_in(GAS))
    carried = gas.filter(pl.col("parent") == "GUAV1").height
    assert item(devices, "kind_01")["value"] == gas.height - carried
    assert (item(devices, "kind_03")["value"], item(devices, "kind_99")["value"]) == (1, 1)
    assert item(devices, "kind_04")["value"] == 7
    assert item(devices, "online")["value"]["value"] == item(devices, "online")["of"] == gas.height - carried + 1
    assert item(devices, "stopped")["value"]["value"] == 1
    assert (item(devices, "alarmed")["value"]["value"], item(devices, "alarmed")["level"]) == (2, "orange")


def test_what_is_not_heard_of_is_silent_and_none_of_it_is_online(scene: Scene) -> None:
    later = panel(scene, "gas_devices", at=scene.told + timedelta(hours=2))
    assert item(later, "online")["value"]["value"] == 0
    assert item(later, "silent")["value"]["value"] == item(later, "online")["of"] > 1000


def test_a_gas_is_told_by_its_worst_reading_against_two_limits(scene: Scene) -> None:
    species = panel(scene, "gas_species")
    (bar,) = species["rows"]
    assert (bar["key"], say(bar["label"], "en"), bar["right"], bar["level"]) == (LEAK, "NH₃", "38 ppm", "orange")
    assert (bar["share"], bar["tick"]) == (round(38 / 56, 4), 0.5)
    assert bar["enter"] == {"gas": "氨"}


def test_the_live_list_begins_with_the_largest_share_of_a_limit(scene: Scene) -> None:
    (row,) = panel(scene, "gas_live")["rows"]
    assert say(row["title"], "zh") == "氨 38 ppm"
    assert (row["right"], say(row["right_sub"], "en"), row["level"]) == ("136 %", "28 / 56 ppm", "orange")
    assert row["pick"] == {"layer": "gas_toxic", "id": LEAK}


def test_a_stale_reading_is_shown_as_stale(scene: Scene) -> None:
    (row,) = panel(scene, "gas_live", at=NOON + timedelta(seconds=30))["rows"]
    assert row["badge"] == {"key": "status.stale"}


def test_where_nobody_is_heard_nothing_is_claimed(scene: Scene) -> None:
    late = NOON + timedelta(hours=1)
    panels = {**scene.frame("overview", at=late).panels, **scene.frame("gas", at=late).panels}
    for key in ("gas_live", "gas_species", "gas_top"):
        assert (panels[key]["rows"], panels[key]["empty"]) == ([], {"key": "gas.unheard"})


def test_alarms_by_level_by_state_and_by_gas(scene: Scene) -> None:
    alarms = panel(scene, "gas_alarms")
    assert item(alarms, "orange")["value"]["value"] == 2
    assert {each: item(alarms, each)["value"] for each in ("unhandled", "in_hand", "cleared")} == {
        "unhandled": 1, "in_hand": 1, "cleared": 0,
    }  # fmt: skip
    assert item(alarms, "氨")["value"] == 2


def test_the_leak_ledger_tells_what_where_since_when_and_how_far(scene: Scene) -> None:
    leaks = panel(scene, "gas_leaks")
    seen = {row["key"]: row for row in leaks["rows"]}
    assert set(seen) == {"A1", "L1"}
    assert say(seen["A1"]["title"], "en") == "Ammonia, peak 38 ppm"
    assert say(seen["A1"]["sub"], "zh") == f"{LEAK} · 液氨罐区"
    assert seen["A1"]["right_sub"]["key"] == "gas_leaks.lasting.handling"
    assert seen["L1"]["right_sub"]["key"] == "gas_leaks.lasting.open"
    over = panel(scene, "gas_leaks", at=scene.told + timedelta(hours=1))
    assert item(over, "L1")["right_sub"]["key"] == "gas_leaks.over.done"
    assert item(over, "L1")["level"] is None


def test_passing_the_second_limit_is_part_of_the_same_leak(scene: Scene) -> None:
    said = {"enterprise_id": "E02", "hazard_point_id": "E02-U02-GC01", "is_false_alarm": False, "alarm_status": "01"}
    said |= {"threshold": 25.0, "cleared_at": None, "handling_status": "01"}
    alarms = [
        {"id": "H1", "alarm_type": "01", "alarm_at": NOON - timedelta(minutes=9), "alarm_value": 26.0, **said},
        {"id": "HH1", "alarm_type": "02", "alarm_at": NOON - timedelta(minutes=7), "alarm_value": 61.0, **said},
    ]
    before = scene.store.tick()
    scene.store.append(records("hazard_alarm", *alarms, source="later"))
    scene.clock.forward(1)
    rows = panel(scene, "gas_leaks", at=scene.store.tick())["rows"]
    leak = next(row for row in rows if row["key"] == "H1")
    assert "HH1" not in {row["key"] for row in rows}
    assert (leak["badge"], leak["level"], say(leak["title"], "zh")) == ("A", "red", "环氧丙烷 峰值 61 %LEL")
    assert "H1" not in {row["key"] for row in panel(scene, "gas_leaks", at=before)["rows"]}


def test_the_card_is_of_the_worst_gas_unless_one_is_chosen(scene: Scene) -> None:
    assert say(panel(scene, "gas_card")["parts"][0]["text"], "zh").startswith("氨：当前最接近限值（136 %")
    chosen = panel(scene, "gas_card", gas="液氯")
    assert say(chosen["parts"][0]["text"], "en") == "Liquid chlorine: chosen"
    rows = {say(row["label"], "en"): row for row in chosen["parts"][1]["rows"]}
    assert (rows["IDLH"]["value"]["value"], rows["IDLH"]["note"]) == (10, None)
    assert say(rows["Workplace limit"]["note"], "en") == "one source, unverified"
    assert say(rows["ERPG"]["value"], "zh") == "无资料"
    assert say(rows["Density to air"]["note"], "zh") == "比空气重，沉积低洼处"
    assert "123–125" in say(chosen["parts"][2]["sub"], "zh")
    assert chosen["parts"][3]["rows"][0]["enter"] == {"gas": ""}


def test_a_gas_that_the_table_does_not_know_has_a_card_that_says_so(scene: Scene) -> None:
    said = panel(scene, "gas_card", gas="六氟化硫")["parts"][1]["text"]
    assert say(said, "en") == "The chemical table has no entry for Sulfur hexafluoride"


def test_blind_spots_shrink_by_what_a_device_covers(scene: Scene) -> None:
    now, before = panel(scene, "gas_blind"), panel(scene, "gas_blind", at=BEFORE)
    area = item(now, "area_m2")["value"]["value"]
    blind = {at: item(each, "blind_m2")["value"]["value"] for at, each in (("now", now), ("before", before))}
    assert item(before, "area_m2")["value"]["value"] == area > 500_000
    assert 0.9 * area < blind["before"] < area  # the reach of cameras is on the map, that of others must be told
    assert 1_000 < blind["before"] - blind["now"] < 20_000
    assert item(now, "unheard_m2")["value"]["value"] == 0


def test_what_only_silent_devices_cover_is_told_apart(scene: Scene) -> None:
    now, later = panel(scene, "gas_blind"), panel(scene, "gas_blind", at=scene.told + timedelta(hours=2))
    assert item(later, "blind_m2")["value"] == item(now, "blind_m2")["value"]  # a camera is not silent: it never speaks
    assert item(later, "unheard_m2")["value"]["value"] > 3_000


def test_what_others_cover_is_no_blind_spot_of_an_enterprise(scene: Scene) -> None:
    whole, own = panel(scene, "gas_blind"), panel(scene, "gas_blind", enterprise="E04")
    key = scene.builder.key("gas", {})
    listed = scene.builder.house.panels["gas_blind"].lists["blind_m2"]
    rows = list_rows(scene.builder, scene.store.reader(), key, listed, scene.told)
    assert item(own, "blind_m2")["value"]["value"] == rows.filter(pl.col("owner") == "E04")["blind_m2"].sum()
    assert item(own, "blind_m2")["value"]["value"] < item(whole, "blind_m2")["value"]["value"]
    seen = scene.frame("gas", scope="E04")  # the drone above its tanks is the park's
    assert seen.panels["gas_blind"] == own
    assert set(seen.layers["gas_blind"]) <= {f"MH{number}" for number in range(18, 25)}


def test_the_map_has_what_is_covered_and_what_is_not(scene: Scene) -> None:
    layers = scene.frame("gas").layers
    assert layers["gas_coverage"][LEAK]["radius_m"] == 15
    assert {"radius_m", "direction_deg", "fov_deg"} <= set(layers["gas_reach"]["GCAM3"])
    assert "OLD1" not in layers["gas_reach"]  # out of use: covers nothing
    assert layers["gas_others"]["OLD1"]["state"] == "nodata"
    assert layers["gas_drones"]["GUAV1"]["state"] == "normal"
    assert layers["gas_imaging"]["GCAM3"] | {"badge": "B"} == layers["gas_imaging"]["GCAM3"]
    assert layers["gas_toxic"][LEAK] == {"state": "orange", "badge": "B"}
    assert {"MH18", "MH01"} <= set(layers["gas_blind"])
    assert layers["gas_unheard"] == {}
    later = scene.frame("gas", scene.told + timedelta(hours=2)).layers
    assert "MH18" in later["gas_unheard"]
    assert later["gas_drones"]["GUAV1"]["state"] == "offline"


def test_months_and_days_before_anything_was_known_are_no_noughts(scene: Scene) -> None:
    months, days = panel(scene, "gas_trend")["parts"][:2]
    every = months["series"][0]["y"]
    assert every == [None] * 11 + [2]
    assert (months["step"], months["x"][-1], months["total"]["value"]) == ("month", "2026-10-31T16:00:00Z", 2)
    assert days["series"][0]["y"] == [None] * 28 + [0, 2]  # the first alarm of all was told the day before
    note = panel(scene, "gas_trend")["meta"]["note"]
    assert note["key"] == "gas_trend.begun"
    assert panel(scene, "gas_trend", at=BEFORE)["meta"]["note"] == {"key": "gas_trend.unknown"}


def test_one_enterprise_sees_its_own(scene: Scene) -> None:
    own = scene.frame("gas", scope="E04")
    mine = scene.park.points.filter(pl.col("kind").is_in(GAS), owner="E04").height
    assert item(own.panels["gas_devices"], "kind_01")["value"] == mine
    assert {row["owner"] for row in own.layers["gas_imaging"].values()} == {"E04"}
    other = scene.frame("gas", scope="E02").panels
    assert other["gas_live"]["rows"] == []
    assert item(other["gas_alarms"], "orange")["value"]["value"] <= 1


def test_the_frame_of_a_tick_is_the_frame_of_that_moment_afterwards(scene: Scene) -> None:
    shown = scene.frame("gas")
    scene.clock.forward(600)
    scene.store.tick()
    again = scene.frame("gas", at=scene.told)
    assert again.panels == shown.panels
    assert again.layers == shown.layers


def test_a_list_travels_as_a_sheet(scene: Scene) -> None:
    key, wanted = scene.builder.key("gas", {}), scene.builder.house.panels["gas_blind"].lists["blind_m2"]
    rows = list_rows(scene.builder, scene.store.reader(), key, wanted, scene.told)
    assert as_xlsx(rows, wanted, "en", "Asia/Shanghai")[:2] == b"PK"
    assert (
        as_csv(rows, wanted, "en", "Asia/Shanghai")
        .decode("utf-8-sig")
        .splitlines()[0]
        .endswith("Blind [m²],Share blind [%],Silent devices only [m²]")
    )
