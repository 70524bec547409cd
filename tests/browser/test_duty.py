"""The duty desk and the expiry board in a browser: a file of rosters with one bad row, and a reminder by a click."""

from __future__ import annotations

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from playwright.sync_api import expect

from tests.adapters.exchange import record
from tests.browser.desk import Open
from tests.serving import Server
from twin.moment import now

pytestmark = pytest.mark.browser
TODAY = now().astimezone(ZoneInfo("Asia/Shanghai")).date()
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tell(server: Server, table: str, id: str, **said: object) -> None:
    """A record of the exchange."""
    answer = server.post(f"/api/v1/records/{table}", {"records": [record(table, id, **said)]})
    assert answer.json()["rejected"] == [], answer.text


def roster() -> bytes:
    """A real file: tomorrow's morning shift, and a row with a person whom nobody knows."""
    day, made = (TODAY + timedelta(days=1)).isoformat(), io.BytesIO()
    rows = [
        ("日期", "班次", "角色", "人员", "企业"),
        (day, "早班", "带班领导", "赵伟", ""),
        (day, "早班", "值班员", "钱静", "园区"),
        (day, "中班", "值班员", "王五", ""),
    ]
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def test_a_roster_is_read_from_a_file_and_its_bad_row_is_named(small: Server, open_desk: Open) -> None:
    for id, name in (("DP1", "赵伟"), ("DP2", "钱静")):
        tell(small, "person", id, name=name, mobile="10001")
    desk = open_desk(small, "/duty")
    desk.page.get_by_role("tab", name="排班表").click()
    form = desk.plate("duty_roster").locator("form.request-form").first
    form.locator("input[type=file]").set_input_files({"name": "week.xlsx", "mimeType": EXCEL, "buffer": roster()})
    form.get_by_role("button", name="导入").click()
    told = desk.plate("duty_imports")
    expect(told).to_contain_text("week.xlsx")
    expect(told).to_contain_text("第 4 行：人员")
    expect(told).to_contain_text("没有人员 “王五”")
    lines = desk.plate("duty_roster").locator("ul.requests > li")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("赵伟")
    lines.first.get_by_role("button", name="换班").click()
    swap = lines.first.locator("form")
    swap.locator("select").select_option(index=1)
    swap.get_by_role("button", name="换班").click()
    expect(lines.first).to_contain_text("钱静")
    desk.page.get_by_role("tab", name="排班日历").click()
    expect(desk.plate("duty_calendar")).to_contain_text("钱静 带班；赵伟")


def test_a_reminder_is_sent_by_a_click_and_its_row_says_so(small: Server, open_desk: Open) -> None:
    over = (TODAY - timedelta(days=3)).isoformat()
    said = {"enterprise_id": "LW1", "certificate_type": "02", "certificate_name": "安全生产许可证", "valid_to": over}
    tell(small, "enterprise_certificate", "EC1", **said)
    desk = open_desk(small, "/expiry")
    expect(desk.plate("expiry_scenes").locator(".item", has_text="安全生产许可证")).to_contain_text("1")
    row = desk.plate("expiry_list").locator("ul.requests > li", has_text="安全生产许可证")
    expect(row).to_contain_text("超期 3 天")
    expect(row).to_contain_text("已提醒（自动）")
    row.get_by_role("button", name="发送提醒").click()
    expect(row).to_contain_text("已提醒（demo）")
