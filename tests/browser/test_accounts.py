"""Accounts and the log as administrators and auditors use them: forms, what is shown once, filters that survive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.desk import Desk
from tests.browser.test_people import SIZES, ready, sign_in
from tests.people.signing import OWN, Somebody, add_user
from tests.serving import SMALL_PARK, Server, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park with an administrator and an auditor."""
    data = tmp_path_factory.mktemp("accounts")
    for id, role in (("root", "administrator"), ("check", "auditor")):
        add_user(data, id, role)
    with running(["run", "--park", str(SMALL_PARK)], data) as each:
        for id in ("root", "check"):
            Somebody(each).enter(id)
        yield each


@pytest.fixture
def enter(browser: Browser, server: Server) -> Iterator[object]:
    """``enter(id, path, size)``: a page of somebody who has signed in; all are closed at the end."""
    opened: list[Desk] = []

    def one(id: str, path: str, size: ViewportSize | None = None) -> Desk:
        desk = Desk(browser, server.url, size)
        opened.append(desk)
        desk.page.goto(f"{server.url}/login")
        sign_in(desk.page, id, OWN)
        ready(desk.page)
        desk.page.goto(f"{server.url}{path}")
        ready(desk.page)
        return desk

    yield one
    for desk in opened:
        desk.close()


def test_an_account_is_made_changed_and_locked_and_its_password_is_shown_once(enter, server: Server) -> None:
    desk = enter("root", "/accounts?lang=en")
    page, plate = desk.page, desk.plate("account_list")
    form = plate.locator(".panel > .request-form")
    form.locator("[name=id]").fill("porter")
    form.locator("[name=name]").fill("Porter")
    form.locator("[name=role]").select_option("gate")
    form.get_by_role("button", name="Make one").click()
    made = form.locator("[name=password]").input_value()
    form.get_by_role("button", name="Add account").click()
    shown = page.locator("dialog.once")
    expect(shown.locator("code")).to_have_text(made)
    expect(form.locator("[name=password]")).to_have_value("")
    shown.get_by_role("button", name="I have kept it").click()
    expect(shown).to_have_count(0)
    row = plate.locator("[data-id=porter]")
    expect(row).to_contain_text("gate")
    assert made not in page.content()
    assert Somebody(server).sign_in("porter", made).status_code == 200
    row.locator("[data-act=change]").click()
    expect(row.locator("[name=name]")).to_have_value("Porter")
    row.locator("[name=role]").select_option("enterprise_line")
    row.locator("[name=enterprise]").select_option("LW1")
    row.locator(".inner [type=submit]").click()
    expect(row).to_contain_text("enterprise staff")
    row.locator("[data-act=lock]").click()
    row.locator(".inner [type=submit]").click()
    expect(row.locator("[data-act=open]")).to_be_visible()
    expect(row).to_contain_text("locked")
    row.locator("[data-act=open]").click()
    expect(row.locator("[data-act=lock]")).to_be_visible()
    row.locator("[data-act=second]").click()
    row.locator(".inner [type=submit]").click()
    expect(shown.locator("code")).to_have_count(2)
    expect(shown.locator("code").last).to_contain_text("otpauth://totp/")
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(row).to_contain_text("second factor")


def test_a_token_is_shown_once_opens_its_scopes_and_is_revoked(enter) -> None:
    desk = enter("root", "/accounts?lang=en")
    page, plate = desk.page, desk.plate("account_tokens")
    page.locator(".place-pages-left .tab").nth(1).click()
    plate.locator("[name=name]").fill("pump")
    plate.locator("[value=read]").check()
    plate.get_by_role("button", name="Add token").click()
    secret = page.locator("dialog.once code").inner_text()
    page.locator("dialog.once").get_by_role("button", name="I have kept it").click()
    held = {"Authorization": f"Bearer {secret}"}
    assert requests.get(f"{desk.url}/api/v1/layers", headers=held, timeout=10).status_code == 200
    row = plate.locator(".requests li").filter(has_text="pump")
    row.locator("[data-act=revoke]").click()
    row.locator(".inner [type=submit]").click()
    expect(row).to_contain_text("revoked")
    assert requests.get(f"{desk.url}/api/v1/layers", headers=held, timeout=10).status_code == 401


def test_what_is_refused_is_said_and_what_was_typed_stays(enter) -> None:
    desk = enter("root", "/accounts?lang=en")
    desk.forgiven = ("409",)
    form = desk.plate("account_list").locator(".panel > .request-form")
    form.locator("[name=id]").fill("root")
    form.locator("[name=name]").fill("Again")
    form.get_by_role("button", name="Add account").click()
    expect(form.locator("label").filter(has=desk.page.locator("[name=id]")).get_by_role("alert")).to_have_text(
        "there is an account 'root' already"
    )
    expect(form.locator("[name=name]")).to_have_value("Again")


def test_filters_of_the_log_stand_in_the_address_and_survive_a_reload(enter) -> None:
    desk = enter("check", "/audit?lang=en")
    page, plate = desk.page, desk.plate("audit_log")
    expect(plate.locator("tbody tr").first).to_contain_text("signed in")
    plate.get_by_role("button", name="Accounts").click()
    plate.locator(".filter-fields select").select_option("signed_in")
    plate.get_by_role("textbox", name="Who", exact=True).fill("root")
    desk.wait("() => parktwin.url.state.params.who === 'root'")
    assert {name: desk.query[name] for name in ("stream", "action", "who")} == {
        "stream": "account", "action": "signed_in", "who": "root",
    }  # fmt: skip
    expect(plate.locator("tbody tr").first.locator("td").nth(1)).to_have_text("root")
    page.reload()
    ready(page)
    expect(plate.locator(".filter-fields select")).to_have_value("signed_in")
    expect(plate.get_by_role("textbox", name="Who", exact=True)).to_have_value("root")
    assert set(plate.locator("tbody td:nth-child(2)").all_inner_texts()) == {"root"}
    plate.locator(".ledger-search").fill("nothing of the kind")
    expect(plate.locator(".empty")).to_have_text("No entry passes the filters")


def test_who_may_not_finds_no_way_there_and_is_told_at_its_address(enter) -> None:
    desk = enter("check", "/")
    ways = desk.page.locator(".place-screens a")
    expect(ways.filter(has_text="审计")).to_have_count(1)
    expect(ways.filter(has_text="账号")).to_have_count(0)
    desk.forgiven = ("403",)
    answer = desk.page.goto(f"{desk.url}/accounts?lang=en")
    assert answer
    assert answer.status == 403
    expect(desk.page.locator(".nowhere")).to_have_text("This page is not yours to see")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("id", "screen", "panel"), [("root", "accounts", "account_list"), ("check", "audit", "audit_log")]
)
def test_a_screen_fits_every_size(enter, out: Path, id: str, screen: str, panel: str, lang: str) -> None:
    desk = enter(id, f"/{screen}?lang={lang}")
    for size in SIZES:
        desk.page.set_viewport_size(size)
        expect(desk.plate(panel)).to_contain_text("root")
        desk.page.screenshot(path=out / f"{screen}-{size['width']}-{lang}.png")
        assert (size["width"], desk.overflowing()) == (size["width"], [])
