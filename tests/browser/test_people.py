"""Signing in as a person does: first password, work, nobody there for a while, in again where one was, and out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from tests.browser.desk import READY, Desk
from tests.people.signing import GIVEN, OWN, Somebody, add_user
from tests.serving import SMALL_PARK, Server, running

SIZES: list[ViewportSize] = [
    {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}, {"width": 3840, "height": 2160}
]  # fmt: skip


def serve(folder: Path, idle_min: float) -> Iterator[Server]:
    """The small park with accounts, whose sessions end soon when nobody is there."""
    park = folder / "park"
    shutil.copytree(SMALL_PARK, park)
    (park / "park.toml").write_text(f"[login]\nidle_min = {idle_min}\ncalls_a_minute = 1000\n", "utf-8")
    for id, role, enterprise in (("duty", "operator", None), ("one", "enterprise_safety", "LW1")):
        add_user(folder / "data", id, role, enterprise)
    with running(["run", "--park", str(park)], folder / "data") as each:
        yield each


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which nobody may be away for more than twelve seconds."""
    yield from serve(tmp_path_factory.mktemp("hasty"), 0.2)


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as others are."""
    yield from serve(tmp_path_factory.mktemp("patient"), 30)


def sign_in(page: Page, id: str, password: str) -> None:
    """Fill the form and send it."""
    page.fill("[name=account]", id)
    page.fill("[name=password]", password)
    page.click(".go")


def ready(page: Page) -> None:
    """The page is live."""
    page.wait_for_function(READY, timeout=60_000)


def query(page: Page) -> dict[str, str]:
    """What the address says."""
    return {name: each[0] for name, each in parse_qs(urlsplit(page.url).query).items()}


def test_first_password_work_idle_end_and_in_again_where_one_was(browser: Browser, hasty: Server) -> None:
    desk = Desk(browser, hasty.url)
    desk.forgiven = ("401", "websocket")
    page = desk.page
    page.goto(f"{hasty.url}/?enterprise=LW1&lang=en")
    expect(page).to_have_title("Sign in – " + page.locator("h1").inner_text())
    sign_in(page, "duty", GIVEN)
    page.fill("[name=old]", GIVEN)
    page.fill("[name=password]", OWN)
    page.fill("[name=again]", OWN)
    page.click(".go")
    ready(page)
    assert query(page) == {"enterprise": "LW1", "lang": "en"}
    expect(page.locator(".who-name")).to_have_text("Duty")
    page.mouse.click(700, 400)
    page.wait_for_url("**/login?*", timeout=60_000)
    assert query(page)["why"] == "session_idle"
    assert "enterprise=LW1" in query(page)["next"]
    expect(page.locator(".said")).to_contain_text("session has ended")
    sign_in(page, "duty", OWN)
    ready(page)
    assert query(page)["enterprise"] == "LW1"
    desk.close()


def test_a_wrong_password_is_said_and_nothing_is_open(browser: Browser, patient: Server) -> None:
    desk = Desk(browser, patient.url)
    desk.forgiven = ("401",)
    page = desk.page
    page.goto(patient.url)
    sign_in(page, "one", "Not-the-one-9")
    expect(page.locator(".said")).to_have_text("账号或密码不正确")
    page.click("footer a")
    expect(page.locator(".go")).to_have_text("Sign in")
    desk.close()


class _Late:
    """The answer that takes the cookies comes when the page was told already that its session is over."""

    answered = False

    def __call__(self, route: Route) -> None:
        answer = route.fetch()
        route.request.frame.page.wait_for_function("window.told")  # refused where the page leaves before its answer
        route.fulfill(response=answer)
        self.answered = True


def test_a_second_sign_in_is_told_to_the_first_page_and_signing_out_clears_it(
    browser: Browser, patient: Server
) -> None:
    Somebody(patient).enter("one")
    desk = Desk(browser, patient.url)
    desk.forgiven = ("401", "websocket")
    page = desk.page
    page.goto(patient.url)
    sign_in(page, "one", OWN)
    ready(page)
    assert page.evaluate("[...parktwin.map.layers.get('tanks').index.keys()].every((id) => id.startsWith('LW1'))")
    Somebody(patient).enter("one")
    page.wait_for_url("**/login?*", timeout=30_000)
    assert query(page)["why"] == "signed_in_elsewhere"
    sign_in(page, "one", OWN)
    ready(page)
    page.click(".who-name")
    expect(page.locator("[name=again]")).to_be_visible()
    page.go_back()
    ready(page)
    page.evaluate("window.localStorage.setItem('kept', 'something')")
    late = _Late()
    page.evaluate("parktwin.live.socket.on('ended', () => { window.told = true; })")
    page.route("**/api/v1/session/end", late)
    page.click("[data-press=sign_out]")
    page.wait_for_url("**/login?*", timeout=30_000)
    assert page.evaluate("window.localStorage.length") == 0
    assert late.answered
    assert not desk.context.cookies()
    desk.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda each: str(each["width"]))
def test_the_sign_in_page_and_the_top_bar_fit(browser: Browser, patient: Server, out: Path, size: ViewportSize) -> None:
    Somebody(patient).enter("duty")
    desk = Desk(browser, patient.url, size)
    page = desk.page
    page.goto(patient.url)
    page.screenshot(path=out / f"login-{size['width']}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    sign_in(page, "duty", OWN)
    ready(page)
    page.screenshot(path=out / f"signed-in-{size['width']}.png")
    boxes = [page.locator(each).bounding_box() for each in (".place-headline", ".times", ".who")]
    headline, times, who = (each or {} for each in boxes)
    assert headline["x"] + headline["width"] <= times["x"] + 1
    assert who["x"] + who["width"] <= size["width"]
    desk.close()
