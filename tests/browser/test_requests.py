"""Requests that another person decides, in a browser: points under repair (R-AL-8), other limits (R-GAS-15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.adapters.exchange import record
from tests.browser.desk import Desk
from tests.people.signing import Somebody, peopled
from tests.serving import Server
from twin.moment import iso, now

pytestmark = pytest.mark.browser
GAS, LEVEL, TEMP = "LW1-U1-GC1", "LW1-T1-LEVEL", "LW1-T1-TEMP"
PEOPLE = {"plant": ("enterprise_safety", "LW1"), "duty": ("duty_leader", None), "bureau": ("safety_bureau", None)}
ZONE = ZoneInfo("Asia/Shanghai")
SAME_PLACE = {"hazard_source_id": "HZ1", "is_deleted": False, "is_false_alarm": False, "handling_status": "01"}
Enter = Callable[..., Desk]
# the screen's frame is there before the page has heard that its places are made, as now and then happens
_FRAME_FIRST = """() => {
  const { screen, panels } = parktwin, { mounted } = screen, { put } = panels;
  let came = false;
  panels.put = (...said) => { came ||= said[1] === "alarm_faults"; return put(...said); };
  screen.mounted = (each) => (came ? mounted(each) : requestAnimationFrame(() => screen.mounted(each)));
}"""


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park with people: one of an enterprise who asks, two of the park who decide."""
    with peopled(tmp_path_factory.mktemp("requests"), PEOPLE) as server:
        yield server


@pytest.fixture
def enter(browser: Browser, plant: Server) -> Iterator[Enter]:
    """``enter("duty", "/alarms", **query)``: their page; all pages are checked and closed at the end."""
    opened: list[Desk] = []

    def page_of(id: str, path: str = "/alarms", **query: str) -> Desk:
        desk = Desk(browser, plant.url)
        opened.append(desk)
        cookies = Somebody(plant).enter(id).cookies
        desk.context.add_cookies([{"name": name, "value": each, "url": plant.url} for name, each in cookies.items()])
        return desk.open(path, **query)

    yield page_of
    for desk in opened:
        desk.close()


def local(minutes: float) -> str:
    """So many minutes from now, as somebody types it in the park's time."""
    return f"{(now() + timedelta(minutes=minutes)).astimezone(ZONE):%Y-%m-%d %H:%M}"


def alarm(server: Server, id: str, point: str) -> None:
    """An alarm that the exchange tells of."""
    said = {"hazard_point_id": point, "enterprise_id": "LW1", "alarm_type": "01", "alarm_value": 91.0, **SAME_PLACE}
    said |= {"threshold": 90.0, "alarm_at": iso(now()), "cleared_at": None, "alarm_status": "01"}
    answer = server.post("/api/v1/records/hazard_alarm", {"records": [record("hazard_alarm", id, **said)]})
    assert answer.json()["rejected"] == [], answer.text


def reading(server: Server, point: str, value: float) -> None:
    """A reading of this moment."""
    told = {"point": point, "ts": iso(now()), "value": value, "quality": "good"}
    assert server.post("/api/v1/readings", {"readings": [told]}).status_code == 202


def tab(desk: Desk, name: str) -> None:
    """One of the pages of the desk."""
    desk.page.get_by_role("tab", name=name).click()


def form(desk: Desk, panel: str, **typed: str) -> Locator:
    """The panel's form, with what is typed into it."""
    found = desk.plate(panel).locator(".request-form")
    for name, each in typed.items():
        field = found.locator(f"[name={name}]")
        field.select_option(each) if name in ("reason_code", "which") else field.fill(each)
    return found


def row(desk: Desk, panel: str, text: str) -> Locator:
    """The line of a request."""
    return desk.plate(panel).locator(".requests li", has_text=text)


def apply(server: Server, target: str, note: str) -> str:
    """An application handed in by another program."""
    said: dict[str, Any] = {"target": target, "reason": "repair", "note": note}
    said |= {"starts": iso(now() - timedelta(minutes=1)), "ends": iso(now() + timedelta(hours=2))}
    answer = Somebody(server).enter("plant").post("/api/v1/faults", said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_an_application_is_begun_at_its_alarm_and_refused_with_a_reason(plant: Server, enter: Enter) -> None:
    alarm(plant, "ASK-1", LEVEL)
    mine = enter("plant", sel="alarms:ASK-1")
    mine.place("detail").get_by_role("button", name="申请检修停用").click()
    asked = form(mine, "alarm_faults", starts="tomorrow", ends=local(60))
    expect(asked.locator("[name=target]")).to_have_value(LEVEL)
    expect(asked.locator("[name=starts]")).to_have_attribute("placeholder", "年-月-日 时:分")
    asked.locator("[name=note]").fill("更换浮子")
    asked.get_by_role("button", name="提交申请").click()
    expect(asked.locator("label", has=mine.page.locator("[name=starts]"))).to_contain_text("请按“年-月-日 时:分”填写")
    mine.forgiven = ("400",)
    form(mine, "alarm_faults", starts=local(70)).get_by_role("button", name="提交申请").click()
    expect(asked.locator("label", has=mine.page.locator("[name=ends]"))).to_contain_text("结束须晚于开始")
    form(mine, "alarm_faults", starts=local(-1), ends=local(60)).get_by_role("button", name="提交申请").click()
    waits = row(mine, "alarm_faults", "更换浮子")
    expect(waits).to_contain_text("待审批 · 1 个点")
    expect(waits.get_by_role("button")).to_have_text(["撤回"])
    other = enter("duty")
    tab(other, "故障申请")
    expect(form(other, "alarm_faults")).to_be_hidden()
    seen = row(other, "alarm_faults", "更换浮子")
    seen.get_by_role("button", name="驳回").click()
    seen.locator("input").fill("大检修期间统一申请")
    seen.locator("input").press("Enter")
    expect(seen).to_contain_text("已驳回：大检修期间统一申请")
    expect(waits).to_contain_text("duty")
    expect(waits.get_by_role("button")).to_have_count(0)


def test_what_is_approved_hushes_its_points_and_what_is_taken_back_lets_them_speak(plant: Server, enter: Enter) -> None:
    apply(plant, GAS, "标定探头")
    other = enter("duty")
    tab(other, "故障申请")
    line = row(other, "alarm_faults", "标定探头")
    line.get_by_role("button", name="批准").click()
    expect(line).to_contain_text("生效中 · 1 个点")
    reading(plant, GAS, 30.0)
    expect(line).to_contain_text("未报 1 条")
    assert plant.get(f"/api/v1/points/{GAS}").status_code == 401
    asks = Somebody(plant).enter("bureau")
    assert asks.get(f"/api/v1/alarms?point={GAS}&state=all").json()["alarms"] == []
    mine = enter("plant", sel=f"points:{GAS}")
    expect(mine.place("detail")).to_contain_text("检修中")
    tab(mine, "故障申请")
    row(mine, "alarm_faults", "标定探头").get_by_role("button", name="撤回").click()
    expect(row(mine, "alarm_faults", "标定探头")).to_contain_text("已撤回")
    tab(mine, "台账")
    expect(mine.plate("alarm_ledger").locator(".ledger-line", has_text=GAS)).to_have_count(1)


def test_of_two_who_decide_the_second_is_told_who_was_first(plant: Server, enter: Enter) -> None:
    apply(plant, "LW1-U2-FLOW", "换流量计")
    one, two = enter("duty"), enter("bureau")
    for desk in (one, two):
        tab(desk, "故障申请")
        expect(row(desk, "alarm_faults", "换流量计").get_by_role("button")).to_have_text(["批准", "驳回"])
    two.page.evaluate("parktwin.live.leave('alarms')")  # it has not heard of what the other does
    two.forgiven = ("409",)
    row(one, "alarm_faults", "换流量计").get_by_role("button", name="批准").click()
    expect(row(one, "alarm_faults", "换流量计")).to_contain_text("生效中")
    row(two, "alarm_faults", "换流量计").get_by_role("button", name="批准").click()
    expect(two.place("notice")).to_contain_text("未执行：已批准：duty")


def test_a_limit_is_asked_for_at_its_point_and_its_history_says_all(plant: Server, enter: Enter) -> None:
    mine = enter("plant", sel=f"points:{TEMP}")
    mine.forgiven = ("400",)
    mine.place("detail").get_by_role("button", name="申请改限值").click()
    asked = form(mine, "alarm_limits", which="LL", new="42", reason="夏季工况")
    expect(asked.locator("[name=point]")).to_have_value(TEMP)
    asked.get_by_role("button", name="申请变更").click()
    blamed = asked.locator("label", has=mine.page.locator("[name=new]"))
    expect(blamed).to_contain_text("LL = 42：必须低于")
    expect(asked.locator("[name=new]")).to_be_focused()
    form(mine, "alarm_limits", which="H", new="四十", reason="夏季工况").get_by_role("button", name="申请变更").click()
    expect(blamed).to_contain_text("请输入数字")
    form(mine, "alarm_limits", new="42").get_by_role("button", name="申请变更").click()
    line = row(mine, "alarm_limits", "夏季工况")
    expect(line).to_contain_text("待审批")
    expect(line.get_by_role("button")).to_have_count(0)
    other = enter("bureau", lang="en")
    tab(other, "Limits")
    seen = row(other, "alarm_limits", "夏季工况")
    seen.get_by_role("button", name="Approve").click()
    for told in ("H 40 ℃ → 42 ℃", "asked by plant", "approved by bureau", TEMP):
        expect(seen).to_contain_text(told)
    said = Somebody(plant).enter("duty").get(f"/api/v1/points/{TEMP}/limits").json()
    assert said["limits"]["H"] == 42.0
    assert [
        (each["old"], each["new"], each["author"], each["approver"], each["reason"]) for each in said["history"]
    ] == [(40.0, 42.0, "plant", "bureau", "夏季工况")]


def test_what_waits_is_told_in_the_app_and_the_message_leads_to_it(plant: Server, enter: Enter) -> None:
    other = enter("bureau", "/messages")
    id = apply(plant, TEMP, "更换热电偶")
    line = other.plate("message_inbox").locator(f"li[data-id*='{id}']")
    expect(line).to_contain_text("待审批")
    expect(line).to_contain_text("未读")
    bar = other.plate("message_inbox").locator(".ledger-bar")
    bar.get_by_label("类别").select_option("alarm")
    expect(line).to_be_hidden()
    bar.get_by_label("类别").select_option("approval")
    bar.get_by_role("button", name="只看未读").click()
    expect(line).to_be_visible()
    assert other.query["kind"] == "approval"
    other.page.evaluate(_FRAME_FIRST)
    line.get_by_role("button", name="查看申请").click()
    expect(row(other, "alarm_faults", "更换热电偶").get_by_role("button", name="批准")).to_be_visible()
