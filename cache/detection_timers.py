"""The timers of detection: a chore of the writer, twice a second, that writes only where something is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from cache.commit import Group
from cache.detection import Detector
from cache.present import Change
from cache.writer import Transact
from twin.moment import Moment

EVERY = timedelta(milliseconds=500)
Chore = Callable[[Transact], timedelta]


class Timers:
    """Runs in the writer's thread, before the writer's other chores; so the first tick comes before the first
    readings."""

    def __init__(
        self,
        detector: Detector,
        tell: Callable[[pl.DataFrame, Moment], None],
        clock: Callable[[], Moment],
        chores: Chore,
    ) -> None:
        """``tell`` writes what happened (``HAPPENED``), inside the transaction in which it did."""
        self._detector = detector
        self._tell = tell
        self._clock = clock
        self._chores = chores

    def run(self, transact: Transact) -> timedelta:
        """Do what is due; how long until something may be due again."""
        if self._detector.due(self._clock()):
            transact(self._tick)
        return min(EVERY, self._chores(transact))

    def _tick(self, known: Moment) -> Group:
        self._tell(self._detector.tick(known), known)
        return Group([], Change(known, frozenset()))
