"""The alarm desk in a browser: what waits, what is done about it, and what everybody sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.adapters.exchange import record
from tests.browser.desk import Desk, Open
from tests.conftest import SMALL_PARK
from tests.serving import Server, running
from twin.moment import iso, now

pytestmark = pytest.mark.browser
BEGAN = iso(now())
LINES = ".ledger-line:not(.inner)"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small park of one's own: what is cried here disturbs nobody else."""
    with running(["run", "--park", str(SMALL_PARK)], tmp_path_factory.mktemp("plant")) as server:
        yield server


def alarm(server: Server, id: str, point: str, kind: str = "01", **more: Any) -> None:
    """An alarm that the exchange tells of; ``kind`` 01 H, 02 HH."""
    said = {"hazard_point_id": point, "enterprise_id": point[:3], "hazard_source_id": "HZ1", "is_deleted": False}
    said |= {"alarm_type": kind, "alarm_value": 91.0, "threshold": 90.0, "alarm_at": BEGAN, "cleared_at": None}
    said |= {"alarm_status": "01", "handling_status": "01", "is_false_alarm": False, **more}
    answer = server.post("/api/v1/records/hazard_alarm", {"records": [record("hazard_alarm", id, **said)]})
    assert answer.status_code == 202, answer.text
    assert answer.json()["rejected"] == []


def line(desk: Desk, id: str) -> Locator:
    """The line of an alarm."""
    return desk.plate("alarm_ledger").locator(f".ledger-line[data-id='{id}']")


def test_filters_stand_in_the_address_and_survive_a_reload(plant: Server, open_desk: Open) -> None:
    alarm(plant, "DESK-1", "LW1-T1-LEVEL")
    desk = open_desk(plant, "/alarms")
    expect(line(desk, "DESK-1")).to_contain_text("超一级限值")
    desk.page.get_by_role("button", name="气体", exact=True).click()
    expect(desk.plate("alarm_ledger").locator(LINES)).to_have_count(0)
    assert desk.query["group"] == "gas"
    desk.page.reload()
    expect(desk.page.get_by_role("button", name="气体", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(desk.plate("alarm_ledger").locator(LINES)).to_have_count(0)
    desk.page.get_by_role("button", name="气体", exact=True).click()
    expect(line(desk, "DESK-1")).to_be_visible()
    desk.page.locator(".ledger-search").fill("no such thing")
    expect(desk.plate("alarm_ledger").locator(LINES)).to_have_count(0)
    assert desk.query["words"] == "no such thing"


def test_an_alarm_is_followed_from_new_to_closed(plant: Server, open_desk: Open) -> None:
    alarm(plant, "DESK-2", "LW1-T1-TEMP")
    desk = open_desk(plant, "/alarms")
    line(desk, "DESK-2").click()
    detail = desk.place("detail")
    expect(detail.locator(".timeline li")).to_have_count(1)
    detail.get_by_role("button", name="确认接警").click()
    expect(line(desk, "DESK-2")).to_contain_text("上屏")
    expect(detail.locator(".timeline")).to_contain_text("确认接警")
    detail.get_by_role("button", name="反馈", exact=True).click()
    detail.locator(".act-form textarea").fill("阀门已关")
    detail.locator(".act-form").get_by_role("button", name="反馈").click()
    expect(detail.locator(".timeline")).to_contain_text("阀门已关")
    expect(line(desk, "DESK-2")).to_contain_text("已处置")
    expect(detail.get_by_role("button", name="闭环")).to_have_count(0), "it still lasts (R-AL-5)"
    alarm(plant, "DESK-2", "LW1-T1-TEMP", cleared_at=iso(now()), alarm_status="02", handling_status="01")
    detail.get_by_role("button", name="闭环").click()
    detail.locator(".act-form textarea").fill("现场核实")
    detail.locator(".act-form").get_by_role("button", name="闭环").click()
    expect(detail.locator(".timeline")).to_contain_text("现场核实")
    desk.page.get_by_role("button", name="已闭环").click()
    expect(line(desk, "DESK-2")).to_contain_text("闭环")


def test_who_comes_second_sees_who_was_first(plant: Server, open_desk: Open) -> None:
    alarm(plant, "DESK-3", "LW1-T2-LEVEL")
    one, two = (open_desk(plant, "/alarms", sel="alarms:DESK-3") for _ in range(2))
    for desk in (one, two):
        expect(desk.place("detail").get_by_role("button", name="确认接警")).to_be_visible()
    two.page.evaluate("parktwin.live.leave('detail')")  # it has not heard of what the other does
    two.forgiven = ("409",)
    one.place("detail").get_by_role("button", name="确认接警").click()
    expect(one.place("detail").locator(".timeline li")).to_have_count(2)
    two.place("detail").get_by_role("button", name="确认接警").click()
    expect(two.place("notice")).to_contain_text(re.compile("其间已有处理：demo .* 确认接警"))
    expect(two.place("detail").locator(".timeline li")).to_have_count(2)


def test_several_are_acted_on_at_once(plant: Server, open_desk: Open) -> None:
    alarm(plant, "DESK-4", "LW1-T2-TEMP")
    alarm(plant, "DESK-5", "LW1-U2-FLOW")
    desk = open_desk(plant, "/alarms")
    for number in (4, 5):
        line(desk, f"DESK-{number}").locator("input").check()
    expect(desk.page.locator(".batch")).to_contain_text("2")
    desk.page.locator(".batch").get_by_role("button", name="确认接警").click()
    for number in (4, 5):
        expect(line(desk, f"DESK-{number}")).to_contain_text("上屏")
    expect(desk.page.locator(".batch")).to_be_hidden()


def test_a_grave_alarm_is_cried_on_every_screen_and_silence_is_no_acknowledgement(
    plant: Server, open_desk: Open
) -> None:
    desk = open_desk(plant, at="2026-11-20T00:00:00Z")
    expect(desk.page.locator(".word-sound")).to_contain_text("声音")
    alarm(plant, "DESK-6", "LW1-U2-PRESS", "02")
    notice = desk.place("notice")
    expect(notice).to_contain_text(re.compile("[SA] 级报警.*树脂釜压力"))  # and not what was cried before the page came
    notice.get_by_role("button", name="静音").click()
    expect(notice.get_by_role("button", name="静音")).to_be_hidden()
    assert plant.get("/api/v1/alarms/DESK-6").json()["stage"] == "new"
    later = open_desk(plant, "/gas")
    expect(later.place("notice")).to_contain_text(re.compile("[SA] 级报警")), "also for who comes later"
    expect(later.page.locator(".place-screens .count:visible")).to_have_attribute("data-colour", "red")


def test_the_desk_shows_what_was_open_then(plant: Server, open_desk: Open) -> None:
    before = iso(now())
    alarm(plant, "DESK-7", "LW2-U1-TEMP")
    live = open_desk(plant, "/alarms")
    expect(line(live, "DESK-7")).to_be_visible()
    then = open_desk(plant, "/alarms", at=before)
    expect(then.plate("alarm_ledger").locator(".remark")).to_contain_text("未处置")
    expect(line(then, "DESK-7")).to_have_count(0)


def test_an_a_alarm_is_confirmed_by_telephone(plant: Server, open_desk: Open) -> None:
    alarm(plant, "DESK-8", "LW1-T1-TEMP")
    desk = open_desk(plant, "/alarms", sel="alarms:DESK-8")
    detail = desk.place("detail")
    expect(detail.locator(".act-call")).to_have_text("A级报警须电话核实")
    detail.get_by_role("button", name="研判", exact=True).click()
    form = detail.locator(".act-form")
    form.get_by_placeholder("电话核实对象").fill("龙威中控室 李工")
    form.get_by_role("button", name="研判").click()
    expect(detail.locator(".timeline")).to_contain_text("属实 · 龙威中控室 李工")
    expect(form).to_be_hidden()
    expect(detail.locator(".act-call")).to_be_hidden()
