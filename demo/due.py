"""When papers end: most of them in good time, a few soon, fewer are over; counted from the day the demo begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from demo.chance import generator
from demo.world import World

_FAR_DAYS = (120, 1_000)


def first_day(world: World) -> date:
    """The local day on which the demo begins: papers do not wander with the days that pass."""
    return world.calendar.day(world.start_ms)


def days_left(world: World, what: str, many: int, soon: Sequence[int], far: tuple[int, int] = _FAR_DAYS) -> list[int]:
    """So many papers: the days left of ``soon`` (below zero: over) somewhere among them, all others ``far`` ahead."""
    rng = generator(world.seed, f"due-{what}")
    left: list[int] = rng.integers(*far, many).tolist()
    for place, days in zip(rng.permutation(many).tolist(), soon, strict=False):
        left[place] = days
    return left


def ends(world: World, what: str, many: int, soon: Sequence[int]) -> list[date]:
    """The last good days of so many papers."""
    return [first_day(world) + timedelta(days=days) for days in days_left(world, what, many, soon)]


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; the last of February instead of one that there is not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
