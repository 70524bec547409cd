"""The analysis in a browser: in both languages, on every wall, and a report that is taken along by a click."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from dashboards.analysis import SCREEN
from tests.adapters.exchange import record
from tests.browser.desk import Open
from tests.browser.test_fit import SIZES, walk
from tests.serving import Server
from twin.moment import iso, now

pytestmark = pytest.mark.browser
SAID = {
    "zh": ("报警统计与处置排名", "甲苯储罐1液位", "报警分析月报", "按级别统计"),
    "en": ("Alarm statistics and handling ranks", "Toluene tank 1 level", "Monthly alarm report", "By level"),
}


@pytest.fixture(scope="module")
def told(small: Server) -> Server:
    """The small park with alarms of an hour ago."""
    said = {"hazard_point_id": "LW1-T1-LEVEL", "enterprise_id": "LW1", "alarm_type": "01", "alarm_status": "02"}
    said |= {
        "is_deleted": False,
        "is_false_alarm": False,
        "handling_status": "01",
        "alarm_value": 8.6,
        "threshold": 8.5,
    }
    rows = [
        record("hazard_alarm", f"AN{n}", **said, alarm_at=iso(now() - timedelta(minutes=60 - n)), cleared_at=iso(now()))
        for n in range(3)
    ]
    assert small.post("/api/v1/records/hazard_alarm", {"records": rows}).json()["accepted"] == 3
    return small


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_is_taken_along_by_a_click_and_can_be_read(told: Server, open_desk: Open, lang: str) -> None:
    title, point, report, table = SAID[lang]
    desk = open_desk(told, "/analysis", lang=lang)
    expect(desk.plate("analysis_statistics")).to_contain_text(title)
    with desk.page.expect_download() as coming:
        desk.plate("analysis_reports").locator("a").nth(2).click()
    kept = coming.value
    assert kept.suggested_filename.startswith("alarms-month-")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(kept.path().read_bytes())).pages)
    assert [each for each in (report, table, point) if each not in text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_leaf_of_a_wall_cuts_a_plate(demo: Server, open_desk: Open, lang: str) -> None:
    desk = open_desk(demo, "/analysis", lang=lang, mode="wall")
    expect(desk.plate("analysis_load")).to_be_visible(timeout=30_000)
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        seen, cut = walk(desk)
        assert seen == set(SCREEN.panels)
        assert (width, cut) == (width, [])
