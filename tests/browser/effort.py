"""What something costs the page's own thread: processor time, which a loaded machine does not lengthen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Page

CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline"]
MAIN = "CrRendererMain"


class Effort(NamedTuple):
    """Milliseconds of processor time, in all and of the longest task."""

    total_ms: float
    longest_ms: float


def effort(page: Page, act: Callable[[], object]) -> Effort:
    """Do something with a page, and tell what it cost the page's main thread meanwhile."""
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=CATEGORIES)
    act()
    tasks = _tasks(json.loads(browser.stop_tracing())["traceEvents"])
    return Effort(sum(tasks), max(tasks))


def _tasks(events: list[dict[str, Any]]) -> list[float]:
    """Of the thread that has worked most: other pages of the same browser are at rest."""
    main = {_thread(each) for each in events if each["name"] == "thread_name" and each["args"]["name"] == MAIN}
    by_thread: dict[tuple[int, int], list[float]] = {each: [] for each in main}
    for each in events:
        if each["name"] == "RunTask" and _thread(each) in main:
            by_thread[_thread(each)].append(each.get("tdur", 0) / 1000)
    return max(by_thread.values(), key=sum)


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]
