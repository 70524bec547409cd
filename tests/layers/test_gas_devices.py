"""A click on a gas device tells what it measures against its limits, what it covers, and the cards of its gases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.dashboards.conftest import Scene, bare, scene
from tests.dashboards.story import LEAK
from tests.dashboards.walk import keys
from twin.labels import LANGUAGES, catalogue, say

__all__ = ["bare", "scene"]


def _facts(detail: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {say(row["label"], "en"): row for part in detail["parts"] if part["kind"] == "facts" for row in part["rows"]}


def _titles(detail: dict[str, Any]) -> list[str]:
    return [say(part["title"], "en") for part in detail["parts"] if part.get("title")]


def test_a_detector_has_its_reading_its_trend_its_facts_and_the_card_of_its_gas(scene: Scene) -> None:
    detail = scene.detail("gas_toxic", LEAK)
    assert detail["parts"][0]["items"][0]["value"]["value"] == 38.0
    assert [limit["value"] for limit in detail["parts"][1]["limits"]] == [56, 28]
    facts = _facts(detail)
    assert say(facts["Kind"]["value"], "zh") == "单点式气体传感器"
    assert facts["Coverage"]["value"] == {"value": 15.0, "unit": "m", "digits": 0}
    assert say(facts["Range"]["value"], "en") == "Ammonia 0–100 ppm"
    assert facts["In use since"]["value"] == "2022-10-18"
    assert _titles(detail)[-1] == "Gas card · Ammonia"
    assert detail["actions"][0]["href"] == f"/api/v1/points/{LEAK}/history?format=csv"


def test_a_device_of_several_gases_tells_the_newest_value_of_each(scene: Scene) -> None:
    detail = scene.detail("gas_drones", "GUAV1")
    rows = {row["key"]: row for row in detail["parts"][0]["rows"]}
    assert set(rows) == {"GUAV1-H2S", "GUAV1-CH4"}
    assert (rows["GUAV1-H2S"]["right"], say(rows["GUAV1-H2S"]["sub"], "en")) == ("0 ppm", "7 / 14 ppm")
    assert detail["parts"][1]["point"] in rows
    assert detail["place"]["lon"] == 118.9972  # where the record says that it is
    assert {"Gas card · Hydrogen sulfide", "Gas card · Methane"} <= set(_titles(detail))


def test_what_a_device_carries_leads_to_the_device(scene: Scene) -> None:
    assert scene.detail("gas_toxic", "GUAV1-H2S")["title"] == scene.detail("gas_drones", "GUAV1")["title"]


def test_an_imaging_device_tells_its_sector_its_video_and_the_leak_that_it_sees(scene: Scene) -> None:
    detail = scene.detail("gas_imaging", "GCAM3")
    facts = _facts(detail)
    assert say(facts["Coverage"]["note"], "en") == "facing 216°, 25° wide"
    assert facts["Imaging video"]["value"] == "GC2"
    cameras = next(part for part in detail["parts"] if part.get("title") == {"key": "gas_device.cameras"})
    assert {row["pick"]["layer"] for row in cameras["rows"]} == {"cameras"}
    assert any(row.get("key") == "L1" for part in detail["parts"] for row in part.get("rows", []))
    assert say(facts["Answering"]["value"], "en") == "Reports leaks, sends no readings"


def test_silence_and_being_out_of_use_are_said(scene: Scene) -> None:
    assert say(_facts(scene.detail("gas_others", "OLD1"))["Kind"]["note"], "en") == "out of use"
    later = scene.detail("gas_toxic", LEAK, scene.told + timedelta(hours=2))
    assert say(_facts(later)["Answering"]["value"], "en") == "Offline"


def test_a_gas_without_an_entry_has_a_card_that_says_so(scene: Scene) -> None:
    detail = scene.detail("gas_toxic", "UT-SUB220-SF6")
    said = detail["parts"][-1]["parts"][0]["text"]
    assert say(said, "en") == "The chemical table has no entry for Sulfur hexafluoride"


def test_a_park_that_reports_no_devices_shows_its_detectors(bare: Scene) -> None:
    gas = bare.park.points.filter(bare.park.points["kind"].is_in(["toxic_gas", "combustible_gas"]))["id"]
    for id in gas[:1]:
        detail = bare.detail("gas_toxic", id)
        assert say(_facts(detail)["Coverage"]["value"], "zh") == "暂无上报"
        for lang in LANGUAGES:
            assert sorted(keys(detail) - set(catalogue(lang))) == []
