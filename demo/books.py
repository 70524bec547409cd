"""All tables that the demo park delivers."""

from __future__ import annotations

from demo import alarms, basics, bookings, duty, facilities, people, persons, vehicles, works
from demo.records import Book
from demo.world import World

SOURCES = tuple(
    source
    for module in (basics, facilities, alarms, people, vehicles, bookings, works, duty, persons)
    for source in module.SOURCES
)


def books(world: World) -> dict[str, Book]:
    """The books of that world by table."""
    return {source.table: source.book(world) for source in SOURCES}
