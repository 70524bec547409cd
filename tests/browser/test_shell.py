"""The shell: languages and modes without reload, keyboard, and a connection that is lost and found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, Open
from tests.conftest import SMALL_PARK
from tests.serving import Server, running

# relative luminance of a colour and of what it stands on, as WCAG has it
CONTRAST = """() => {
  const light = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255)
    .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = light('rgb(17, 24, 31)');
  const found = {};
  document.querySelectorAll('.pt *').forEach((node) => {
    if (![...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim())) return;
    if (!node.getBoundingClientRect().width || getComputedStyle(node).visibility === 'hidden') return;
    const ratio = (light(getComputedStyle(node).color) + 0.05) / (ground + 0.05);
    if (ratio < 4.5 && ratio > 1.5) found[node.className] = ratio;
  });
  return found;
}"""
FOCUS = """() => {
  const node = document.activeElement, { left, top, width, height } = node.getBoundingClientRect();
  const style = getComputedStyle(node), words = (node.getAttribute('class') || node.tagName).split(' ');
  const above = document.elementFromPoint(left + width / 2, top + height / 2) || document.body;
  return {
    name: node.dataset.press || words.slice(0, 2).join('.'), text: node.textContent.slice(0, 30),
    body: node === document.body, marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
    seen: width > 0 && left >= -1 && top >= -1 && left + width <= innerWidth + 1 && top + height <= innerHeight + 1,
    above: node.contains(above) || node.matches('.map') || Boolean(above.closest('.plate')),
  };
}"""
ANSWERED = "() => window.parktwin && parktwin.inside && parktwin.inside.answer"


def test_the_language_changes_without_a_reload(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.page.evaluate("window.kept = true")
    expect(desk.plate("alarms").locator("h2")).to_have_text("报警")
    desk.press("lang")
    expect(desk.plate("alarms").locator("h2")).to_have_text("Alarms")
    expect(desk.page.locator("html")).to_have_attribute("lang", "en-GB")
    assert desk.query["lang"] == "en"
    assert desk.page.evaluate("window.kept")
    assert desk.page.locator(".tool-search .icon").get_attribute("title") == "Search"


def test_a_wall_has_no_controls_and_nothing_scrolls(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo, mode="wall")
    expect(desk.page.locator(".tools")).to_be_hidden()
    expect(desk.page.locator(".word-lang")).to_be_hidden()
    expect(desk.plate("now")).to_be_visible()
    assert desk.overflowing() == []


def test_a_kiosk_turns_its_pages_by_itself(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo, mode="kiosk")
    turns = 0
    while not desk.page.evaluate("parktwin.pages.turn()"):
        turns += 1
        assert desk.overflowing() == []
    assert turns >= 1
    expect(desk.plate("now")).to_be_visible()


def test_every_text_can_be_read(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    assert desk.page.evaluate(CONTRAST) == {}


def test_the_page_is_used_with_the_keyboard_alone(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    desk.focus(desk.plate("alarms").locator(".remark"))
    desk.page.keyboard.press("Enter")
    expect(desk.place("drawer").locator("h2")).to_have_text("报警")
    desk.page.keyboard.press("Escape")
    expect(desk.place("drawer")).to_be_empty()
    expect(desk.plate("alarms").locator(".remark")).to_be_focused()


def test_data_never_becomes_markup(demo: Server, open_desk: Open) -> None:
    desk = open_desk(demo)
    title, made = desk.page.evaluate(  # at once: the next change of the park's own alarms draws over it
        """() => {
          parktwin.panels.put('overview', 'alarms', { kind: 'list', total: 1, rows: [
            { key: 'x', level: 'red', title: '<img src=x onerror="window.hurt = 1">', sub: { zh: '<b>b</b>' } }] });
          const plate = document.querySelector('[data-panel=alarms]');
          return [plate.querySelector('.title').textContent, plate.querySelectorAll('img, b').length];
        }"""
    )
    assert "<img" in title
    assert made == 0
    assert desk.page.evaluate("window.hurt") is None
    assert desk.page.evaluate("parktwin.panels.safeAddress('javascript:alert(1)')") == "#"


def test_a_lost_connection_is_said_and_found_again(browser: Browser, tmp_path: Path) -> None:
    words = ["run", "--park", str(SMALL_PARK)]
    with running(words, tmp_path) as server:
        desk = Desk(browser, server.url)
        desk.forgiven = ("WebSocket", "ERR_CONNECTION_REFUSED", "503")
        desk.open()
    expect(desk.place("notice")).to_contain_text("连接已中断", timeout=15_000)
    with running(words, tmp_path, port=server.port):
        desk.wait("() => parktwin.live.state === 'live'", timeout_s=30)
        expect(desk.place("notice")).to_be_empty()
        desk.close()


def test_no_screen_at_an_address_is_said(demo: Server, browser: Browser) -> None:
    desk = Desk(browser, demo.url)
    desk.page.goto(f"{demo.url}/nowhere")
    expect(desk.page.locator(".nowhere")).to_contain_text("没有这个页面")
    desk.close()


def test_everything_is_reached_by_tab_and_seen_when_it_is(demo: Server, browser: Browser) -> None:
    desk = Desk(browser, demo.url)
    desk.open(draw="c:118.990000,33.390000,600")
    desk.wait(ANSWERED)
    seen: list[dict[str, Any]] = []
    for _ in range(200):
        desk.page.keyboard.press("Tab")
        found = desk.page.evaluate(FOCUS)
        if found["body"]:
            break
        seen.append(found)
    lost = [each for each in seen if not (each["marked"] and each["seen"] and each["above"])]
    assert not lost, str(lost)
    names = {each["name"] for each in seen}
    tools = {"search", "layers", "tools", "views", "zoom_in", "zoom_out", "home", "lang", "wall", "kiosk"}
    assert tools | {"to-live", "knob", "span", "to-date", "inside-layer", "chip", "close", "item.can"} <= names
    assert any(name.startswith("map") for name in names)
    desk.close()
