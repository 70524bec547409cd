"""A browser, and servers to look at: the demo park with its feed, and the small park fed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser.desk import Desk, Open, launched
from tests.conftest import SMALL_PARK
from tests.serving import Server, running


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    """The system's Chromium, headless."""
    with launched(chromium) as started:
        yield started


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo park with its feed."""
    with running(["demo"], tmp_path_factory.mktemp("demo")) as server:
        yield server


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park; nothing comes in but what a test pushes."""
    with running(["run", "--park", str(SMALL_PARK)], tmp_path_factory.mktemp("small")) as server:
        yield server


@pytest.fixture
def open_desk(browser: Browser) -> Iterator[Open]:
    """``open_desk(server, path="/", size=…, **query)`` opens a page; all pages are checked and closed at the end."""
    opened: list[Desk] = []

    def open_one(server: Server, path: str = "/", size: ViewportSize | None = None, **query: str) -> Desk:
        desk = Desk(browser, server.url, size)
        opened.append(desk)
        return desk.open(path, **query)

    yield open_one
    for desk in opened:
        desk.close()
