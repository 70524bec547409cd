"""Periods over which alarms are analysed: so many days up to a moment for a screen, a week, month or year of the
calendar for a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.calendar import day_start, local_day
from twin.moment import Moment

DAYS = {"week": 7, "month": 30, "year": 365}  # as cache/views/alarm_since.sql has them
USUAL = "month"
STEP = timedelta(minutes=10)  # ISA-18.2 counts by ten minutes


@dataclass(frozen=True)
class Span:
    """A period and the one before it that it is held against; ends do not belong to them. ``whole``: it is over."""

    starts: Moment
    ends: Moment
    earlier_starts: Moment
    earlier_ends: Moment
    whole: bool = True

    @property
    def slots(self) -> int:
        """How many stretches of ten minutes it has, begun ones included."""
        return slots_between(self.starts, self.ends)

    @property
    def earlier_slots(self) -> int:
        """The same of the period before."""
        return slots_between(self.earlier_starts, self.earlier_ends)


def slots_between(starts: Moment, ends: Moment) -> int:
    """Stretches of ten minutes from one moment to another, begun ones included."""
    return max(0, -((starts - ends) // STEP))


def rolling(period: str | None, at: Moment) -> Span:
    """The period of a screen: it ends with the last full ten minutes; what is no period is the usual one."""
    ends = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
    length = timedelta(days=DAYS.get(period or USUAL, DAYS[USUAL]))
    return Span(ends - length, ends, ends - 2 * length, ends - length)


def calendar(period: str, of: date, zone: str, at: Moment) -> Span:
    """The week (from Monday), month or year of the calendar in which a local day lies, as far as it is over at ``at``.

    The one before is whole where this one is; else it is cut to as long a stretch, so that like is held against like.
    """
    first, after, before = bounds(period, of)
    starts, end, earlier = (day_start(each, zone) for each in (first, after, before))
    if end <= at:
        return Span(starts, end, earlier, starts)
    ends = max(starts, at)
    return Span(starts, ends, earlier, min(earlier + (ends - starts), starts), whole=False)


def bounds(period: str, of: date) -> tuple[date, date, date]:
    """First day of a period of the calendar, the first one after it, and the first of the period before."""
    if period == "week":
        monday = of - timedelta(days=of.weekday())
        return monday, monday + timedelta(days=7), monday - timedelta(days=7)
    if period == "year":
        return date(of.year, 1, 1), date(of.year + 1, 1, 1), date(of.year - 1, 1, 1)
    first = of.replace(day=1)
    last = first - timedelta(days=1)
    return first, (first + timedelta(days=31)).replace(day=1), last.replace(day=1)


def days_of(span: Span, zone: str) -> Iterator[tuple[date, int]]:
    """The local days of a period, each with how many stretches of ten minutes of it lie in the period."""
    day, last = local_day(span.starts, zone), local_day(span.ends - timedelta(microseconds=1), zone)
    while day <= last:
        begins, ends = day_start(day, zone), day_start(day + timedelta(days=1), zone)
        yield day, slots_between(max(begins, span.starts), min(ends, span.ends))
        day += timedelta(days=1)


def bucket_of(day: date, step: str) -> date:
    """The first day of the week or month that a day lies in; the day itself for ``day``."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def step_of(period: str | None) -> str:
    """By what a chart tells a period apart."""
    return "month" if period == "year" else "day"


def bucket_name(first: date, step: str) -> str:
    """What a week or month is called: ``2026-W47`` as ISO 8601 has it, ``2026-11``; a day by month and day."""
    if step == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return first.strftime("%Y-%m" if step == "month" else "%m-%d")
