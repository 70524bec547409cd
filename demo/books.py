"""All tables that the demo park delivers."""

from __future__ import annotations

from demo import (
    alarms,
    basics,
    bookings,
    certificates,
    duties,
    duty,
    facilities,
    people,
    persons,
    stocks,
    vehicles,
    works,
)
from demo.records import Book
from demo.world import World

_STANDING = (basics, facilities, persons, certificates, duties, stocks)
SOURCES = tuple(
    source for module in (*_STANDING, alarms, people, vehicles, bookings, works, duty) for source in module.SOURCES
)


def books(world: World) -> dict[str, Book]:
    """The books of that world by table."""
    return {source.table: source.book(world) for source in SOURCES}
