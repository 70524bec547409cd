"""What changed: which tables, which points, since a version. Whoever builds frames asks here instead of the file."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

import numpy as np
from numpy.typing import NDArray

_KEPT = 4096


@dataclass(frozen=True)
class Changes:
    """Changes after a version, up to ``version``. ``whole`` says that the version asked for is too old to tell:
    everything counts as changed, and ``tables`` and ``points`` hold only what is still remembered."""

    version: int
    tables: frozenset[str]
    points: NDArray[np.int32]
    whole: bool = False


class Feed:
    """A short memory of commits. ``changes_since`` never runs ahead of the last tick: a change is told once the
    moment it belongs to can be asked for, so nobody draws it too early and then misses it."""

    def __init__(self) -> None:
        self._commits: deque[Changes] = deque(maxlen=_KEPT)
        self._version = 0
        self._told = 0
        self._news = Condition()
        self.on_change: list[Callable[[frozenset[str]], None]] = []  # told at once; must not take long

    def publish(self, tables: frozenset[str], points: NDArray[np.int32]) -> None:
        """A commit became visible. ``points`` are the ones whose newest value was set."""
        with self._news:
            self._version += 1
            self._commits.append(Changes(self._version, tables, points))
            self._news.notify_all()
        for each in tuple(self.on_change):
            each(tables)

    def mark(self) -> None:
        """The present moment was taken: what is visible now may be told."""
        with self._news:
            self._told = self._version

    @property
    def version(self) -> int:
        """Version of the last tick."""
        return self._told

    def changes_since(self, version: int) -> Changes:
        """Everything between a version and the last tick, joined."""
        with self._news:
            told = self._told
            joined = [each for each in self._commits if version < each.version <= told]
            whole = version < told and (not joined or joined[0].version > version + 1)
        points = [each.points for each in joined]
        changed = _each_once(points)
        tables = frozenset[str]().union(*(each.tables for each in joined))
        return Changes(told, tables, changed, whole)

    def wait(self, timeout: float, version: int | None = None) -> bool:
        """Wait at most ``timeout`` s for a commit after ``version`` (default: the last tick); whether one came."""
        with self._news:
            since = self._told if version is None else version
            return self._news.wait_for(lambda: self._version > since, timeout)


def _each_once(points: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """All points of several lists, in order; each list is in order itself."""
    there = np.zeros(max((int(each[-1]) + 1 for each in points if len(each)), default=0), bool)
    for each in points:
        there[each] = True
    return np.flatnonzero(there).astype(np.int32)
