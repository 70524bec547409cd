"""Pages that nobody sits at: what they are sent, what they turn by themselves, and how a new build gets to them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import READY, Desk, Open
from tests.conftest import SMALL_PARK
from tests.serving import ROOT, Server, running
from tests.test_adding import LEFT_OUT

COMMANDER = ("-m", "tests.browser.commander")
TURN_MS = 31_000
SHOWN = """() => [...document.querySelectorAll('.plate')].filter((each) => each.offsetParent)
  .map((each) => each.dataset.panel).join()"""


@pytest.fixture(scope="module")
def commanded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park, with a commander."""
    words, data = ["run", "--park", str(SMALL_PARK)], tmp_path_factory.mktemp("walls")
    with running(words, data, program=COMMANDER, told=True) as server:
        yield server


@pytest.fixture(scope="module")
def seen(commanded: Server) -> str:
    """An address of the park's first point, as a commander sends it."""
    return "/?sel=points:" + str(commanded.get("/api/v1/layers/points").json()["features"][0]["id"])


def test_a_wall_shows_what_it_is_sent_and_stays_the_wall_that_it_is(
    commanded: Server, open_desk: Open, seen: str
) -> None:
    wall = open_desk(commanded, mode="wall", wall="hall-1", lang="en")
    wall.page.evaluate("window.kept = true")
    commanded.tell(f"show hall-1 {seen}&mode=desk&lang=zh&z=16&lat=33.4&lon=119")
    expect(wall.place("detail").locator(".crumbs")).to_be_visible()
    wall.wait("() => Math.abs(parktwin.map.leaflet.getZoom() - 16) < 0.01")
    assert wall.page.evaluate("window.kept")
    assert {name: wall.query.get(name) for name in ("mode", "wall", "lang")} == {
        "mode": "wall", "wall": "hall-1", "lang": "en",
    }  # fmt: skip


def test_other_walls_and_desks_are_left_alone(commanded: Server, open_desk: Open, seen: str) -> None:
    wall = open_desk(commanded, mode="kiosk", wall="hall-2")
    other = open_desk(commanded, mode="wall", wall="hall-3")
    desk = open_desk(commanded, wall="hall-2")
    commanded.tell(f"show hall-2 {seen}")
    expect(wall.place("detail").locator(".crumbs")).to_be_visible()
    assert "sel" not in other.query
    assert "sel" not in desk.query


@pytest.mark.parametrize(
    "view",
    ["//evil.example/", "https://evil.example/", "/\\\\evil.example", "/nowhere", "javascript:alert(1)", "overview"],
)
def test_a_wall_goes_nowhere_else(commanded: Server, open_desk: Open, seen: str, view: str) -> None:
    wall = open_desk(commanded, mode="wall", wall="hall-4")
    wall.page.evaluate("() => { window.went = []; parktwin.url.onChange(({ path }) => window.went.push(path)); }")
    commanded.tell(f"show hall-4 {view}")
    commanded.tell(f"show hall-4 {seen}")
    expect(wall.place("detail").locator(".crumbs")).to_be_visible()
    assert wall.page.evaluate("window.went") == ["/"]


def test_the_mode_of_the_park_marks_every_page_at_once(commanded: Server, open_desk: Open) -> None:
    desk, wall = open_desk(commanded), open_desk(commanded, mode="wall", lang="en")
    commanded.tell("mode wartime")
    for page, word in ((desk, "应急战时"), (wall, "Wartime")):
        expect(page.page.locator(".pt.wartime")).to_have_count(1)
        expect(page.page.get_by_role("status").filter(has_text=word)).to_be_visible()
    commanded.tell("mode peacetime")
    expect(desk.page.locator(".pt.wartime")).to_have_count(0)
    expect(desk.page.locator(".park-mode")).to_be_hidden()


def test_a_kiosk_turns_when_its_time_has_come(small: Server, browser: Browser) -> None:
    kiosk = Desk(browser, small.url)
    kiosk.page.clock.install()
    kiosk.open(mode="kiosk")
    before = kiosk.page.evaluate(SHOWN)
    kiosk.page.clock.fast_forward(TURN_MS)
    kiosk.wait(f"(before) => ({SHOWN})() !== before", before)
    kiosk.page.evaluate("parktwin.url.set({ sel: { layer: 'points', id: 'E04-T01-LEVEL' } })")
    kiosk.page.clock.fast_forward(TURN_MS)
    expect(kiosk.place("detail")).to_be_empty()
    assert "sel" not in kiosk.query
    kiosk.close()


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A copy of the product that may be changed."""
    root = tmp_path / "product"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    return root


def test_a_new_build_is_taken_by_walls_and_offered_to_desks(product: Path, tmp_path: Path, browser: Browser) -> None:
    words, data = ["run", "--park", str(SMALL_PARK)], tmp_path / "data"
    with running(words, data, root=product) as old:
        pages = {mode: Desk(browser, old.url) for mode in ("desk", "wall", "kiosk")}
        for mode, page in pages.items():
            page.forgiven = ("WebSocket", "ERR_CONNECTION_REFUSED", "503")
            page.open(mode=mode)
            page.page.evaluate("window.kept = true")
    os.utime(product / "app.py")
    os.utime(product / "api" / "health.py")
    with running(words, data, port=old.port, root=product):
        for mode in ("wall", "kiosk"):
            pages[mode].wait(f"() => !window.kept && ({READY})()", timeout_s=60)
        desk = pages["desk"]
        expect(desk.place("notice")).to_contain_text("新版本", timeout=30_000)
        assert desk.page.evaluate("window.kept")
        desk.place("notice").locator("button").click()
        desk.wait(f"() => !window.kept && ({READY})()", timeout_s=60)
        expect(desk.place("notice")).to_be_empty()
        for page in pages.values():
            page.close()
