"""The figures that issue by issue are promised, measured on the demo park at 4,000 readings a second."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.measure import cpu_seconds, histogram, memory_mb, pause, percentile, share_below
from tests.browser.desk import FLAGS
from tests.conftest import Figure
from tests.serving import ROOT, Server, running

pytestmark = pytest.mark.bench
READINGS_BEFORE = 300_000
RUNS = 5
POINT = "E01-T01-LEVEL"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo park live, its backfill done."""
    with running(["demo"], tmp_path_factory.mktemp("bench"), fresh=True) as server:
        done = threading.Event()
        while server.get("/healthz").json()["store"]["readings"] < READINGS_BEFORE:
            done.wait(0.5)
        pause(20)
        yield server


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new profile."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


def test_hub_and_frames(demo: Server, figure: Figure) -> None:
    names = ("parktwin_hub_delay_seconds", "parktwin_frame_build_seconds")
    with watching(demo):
        before = [histogram(demo, name) for name in names]
        pause(60)
        hub, frame = (
            [share_below(old, histogram(demo, name), share) * 1000 for share in (0.5, 0.95, 0.99)]
            for name, old in zip(names, before, strict=True)
        )
    figure("hub delay p99 at 4,000 readings/s", "≤ 20 ms", f"≤ {hub[2]:.0f} ms")
    said = ", ".join(f"{name} ≤ {each:.0f} ms" for name, each in zip(("p50", "p95", "p99"), frame, strict=True))
    figure("the overview's frame, each tick", "≤ 50 ms", said)
    assert hub[2] <= 20
    assert frame[1] <= 50


def crowd(demo: Server, viewers: int, seconds: float) -> dict[str, float]:
    """Viewers in a process of their own."""
    words = [sys.executable, "-m", "tests.bench.viewers", "--port", str(demo.port)]
    words += ["--viewers", str(viewers), "--seconds", str(seconds)]
    said = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    return json.loads(said.stdout)


class watching:
    """One viewer in the background, so that frames are built."""

    def __init__(self, demo: Server, seconds: float = 600) -> None:
        words = [sys.executable, "-m", "tests.bench.viewers", "--port", str(demo.port)]
        self._words = [*words, "--viewers", "1", "--seconds", str(seconds)]

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._words, cwd=ROOT, stdout=subprocess.DEVNULL)
        pause(3)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def test_thousand_viewers(demo: Server, figure: Figure) -> None:
    with watching(demo):
        began = cpu_seconds(demo.process.pid)
        pause(20)
        alone = (cpu_seconds(demo.process.pid) - began) / 20
    delays, shares, lost = [], [], 0.0
    for _ in range(RUNS):
        result: dict[str, float] = {}
        worker = threading.Thread(target=lambda into=result: into.update(crowd(demo, 1000, 20)))
        worker.start()
        pause(14)  # everybody is in by then
        began = cpu_seconds(demo.process.pid)
        pause(10)
        shares.append((cpu_seconds(demo.process.pid) - began) / 10 - alone)
        worker.join()
        assert result["viewers"] == 1000
        delays.append(result["p95_ms"])
        lost += result["gaps"]
    figure("1,000 viewers: frame delivery p95, median of 5", "≤ 120 ms", f"{median(delays):.0f} ms")
    figure("1,000 viewers: frames lost", "none", f"{lost:.0f}")
    figure("1,000 viewers: of a core beyond the frame", "≤ 15 %", f"{median(shares) * 100:.0f} %")
    assert median(delays) <= 120
    assert lost == 0
    assert median(shares) <= 0.15


# noted in the page at each painted frame: the outline, 95 % of the markers and the first figure are there
FIRST_VIEW = """(() => {
  const look = () => {
    const map = window.parktwin && parktwin.map;
    const markers = map && map.leaflet && map.painted >= %d;
    const outline = markers && map.layers.get("boundary").rings.length;
    const figure = document.querySelector(".plate-now .value");
    if (outline && figure && figure.textContent) window.complete = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
SCRIPT_KB = """() => performance.getEntriesByType("resource").filter((each) => /\\.js(\\?|$)/.test(each.name))
  .reduce((sum, each) => sum + each.encodedBodySize, 0) / 1000"""


def test_first_view(demo: Server, browser: Browser, figure: Figure) -> None:
    times, weight = [], 0.0
    markers = len(demo.get("/api/v1/layers/points").json()["features"]) * 95 // 100
    for _ in range(RUNS):
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        page.add_init_script(FIRST_VIEW % markers)
        page.goto(demo.url)
        page.wait_for_function("() => window.complete", timeout=30_000)
        times.append(page.evaluate("() => complete") / 1000)
        weight = page.evaluate(SCRIPT_KB)
        context.close()
    figure("first view on a new profile: outline, markers, figures", "≤ 2.0 s", f"{median(times):.2f} s")
    figure("script of the first map view (brotli)", "≤ 900 kB", f"{weight:.0f} kB")
    assert weight <= 900
    assert median(times) <= 2.0


def test_script_with_charts(demo: Server, page: Page, figure: Figure) -> None:
    page.goto(f"{demo.url}/?sel=points:{POINT}")
    page.wait_for_selector(".js-plotly-plot", timeout=30_000)
    weight = page.evaluate(SCRIPT_KB)
    figure("script with charts (brotli)", "≤ 1,500 kB", f"{weight:.0f} kB")
    assert weight <= 1500


# each frame of the detail says the moment of its value; what has then been painted is a changed pixel
PIXELS = """() => {
  window.delays = [];
  parktwin.live.socket.on("frame", (frame) => {
    if (frame.screen !== "detail" || !frame.panels.detail) return;
    const value = frame.panels.detail.parts[0].items[0].value;
    requestAnimationFrame(() => requestAnimationFrame(() => delays.push(Date.now() - Date.parse(value.ts))));
  });
}"""


def test_from_sensor_to_pixel(demo: Server, page: Page, figure: Figure) -> None:
    page.goto(f"{demo.url}/?sel=points:{POINT}")
    page.wait_for_function("() => parktwin.live.state === 'live'")
    page.evaluate(PIXELS)
    pause(60)
    delays = page.evaluate("() => delays")
    assert len(delays) >= 30
    p95 = percentile(delays, 95)
    figure("sensor → changed pixel p95 at 4,000 readings/s", "≤ 1.0 s", f"{p95 / 1000:.2f} s")
    assert p95 <= 1000


LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((each) => each.duration)))
    .observe({type: "longtask"});
}"""


def test_no_long_task(demo: Server, page: Page, figure: Figure) -> None:
    page.goto(demo.url)
    page.wait_for_function("() => window.parktwin && parktwin.map.painted > 0")
    pause(10)
    worst = []
    for _ in range(3):
        page.evaluate(LONG_TASKS)
        pause(60)
        worst.append(max(page.evaluate("() => longTasks"), default=0.0))
    said = f"{median(worst):.0f} ms" if median(worst) else "none"
    figure("long tasks with 4,000 markers live, 60 s, median of 3", "none over 50 ms", said)
    assert median(worst) <= 50


def test_memory(demo: Server, figure: Figure) -> None:
    used = memory_mb(demo.process.pid)
    figure("memory of the server at 4,000 points", "≤ 1.5 GB", f"{used / 1000:.2f} GB")
    assert used <= 1500
