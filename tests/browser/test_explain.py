"""Any figure of the page can be asked where it comes from, by mouse and by keyboard; walls have none of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.desk import Desk, Open
from tests.dashboards.reckon import agrees, computed, figures_in
from tests.serving import Server
from twin.moment import iso, now

pytestmark = pytest.mark.browser
CHINESE = re.compile("[一-鿿]")
SHOWN = "() => document.querySelector('.lineage-number')?.textContent.length > 0"


def asked(desk: Desk) -> Locator:
    """The answer, once it has come."""
    desk.wait(SHOWN)
    return desk.place("drawer")


@pytest.fixture(scope="module")
def moment(browser: Browser, demo: Server) -> str:
    """A moment of which there is something to tell; it stands still."""
    desk = Desk(browser, demo.url).open()
    desk.controlled()
    desk.close()
    return iso(now())


def test_the_sign_beside_a_figure_tells_where_it_comes_from(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment)
    figure = desk.controlled()
    shown = figure.locator(".value").inner_text()
    figure.hover()
    desk.page.locator(".why.floats.shown").click()
    answer = asked(desk)
    expect(answer.locator(".lineage-number")).to_have_text(shown)
    expect(answer.locator(".lineage-one tbody tr")).to_have_count(int(shown))
    row = answer.locator(".lineage-one tbody tr").first
    expect(row).to_contain_text("park-exchange/enterprise")
    row.click()
    expect(answer).to_be_empty()
    expect(desk.place("detail").locator(".crumbs")).to_be_visible()
    assert desk.query["sel"].startswith("enterprises:")


def test_several_figures_of_a_plate_are_told_one_by_one(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment)
    desk.plate("online").locator(":scope > .why").focus()
    desk.page.keyboard.press("Enter")
    answer = asked(desk)
    expect(answer.locator(".lineage-said")).to_contain_text("有数据点数 ÷ 全部点数")
    expect(answer.locator(".lineage-one .facts")).to_contain_text("KPI-1")
    expect(answer.locator(".lineage-one .facts")).to_contain_text(re.compile(r"\d+ / 4,?000"))
    expect(answer.locator(".lineage-one tbody tr")).to_have_count(200)
    answer.locator(".lineage-one .more").click()
    expect(answer.locator(".lineage-one tbody tr")).to_have_count(400)
    silent = answer.locator(".lineage-figure", has_text="离线点")
    count = silent.locator("b").inner_text()
    silent.click()
    expect(answer.locator(".lineage-number")).to_have_text(count)
    desk.page.keyboard.press("Escape")
    expect(answer).to_be_empty()
    expect(desk.plate("online").locator(":scope > .why")).to_be_focused()


def test_the_sign_of_a_plate_leaves_what_lies_beside_it_to_the_hand(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment)
    desk.plate("hazards").locator(".remark").click()
    expect(desk.place("drawer").locator("h2")).to_contain_text("重大危险源")


def test_by_keyboard_the_figure_that_has_the_focus_is_asked(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment, lang="en")
    desk.controlled().focus()
    desk.page.keyboard.press("w")
    answer = asked(desk)
    expect(answer.locator(".lineage-said")).to_contain_text("Enterprises of this supervision class")
    assert not CHINESE.search(
        answer.locator(".lineage-said, .lineage-one thead, .lineage-one .facts").all_inner_texts()[0]
    )
    desk.press("lang")
    expect(answer.locator(".lineage-said")).to_contain_text("该监管类别的企业数")


def test_a_list_leads_to_where_its_figure_comes_from_and_back(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment)
    desk.controlled().click()
    drawer = desk.place("drawer")
    expect(drawer.locator("tbody tr").first).to_be_visible()
    drawer.get_by_role("button", name="来历").click()
    expect(asked(desk).locator(".lineage-said")).to_contain_text("该监管类别的企业数")
    drawer.get_by_role("button", name="清单").click()
    expect(drawer.locator("a", has_text="CSV")).to_be_visible()


def test_a_number_of_a_card_tells_where_it_comes_from(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment, sel="enterprises:E04")
    area = desk.place("detail").locator(".fact", has_text="面积")
    area.hover()
    desk.page.locator(".why.floats.shown").click()
    answer = asked(desk)
    expect(answer.locator(".lineage-number")).to_have_text(area.locator("b").inner_text())
    expect(answer.locator(".lineage-one tbody tr")).to_have_count(1)
    expect(answer.locator(".lineage-one tbody tr")).to_contain_text("geo/enterprises.geojson")
    desk.place("detail").locator(".item", has_text="在线点").hover()
    desk.page.keyboard.press("w")
    expect(answer.locator(".lineage-one .facts")).to_contain_text("KPI-1")
    expect(answer.locator(".lineage-figure")).to_have_count(3)


def test_by_keyboard_all_numbers_of_a_card_are_asked(demo: Server, open_desk: Open, moment: str) -> None:
    desk = open_desk(demo, at=moment, lang="en", sel="points:E04-U02-GT01")
    sign = desk.place("detail").locator(":scope > .why")
    sign.focus()
    desk.page.keyboard.press("Enter")
    answer = asked(desk)
    limit = answer.locator(".lineage-figure", has_text="First limit").first
    limit.click()
    expect(answer.locator(".lineage-number")).to_have_text(limit.locator("b").inner_text())
    expect(answer.locator(".lineage-one tbody tr")).to_contain_text("E04-U02-GT01")
    assert not CHINESE.search(answer.inner_text())
    desk.page.keyboard.press("Escape")
    expect(answer).to_be_empty()
    expect(sign).to_be_focused()


def test_inputs_of_the_present_grow_old_before_ones_eyes(small: Server, open_desk: Open) -> None:
    point = small.get("/api/v1/layers/points").json()["features"][0]["id"]
    sent = {"readings": [{"point": point, "ts": iso(now()), "value": 1.5, "quality": "good"}]}
    assert small.post("/api/v1/readings", sent).status_code == 202
    desk = open_desk(small)
    desk.focus(desk.page.locator(".place-freshness .sources"))
    desk.page.keyboard.press("w")
    age = asked(desk).locator("tbody tr", has_text=point).locator(".input-age")
    first = age.inner_text()
    expect(age).not_to_have_text(first, timeout=5000)


@pytest.mark.parametrize("mode", ["wall", "kiosk"])
def test_walls_and_kiosks_have_none_of_it(demo: Server, open_desk: Open, mode: str) -> None:
    desk = open_desk(demo, mode=mode, sel="enterprises:E04")
    expect(desk.place("detail").locator(".fact").first).to_be_visible()
    figure = desk.controlled()
    figure.hover()
    figure.focus()
    desk.page.keyboard.press("w")
    assert desk.page.locator(".why:visible").count() == 0
    expect(desk.place("drawer")).to_be_empty()


def test_all_figures_of_the_running_park_are_what_their_inputs_make_them(demo: Server, moment: str) -> None:
    screens = ["strip", *(each["id"] for each in demo.get("/api/v1/screens").json())]
    checked = [
        figure
        for screen in screens
        for panel, content in demo.get(f"/api/v1/screens/{screen}/frame", at=moment).json()["panels"].items()
        for figure in right(demo, screen, panel, content, moment)
    ]
    assert len(checked) > 250


def test_all_numbers_of_cards_of_the_running_park_are_what_their_inputs_make_them(demo: Server, moment: str) -> None:
    checked = []
    for layer in demo.get("/api/v1/layers").json():
        drawn = [each["id"] for each in demo.get(f"/api/v1/layers/{layer['id']}").json()["features"]]
        for id in drawn[:: max(1, len(drawn) // 2)][:2]:
            asked = {"layer": layer["id"], "id": id}
            card = demo.get("/api/v1/screens/detail/frame", at=moment, **asked).json()["panels"]["detail"]
            checked += right(demo, "detail", "detail", card, moment, **asked)
    assert len(checked) > 400


def right(demo: Server, screen: str, panel: str, content: object, at: str, **params: str) -> list[str]:
    """The figures of a panel, each of which has been computed again."""
    answer = whole(demo, f"/api/v1/explain/{screen}/{panel}", at, **params)
    told = {each["key"]: each for each in answer["figures"]}
    assert dict(figures_in(content)).keys() <= told.keys(), panel
    wrong = [
        (panel, path, each["shown"])
        for path, each in told.items()
        if not agrees(each["shown"], computed(each["formula"], answer["inputs"]), each["unit"])
    ]
    assert wrong == []
    return list(told)


def whole(demo: Server, path: str, at: str, **params: str) -> dict:
    """An answer with all pages of its inputs."""
    answer = demo.get(path, at=at, limit=20_000, **params).json()
    cursor = answer["next"]
    while cursor:
        page = demo.get(path, at=at, limit=20_000, cursor=cursor, **params).json()
        for name, each in page["inputs"].items():
            answer["inputs"][name]["rows"] += each["rows"]
        cursor = page["next"]
    return answer
