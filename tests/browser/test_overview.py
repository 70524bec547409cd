"""The overview in a real browser: complete at every size and in both languages, live, and drillable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Route, ViewportSize, expect

from tests.browser.desk import Open
from tests.serving import Server
from twin.moment import iso, now

SIZES: dict[str, ViewportSize] = {
    "laptop": {"width": 1366, "height": 768},
    "desk": {"width": 1920, "height": 1080},
    "wall": {"width": 3840, "height": 2160},
    "wide": {"width": 7680, "height": 2160},
}
CHINESE = re.compile("[一-鿿]")
POINT = "E04-T01-LEVEL"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_overview_is_whole_at_every_size_in_both_languages(
    demo: Server, open_desk: Open, out: Path, lang: str
) -> None:
    desk = open_desk(demo, lang=lang)
    for size, pixels in SIZES.items():
        desk.page.set_viewport_size(pixels)
        for panel in ("now", "hazards", "online", "alarms", "alarms_24h", "gas_top"):
            expect(desk.plate(panel).locator(".panel > *").first).to_be_visible()
        desk.page.screenshot(path=out / f"overview-{size}-{lang}.png")
        assert (size, desk.overflowing()) == (size, [])
    if lang == "en":
        assert not CHINESE.search(desk.plate("now").inner_text() + desk.place("headline").inner_text())


def test_almost_all_points_are_on_the_map(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.wait("() => parktwin.map.painted >= 0.95 * parktwin.map.layers.get('points').count")
    assert desk.page.evaluate("parktwin.map.layers.get('points').count") == 4000


def test_a_reading_that_is_pushed_is_seen_within_two_seconds(small: Server, open_desk: Open) -> None:
    points = small.get("/api/v1/layers/points").json()["features"]
    point = points[0]["id"]
    desk = open_desk(small, sel=f"points:{point}")
    expect(desk.place("detail").locator(".crumbs")).to_be_visible()
    sent = {"readings": [{"point": point, "ts": iso(now()), "value": 41.625, "quality": "good"}]}
    assert small.post("/api/v1/readings", sent).json()["accepted"] == 1
    expect(desk.place("detail").locator(".num .value")).to_contain_text("41.6", timeout=2000)


def test_a_click_on_the_map_opens_a_point_and_the_breadcrumb_leads_back(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo, z="17.5", lat="33.3915", lon="118.9932")
    target = desk.page.evaluate(
        """() => { const all = parktwin.map.layers.get('points'), map = parktwin.map.leaflet;
        const inner = map.getBounds().pad(-0.35);
        return all.id.find((_, at) => inner.contains([all.lat[at], all.lon[at]])); }"""
    )
    desk.click_on_map("points", target)
    detail = desk.place("detail")
    expect(detail.locator(".num .value")).not_to_be_empty()
    expect(detail.locator(".trend .plot .main-svg").first).to_be_visible(timeout=15_000)
    assert desk.query["sel"].split(":")[0] in ("points", "tanks", "units", "hazards")
    detail.locator(".crumbs button").first.click()
    expect(detail).to_be_empty()
    assert "sel" not in desk.query


def test_a_figure_opens_its_list_and_the_sum_of_the_list_is_the_figure(demo: Server, open_desk: Open) -> None:
    open_desk(demo).controlled()
    desk = open_desk(demo, at=iso(now()))  # a moment that stands still: the two are the same to the last one
    figure = desk.controlled()
    shown = int(figure.locator(".value").inner_text())
    figure.click()
    drawer = desk.place("drawer")
    expect(drawer.locator("tbody tr").first).to_be_visible()
    assert drawer.locator("tbody tr").count() == shown
    address = drawer.locator("a", has_text="CSV").get_attribute("href")
    assert requests.get(f"{demo.url}{address}", timeout=30).content.startswith(b"\xef\xbb\xbf")
    desk.page.keyboard.press("Escape")
    expect(drawer).to_be_empty()


def test_search_finds_a_point_and_goes_there(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.press("search")
    desk.page.keyboard.type(POINT)
    expect(desk.place("search").locator("[aria-selected=true]")).to_contain_text(POINT)
    desk.page.keyboard.press("Enter")
    expect(desk.place("detail").locator(".crumbs")).to_contain_text(POINT)
    desk.wait("() => parktwin.map.leaflet.getZoom() > 15")
    assert desk.query["sel"] == f"points:{POINT}"


def test_what_is_typed_at_once_on_a_slow_machine_is_all_there(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.slow_down(6)
    desk.press("search")
    desk.page.keyboard.type(POINT)
    desk.page.keyboard.press("Enter")  # long before the answer
    expect(desk.place("detail").locator(".crumbs")).to_contain_text(POINT, timeout=20_000)
    assert desk.query["sel"] == f"points:{POINT}"


def test_each_of_many_quick_steps_of_zoom_is_taken(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    before = desk.page.evaluate("parktwin.map.leaflet.getZoom()")
    desk.page.evaluate("[1, 2, 3].forEach(() => document.querySelector('.tool-zoom_in').click())")
    desk.press("zoom_in")
    desk.wait("(zoom) => Math.abs(parktwin.map.leaflet.getZoom() - zoom) < 0.02", before + 2)


def test_what_is_typed_in_a_list_before_its_rows_have_come_goes_on_there(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    figure = desk.controlled()
    answers: list[Route] = []
    desk.page.route("**/_dash-update-component*", lambda route: answers.append(route))
    with desk.page.expect_request("**/_dash-update-component*"):
        figure.click()
    desk.place("drawer").locator("input").press_sequentially("E0")
    for each in answers:
        each.continue_()
    desk.wait("() => document.querySelector('.place-drawer .panel').children.length")
    desk.page.keyboard.type("4")
    expect(desk.place("drawer").locator("input")).to_have_value("E04")


def test_layers_are_switched_in_the_tree_and_the_address_keeps_it(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.press("layers")
    row = desk.place("layers").locator("label", has_text="监测点")
    expect(row.locator(".count")).to_have_text("4,000")
    row.locator("input").uncheck()
    desk.wait("() => parktwin.map.painted < 1000")
    assert desk.query["off"] == "points"
    desk.page.reload()
    desk.wait("() => window.parktwin && parktwin.map && parktwin.map.painted > 0 && parktwin.map.painted < 1000")


def test_from_afar_one_mark_stands_for_an_enterprise(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo, z="12.2", lat="33.391", lon="118.993")
    assert desk.page.evaluate("parktwin.map.painted") < 500
