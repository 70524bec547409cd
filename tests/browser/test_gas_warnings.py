"""A gas warning in a browser: seen at once on the gas screen, answered by a click, closed with its report only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.desk import Desk
from tests.people.signing import Somebody, peopled
from tests.serving import Server
from twin.moment import iso, now

pytestmark = pytest.mark.browser
PEOPLE = {"plant": ("enterprise_safety", "LW1"), "duty": ("duty_leader", None)}
GAS = "LW1-U1-GC1"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park with somebody of an enterprise and the park's duty leader."""
    with peopled(tmp_path_factory.mktemp("gas-warnings"), PEOPLE) as server:
        yield server


def enter(browser: Browser, plant: Server, id: str, lang: str = "zh") -> Desk:
    """Somebody's page of the gas screen."""
    desk = Desk(browser, plant.url)
    cookies = Somebody(plant).enter(id).cookies
    desk.context.add_cookies([{"name": name, "value": each, "url": plant.url} for name, each in cookies.items()])
    return desk.open("/gas", lang=lang)


def say(line: Locator, act: str, **typed: str) -> None:
    """Open an action's form, fill it and send it."""
    line.get_by_role("button", name=act, exact=True).click()
    form = line.locator(".request-form")
    for name, each in typed.items():
        field = form.locator(f"[name={name}]")
        field.select_option(each) if name in ("basis", "level") else field.fill(each)
    form.get_by_role("button", name=act, exact=True).click()


def test_an_orange_one_is_seen_answered_and_closed_with_its_report_only(
    browser: Browser, plant: Server, tmp_path: Path
) -> None:
    mine, other = enter(browser, plant, "plant"), enter(browser, plant, "duty", "en")
    expect(mine.plate("gas_warnings")).to_contain_text("当前无气体预警")
    told = {"point": GAS, "ts": iso(now()), "value": 70.0, "quality": "good"}
    assert plant.post("/api/v1/readings", {"readings": [told]}).status_code == 202
    line, seen = (each.plate("gas_warnings").locator(".requests li") for each in (mine, other))
    expect(line).to_contain_text("较大")
    expect(line).to_have_attribute("data-colour", "orange")
    expect(line).to_contain_text(re.compile(r"距逾期 23 小时 59 分"))
    expect(line).to_contain_text(re.compile(r"\d\d:\d\d 通知 .*分管安全领导.*园区分管领导"))
    expect(line).to_contain_text("未反馈")
    say(line, "反馈", note="已派人现场确认")
    expect(seen).to_contain_text("by plant")
    expect(seen).to_contain_text("Inside")
    other.forgiven = ("409",)
    say(seen, "Close", basis="impossible", note="instrument fault")
    expect(other.place("notice")).to_contain_text("The enterprise submits its result first")
    say(line, "提交结果", note="仪表已更换")
    expect(seen).to_contain_text("Result submitted")
    seen.locator(".request-form").get_by_role("button", name="Close", exact=True).click()
    expect(other.place("notice")).to_contain_text("upload the accident investigation report first")
    report = tmp_path / "调查报告.pdf"
    report.write_bytes(b"%PDF-1.7\n")
    line.get_by_role("button", name="上传调查报告").click()
    line.locator(".request-form input[type=file]").set_input_files(report)
    line.locator(".request-form").get_by_role("button", name="上传调查报告").click()
    expect(line).to_contain_text("调查报告 1 份")
    seen.locator(".request-form").get_by_role("button", name="Close", exact=True).click()
    expect(seen).to_have_count(0)
    other.page.evaluate("parktwin.pages.choose('right', 'warnings', 0)")
    expect(other.plate("gas_closing")).to_contain_text(re.compile(r"100(\.0)?\s*%"))
    for desk in (mine, other):
        desk.close()
