"""The map in space, drawn by deck.gl without graphics hardware: the same things, the same hands, the same news."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.adapters.exchange import record
from tests.browser.desk import Desk, Open
from tests.browser.effort import effort
from tests.serving import Server
from twin.moment import iso, now

TANK, LEVEL = "LW1-T1", "LW1-T1-LEVEL"
NEAR = {"map": "3d", "z": "18.60", "lat": "30.20631", "lon": "121.50172", "pitch": "55", "bearing": "0"}
BUDGET_KB, TASK_MS, SWITCH_MS = 1200, 100, 500
IN_SPACE = "() => parktwin.map && parktwin.map.inSpace && parktwin.map.complete"
ON_SCREEN = """([lon, lat, metres]) => parktwin.deckView.viewport().project([lon, lat, metres]).slice(0, 2)"""
# The colour that is seen at a place of the page, as [red, green, blue].
COLOUR = """([x, y]) => {
  const seen = document.querySelector('.place-space .slide'), box = seen.getBoundingClientRect();
  const [across, up] = [(x - box.left) / box.width * seen.width, (1 - (y - box.top) / box.height) * seen.height];
  return [...seen.getContext('2d').getImageData(Math.round(across), Math.round(up), 1, 1).data.slice(0, 3)];
}"""
LAYER = "parktwin.deckView.deck.props.layers.find((each) => each.id === id)"
WORDS = f"() => {{ const id = 'names'; return {LAYER}.props.data.map(({{ said }}) => said); }}"
SHOWN = f"(id) => {{ const one = {LAYER}; return Boolean(one && one.props.visible); }}"
TILT = "() => { const { tilt } = parktwin.map.view(); return [tilt.pitch, tilt.bearing]; }"
COUNT_PICTURES = """() => {
  window.pictures = 0;
  const { deck } = parktwin.deckView, own = deck._drawLayers;
  deck._drawLayers = function draw(...said) { window.pictures += 1; return own.apply(this, said); };
}"""
VIEW = "() => { const { lat, lon, z } = parktwin.map.view(); return [lat, lon, z]; }"
NO_WEBGL = """() => {
  const own = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function getContext(kind, ...more) {
    return /webgl/.test(kind) ? null : own.call(this, kind, ...more);
  };
}"""


class Space(Desk):
    """A page whose map is in space."""

    @classmethod
    def of(cls, browser: Browser, server: Server, **query: str) -> Space:
        """Open the page, and wait until the map is drawn in space."""
        desk = cls(browser, server.url)
        desk.open(**query)
        desk.wait(IN_SPACE, timeout_s=90)
        return desk

    def place_of(self, lon: float, lat: float, metres: float) -> tuple[float, float]:
        """Where on the page a place above the ground is drawn."""
        x, y = self.page.evaluate(ON_SCREEN, [lon, lat, metres])
        return x, y

    def colour(self, lon: float, lat: float, metres: float) -> list[int]:
        """The colour that is seen there."""
        return list(self.page.evaluate(COLOUR, self.place_of(lon, lat, metres)))

    def wait_colour(self, place: tuple[float, float, float], is_so: str) -> None:
        """Until the colour seen at a place fulfils a condition on ``[r, g, b]``."""
        self.wait(f"([at]) => {{ const [r, g, b] = ({COLOUR})(({ON_SCREEN})(at)); return {is_so}; }}", [place], 30)


@pytest.fixture
def space(browser: Browser, small: Server) -> Any:
    """The tank of the small park from near, in space."""
    desk = Space.of(browser, small, **NEAR)
    yield desk
    desk.close()


def front(metres: float) -> tuple[float, float, float]:
    """A place on the side of the tank that looks at us, so high above the ground."""
    return 121.50172, 30.206312 - 4.0 / 110_574, metres


def level(server: Server, metres: float) -> None:
    """A reading of the tank's level."""
    reading = {"point": LEVEL, "ts": iso(now()), "value": metres, "quality": "good"}
    answer = server.post("/api/v1/readings", {"readings": [reading]})
    assert answer.json()["accepted"] == 1, answer.text


def alarm(server: Server, **more: Any) -> None:
    """An alarm of the tank's level, or that it is over."""
    said = {"hazard_point_id": LEVEL, "enterprise_id": "LW1", "hazard_source_id": "HZ1", "is_deleted": False}
    said |= {"alarm_type": "01", "alarm_value": 9.2, "threshold": 8.5, "alarm_at": iso(now()), "cleared_at": None}
    said |= {"alarm_status": "01", "handling_status": "01", **more}
    answer = server.post("/api/v1/records/hazard_alarm", {"records": [record("hazard_alarm", "DECK", **said)]})
    assert answer.json()["accepted"] == 1, answer.text


def test_what_is_clicked_is_picked_as_on_the_flat_map(space: Space) -> None:
    space.page.mouse.move(*space.place_of(*front(3.0)))
    expect(space.place("hover")).to_contain_text("甲苯储罐1")
    space.page.mouse.click(*space.place_of(*front(3.0)))
    expect(space.place("detail").locator("h2")).to_have_text("甲苯储罐1")
    assert space.query["sel"] == f"tanks:{TANK}"
    space.page.mouse.click(*space.place_of(121.50135, 30.2057, 1.2))
    expect(space.place("detail").locator("h2")).to_have_text("甲苯罐区")
    space.page.mouse.click(*space.place_of(121.50172, 30.206312, 10.0))
    expect(space.place("detail")).to_contain_text(LEVEL)
    space.page.keyboard.press("Escape")
    expect(space.place("detail")).to_be_empty()


def test_level_and_alarm_are_seen_on_the_tank_as_they_come(space: Space, small: Server) -> None:
    level(small, 9.0)
    space.wait_colour(front(6.0), "b > r && r > 90")  # grey, and full up to there
    level(small, 2.0)
    space.wait_colour(front(6.0), "b > r && r < 80")
    alarm(small)
    space.wait_colour(front(1.0), "r > 1.6 * b")  # the colour of a risk
    assert "丙" not in "".join(space.page.evaluate(WORDS))
    alarm(small, alarm_status="02", cleared_at=iso(now()))
    space.wait_colour(front(1.0), "b > r")


def test_names_are_said_in_both_languages_and_layers_are_switched(space: Space) -> None:
    assert {"甲苯储罐1", "甲苯储罐2", "甲苯罐区"} <= set(space.page.evaluate(WORDS))
    space.press("lang")
    space.wait(f"() => ({WORDS})().includes('Toluene tank 1')")
    assert space.page.evaluate(SHOWN, "tanks-round")
    space.page.evaluate("parktwin.url.set({ off: ['tanks'] })")
    space.wait(f"() => !({SHOWN})('tanks-round') && !({WORDS})().includes('Toluene tank 1')")


def test_keys_move_lean_and_turn_the_map(space: Space) -> None:
    space.page.locator(".place-space .slide").focus()
    seen = "() => { const { lat, lon, z, tilt } = parktwin.map.view(); return { lat, lon, z, ...tilt }; }"
    before = space.page.evaluate(seen)
    for key, changed in (
        ("ArrowRight", "now.lon > before.lon + 0.0001"),
        ("=", "now.z > before.z + 0.5"),
        ("Shift+ArrowUp", "now.pitch !== before.pitch"),
        ("Shift+ArrowLeft", "now.bearing !== before.bearing"),
    ):
        space.page.keyboard.press(key)
        space.wait(f"(before) => {{ const now = ({seen})(); return {changed}; }}", before)
    space.wait("() => parktwin.url.state.tilt && parktwin.url.state.tilt.bearing !== 0")


def test_changing_over_keeps_view_selection_layers_and_moment(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, z="16.00", lat="30.20500", lon="121.50800", sel=f"tanks:{TANK}", off="roads", lang="en")
    view = desk.page.evaluate(VIEW)
    desk.press("space")
    desk.wait(IN_SPACE, timeout_s=90)
    assert desk.page.evaluate(VIEW) == pytest.approx(view)
    assert desk.query["map"] == "3d"
    assert desk.query["sel"] == f"tanks:{TANK}"
    expect(desk.place("detail").locator("h2")).to_have_text("Toluene tank 1")
    assert desk.page.evaluate(SHOWN, "selection")
    assert desk.page.evaluate(SHOWN, "enterprises-ground")
    assert not desk.page.evaluate(SHOWN, "roads-line")
    desk.page.evaluate(f"parktwin.url.set({{ at: '{iso(now())}' }})")
    back = effort(desk.page, lambda: (desk.press("space"), desk.wait("() => !parktwin.map.inSpace")))
    assert desk.page.evaluate(VIEW) == pytest.approx(view)
    again = effort(desk.page, lambda: (desk.press("space"), desk.wait(IN_SPACE)))
    assert desk.query["at"]
    assert max(back.total_ms, again.total_ms) <= SWITCH_MS


def test_a_link_opens_in_space(browser: Browser, small: Server) -> None:
    desk = Space.of(browser, small, **NEAR, mode="wall")
    assert desk.page.evaluate("document.querySelector('.deck > .slide').width") == desk.page.viewport_size["width"]
    assert desk.query["map"] == "3d"
    assert desk.page.evaluate(TILT) == [55, 0]
    assert desk.overflowing() == []
    desk.close()


def test_without_webgl_a_sentence_says_so_and_the_flat_map_stays(browser: Browser, small: Server) -> None:
    desk = Desk(browser, small.url)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.add_init_script(f"({NO_WEBGL})()")
    desk.open(**NEAR)
    expect(desk.place("notice")).to_contain_text("WebGL")
    assert "map" not in desk.query
    assert desk.page.evaluate("parktwin.map.painted") > 0
    assert not any("deck" in each for each in asked)
    desk.place("notice").get_by_role("button").click()
    expect(desk.place("notice")).to_be_empty()
    desk.close()


def test_lost_graphics_bring_the_flat_map_back_and_can_be_tried_again(space: Space) -> None:
    space.page.evaluate("parktwin.deckView.deck.device.gl.getExtension('WEBGL_lose_context').loseContext()")
    space.wait("() => !parktwin.map.inSpace")
    expect(space.place("notice")).to_contain_text("二维地图")
    space.press("space")
    space.wait(IN_SPACE, timeout_s=90)
    expect(space.place("notice")).to_be_empty()


def test_a_park_of_4000_points_is_live_in_space(demo: Server, browser: Browser) -> None:
    came: list[Response] = []
    desk = Desk(browser, demo.url)
    desk.page.on("response", lambda answer: came.append(answer) if "deck" in answer.url else None)
    desk.open()
    desk.press("space")
    desk.wait(IN_SPACE, timeout_s=120)
    assert desk.page.evaluate("parktwin.map.painted") > 3900
    kilobytes = sum(int(each.headers["content-length"]) for each in came) / 1000
    assert all(each.headers["content-encoding"] == "br" for each in came)
    assert kilobytes <= BUDGET_KB

    desk.page.evaluate(COUNT_PICTURES)
    assert effort(desk.page, lambda: desk.wait("() => window.pictures > 4", timeout_s=90)).longest_ms <= TASK_MS
    desk.close()
