"""The page as a person uses it: what is read on it, and what is done to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize, expect, sync_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
READY = """() => window.parktwin && parktwin.map && parktwin.map.complete && parktwin.live.state === 'live'
  && (parktwin.map.painted > 0 || document.querySelector('.column.main'))"""
# Where on the page a feature of the map is drawn.
PLACE = """([layer, id]) => {
  const features = parktwin.map.layers.get(layer), at = features.index.get(id);
  const point = parktwin.map.leaflet.latLngToContainerPoint([features.lat[at], features.lon[at]]);
  return [point.x, point.y];
}"""
STATE = "([layer, id]) => { const all = parktwin.map.layers.get(layer); return all.state(all.index.get(id)); }"
DESK: ViewportSize = {"width": 1366, "height": 768}  # the smallest that all must fit; larger ones take longer to draw
LARGE: ViewportSize = {"width": 1920, "height": 1080}


@contextmanager
def launched(chromium: Path) -> Iterator[Browser]:
    """A browser without a screen."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield started
        started.close()


class Desk:
    """One open page. ``faults`` fills with everything that must not happen: errors, foreign requests."""

    def __init__(self, browser: Browser, url: str, size: ViewportSize | None = None, **more: Any) -> None:
        self.url = url
        self.faults: list[str] = []
        self.forgiven: tuple[str, ...] = ()
        self.hosts = {urlsplit(url).netloc}
        self.context = browser.new_context(viewport=size or DESK, **more)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"page: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(each in said.text for each in self.forgiven):
            self.faults.append(f"console: {said.text} ({said.location['url']})")

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc not in self.hosts:
            self.faults.append(f"foreign: {request.url}")

    def open(self, path: str = "/", **query: str) -> Desk:
        """Open an address and wait until the map is painted and the page is live."""
        self.page.goto(f"{self.url}{path}" + (f"?{urlencode(query)}" if query else ""))
        self.page.wait_for_function(READY, timeout=30_000)
        return self

    @property
    def query(self) -> dict[str, str]:
        """The state in the address."""
        said = self.page.evaluate("window.location.search.slice(1)")  # the page's own word: the driver's comes later
        return {name: each[0] for name, each in parse_qs(said).items()}

    def controlled(self) -> Locator:
        """The figure of the enterprises under special control, once their records have come: some are at any hour."""
        figure = self.plate("hazards").locator(".class").first
        expect(figure.locator(".value")).to_have_text(re.compile(r"^[1-9]\d*$"), timeout=60_000)
        return figure

    def plate(self, panel: str) -> Locator:
        """A panel's plate."""
        return self.page.locator(f"[data-panel={panel}]")

    def place(self, name: str) -> Locator:
        """One of the shell's places."""
        return self.page.locator(f".place-{name}")

    def press(self, name: str) -> None:
        """Press a button of the shell."""
        self.page.locator(f".tool-{name}, .word-{name}").click()

    def focus(self, place: Locator) -> None:
        """Bring the focus to a place as soon as it is there to be seen: what is hidden takes none."""
        expect(place).to_be_visible()
        place.focus()

    def slow_down(self, times: float) -> None:
        """From now on the page has so many times less of a processor, as on a loaded machine."""
        self.context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": times})

    def click_on_map(self, layer: str, id: str) -> None:
        """Click where a feature is drawn."""
        self.page.mouse.click(*self.page.evaluate(PLACE, [layer, id]))

    def state_on_map(self, layer: str, id: str) -> str:
        """The state in which a feature is drawn."""
        return str(self.page.evaluate(STATE, [layer, id]))

    def wait(self, script: str, argument: Any = None, timeout_s: float = 10.0) -> None:
        """Until a condition of the page holds."""
        self.page.wait_for_function(script, arg=argument, timeout=timeout_s * 1000)

    def overflowing(self) -> list[str]:
        """Texts and plates that are cut or scroll."""
        return list(self.page.evaluate(OVERFLOWING))

    def close(self) -> None:
        """Close the page; nothing that must not happen has happened."""
        self.context.close()
        assert not self.faults, "\n".join(self.faults)


OVERFLOWING = """() => {
  const seen = [...document.querySelectorAll('.plate:not(.gone), .top, .bottom, .plate .panel')];
  const cut = seen.filter((each) => each.offsetParent !== null && each.scrollHeight > each.clientHeight + 2);
  const out = [...document.querySelectorAll('.plate')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1);
  });
  return [...cut, ...out].map((each) => each.className);
}"""

Open = Callable[..., Desk]
