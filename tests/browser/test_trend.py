"""The large trend as a person uses it: opened, filled, moved, read, and taken away."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Request, ViewportSize, expect

from tests.browser.desk import Desk, Open
from tests.conftest import SMALL_PARK
from tests.serving import Server, running
from twin.moment import iso, now, parse_moment

LEVEL, TEMP, FLOW, OTHER = "LW1-T1-LEVEL", "LW1-T1-TEMP", "LW1-U2-FLOW", "LW1-T2-LEVEL"
START = now().replace(microsecond=0) - timedelta(hours=2)
END = START + timedelta(hours=1)
SILENT = (1200, 1800)  # seconds after the start
WINDOW = f"{iso(START)},{iso(END)}"
SIZES: dict[str, ViewportSize] = {
    "laptop": {"width": 1366, "height": 768},
    "desk": {"width": 1920, "height": 1080},
    "large": {"width": 3840, "height": 2160},
}
CHINESE = re.compile("[一-鿿]")
TALL = "height => document.querySelector('.trend-plot').getBoundingClientRect().height > 0.45 * height"
# Samples that stand within the plot as marks, and the unbroken stretches of its lines.
MARKS = """() => {
  const plot = document.querySelector('.trend-figure .nsewdrag').getBoundingClientRect();
  return [...document.querySelectorAll('.trend-figure .points path')].filter((each) => {
    const { x, width } = each.getBoundingClientRect();
    return getComputedStyle(each).opacity !== '0' && x + width / 2 >= plot.left && x + width / 2 <= plot.right;
  }).length; }"""
STRETCHES = """() => [...document.querySelectorAll('.trend-figure .scatterlayer .trace')].map((each) =>
  each.querySelectorAll('.js-line').length)"""


def push(server: Server, point: str, rows: list[tuple[datetime, float]], quality: str = "good") -> None:
    """Readings of a point."""
    readings = [{"point": point, "ts": iso(ts), "value": value, "quality": quality} for ts, value in rows]
    assert server.post("/api/v1/readings", {"readings": readings}).json()["accepted"] == len(rows)


@pytest.fixture(scope="module")
def trends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park with an hour of history: a level every second but for ten silent minutes, a temperature
    every ten seconds with some in doubt."""
    with running(["run", "--park", str(SMALL_PARK)], tmp_path_factory.mktemp("trends")) as server:
        told = [at for at in range(3600) if not SILENT[0] < at < SILENT[1]]
        push(server, LEVEL, [(START + timedelta(seconds=at), 5 + 2 * math.sin(at / 300)) for at in told])
        warm = [(START + timedelta(seconds=at), 20 + at / 600) for at in range(0, 3600, 10)]
        push(server, TEMP, warm[:100] + warm[120:])
        push(server, TEMP, warm[100:110], "uncertain")
        push(server, TEMP, warm[110:120], "bad")
        yield server


class Trend:
    """The large trend on a page: what is read on it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page: Page = desk.page
        self.box = desk.place("history")
        self.asked: list[Request] = []
        self.page.on("request", lambda each: self.asked.append(each) if "/history?" in each.url else None)

    def drawn(self) -> Trend:
        """Wait until what the address wants has been drawn."""
        expect(self.box.locator(".trend-figure .main-svg").first).to_be_visible(timeout=60_000)
        expect(self.box.locator(".trend-plot")).not_to_have_attribute("aria-busy", "true")
        return self

    @property
    def resolution(self) -> str:
        """What is said of the resolution."""
        return self.box.locator(".resolution").inner_text()

    @property
    def labels(self) -> str:
        """All that is written in the picture."""
        return " ".join(self.box.locator(".trend-figure .annotation-text").all_text_contents())

    @property
    def window(self) -> list[datetime]:
        """The span in the address."""
        return [parse_moment(each) for each in self.desk.query["window"].split(",")]

    def moved(self, before: str) -> list[datetime]:
        """The span once it is another than before."""
        self.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query)["window"] != [before])
        return self.window

    def key(self, *names: str) -> None:
        """Press keys on the plot."""
        for name in names:
            self.box.locator(".trend-plot").press(name)

    def add(self, point: str) -> None:
        """Add a point as somebody does who types fast."""
        self.box.locator(".finder input").fill(point)
        self.page.keyboard.press("Enter")
        expect(self.box.locator(f"[data-point={point}]")).to_be_visible()


@pytest.fixture
def open_trend(trends: Server, open_desk: Open) -> Any:
    """``open_trend(points…, **query)`` opens the address of a large trend."""

    def opened(*points: str, size: ViewportSize | None = None, **query: str) -> Trend:
        asked = {"trend": ",".join(points), "window": WINDOW, **query}
        return Trend(open_desk(trends, size=size, **asked)).drawn()

    return opened


def test_it_opens_from_the_detail_by_key_and_gives_the_focus_back(trends: Server, open_desk: Open) -> None:
    desk = open_desk(trends, sel=f"points:{LEVEL}")
    button = desk.place("detail").locator(".enlarge")
    button.focus()
    desk.page.keyboard.press("Enter")
    trend = Trend(desk).drawn()
    assert (desk.query["trend"], desk.query["window"]) == (LEVEL, "3600")
    expect(trend.box).to_have_attribute("role", "dialog")
    expect(trend.box.locator(".trend-plot")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(trend.box).to_be_empty()
    expect(button).to_be_focused()
    assert "trend" not in desk.query
    assert desk.query["sel"] == f"points:{LEVEL}"


def test_points_of_two_units_stand_one_over_the_other_over_one_time(trends: Server, open_trend: Any) -> None:
    trend = open_trend(LEVEL)
    trend.add(TEMP)
    expect(trend.box.locator(".trend-figure .annotation-text", has_text="甲苯储罐1温度")).to_be_visible()
    expect(trend.box.locator(".trend-figure .subplot")).to_have_count(3)  # two units, the strip of doubts
    last = trends.get(f"/api/v1/points/{TEMP}/history", **{"from": iso(START), "to": iso(END)}).json()["value"][-1]
    for said in ("甲苯储罐1液位", "甲苯储罐1温度", f"{last:.1f}", "℃", "二级上限 9 m", "一级上限 40 ℃"):
        assert said in trend.labels, trend.labels
    assert trend.desk.query["trend"] == f"{LEVEL},{TEMP}"
    trend.box.locator(f"[data-point={LEVEL}] .away").click()
    expect(trend.box.locator(".trend-point")).to_have_count(1)
    trend.page.go_back()
    expect(trend.box.locator(".trend-point")).to_have_count(2)


def test_whoever_looks_nearer_gets_finer_data_and_at_last_every_sample(open_trend: Any) -> None:
    trend = open_trend(LEVEL, window=f"{iso(START + timedelta(seconds=SILENT[1]))},{iso(END)}")
    assert "最小–最大带" in trend.resolution
    assert trend.page.evaluate(MARKS) == 0
    trend.key(*["+"] * 8)
    expect(trend.box.locator(".resolution")).to_have_text("原始采样")
    trend.drawn()
    start, end = trend.window
    assert end - start < timedelta(minutes=2)
    inside = math.floor((end - START).total_seconds()) - math.ceil((start - START).total_seconds()) + 1
    trend.desk.wait(f"(count) => ({MARKS})() === count", inside)
    first, last = _span(trend.asked[-1])
    assert last - first < timedelta(minutes=5)  # what is in sight, and a little beside it


def test_the_wheel_a_drag_and_a_double_click_move_the_span(open_trend: Any) -> None:
    trend = open_trend(LEVEL)
    plot = trend.box.locator(".nsewdrag").first.bounding_box()
    assert plot
    middle = (plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    trend.page.mouse.move(*middle)
    trend.page.mouse.wheel(0, -300)
    near = trend.moved(WINDOW)
    assert START < near[0] < near[1] < END
    trend.drawn()
    trend.page.mouse.down()
    trend.page.mouse.move(middle[0] + plot["width"] / 4, middle[1], steps=4)
    trend.page.mouse.up()
    moved = trend.moved(",".join(iso(each) for each in near))
    assert moved[0] < near[0]
    assert moved[1] - moved[0] == pytest.approx(near[1] - near[0], abs=timedelta(milliseconds=5))
    trend.drawn()
    trend.page.mouse.dblclick(*middle)
    trend.desk.wait("() => location.search.includes('window=3600')")


def test_a_gap_is_a_gap(open_trend: Any) -> None:
    trend = open_trend(LEVEL)
    assert trend.page.evaluate(STRETCHES)[-1] == 2  # before the silence and after it
    plot = trend.box.locator(".nsewdrag").first.bounding_box()
    assert plot
    trend.page.mouse.move(plot["x"] + plot["width"] * 1500 / 3600, plot["y"] + 40)
    expect(trend.box.locator(".told-row .quality")).to_have_text("中断")
    trend.page.mouse.move(plot["x"] + plot["width"] * 600 / 3600, plot["y"] + 40)
    expect(trend.box.locator(".told-row .quality")).to_have_text("好")
    expect(trend.box.locator(".told .when")).to_contain_text(":")


def test_what_is_in_doubt_is_marked_and_told(open_trend: Any) -> None:
    trend = open_trend(TEMP, window=f"{iso(START + timedelta(seconds=900))},{iso(START + timedelta(seconds=1300))}")
    expect(trend.box.locator(".trend-foot .mark")).to_have_text(["可疑", "坏值"])
    plot = trend.box.locator(".nsewdrag").first.bounding_box()
    assert plot
    for seconds, word in ((1050, "可疑"), (1150, "坏")):
        trend.page.mouse.move(plot["x"] + plot["width"] * (seconds - 900) / 400, plot["y"] + 40)
        expect(trend.box.locator(".told-row .quality")).to_have_text(word)
    assert trend.page.evaluate(STRETCHES)[0] == 2  # a bad sample is no part of the line


def test_a_file_holds_what_the_picture_shows(trends: Server, open_trend: Any, tmp_path: Path) -> None:
    trend = open_trend(LEVEL, TEMP)
    with trend.page.expect_download() as coming:
        trend.box.locator(".files a", has_text="CSV").click()
    coming.value.save_as(tmp_path / "trend.csv")
    lines = list(csv.reader(io.StringIO((tmp_path / "trend.csv").read_text("utf-8-sig"))))
    rows = lines[lines.index([]) + 2 :]
    most = re.search(r"max_points=(\d+)", coming.value.url)
    assert most
    span = {"from": iso(START), "to": iso(END), "max_points": most[1]}
    said = trends.get(f"/api/v1/points/{LEVEL}/history", **span).json()
    assert [(row[1], float(row[2])) for row in rows if row[2]] == list(zip(said["ts"], said["value"], strict=True))
    with trend.page.expect_download() as coming:
        trend.box.get_by_role("button", name="图片").click()
    coming.value.save_as(tmp_path / "trend.png")
    assert (tmp_path / "trend.png").read_bytes().startswith(b"\x89PNG")


def test_a_live_span_grows_by_its_tail_and_says_when_the_connection_is_lost(trends: Server, open_desk: Open) -> None:
    push(trends, FLOW, [(now(), 11.0)])
    trend = Trend(open_desk(trends, trend=FLOW, window="900")).drawn()
    asked = len(trend.asked)
    push(trends, FLOW, [(now(), 12.0)])
    expect(trend.box.locator(".trend-figure .annotation-text", has_text="12")).to_be_visible(timeout=8000)
    first, last = _span(trend.asked[-1])
    assert len(trend.asked) == asked + 1
    assert last - first < timedelta(minutes=1)
    trend.page.evaluate("parktwin.live.socket.disconnect()")
    expect(trend.box.locator(".trouble")).to_contain_text("连接中断")


def _span(request: Request) -> tuple[datetime, datetime]:
    """The span that was asked for."""
    asked = parse_qs(urlsplit(request.url).query)
    return parse_moment(asked["from"][0]), parse_moment(asked["to"][0])


def test_of_points_with_other_limits_those_of_the_chosen_one_are_shown(open_trend: Any) -> None:
    trend = open_trend(TEMP, "LW2-U1-TEMP")
    assert f"40 ℃ · {TEMP}" in trend.labels
    trend.box.locator("[data-point=LW2-U1-TEMP] .name").click()
    expect(trend.box.locator(".trend-figure .annotation-text", has_text="· LW2-U1-TEMP").first).to_be_visible()
    assert f"· {TEMP}" not in trend.labels


def test_nothing_is_shown_beyond_the_present(open_trend: Any) -> None:
    trend = open_trend(LEVEL)
    trend.box.locator(".between input").last.fill("2099-01-01T00:00:00")
    trend.box.locator(".between input").last.press("Enter")
    last = trend.moved(WINDOW)[1]
    assert abs(now() - last) < timedelta(minutes=1)
    trend.drawn()
    trend.key("ArrowRight")
    assert abs(now() - trend.window[1]) < timedelta(minutes=1)


def test_the_past_is_shown_as_known_then_or_as_corrected_since(trends: Server, open_trend: Any) -> None:
    ts = now() - timedelta(minutes=5)
    push(trends, OTHER, [(ts, 5.1)])
    then = now()
    push(trends, OTHER, [(ts, 5.2)])
    trend = open_trend(OTHER, window="900", at=then.isoformat())
    assert "5.1" in trend.labels
    trend.box.get_by_role("button", name="含事后更正").click()
    expect(trend.box.locator(".trend-figure .annotation-text", has_text="5.2")).to_be_visible()
    assert trend.desk.query["knowledge"] == "latest"


def test_a_wall_has_no_trend_and_an_unknown_point_is_said(trends: Server, open_desk: Open) -> None:
    wall = open_desk(trends, trend=LEVEL, mode="wall")
    expect(wall.place("history")).to_be_empty()
    desk = open_desk(trends, trend=LEVEL, window=WINDOW)
    desk.forgiven = ("404",)
    desk.page.evaluate("parktwin.history.set({ points: ['NOPE'] })")
    expect(desk.place("history").locator("[data-failed]")).to_contain_text("没有取到")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_whole_at_every_size_in_both_languages(open_trend: Any, out: Path, lang: str) -> None:
    trend = open_trend(LEVEL, TEMP, FLOW, lang=lang)
    for size, pixels in SIZES.items():
        trend.page.set_viewport_size(pixels)
        trend.desk.wait(TALL, pixels["height"])
        trend.page.screenshot(path=out / f"trend-{size}-{lang}.png")
        assert (size, trend.desk.overflowing()) == (size, [])
    if lang == "en":
        assert not CHINESE.search(trend.box.inner_text())
