"""Alarms on the way to the eye: from the sending of a reading to a line in a real browser; full rate, and a flood."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import polars as pl
import pytest
import requests
from playwright.sync_api import Browser, Page

from cache.verify import verify_folder
from park.load import Park
from tests.bench.conftest import serving
from tests.bench.helper import Helper
from tests.bench.measure import at_rest, cpu_seconds, paced, percent, percentile
from tests.bench.scale import RATE, scale
from tests.browser.desk import READY, launched
from tests.conftest import Figure
from tests.serving import TOKEN, Server
from twin.moment import Moment, from_us, iso, now, to_us

pytestmark = pytest.mark.bench
SHOWN = int(scale("SHOWN", 60))  # alarms whose way is measured …
APART_S = scale("SHOWN_APART_S", 1.3)  # … one after the other
FLOOD = int(scale("FLOOD", 10_000))
FLOOD_S = scale("FLOOD_S", 60)
BATCHES_A_S = 10
CROSSING = 100  # one point in so many crosses its limit each minute
SCREENS = {"overview": "/", "gas": "/gas", "alarms": "/alarms"}
GAS = ("combustible_gas", "toxic_gas")
# when the line of an alarm came into the page, by the clock of this machine
SEE_LINES = """() => {
  window.seen = {};
  const look = (node) => node.dataset && node.dataset.id && (window.seen[node.dataset.id] ??= Date.now());
  new MutationObserver((changes) => changes.forEach(({ target, addedNodes }) => {
    look(target);
    addedNodes.forEach((node) => node.querySelectorAll && [node, ...node.querySelectorAll('[data-id]')].forEach(look));
  })).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-id'] });
}"""
# how many alarms are open as the page says it: every change with its moment
SEE_COUNT = """() => {
  window.counts = [];
  const badge = document.querySelector('.place-screens a[href*="/alarms"] .count');
  const open = () => (badge.hidden ? [] : badge.title.match(/\\d+/g)).reduce((sum, each) => sum + Number(each), 0);
  const look = () => window.counts.push([Date.now(), open()]);
  const all = { childList: true, characterData: true, subtree: true, attributes: true };
  new MutationObserver(look).observe(badge, all);
}"""


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """The system's Chromium, headless."""
    with launched(chromium) as started:
        yield started


@pytest.fixture(scope="module")
def server(wide_park: Park, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The large park; nothing is known of it yet."""
    with serving(wide_park, tmp_path_factory.mktemp("shown") / "data") as each:
        yield each


def page_at(browser: Browser, server: Server, path: str, watch: str) -> Page:
    """A live page that notes what comes into it."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(server.url + path)
    page.wait_for_function(READY, timeout=120_000)
    page.evaluate(watch)
    return page


def gas(park: Park) -> pl.DataFrame:
    """Points that are in alarm as soon as they are beyond their first limit, which the sources leave in peace."""
    points = park.points.with_row_index("place").filter(pl.col("kind").is_in(GAS) & (pl.col("place") % 100 != 0))
    return points.filter(pl.col("alarm_hi") < pl.col("alarm_hi_hi"))


def beyond(point: dict[str, Any], at: Moment) -> dict[str, Any]:
    """A reading between the first limit and the second."""
    value = (point["alarm_hi"] + point["alarm_hi_hi"]) / 2
    return {"point": point["id"], "ts": iso(at), "value": value, "quality": "good"}


@dataclass(frozen=True)
class Spent:
    """What the server and the whole machine did meanwhile."""

    core: float
    load: float

    def __str__(self) -> str:
        return f"server {percent(self.core)} of a core, machine's load {self.load:.1f} on {os.cpu_count()} cores"


class Meter:
    """Processor time of a server from here on."""

    def __init__(self, server: Server) -> None:
        self._process = server.process.pid
        self._began, self._spent = monotonic(), cpu_seconds(self._process)

    def read(self) -> Spent:
        """So far."""
        spent = cpu_seconds(self._process) - self._spent
        return Spent(spent / (monotonic() - self._began), os.getloadavg()[0])


class Sender:
    """A line over which readings are posted."""

    def __init__(self, server: Server) -> None:
        self._line = requests.Session()
        self._line.headers["Authorization"] = f"Bearer {TOKEN}"
        self._url = f"{server.url}/api/v1/readings"

    def post(self, rows: list[dict[str, Any]]) -> int:
        """Send; how many were taken."""
        answer = self._line.post(self._url, json={"readings": rows}, timeout=60)
        assert answer.status_code == 202, answer.text
        return int(answer.json()["accepted"])


def test_an_alarm_is_seen_soon_after_its_reading_was_sent(
    server: Server, wide_park: Park, browser: Browser, figure: Figure
) -> None:
    chance = random.Random(7)
    newest = gas(wide_park).filter(pl.col("id").str.ends_with(wide_park.points["id"][-1].rsplit("-", 1)[1]))
    probes = newest.unique("parent", maintain_order=True).sample(SHOWN, seed=7).to_dicts()
    words = probes[0]["id"].rsplit("-", 1)[1]  # of the copies of the park those that were made last
    at_rest(server.process.pid)
    page = page_at(browser, server, f"/alarms?words={words}", SEE_LINES)
    seconds = round(SHOWN * APART_S) + 12
    sources = Helper("sender", port=server.port, park=wide_park.folder, rate=RATE, seconds=seconds, crossing=CROSSING)
    line, sent = Sender(server), {}
    meter = Meter(server)
    sources.go()
    for _, probe in zip(paced(APART_S, SHOWN, monotonic() + 5), probes, strict=True):
        page.wait_for_timeout(chance.uniform(0, 500))  # at any time between two ticks
        at = from_us(to_us(now()) // 1000 * 1000)
        sent[f"{probe['id']}-H-{at:%Y%m%dT%H%M%S%f}Z"] = to_us(at) / 1000
        assert line.post([beyond(probe, at)]) == 1
    told, spent = sources.done(), meter.read()
    page.wait_for_function("(ids) => ids.every((id) => id in window.seen)", arg=list(sent), timeout=60_000)
    seen = json.loads(page.evaluate("JSON.stringify(window.seen)"))
    late = [seen[id] - began for id, began in sent.items()]
    said = f"p50 {percentile(late, 50):.0f} ms, p95 {percentile(late, 95):.0f} ms, worst {max(late):.0f} ms ({spent})"
    name = f"{len(late)} alarms beside {RATE:,} readings/s as Arrow, one point in {CROSSING} beyond its limits"
    figure(f"{name}: from sending the reading to the line in a browser", "p95 ≤ 1.5 s", said)
    print(said, told)
    assert told["accepted"] == told["sent"]
    assert percentile(late, 95) <= 1500


def ask_frames(server: Server, until: float) -> dict[str, list[float]]:
    """Frames of all screens over HTTP, one after the other, a second between two of one screen."""
    took: dict[str, list[float]] = {each: [] for each in SCREENS}
    with requests.Session() as line:
        for _ in paced(1.0, round(until - monotonic())):
            for screen in SCREENS if monotonic() < until else ():
                began = monotonic()
                answer = line.get(f"{server.url}/api/v1/screens/{screen}/frame", timeout=60)
                took[screen].append((monotonic() - began) * 1000)
                assert answer.status_code == 200
    return took


def flood(server: Server, points: list[dict[str, Any]]) -> list[float]:
    """Send the readings of a flood; when each was sent, in milliseconds of the clock. What has begun goes on to
    report, so that no alarm of the flood is one of silence."""
    line, sent = Sender(server), []
    share = -(-len(points) // round(FLOOD_S * BATCHES_A_S))
    parts = [points[first : first + share] for first in range(0, len(points), share)]
    again = len(parts) // 2
    for number, _ in enumerate(paced(1 / BATCHES_A_S, len(parts))):
        at = now()
        told = parts[number] + (parts[number - again] if number >= again else [])
        assert line.post([beyond(each, at) for each in told]) == len(told)
        sent += [to_us(at) / 1000] * len(parts[number])
    return sent


def shown_after(counts: list[tuple[float, int]], base: int, sent: list[float]) -> list[float]:
    """How long after its sending each alarm is among those that a page counts."""
    moments, numbers = (np.array(each) for each in zip(*counts, strict=True))
    reached = np.maximum.accumulate(numbers - base)
    first = np.searchsorted(reached, np.arange(1, len(sent) + 1))
    assert first[-1] < len(moments), f"{len(sent) - reached[-1]} alarms are not among those that the page counts"
    return list(moments[first] - np.array(sent))


def test_a_flood_keeps_every_screen_quick_and_loses_none(
    wide_park: Park, browser: Browser, figure: Figure, tmp_path: Path
) -> None:
    points = gas(wide_park).sample(FLOOD, seed=3).to_dicts()
    with serving(wide_park, tmp_path / "data") as server:
        at_rest(server.process.pid)
        pages = {screen: page_at(browser, server, path, SEE_COUNT) for screen, path in SCREENS.items()}
        meter, began = Meter(server), now()
        with ThreadPoolExecutor(2) as hands:
            sending = hands.submit(flood, server, points)
            asking = hands.submit(ask_frames, server, monotonic() + FLOOD_S)
            while not (sending.done() and asking.done()):
                pages["alarms"].wait_for_timeout(200)
        sent, took, spent = sending.result(), asking.result(), meter.read()
        for screen, page in pages.items():
            counted = "(n) => window.counts.length && window.counts[window.counts.length - 1][1] >= n"
            page.wait_for_function(counted, arg=FLOOD, timeout=30_000)
            late = shown_after(page.evaluate("window.counts"), 0, sent)
            name = f"{FLOOD:,} alarms in {FLOOD_S:.0f} s at {len(wide_park.points):,} points: {screen}"
            over = f"p50 {percentile(took[screen], 50):.0f} ms, p95 {percentile(took[screen], 95):.0f} ms"
            figure(f"{name}, frame over HTTP", "p95 ≤ 1 s", f"{over} ({spent})")
            shown = f"p50 {percentile(late, 50):.0f} ms, p95 {percentile(late, 95):.0f} ms"
            figure(f"{name}, from sending to the count in a browser", "reported", f"{shown} ({spent})")
            print(screen, over, "|", shown, "|", spent)
            assert percentile(took[screen], 95) <= 1000, screen
        found = kept(server, began)
    verified = verify_folder(tmp_path / "data")
    figure(f"{FLOOD:,} alarms in {FLOOD_S:.0f} s: in the ledger afterwards", "all", f"{found:,}; {verified}")
    assert found == FLOOD
    assert verified.sound


def kept(server: Server, since: Moment) -> int:
    """Alarms that the ledger has of a while, page by page."""
    asked = {"state": "all", "kind": "H", "from": iso(since - timedelta(seconds=1)), "limit": 1000}
    found: set[str] = set()
    page = server.get("/api/v1/alarms", **asked).json()
    while page["alarms"]:
        found |= {each["id"] for each in page["alarms"]}
        if page["next"] is None:
            break
        page = server.get("/api/v1/alarms", **asked, cursor=page["next"]).json()
    return len(found)
