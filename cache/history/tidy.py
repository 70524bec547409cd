"""Keeps the history in order in the background: closes minutes, settles five of them, lets old days go.

Looking and reckoning happen in a thread of their own; only the writing goes through the writer, in short transactions
between its groups.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Lock
from time import monotonic

from cache.history.blocks import MINUTE_US
from cache.history.close import Closer
from cache.history.edges import Edges
from cache.history.retire import Retirer
from cache.history.settle import SUMMARY_US, Settler
from twin.behind import Behind
from twin.moment import Moment, to_us
from twin.settings import StoreSettings

log = logging.getLogger(__name__)
_LOOK_S = 1.0
_REST = 4  # times as long as filling a part took
_DONE = object()
_RETIRE_EVERY = timedelta(minutes=10)
Work = Callable[[], None]
# runs in the writer's thread, inside a transaction of its own; the name is for crash tests
Hand = Callable[[str, Work], "Future[None]"]


@dataclass(frozen=True)
class Works:
    """What is done in turn; ``fill`` a part at each turn, until it has no more to do."""

    closer: Closer
    settler: Settler
    retirer: Retirer
    fill: Iterator[None]


class Tidy:
    """``run`` may be called by hand too; only one of them is at work at a time."""

    def __init__(
        self,
        works: Works,
        edges: Edges,
        settings: StoreSettings,
        clock: Callable[[], Moment],
        hand: Hand,
    ) -> None:
        self._works = works
        self._wait_us = int(settings.close_after_s * 1_000_000)
        self._clock = clock
        self._hand = hand
        self._closed = 0  # edges reached by this run of the program
        self._settled = edges.settled
        self._retired: Moment | None = None
        self._stop = Event()
        self._busy = Lock()
        self._failing = False
        self._thread = Behind(self._keep_on, "cache-tidy")

    def start(self) -> None:
        """Begin to look every second whether something is due."""
        self._thread.start()

    def stop(self) -> None:
        """End what is at work; nothing begins any more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep_on(self) -> None:
        pause = _LOOK_S
        while not self._stop.wait(pause):
            try:
                with self._busy:
                    self._due()
                    pause = self._filled_on()
                self._failing = False
            except Exception:
                if not self._failing:
                    log.exception("putting the history in order failed; it is tried again every second")
                self._failing, pause = True, _LOOK_S

    def run(self) -> None:
        """Do all that is due by now."""
        with self._busy:
            self._due()
            for _ in self._works.fill:
                pass

    def _due(self) -> None:
        now = self._clock()
        self._close(to_us(now) - self._wait_us)
        self._settle()
        if self._retired is None or now - self._retired >= _RETIRE_EVERY:
            self._retire(now)
            self._retired = now

    def _filled_on(self) -> float:
        """Fill a part; how long to pause (seconds), so that most of the time is left to others."""
        began = monotonic()
        return _LOOK_S if next(self._works.fill, _DONE) is _DONE else _REST * (monotonic() - began)

    def _close(self, until: int) -> None:
        edge = until // MINUTE_US * MINUTE_US
        if edge <= self._closed:
            return
        closed = self._works.closer.prepare(edge)
        if closed is not None:
            self._hand("close", lambda: self._works.closer.write(closed)).result()
            self._works.closer.done(closed)
        self._closed = edge

    def _settle(self) -> None:
        edge = self._closed // SUMMARY_US * SUMMARY_US
        if edge <= self._settled:
            return
        for part in self._works.settler.prepare(edge):
            if self._stop.is_set():
                return
            self._hand("settle", lambda part=part: self._works.settler.write(part)).result()  # type: ignore[misc]
        self._hand("settled", lambda: self._works.settler.write_edge(edge)).result()
        self._settled = edge

    def _retire(self, now: Moment) -> None:
        edge = self._works.retirer.raw_edge(now)
        if edge is not None:
            self._hand("retire", lambda: self._works.retirer.drop_readings(edge)).result()
        while not self._stop.is_set() and (day := self._works.retirer.next_day(now)) is not None:
            self._hand("archive", lambda day=day: self._works.retirer.drop_day(day)).result()  # type: ignore[misc]
