"""What the callbacks are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cache.store import Store
from park.load import Park
from services.builder import Builder
from services.frames import Frames
from services.house import House
from twin.moment import Moment
from twin.person import Person


class Deps(Protocol):
    """The parts of a running twin that a click may ask."""

    @property
    def house(self) -> House:
        """Screens, panels and layers."""

    @property
    def park(self) -> Park:
        """The park."""

    @property
    def store(self) -> Store:
        """The cache."""

    @property
    def builder(self) -> Builder:
        """Builds any frame."""

    @property
    def frames(self) -> Frames:
        """Live frames."""

    @property
    def build(self) -> str:
        """Name of this very code."""

    def viewer(self) -> Person:
        """Who clicks."""

    @property
    def clock(self) -> Callable[[], Moment]:
        """The present moment."""
