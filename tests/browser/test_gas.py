"""The gas screen in a browser: it fits on every wall, its map answers, and its cards follow what is chosen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dashboards.gas import SCREEN
from tests.browser.desk import LARGE, Desk, Open
from tests.browser.test_fit import SIZES, walk
from tests.serving import Server

pytestmark = pytest.mark.browser
# two that the demo park has, for at one in alarm it is the alarm that is clicked
SWEEPS = {
    "GSW1": (33.3806, 118.9707, "Wide-sweep scanner 1", "Propylene oxide"),
    "GSW2": (33.3971, 119.0062, "Wide-sweep scanner 2", "Benzene"),
}
RISKS = ("red", "orange", "yellow", "blue")
# The device records are among the last that a new twin hears of.
ALL_KINDS = "() => document.querySelectorAll('[data-panel=gas_devices] .ranks .share').length >= 6"
RADIUS = """() => {
  const all = parktwin.map.layers.get('gas_reach'), at = all.index.get('GSW1');
  const [lon, lat] = all.rings[at][0][9];
  return parktwin.map.leaflet.distance([all.lat[at], all.lon[at]], [lat, lon]);
}"""


def _filled(desk: Desk) -> Desk:
    desk.wait(ALL_KINDS, timeout_s=90)
    expect(desk.plate("gas_blind")).to_contain_text("m²")
    expect(desk.plate("gas_card")).to_contain_text("IDLH")
    return desk


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_leaf_of_a_wall_cuts_a_plate(demo: Server, open_desk: Open, lang: str) -> None:
    desk = _filled(open_desk(demo, "/gas", lang=lang, mode="wall"))
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        seen, cut = walk(desk)
        assert seen == set(SCREEN.panels)
        assert (width, cut) == (width, [])


def test_a_device_is_clicked_on_the_map_and_tells_itself(demo: Server, open_desk: Open) -> None:
    desk = _filled(open_desk(demo, "/gas", lang="en"))
    assert desk.page.evaluate(RADIUS) == pytest.approx(500, rel=0.01)
    id, (lat, lon, name, gas) = next(
        each for each in SWEEPS.items() if desk.state_on_map("gas_sweeps", each[0]) not in RISKS
    )
    desk.page.evaluate("(place) => parktwin.map.look(place)", {"lat": lat, "lon": lon, "z": 16})
    desk.wait("() => Math.abs(parktwin.map.leaflet.getZoom() - 16) < 0.01")
    desk.click_on_map("gas_sweeps", id)
    expect(desk.place("detail")).to_contain_text(name)
    expect(desk.place("detail")).to_contain_text(f"Gas card · {gas}")


def test_other_programs_get_what_is_covered_as_polygons(demo: Server, open_desk: Open) -> None:
    _filled(open_desk(demo, "/gas"))  # by then the records have come
    found = {each["id"]: each for each in demo.get("/api/v1/layers/gas_reach").json()["features"]}
    assert {found[id]["geometry"]["type"] for id in ("GSW1", "GCAM3", "GUAV1")} == {"Polygon"}
    blind = demo.get("/api/v1/layers/gas_blind").json()["features"]
    assert {each["geometry"]["type"] for each in blind} <= {"Polygon", "MultiPolygon"}
    assert len(blind) > 40


def test_a_gas_is_chosen_for_its_card_and_let_go_again(demo: Server, open_desk: Open) -> None:
    desk = _filled(open_desk(demo, "/gas", lang="en"))
    desk.plate("gas_species").locator(".share").nth(1).click()
    expect(desk.plate("gas_card")).to_contain_text("chosen", timeout=30_000)
    assert desk.query["gas"]
    desk.page.evaluate("parktwin.pages.choose('right', 'now', 1)")  # its leaf, where there are two
    desk.plate("gas_card").get_by_text("Back to the gas nearest to its limit").click()
    expect(desk.plate("gas_card")).not_to_contain_text("chosen", timeout=30_000)
    assert "gas" not in desk.query


def test_the_list_behind_the_blind_area_opens(demo: Server, open_desk: Open) -> None:
    desk = _filled(open_desk(demo, "/gas", size=LARGE, lang="en"))
    desk.page.get_by_role("tab", name="Devices and coverage").click()
    desk.plate("gas_blind").locator(".main .row").click()
    expect(desk.place("drawer").locator(".total")).to_have_text(re.compile(r"69"))
