"""Local months and days up to a moment, for counts of records through time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from twin.moment import Moment


def local_day(at: Moment, zone: str) -> date:
    """The local day that a moment lies in."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> Moment:
    """When a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days(last: date, count: int) -> list[date]:
    """So many days in order, the last one included."""
    return [last - timedelta(days=ago) for ago in range(count - 1, -1, -1)]


def months(last: date, count: int) -> list[date]:
    """First days of so many months in order, the last one's included."""
    turns = [last.year * 12 + last.month - 1 - ago for ago in range(count - 1, -1, -1)]
    return [date(turn // 12, turn % 12 + 1, 1) for turn in turns]
