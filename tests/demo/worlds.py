"""The demo park under one seed at one moment, for the tests of the feed."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from demo.folder import Folder
from demo.world import World, build
from tests.serving import DEMO_PARK

AFTERNOON = "2026-11-21T14:36:00+08:00"


def ms(text: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time."""
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


@lru_cache(maxsize=4)
def world(scenario: str = "quiet_day", seed: int = 7, start: str = AFTERNOON) -> World:
    """The demo park from that start on."""
    return build(Folder(DEMO_PARK), seed, scenario, ms(start))
