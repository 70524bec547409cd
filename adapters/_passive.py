"""Sources that speak by themselves through a door of ours: nothing is fetched, only their silence is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters._options import number
from twin.source import SourceSettings


@dataclass(frozen=True)
class Passive:
    """One source that posts or pushes. ``holder``: the name of its token, when it is not the source's own."""

    key: str
    protocol: str
    holder: str
    late_s: float
    down_s: float


def make_passive(settings: SourceSettings, park: Any) -> list[Passive]:
    """Options: ``holder``, ``late_s`` and ``down_s`` (default: when the park's readings are stale, and offline)."""
    reading = park.settings.reading
    late_s, down_s = number(settings, "late_s", reading.stale_s), number(settings, "down_s", reading.offline_s)
    holder = str(settings.options.get("holder", settings.id))
    return [Passive(settings.id, settings.protocol, holder, late_s, down_s)]
