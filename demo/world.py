"""The one thing that every table of the exchange is made from: the park, its signals and its calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from demo.clock import Calendar
from demo.folder import Folder, Points
from demo.records import Book, Entry
from demo.scenarios import SCENARIOS
from demo.signals import Signals
from twin.dictionary import dictionary


@dataclass(frozen=True)
class World:
    """A park under one seed, scenario and start (milliseconds since 1970 UTC)."""

    folder: Folder
    points: Points
    signals: Signals
    calendar: Calendar
    seed: int
    start_ms: int

    @property
    def park_id(self) -> str:
        """The park's id as the records carry it."""
        return self.folder.settings.id


@dataclass(frozen=True)
class Source:
    """One table of the exchange: what of it begins on a local day, and which days around today are open."""

    table: str
    of_day: Callable[[World, date], Iterable[Entry]]
    days: tuple[int, int] = (0, 0)

    def book(self, world: World) -> Book:
        """The table's records for that world."""
        table = dictionary().table(self.table)
        return Book(table, lambda day: self.of_day(world, day), world.calendar, world.park_id, self.days)


def build(folder: Folder, seed: int, scenario: str, start_ms: int, most: int | None = None) -> World:
    """Read the park and set the stage. ``most`` bounds the number of points."""
    points, calendar = Points(folder, most), Calendar(folder.zone)
    plan = SCENARIOS[scenario](points, start_ms)
    return World(folder, points, Signals(points, seed, calendar, plan, start_ms), calendar, seed, start_ms)
