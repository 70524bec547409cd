"""The map's tools by mouse and by keyboard alone: measure, draw, list what is inside, export, keep views."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from models.inside import distances_m
from tests.adapters.exchange import record
from tests.browser.desk import LARGE, Desk, Open
from tests.serving import Server
from twin.moment import iso, now

VIEW = {"z": "16", "lat": "30.2063", "lon": "121.5040"}
MIDDLE = (121.5040, 30.2063)
CIRCLE = "c:121.504000,30.206300,400"
# the plant of LW1, as corners one after the other
PLANT = ((121.5005, 30.2049), (121.5076, 30.2049), (121.5076, 30.2086), (121.5005, 30.2086))
PIXELS = "([lon, lat]) => { const at = parktwin.map.leaflet.latLngToContainerPoint([lat, lon]); return [at.x, at.y]; }"
COUNTS = """() => Object.fromEntries([...document.querySelectorAll('.inside-layer')].map((each) =>
  [each.dataset.layer, Number(each.querySelector('b').textContent.replace(/[^0-9]/g, ''))]))"""
ANSWERED = "() => window.parktwin && parktwin.inside && parktwin.inside.answer"
DECODED = """async (text) => {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  window.picture = { width: image.width, height: image.height, pen };
  return [image.width, image.height];
}"""
# how many colours there are in a part of the decoded picture
COLOURS = """([x, y, width, height]) => {
  const { data } = window.picture.pen.getImageData(x, y, width, height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return found.size;
}"""
PIXEL = "([x, y]) => [...window.picture.pen.getImageData(x, y, 1, 1).data]"


def click(desk: Desk, *places: tuple[float, float], double: bool = True) -> None:
    """Press the map at places on the ground; the last one twice."""
    for number, place in enumerate(places):
        last = double and number == len(places) - 1
        desk.page.mouse.click(*desk.page.evaluate(PIXELS, place), click_count=2 if last else 1)


def api(server: Server, body: dict[str, Any], **asked: Any) -> dict[str, int]:
    """Counts of what lies within, as the server tells any program."""
    said = server.post("/api/v1/within", body, params=asked).json()
    return {each["id"]: each["count"] for each in said["layers"] if each["count"]}


def shown(desk: Desk) -> dict[str, int]:
    """Counts on the plate."""
    desk.wait(ANSWERED)
    return {name: count for name, count in desk.page.evaluate(COUNTS).items() if name != "premises"}


def layers_on(desk: Desk) -> list[str]:
    """Layers of the screen that are on and can be picked."""
    here = "parktwin.scene.isOn(each.spec) && each.spec.picks && each.mark.symbol !== 'column'"
    asked = f"parktwin.scene.shown().filter((each) => {here}).map((each) => each.spec.key)"
    return list(desk.page.evaluate(asked))


def begin(desk: Desk, key: str) -> None:
    """Take a tool by its key; it may have to come first."""
    desk.page.keyboard.press(key)
    desk.page.wait_for_selector(".pt.drawing")


def metres(text: str | None) -> float:
    """A length as the page says it."""
    found = re.search(r"([\d.,]+) (k?m)\b", text or "")
    assert found, text
    return float(found[1].replace(",", "")) * (1000 if found[2] == "km" else 1)


def test_a_known_distance_is_measured(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, **VIEW)
    desk.press("tools")
    desk.page.locator("[data-tool=measure]").click()
    desk.page.wait_for_selector(".pt.drawing")
    click(desk, *PLANT[:3])
    places = np.array(PLANT[:3])
    true = sum(distances_m(*places[at], places[at + 1 :][:1, 0], places[at + 1 :][:1, 1])[0] for at in range(2))
    said = desk.place("inside").locator(".inside-head .sub").text_content()
    assert metres(said) == pytest.approx(true, rel=0.01)
    expect(desk.place("inside").locator(".rows li")).to_have_count(2)
    assert desk.query["draw"].startswith("m:")
    assert "sel" not in desk.query


def test_a_circle_by_mouse_lists_what_the_server_tells(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, **VIEW)
    begin(desk, "c")
    start, end = (desk.page.evaluate(PIXELS, each) for each in (MIDDLE, (121.5082, 30.2063)))
    desk.page.mouse.move(*start)
    desk.page.mouse.down()
    desk.page.mouse.move(*end, steps=4)
    expect(desk.page.locator(".draw-label")).to_contain_text("r = 4")
    desk.page.mouse.up()
    desk.place("inside").locator(".radius input").fill("400")
    desk.page.keyboard.press("Enter")
    desk.wait("() => parktwin.url.state.draw.endsWith(',400')")
    lon, lat, radius_m = (float(each) for each in desk.query["draw"][2:].split(","))
    body = {"circle": {"lon": lon, "lat": lat, "radius_m": radius_m}, "layers": layers_on(desk)}
    desk.wait(f"{ANSWERED} && parktwin.inside.answer.shape.radius_m === 400")
    assert shown(desk) == api(small, body) != {}
    desk.page.locator("[data-layer=points]").click()
    desk.page.locator(".inside-layers .rows li").first.click()
    expect(desk.place("detail").locator(".num .value")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.place("inside")).to_be_visible()


def test_a_polygon_by_keyboard_alone_and_its_link(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, size=LARGE, **VIEW)
    press = desk.page.keyboard.press
    begin(desk, "p")
    press("Enter")
    for key, times in (("ArrowRight", 7), ("ArrowDown", 8), ("ArrowLeft", 14)):
        for _ in range(times):
            press(key)
        press("Enter")
    press("ArrowLeft")
    press(" ")
    press("Backspace")
    press("ArrowRight")
    press("Enter")
    press("Enter")
    drawn = shown(desk)
    shape = desk.page.evaluate("parktwin.drawn.shape")
    assert (shape["kind"], len(shape["places"])) == ("polygon", 5)
    body = {"type": "Polygon", "coordinates": [[*shape["places"], shape["places"][0]]], "layers": layers_on(desk)}
    assert drawn == api(small, body) != {}
    other = open_desk(small, **desk.query)
    assert shown(other) == drawn
    assert other.page.evaluate("parktwin.drawn.shape.places") == shape["places"]


def test_a_finished_shape_is_changed_by_hand_and_by_keys(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, draw=CIRCLE, **VIEW)
    desk.wait(ANSWERED)
    before = desk.page.evaluate("[parktwin.map.leaflet.getCenter().lng, parktwin.drawn.shape.radius_m]")
    rim = desk.page.evaluate(PIXELS, desk.page.evaluate("parktwin.drawPaint.grips(parktwin.drawn.shape)[1]"))
    desk.page.mouse.move(*rim)
    desk.page.mouse.down()
    desk.page.mouse.move(rim[0] + 40, rim[1], steps=3)
    desk.page.mouse.up()
    desk.wait("(radius) => parktwin.drawn.shape.radius_m > radius + 20", before[1])
    assert desk.page.evaluate("parktwin.map.leaflet.getCenter().lng") == before[0]
    assert "sel" not in desk.query
    wide = desk.page.evaluate("parktwin.drawn.shape.radius_m")
    desk.place("inside").locator("[data-act=edit]").press("Enter")
    for key in ("PageDown", "ArrowLeft", "ArrowLeft", "Enter"):
        desk.page.keyboard.press(key)
    desk.wait("(radius) => parktwin.shapes.decode(parktwin.url.state.draw).radius_m < radius", wide)
    expect(desk.place("inside").locator("[data-act=edit]")).to_be_focused()
    desk.page.go_back()
    desk.wait("(radius) => Math.abs(parktwin.drawn.shape.radius_m - radius) < 0.1", wide)


def test_what_lies_inside_keeps_up_and_the_past_stays(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, draw=CIRCLE, **VIEW)
    desk.wait(ANSWERED)
    before = desk.page.evaluate("parktwin.inside.answer.at")
    earlier = shown(desk).get("alarms", 0)  # what other tests have left
    more = {"alarm_type": "02", "alarm_at": iso(now()), "alarm_status": "01", "handling_status": "01"}
    more |= {"hazard_point_id": "LW1-T2-LEVEL", "enterprise_id": "LW1", "cleared_at": None, "is_deleted": False}
    alarm = record("hazard_alarm", "INSIDE", **more)
    small.post("/api/v1/records/hazard_alarm", {"records": [alarm]})
    first = desk.page.locator(".inside-layer:not([data-layer=premises])").first
    expect(first).to_have_attribute("data-layer", "alarms", timeout=15_000)
    past = open_desk(small, draw=CIRCLE, at=before, **VIEW)
    assert shown(past).get("alarms", 0) == earlier
    assert past.page.evaluate("parktwin.inside.answer.at")[:19] == before[:19]
    over = {**alarm, "alarm_status": "02", "cleared_at": iso(now())}
    small.post("/api/v1/records/hazard_alarm", {"records": [over]})


def test_edges_that_cross_are_said(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, **VIEW)
    desk.forgiven = ("400",)
    begin(desk, "p")
    click(desk, PLANT[0], PLANT[2], PLANT[1], PLANT[3])
    expect(desk.place("inside").get_by_role("alert")).to_contain_text("交叉")


def test_the_map_is_exported_and_printed_as_it_is_seen(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, size=LARGE, draw=CIRCLE, lang="en", **VIEW)
    desk.wait(ANSWERED)
    with desk.page.expect_download() as coming:
        desk.page.keyboard.press("e")
    assert re.fullmatch(r"parktwin-overview-\d{8}-\d{6}\.png", coming.value.suggested_filename)
    body = base64.b64encode(coming.value.path().read_bytes()).decode()
    width, height = desk.page.evaluate(DECODED, body)
    rem = desk.page.evaluate("parktwin.palette.rem()")
    assert width - 1920 == pytest.approx(19 * rem, abs=1)
    assert height > 1080
    x, y = desk.page.evaluate(PIXELS, desk.page.evaluate("parktwin.drawPaint.grips(parktwin.drawn.shape)[1]"))
    top = height - 1080 - 3.6 * rem
    assert min(desk.page.evaluate(PIXEL, [round(x) - 5, round(y + top)])[:3]) > 150  # the circle's bright line
    for part in ([0, 0, 900, top - 2], [1920, top, width - 1920, 400], [0, height - 3 * rem, 900, 2.9 * rem]):
        assert desk.page.evaluate(COLOURS, part) > 8, part  # head, legend, sources
    assert desk.page.evaluate(COLOURS, [600, top + 300, 700, 500]) > 30
    paper = desk.page.pdf(prefer_css_page_size=True, format="A3", landscape=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]
    assert re.search(rb"/Subtype ?/Image", paper)
    assert desk.page.locator(".print-sheet").count() == 0


def test_views_are_kept_named_opened_and_deleted(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, draw=CIRCLE, **VIEW)
    page = desk.page
    page.keyboard.press("v")
    page.keyboard.type("罐区")
    page.keyboard.press("Enter")
    views = desk.place("views")
    expect(views.locator("li .sub")).to_contain_text("实时")
    views.locator(".pin input").check()
    page.locator(".views-form input[type=text]").fill("那时")
    page.keyboard.press("Enter")
    expect(views.locator("li").first.locator(".sub")).to_contain_text("Asia/Shanghai")
    views.locator("[data-act=rename]").last.click()
    page.keyboard.type("甲苯罐区")
    page.keyboard.press("Enter")
    views.locator("[data-act=remove]").first.click()
    expect(views.locator(".view-name")).to_have_text(["甲苯罐区"])
    page.keyboard.press("Escape")
    expect(views).to_be_empty()
    page.goto(f"{small.url}/?lang=en")
    desk.wait("() => window.parktwin && parktwin.map && parktwin.map.complete")
    desk.press("views")
    views.locator(".view-name").click()
    desk.wait("() => parktwin.url.state.draw !== null && parktwin.url.state.view !== null")
    assert desk.query["lang"] == "en"
    desk.wait("() => Math.abs(parktwin.map.leaflet.getZoom() - 16) < 0.1")


def test_a_wall_shows_the_shape_and_no_tools(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, draw=CIRCLE, mode="wall", **VIEW)
    desk.wait("() => parktwin.drawn && parktwin.drawn.shape")
    desk.page.keyboard.press("m")
    expect(desk.place("inside")).to_be_empty()
    expect(desk.page.locator(".tools")).to_be_hidden()
    assert desk.page.evaluate("parktwin.tools.busy") is False


def test_the_map_is_moved_and_picked_by_keyboard(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, z="17", lat="30.206312", lon="121.50172")
    desk.page.keyboard.press("g")
    expect(desk.page.locator(".cross")).to_be_visible()
    desk.page.keyboard.press("Enter")
    desk.wait("() => parktwin.url.state.sel !== null")
    assert desk.query["sel"].startswith(("points:LW1-T1", "tanks:LW1-T1", "alarms:LW1-T1"))
    desk.page.keyboard.press("ArrowRight")
    desk.wait("() => parktwin.map.leaflet.getCenter().lng > 121.502")


def test_every_key_stands_on_a_sheet_and_leaves_who_types_alone(small: Server, open_desk: Open) -> None:
    desk = open_desk(small)
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("mcp")
    assert desk.place("search").locator("input").input_value() == "mcp"
    desk.page.keyboard.press("Escape")
    for title in ("快捷键", "Keyboard shortcuts"):
        desk.page.keyboard.press("?")
        sheet = desk.page.get_by_role("dialog", name=title)
        expect(sheet.locator("kbd").first).to_be_visible()
        assert not re.search(r"\b(keys|tools|ui)\.[a-z_]+", sheet.inner_text())
        sheet.locator("input").set_checked(title == "快捷键")
        desk.page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        desk.press("lang")
    desk.page.keyboard.press("m")
    expect(desk.page.locator(".pt.drawing")).to_have_count(0)
