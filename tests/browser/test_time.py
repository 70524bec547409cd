"""Any moment: back and forth in time, by address, by hand and by key; what is live stays live."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.desk import Open
from tests.serving import Server
from twin.moment import iso, now, parse_moment


def test_an_hour_ago_and_back_again(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    past = iso((now() - timedelta(hours=1)).replace(microsecond=0))
    desk.page.evaluate("(at) => parktwin.url.set({ at })", past)
    expect(desk.page.locator(".pt.past")).to_have_count(1)
    expect(desk.place("headline")).to_contain_text("正在看")
    assert parse_moment(desk.query["at"]) == parse_moment(past)
    clock = desk.place("clock").inner_text()
    desk.wait("(before) => document.querySelector('.place-clock').innerText !== before", clock)  # live goes on
    desk.page.locator(".to-live").click()
    expect(desk.page.locator(".pt.past")).to_have_count(0)
    assert "at" not in desk.query
    desk.page.go_back()
    expect(desk.page.locator(".pt.past")).to_have_count(1)


def test_the_past_shows_what_the_frame_of_that_moment_says(demo: Server, open_desk: Open) -> None:
    past = iso((now() - timedelta(minutes=30)).replace(microsecond=0))
    frame = demo.get("/api/v1/screens/overview/frame", at=past).json()
    levels = [each["value"]["value"] for each in frame["panels"]["now"]["parts"][0]["items"]]
    desk = open_desk(demo, at=past)
    shown = desk.plate("now").locator(".levels .value")
    for number, value in enumerate(levels):
        expect(shown.nth(number)).to_have_text(str(value))


def test_the_time_bar_is_moved_by_hand_and_by_key(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    rail = desk.page.locator(".rail").bounding_box()
    assert rail
    desk.page.mouse.move(rail["x"] + rail["width"] - 1, rail["y"] + rail["height"] / 2)
    desk.page.mouse.down()
    desk.page.mouse.move(rail["x"] + rail["width"] / 2, rail["y"] + rail["height"] / 2, steps=6)
    desk.page.mouse.up()
    dragged = parse_moment(desk.query["at"])
    assert timedelta(hours=11) < now() - dragged < timedelta(hours=13)
    desk.page.locator(".knob").focus()
    desk.page.keyboard.press("ArrowLeft")
    assert dragged - parse_moment(desk.query["at"]) == timedelta(minutes=1)
    desk.page.keyboard.press("End")
    assert "at" not in desk.query


def test_a_moment_is_typed_in_the_time_of_the_park(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.page.locator(".to-date").click()
    desk.page.locator(".place-timebar input").fill("2026-01-05T08:30:00")
    desk.page.keyboard.press("Enter")
    assert desk.query["at"] == "2026-01-05T00:30:00Z"
    expect(desk.page.locator(".pt.past")).to_have_count(1)


def test_a_moment_is_typed_the_same_way_in_every_language_and_what_is_none_is_said(
    small: Server, open_desk: Open
) -> None:
    for lang, said in (("zh", "请按“年-月-日 时:分”填写"), ("en", "Write it as YYYY-MM-DD HH:mm")):
        desk = open_desk(small, lang=lang)
        desk.page.locator(".to-date").click()
        field = desk.page.locator(".place-timebar input")
        expect(field).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d$"))
        field.fill("2026-02-30 08:30")  # there is no such day
        field.press("Enter")
        expect(desk.page.locator(".place-timebar [role=alert]")).to_contain_text(said)
        expect(field).to_have_attribute("aria-invalid", "true")
        assert "at" not in desk.query
        field.fill("2026-01-05 08:30")
        expect(desk.page.locator(".place-timebar [role=alert]")).to_have_count(0)
        field.press("Enter")
        expect(desk.page.locator(".pt.past")).to_have_count(1)
        assert desk.query["at"] == "2026-01-05T00:30:00Z"


def test_the_wind_is_that_of_the_moment(small: Server, open_desk: Open) -> None:
    rows = [{"point": "WX-WIND", "value": 7.5}, {"point": "WX-DIR", "value": 90.0}]
    sent = [{**each, "ts": iso(now()), "quality": "good"} for each in rows]
    assert small.post("/api/v1/readings", {"readings": sent}).status_code == 202
    desk = open_desk(small, at=iso(now() - timedelta(days=1)))
    expect(desk.place("headline")).to_contain_text("正在看")
    expect(desk.place("wind")).not_to_contain_text("7.5")
    expect(desk.place("wind")).to_contain_text("无")
    desk.page.locator(".to-live").click()
    expect(desk.place("wind")).to_contain_text("7.5")


def test_on_the_way_through_the_past_the_wind_waits_and_does_not_flicker(small: Server, open_desk: Open) -> None:
    desk = open_desk(small, at=iso(now() - timedelta(days=1)))
    wind, held = desk.place("wind"), []
    expect(wind).to_be_visible()
    desk.page.route("**/screens/strip/frame*", lambda route: held.append(route))
    desk.page.evaluate("(at) => parktwin.url.set({ at })", iso(now() - timedelta(days=2)))
    expect(wind).to_have_class(re.compile("waiting"))
    expect(wind).to_be_visible()
    for each in held:
        each.continue_()
    desk.page.unroute("**/screens/strip/frame*")
    expect(wind).not_to_have_class(re.compile("waiting"))
    expect(wind).to_be_visible()
