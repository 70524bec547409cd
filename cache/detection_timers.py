"""The timers of detection: a chore of the writer, twice a second, that writes only where something is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic

import polars as pl

from cache.commit import Group
from cache.detection import Detector
from cache.present import Change
from cache.writer import Transact
from twin.moment import Moment

EVERY = timedelta(milliseconds=500)
PATIENCE = timedelta(seconds=10)  # a source that fails for a moment is no alarm
Chore = Callable[[Transact], timedelta]
Tell = Callable[[pl.DataFrame, Moment], None]  # writes what happened (``HAPPENED``), inside the transaction it did in
Voices = Callable[[], Mapping[str, str]]  # names that readings come under -> the source each speaks for
Down = Callable[[], frozenset[str]]  # names of the sources that are down now; must be quick


class Timers:
    """Runs in the writer's thread, with the writer's other chores, before each group that is written."""

    def __init__(self, detector: Detector, tell: Tell, clock: Callable[[], Moment], chores: Chore) -> None:
        self._detector = detector
        self._tell = tell
        self._clock = clock
        self._chores = chores
        self._due = self._wake = 0.0  # when the other chores are due, and the end of the last nap; monotonic seconds
        self._since: dict[str, Moment] = {}  # sources that are down, and since when
        self.down: Down = frozenset
        self.voices: Voices = dict

    def run(self, transact: Transact) -> timedelta:
        """Do what is due; how long until something may be due again."""
        nap, now = self._nap(transact), self._clock()
        turned, speaking = self._turned(now), self.voices().items() - self._detector.voices().items()
        if turned or speaking or self._detector.due(now):
            transact(lambda known: self._tick(sorted(speaking), turned, known))
        return nap

    def _nap(self, transact: Transact) -> timedelta:
        """Do the other chores as ever: after something was written, and when they are due."""
        now_s = monotonic()
        if now_s < self._wake or now_s >= self._due:
            self._due = now_s + self._chores(transact).total_seconds()
        nap_s = min(EVERY.total_seconds(), max(0.0, self._due - now_s))
        self._wake = now_s + nap_s
        return timedelta(seconds=nap_s)

    def _turned(self, now: Moment) -> list[tuple[str, bool]]:
        """Sources that have gone down or come up, as far as detection does not know it yet."""
        down = self.down()
        self._since = {name: self._since.get(name, now) for name in down}
        known = self._detector.down()
        gone = [(name, True) for name in sorted(down - known) if now - self._since[name] >= PATIENCE]
        return gone + [(name, False) for name in sorted(known - down)]

    def _tick(self, speaking: list[tuple[str, str]], turned: list[tuple[str, bool]], known: Moment) -> Group:
        for voice, source in speaking:
            self._detector.voice(voice, source, known)
        for name, down in turned:
            self._tell(self._detector.source(name, down, known), known)
        self._tell(self._detector.tick(known), known)
        return Group([], Change(known, frozenset()))
