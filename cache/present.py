"""The present: what is known, in which order, and the moment that readers may ask for.

``known`` is given by the writer, one per commit, strictly increasing. A tick hands out a moment T such that every
commit with ``known`` ≤ T is visible and every later one gets ``known`` > T. Both hold under one small lock that is
never held during I/O.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cache.feed import Feed
from cache.history.ring import Kept, Ring
from cache.live import Live, Rows
from twin.moment import EPOCH, Moment, to_us

_STEP = timedelta(microseconds=1)
_FROZEN = 16  # at ten commits a second, who takes a second and a half from a tick to its state still finds it
_SAME = timedelta(milliseconds=100)


@dataclass(frozen=True)
class Change:
    """What one commit does to the present. ``kept`` are the rows as the ring keeps them."""

    known: Moment
    tables: frozenset[str]
    rows: Rows | None = None
    fold: NDArray[np.uint8] | None = None
    kept: Kept | None = None


class Present:
    """Live arrays, the ring, the order of commits, and the last few ticks."""

    def __init__(self, live: Live, ring: Ring, feed: Feed, clock: Callable[[], Moment], known: Moment = EPOCH) -> None:
        self._live = live
        self._ring = ring
        self._feed = feed
        self._clock = clock
        self._known = known  # of the last commit
        self._opened = known
        self._changed: dict[str, Moment] = {}  # by table, the last commit since then that touched it
        self._writing: Moment | None = None
        self._tick = known
        self._frozen: OrderedDict[Moment, Live] = OrderedDict()
        self._copied: Live | None = None  # the arrays as they stand, where a tick has asked for them since they changed
        self._lock = Lock()
        self.readings = 0  # kept since the store was opened

    @property
    def live(self) -> Live:
        """The arrays themselves; only the writer may look at them."""
        return self._live

    @property
    def known(self) -> Moment:
        """``known`` of the last commit."""
        return self._known

    @property
    def last_tick(self) -> Moment:
        """The moment handed out last."""
        return self._tick

    def begin(self) -> Moment:
        """The ``known`` of the commit about to be written."""
        with self._lock:
            self._writing = max(self._clock(), self._known + _STEP, self._tick + _STEP)
            return self._writing

    def finish(self, change: Change | None) -> None:
        """The commit is durable: show it. None: it failed or changed nothing, its ``known`` was never used."""
        if change is not None and change.kept is not None:
            self._ring.add(change.kept)
        with self._lock:
            self._writing = None
            if change is None:
                return
            self._known = change.known
            self._changed.update(dict.fromkeys(change.tables, change.known))
            points = np.empty(0, np.int32)
            if change.rows is not None and change.fold is not None:
                self._copied = None
                self._live.apply(change.rows, change.fold, to_us(change.known))
                self.readings += len(change.rows)
                points = self._touched(change.rows.ix[change.fold > 0])
            self._feed.publish(change.tables, points)
        if change.kept is not None:
            self._ring.touch(change.kept)

    def _touched(self, ix: NDArray[np.int32]) -> NDArray[np.int32]:
        """Each point once, in order."""
        there = np.zeros(len(self._live.ts), bool)
        there[ix] = True
        return np.flatnonzero(there).astype(np.int32)

    def tick(self) -> Moment:
        """The present moment; never goes back."""
        with self._lock:
            now = self._clock()
            if self._known <= self._tick and timedelta(0) <= now - self._tick < _SAME and self._tick in self._frozen:
                self._feed.mark()
                return self._tick  # nothing became known since: who asks meanwhile shares what was made of it
            open_end = now if self._writing is None else self._writing - _STEP
            moment = max(open_end, self._tick, self._known if self._writing is None else self._tick)
            if moment != self._tick or moment not in self._frozen:
                self._freeze(moment)
            self._feed.mark()
            return moment

    def _freeze(self, moment: Moment) -> None:
        self._tick = moment
        if self._copied is None:
            self._copied = self._live.copy()
        self._frozen[moment] = self._copied
        while len(self._frozen) > _FROZEN:
            self._frozen.popitem(last=False)

    def touched(self, tables: Iterable[str], moment: Moment) -> Moment | None:
        """The last commit by a moment that touched any of the tables; None where a later one did, where it was before
        the file was opened, or where more may come: then an answer as of the moment says nothing of another one."""
        with self._lock:
            last = max((self._changed.get(each, self._opened) for each in tables), default=self._opened)
            return last if last <= moment <= self._tick else None

    def changed(self, tables: Iterable[str], since: Moment) -> bool:
        """Whether one of the tables may have been touched after a moment; before the file was opened nobody knows."""
        with self._lock:
            return since < self._opened or any(self._changed.get(each, self._opened) > since for each in tables)

    def frozen(self, moment: Moment) -> Live | None:
        """The arrays as they stood at a tick, if it is one of the last few."""
        with self._lock:
            return self._frozen.get(moment)
