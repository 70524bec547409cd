"""All tables that the demo park delivers."""

from __future__ import annotations

from demo import basics, facilities
from demo.records import Book
from demo.world import World

SOURCES = (*basics.SOURCES, *facilities.SOURCES)


def books(world: World) -> dict[str, Book]:
    """The books of that world by table."""
    return {source.table: source.book(world) for source in SOURCES}
