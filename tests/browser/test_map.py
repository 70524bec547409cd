"""The map by mouse and by finger: what is new on it, what lies under it, and what a tap does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.adapters.exchange import record
from tests.browser.desk import PLACE, Desk, Open
from tests.park.folder import ParkCopy
from tests.serving import Server, running
from twin.moment import iso, now

POINT = "LW1-T1-LEVEL"
LEAVES = 6  # more than the park's page has
ATTRIBUTION = "© Linwan Survey"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256"/></svg>'
WATCH_PULSES = """() => {
  window.pulses = [];
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
    const ring = node.querySelector && node.querySelector('.pulse');
    if (ring) window.pulses.push(ring.getAnimations().map((each) => each.effect.getTiming().iterations).join());
  }))).observe(document.querySelector('.leaflet-map-pane'), { childList: true, subtree: true });
}"""
VALUE = """() => {
  const all = parktwin.map.layers.get('alarms');
  return all.rows[all.index.get('PULSE')].tag.args.value;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('button, a, input[type=search]')].filter((each) => {
  const { width, height } = each.getBoundingClientRect();
  return each.checkVisibility({ visibilityProperty: true }) && !each.closest('.leaflet-control')
    && width && (width < 39.5 || height < 39.5);
}).map((each) => `${each.className} ${each.innerText}`)"""


def alarm(server: Server, value: float, **more: Any) -> None:
    """An alarm of a tank's level, or what has changed of it."""
    said = {"hazard_point_id": POINT, "enterprise_id": "LW1", "hazard_source_id": "HZ1", "is_deleted": False}
    said |= {"alarm_type": "01", "alarm_value": value, "threshold": 8.5, "alarm_at": iso(now()), "cleared_at": None}
    said |= {"alarm_status": "01", "handling_status": "01", **more}
    answer = server.post("/api/v1/records/hazard_alarm", {"records": [record("hazard_alarm", "PULSE", **said)]})
    assert answer.json()["accepted"] == 1, answer.text


def test_a_new_alarm_pulses_three_times_and_then_stands_still(small: Server, open_desk: Open) -> None:
    desk = open_desk(small)
    desk.page.evaluate(WATCH_PULSES)
    alarm(small, 9.0)
    desk.wait("() => window.pulses.length === 1")
    assert desk.page.evaluate("window.pulses") == ["3"]
    expect(desk.page.locator(".pulse")).to_have_count(0)
    alarm(small, 9.5)
    desk.wait(f"() => ({VALUE})().startsWith('9.5')")
    assert desk.page.evaluate("window.pulses") == ["3"]
    alarm(small, 9.5, alarm_status="02", cleared_at=iso(now()))
    desk.wait("() => !parktwin.map.layers.get('alarms').index.has('PULSE')")


class Tiles(BaseHTTPRequestHandler):
    """A tile server that remembers what it was asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        """Any tile."""
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.end_headers()
        self.wfile.write(PICTURE)

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def tiles() -> Iterator[tuple[str, list[str]]]:
    """A tile server's host, and the addresses that it was asked for."""
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (Tiles,), {"asked": asked})) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_tiles_come_from_where_the_park_says_and_are_named(
    tiles: tuple[str, list[str]], park_copy: ParkCopy, browser: Browser
) -> None:
    host, asked = tiles
    park_copy.toml(f'[map]\ntiles = "http://{host}/{{z}}/{{x}}/{{y}}.svg"\nattribution = "{ATTRIBUTION}"\n')
    with running(["run", "--park", str(park_copy.folder)], park_copy.folder.parent / "data") as server:
        desk = Desk(browser, server.url)
        desk.hosts.add(host)
        desk.open()
        desk.wait("() => document.querySelectorAll('.leaflet-tile-loaded').length > 3")
        expect(desk.page.get_by_text(ATTRIBUTION)).to_be_visible()
        assert all(each.endswith(".svg") and each.count("/") == 3 for each in asked)
        with desk.page.expect_download() as kept:
            desk.page.keyboard.press("e")
        assert kept.value.path().read_bytes()[:4] == b"\x89PNG", "a picture without tiles that may not be read"
        assert desk.page.evaluate("parktwin.picture.map().missing") > 3, "and it says that they are left out"
        expect(desk.place("notice")).to_be_empty()
        desk.close()


def test_without_tiles_the_page_may_not_ask_another_host(
    tiles: tuple[str, list[str]], small: Server, open_desk: Open
) -> None:
    host, asked = tiles
    desk = open_desk(small)
    desk.hosts.add(host)
    desk.forgiven = ("Content Security Policy",)
    with desk.page.expect_console_message(_is_refusal):
        desk.page.evaluate(f"() => {{ new Image().src = 'http://{host}/0/0/0.svg'; }}")
    assert asked == []
    expect(desk.page.locator(".leaflet-tile")).to_have_count(0)


def _is_refusal(said: ConsoleMessage) -> bool:
    return "Content Security Policy" in said.text


@pytest.fixture
def tablet(demo: Server, browser: Browser) -> Iterator[Desk]:
    """The demo park under a finger."""
    desk = Desk(browser, demo.url, {"width": 1366, "height": 1024}, has_touch=True, is_mobile=True)
    yield desk
    desk.close()


def test_a_tap_on_a_mark_opens_what_it_stands_for(tablet: Desk) -> None:
    tablet.open(z="17.5", lat="33.3915", lon="118.9932")
    target = tablet.page.evaluate(
        """() => { const all = parktwin.map.layers.get('points'), map = parktwin.map.leaflet;
        const inner = map.getBounds().pad(-0.35);
        return all.id.find((_, at) => inner.contains([all.lat[at], all.lon[at]])); }"""
    )
    tablet.page.touchscreen.tap(*tablet.page.evaluate(PLACE, ["points", target]))
    expect(tablet.place("detail").locator(".num .value")).not_to_be_empty()
    tablet.place("detail").locator(".close").tap()
    expect(tablet.place("detail")).to_be_empty()


def test_fingers_move_the_map_and_make_it_larger(tablet: Desk) -> None:
    tablet.open()
    before = tablet.page.evaluate("[parktwin.map.leaflet.getCenter().lng, parktwin.map.leaflet.getZoom()]")
    fingers(tablet, [[(683, 500)], [(640, 500)], [(560, 500)]])
    tablet.wait("(lng) => parktwin.map.leaflet.getCenter().lng > lng", before[0])
    fingers(tablet, [[(650, 500), (716, 500)], [(600, 500), (766, 500)], [(530, 500), (836, 500)]])
    tablet.wait("(zoom) => parktwin.map.leaflet.getZoom() > zoom + 0.8", before[1])
    tablet.wait("() => parktwin.url.state.view !== null")


def fingers(desk: Desk, steps: list[list[tuple[int, int]]]) -> None:
    """Fingers go down, move through the steps, and are lifted."""
    hand = desk.context.new_cdp_session(desk.page)
    for number, places in enumerate(steps):
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        kind = "touchMove" if number else "touchStart"
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_everything_that_is_pressed_is_large_enough_for_a_finger(tablet: Desk) -> None:
    tablet.open(sel="points:E04-T01-LEVEL")
    expect(tablet.place("detail").locator(".trend .plot .main-svg").first).to_be_visible(timeout=30_000)
    assert tablet.page.evaluate(SMALL_TARGETS) == []
    tablet.press("search")
    assert tablet.page.evaluate(SMALL_TARGETS) == []
    assert tablet.overflowing() == []


def test_a_document_is_opened_by_its_link(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.page.wait_for_selector(".pictures a", state="attached", timeout=60_000)
    link = desk.page.locator(".pictures a:visible").first
    park = desk.page.get_by_role("tab", name="园区").first
    for _ in range(LEAVES):
        if link.is_visible():
            break
        park.click()
    with desk.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_load_state()
    assert opened.value.url == link.get_attribute("href")
    assert opened.value.locator("svg text").count() > 0


CROWD = 12_000
GONE = "X-7"  # has never said anything
UNDER = """([layer, id]) => {
  const all = parktwin.map.layers.get(layer), at = all.index.get(id);
  if (at === undefined) return null;
  const found = parktwin.map.hit(parktwin.map.leaflet.latLngToContainerPoint([all.lat[at], all.lon[at]]));
  return found && found.features === all ? found.features.id[found.at] : null;
}"""
ON_PANE = """() => parktwin.map.layers.get('points').id.filter((_, at) => {
  const all = parktwin.map.layers.get('points');
  return parktwin.map.leaflet.getBounds().contains([all.lat[at], all.lon[at]]);
}).length"""


@pytest.fixture
def crowded(park_copy: ParkCopy) -> Iterator[Server]:
    """The small park with 12,000 points, which say that all is well, but for its own and one more, which are silent."""
    raw = park_copy.read("sensors")
    one = raw["features"][0]
    raw["features"] += [_another(one, number) for number in range(CROWD - len(raw["features"]))]
    park_copy.write("sensors", raw)
    park_copy.toml("[reading]\nstale_s = 3600\noffline_s = 3600\n")
    with running(["run", "--park", str(park_copy.folder)], park_copy.folder.parent / "data") as server:
        made = [each["id"] for each in raw["features"] if each["id"].startswith("X-")]
        _say(server, [each for each in made if each != GONE])
        yield server


def _another(one: dict[str, Any], number: int) -> dict[str, Any]:
    place = [121.5008 + 0.0148 * (number % 120) / 120, 30.2004 + 0.0082 * (number // 120) / 100]
    said = {**one["properties"], "id": f"X-{number}"}
    return {**one, "id": f"X-{number}", "geometry": {"type": "Point", "coordinates": place}, "properties": said}


def _say(server: Server, points: list[str]) -> None:
    rows = [{"point": each, "ts": iso(now()), "value": 5.0, "quality": "good"} for each in points]
    assert server.post("/api/v1/readings", {"readings": rows}).json()["accepted"] == len(rows)


def test_many_points_at_rest_are_drawn_from_near_and_those_with_something_the_matter_always(
    crowded: Server, open_desk: Open
) -> None:
    desk = open_desk(crowded, z="14.3", lat="30.2045", lon="121.508")
    all_there = "parktwin.map.complete && parktwin.map.layers.get('points').count === 12000"
    desk.wait(f"() => {all_there} && parktwin.map.painted < 100")
    desk.wait(f"(wanted) => ({UNDER})(wanted) === 'X-7'", ["points", GONE])
    assert desk.page.evaluate(UNDER, ["points", "X-5000"]) is None
    before = desk.page.evaluate("parktwin.map.painted")
    _say(crowded, [GONE])
    desk.wait("(before) => parktwin.map.painted === before - 1", before)
    assert desk.page.evaluate(UNDER, ["points", GONE]) is None
    alarm(crowded, 9.0)
    desk.wait(f"(wanted) => ({UNDER})(wanted) !== null", ["alarms", "PULSE"])
    desk.page.evaluate("parktwin.map.look({ lat: 30.2045, lon: 121.508, z: 15.3 })")
    desk.wait(f"() => parktwin.map.view().z > 15.2 && parktwin.map.painted >= ({ON_PANE})()")
    assert desk.page.evaluate(ON_PANE) > 3000
    desk.wait(f"(wanted) => ({UNDER})(wanted) === 'X-5000'", ["points", "X-5000"])


WRITTEN = """(() => {
  window.written = new Map();
  const fill = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function fillText(said, x, y) {
    const page = this.canvas.getBoundingClientRect(), half = this.measureText(said).width / 2;
    const left = page.left + x - (this.textAlign === 'center' ? half : 0);
    window.written.set(said, { left, right: left + 2 * half, top: page.top + y - 6, bottom: page.top + y + 6 });
    return fill.apply(this, arguments);
  };
})()"""
UNDER_FURNITURE = """() => {
  const over = [...document.querySelectorAll('.plate, .tool, [class*=place-]:not(.place-space)')]
    .map((node) => [node.className, node.getBoundingClientRect()]).filter(([, { width }]) => width);
  const meet = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
  return [...window.written].flatMap(([said, box]) => over.filter(([, other]) => meet(box, other))
    .map(([name]) => `${said} under ${name}`));
}"""


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_names_keep_clear_of_what_lies_over_the_map(demo: Server, browser: Browser, size: tuple[int, int]) -> None:
    desk = Desk(browser, demo.url, {"width": size[0], "height": size[1]})
    desk.page.add_init_script(WRITTEN)
    desk.open()
    desk.wait("() => window.written.has('花溪村后黎') && window.written.size > 30")
    desk.page.evaluate("() => { window.written.clear(); parktwin.map.repaint(); }")
    desk.wait("() => window.written.has('花溪村后黎') && window.written.size > 30")
    assert desk.page.evaluate(UNDER_FURNITURE) == []
    desk.close()


def test_an_address_is_shown_from_where_it_says_also_when_what_it_selects_lies_elsewhere(
    small: Server, open_desk: Open
) -> None:
    desk = open_desk(small, z="18.00", lat="30.20100", lon="121.50980", sel="points:LW1-T1-LEVEL")
    expect(desk.place("detail").locator(".crumbs")).to_be_visible()
    desk.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    lat, lon = desk.page.evaluate("() => { const { lat, lon } = parktwin.map.view(); return [lat, lon]; }")
    assert (lat, lon) == pytest.approx((30.201, 121.5098), abs=1e-5)


def test_a_step_back_looks_where_one_looked(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, z="16.00", lat="30.20500", lon="121.50800")
    desk.page.evaluate("parktwin.url.set({ view: { z: 15, lat: 30.21, lon: 121.51 }, sel: null, draw: null })")
    desk.page.evaluate("parktwin.map.look({ z: 15, lat: 30.21, lon: 121.51 })")
    desk.wait("() => parktwin.map.view().z === 15")
    desk.page.go_back()
    desk.wait("() => parktwin.map.view().z === 16 && Math.abs(parktwin.map.view().lat - 30.205) < 1e-6")
