"""A wall does not scroll: on every leaf, at every size and in both languages, no plate holds more than it shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dashboards.overview import SCREEN
from tests.browser.desk import Desk, Open
from tests.serving import Server

pytestmark = pytest.mark.browser
SIZES = ((1366, 768), (1920, 1080), (3840, 2160), (7680, 2160))
SHOWN = """() => [...document.querySelectorAll('.plate')].filter((each) => each.getBoundingClientRect().width)
  .map((each) => each.dataset.panel)"""
# Leaves are laid anew in the frame after their plates have changed.
LAID = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What the slowest tables fill: a plate that is still empty would always fit.
FILLED = {
    "now": "/63",
    "hazards": "69",
    "statistics": "63",
    "economy": "2025",
    "documents": "17",
    "history": "2021",
    "grade": "2025-03-28",
}


def walk(desk: Desk) -> tuple[set[str], list[str]]:
    """The plates of all leaves, and those among them that are cut."""
    seen, cut = set[str](), list[str]()
    while True:
        desk.page.evaluate(LAID)
        seen |= set(desk.page.evaluate(SHOWN))
        cut += desk.overflowing()
        if desk.page.evaluate("parktwin.pages.turn()"):
            return seen, cut


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_leaf_of_a_wall_cuts_a_plate(demo: Server, open_desk: Open, lang: str) -> None:
    desk = open_desk(demo, lang=lang, mode="wall")
    for panel, words in FILLED.items():
        expect(desk.plate(panel)).to_contain_text(words, timeout=60_000)
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        seen, cut = walk(desk)
        assert seen == set(SCREEN.panels)
        assert (width, cut) == (width, [])
