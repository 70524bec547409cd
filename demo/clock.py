"""Demo time: it starts where it is told and runs at real speed or faster; the park's calendar beside it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class DemoClock:
    """Milliseconds since 1970 UTC: ``start_ms`` at wall time ``wall_ms``, then ``speed`` times as fast as the wall."""

    start_ms: int
    wall_ms: int
    speed: float = 1.0

    @classmethod
    def starting(cls, start: datetime | None, speed: float = 1.0) -> DemoClock:
        """A clock that shows ``start`` at this instant; without a start it shows the wall's time."""
        wall_ms = time.time_ns() // 1_000_000
        return cls(wall_ms if start is None else round(start.timestamp() * 1_000), wall_ms, speed)

    @staticmethod
    def until_next_s(tick_ms: int) -> float:
        """Wall seconds until the next whole tick."""
        return (tick_ms - time.time_ns() // 1_000_000 % tick_ms) / 1_000

    def now_ms(self) -> int:
        """The present demo time."""
        wall_ms = time.time_ns() // 1_000_000
        return self.start_ms + int((wall_ms - self.wall_ms) * self.speed)


@dataclass(frozen=True)
class Calendar:
    """Local days of the park."""

    zone: ZoneInfo

    def day(self, at_ms: int) -> date:
        """The local day that a moment lies in."""
        return self.local(at_ms).date()

    def midnight_ms(self, day: date) -> int:
        """When that local day begins."""
        return round(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp() * 1_000)

    def local(self, at_ms: int) -> datetime:
        """The moment on the park's wall clock."""
        return datetime.fromtimestamp(at_ms / 1_000, UTC).astimezone(self.zone)

    def iso(self, at_ms: int) -> str:
        """ISO 8601 with the park's own offset, whole seconds."""
        return self.local(at_ms).isoformat(timespec="seconds")

    def offset_ms(self, at_ms: int) -> int:
        """How far the park's wall clock is ahead of UTC."""
        offset = self.local(at_ms).utcoffset() or timedelta()
        return int(offset.total_seconds() * 1_000)
