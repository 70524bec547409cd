"""The people of the park that the exchange knows by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from demo.certificates import staff_records
from demo.records import Entry
from demo.staff import watch_records
from demo.world import Source, World


def _persons(world: World, day: date) -> Iterable[Entry]:
    yield from watch_records(world)
    yield from staff_records(world)


SOURCES = (Source("person", _persons),)
