"""What people are told, in a browser: unread beside the screen's name, read by a click, written by hand; and what has
changed since somebody last looked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, Open
from tests.browser.test_alarms import alarm
from tests.conftest import SMALL_PARK
from tests.services.gateways import gateway
from tests.serving import Server, running
from twin.moment import iso, now

pytestmark = pytest.mark.browser
BOOK = "id,name,post,enterprise,mobile,account\nP-1,赵一,control_room,,10100001,demo\nP-2,钱二,line_manager,LW1,,\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small park that tells its control room of alarms."""
    folder = tmp_path_factory.mktemp("told")
    shutil.copytree(SMALL_PARK, folder / "park")
    (folder / "park" / "recipients.csv").write_text(BOOK, "utf-8")
    with running(["run", "--park", str(folder / "park")], folder / "data") as server:
        yield server


def confirm(server: Server, id: str) -> None:
    """Somebody judges an alarm to be real."""
    for act in ({"action": "acknowledge"}, {"action": "judge", "as": "confirmed", "to": "中控室", "note": "看过"}):
        answer = server.post(f"/api/v1/alarms/{id}/actions", act)
        assert answer.status_code == 200, answer.text


def test_a_confirmed_alarm_is_told_is_read_by_a_click_and_answered_by_hand(told: Server, open_desk: Open) -> None:
    desk = open_desk(told, "/")
    desk.forgiven = ("400",)  # somebody who is not known is written to
    badge = desk.page.locator(".place-screens a[href*='/messages'] .count")
    expect(badge).to_be_hidden()
    alarm(told, "TOLD-1", "LW1-T1-LEVEL")
    confirm(told, "TOLD-1")
    expect(badge).to_have_text("1")
    desk.page.locator(".place-screens a[href*='/messages']").click()
    line = desk.plate("message_inbox").locator("li[data-id*='TOLD-1']")
    expect(line).to_contain_text("级报警")
    expect(line).to_contain_text("请立即处置")
    line.get_by_role("button", name="已读").click()
    expect(badge).to_be_hidden()
    expect(line).to_contain_text("已读")
    line.get_by_role("button", name="查看报警").click()
    desk.place("detail").get_by_role("button", name="通知有关人员").click()
    form = desk.plate("message_log").locator(".request-form").first
    expect(form.locator("[name=subject]")).to_have_value("TOLD-1")
    form.locator("[name=to]").fill("没有此人")
    form.locator("[name=words]").fill("现场已处置")
    form.get_by_role("button", name="发送消息").click()
    expect(form).to_contain_text("找不到“没有此人”")
    form.locator("[name=to]").fill("赵一")
    form.get_by_role("button", name="发送消息").click()
    sent = desk.plate("message_log").locator("li", has_text="现场已处置")
    expect(sent).to_contain_text("站内信")
    expect(sent).to_contain_text("已发送")
    expect(badge).to_have_text("1")
    unreachable = desk.plate("message_log").locator("li", has_text="钱二")
    expect(unreachable.first).to_contain_text("无号码或地址")


def test_whoever_comes_back_is_told_what_has_changed_meanwhile(told: Server, browser: Browser) -> None:
    alarm(told, "NEWS-1", "LW1-T1-TEMP")
    confirm(told, "NEWS-1")
    desk = Desk(browser, told.url)
    try:
        before = iso(now() - timedelta(hours=3))
        desk.page.add_init_script(
            f"localStorage.getItem('parktwin.seen') || localStorage.setItem('parktwin.seen', '{before}')"
        )
        desk.open("/")
        notice = desk.place("notice")
        expect(notice).to_contain_text("您上次查看")
        notice.get_by_role("button", name="查看变化").click()
        expect(desk.plate("since_alarms")).to_contain_text("新报警")
        assert desk.query["since"] == before
        desk.page.evaluate("parktwin.pages.choose('main', 'deeds', 0)")
        expect(desk.plate("since_deeds")).to_contain_text("发送")
    finally:
        desk.close()


def test_what_was_answered_on_the_telephone_is_noted_beside_the_sending(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    folder = tmp_path_factory.mktemp("answered")
    shutil.copytree(SMALL_PARK, folder / "park")
    with gateway() as sms:
        channel = f'[[channels]]\nid = "sms"\nkind = "sms"\nurl = "{sms.url}"\n'
        (folder / "park" / "park.toml").write_text(channel, "utf-8")
        with running(["run", "--park", str(folder / "park")], folder / "data") as server:
            answer = server.post("/api/v1/messages", {"to": "10101234", "words": "请回电"})
            assert answer.status_code == 201, answer.text
            desk = Desk(browser, server.url)  # closed before its server ends
            try:
                desk.open("/messages")
                desk.page.evaluate("parktwin.pages.choose('main', 'sent', 0)")
                line = desk.plate("message_log").locator("li", has_text="请回电")
                expect(line, "what the gateway said").to_contain_text("发送 200")
                line.get_by_role("button", name="记录回复").click()
                line.locator("[name=words]").fill("已到场")
                line.locator(".request-form").get_by_role("button", name="记录回复").click()
                expect(line).to_contain_text("回复：已到场")
            finally:
                desk.close()
