"""The pictures that people look at: the README's, and one of each size and language for the eye of a designer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Open
from tests.conftest import ROOT
from tests.serving import Server

pytestmark = pytest.mark.browser
SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "3840": (3840, 2160)}


@pytest.fixture(scope="module")
def folder(out: Path) -> Path:
    """``docs`` when `make shots` makes them anew, else with the other things that tests leave."""
    chosen = ROOT / os.environ["PARKTWIN_SHOTS"] if "PARKTWIN_SHOTS" in os.environ else out
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


def test_shot_of_the_overview(demo: Server, open_desk: Open, folder: Path) -> None:
    desk = open_desk(demo)
    desk.wait("() => document.querySelector('[data-panel=gas_top] .value')")
    expect(desk.plate("now")).to_contain_text("/63", timeout=60_000)  # the exchange tables have come
    expect(desk.plate("hazards").locator(".class")).to_have_count(3)
    desk.page.screenshot(path=folder / "overview.png")
    assert (folder / "overview.png").stat().st_size > 100_000


@pytest.mark.skipif("PARKTWIN_SHOTS" not in os.environ, reason="for the eye alone; `make shots` makes them")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_shot_of_a_point_with_its_trend(demo: Server, open_desk: Open, out: Path, size: str, lang: str) -> None:
    width, height = SIZES[size]
    desk = open_desk(demo, size={"width": width, "height": height}, lang=lang, sel="points:E04-U02-GT01")
    desk.page.wait_for_selector(".place-detail .js-plotly-plot", timeout=30_000)
    desk.page.screenshot(path=out / f"detail-{size}-{lang}.png")
    assert desk.overflowing() == []
