"""What the twin looks at by itself, again and again: gas warnings that may be lowered, notices that are due, papers
that expire. A new one is one file of ``services/round`` with one constant, found at start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event

from cache.store import Store
from park.load import Park
from twin.behind import Behind
from twin.moment import Moment

_log = logging.getLogger("parktwin.rounds")
Look = Callable[[Moment], None]  # given the newest moment that is known


@dataclass(frozen=True)
class Round:
    """One thing to look at: every ``every_s`` seconds, and at once when one of the tables in ``reads`` has changed.

    ``make`` gives the function that looks; it runs on a thread of its own, so it may take its time. What it finds it
    writes by deeds; it is asked again after a restart, so it must find what it has not told yet by itself.
    """

    key: str
    every_s: float
    make: Callable[[Store, Park], Look]
    reads: frozenset[str] = frozenset()


class _Walk:
    """One round on its thread."""

    def __init__(self, each: Round, store: Store, park: Park) -> None:
        self._round = each
        self._store = store
        self._look = each.make(store, park)
        self._news = Event()
        self._ended = False
        self._thread = Behind(self._run, f"round-{each.key}")

    def start(self) -> None:
        self._thread.start()

    def told(self, tables: frozenset[str]) -> None:
        if tables & self._round.reads:
            self._news.set()

    def stop(self) -> None:
        self._ended = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended:
            self._news.clear()  # what comes from here on is looked at next time
            try:
                self._look(self._store.tick())
            except Exception:  # noqa: BLE001 - whatever it was, the next look must come
                _log.exception("the round '%s' failed; it goes on", self._round.key)
            self._news.wait(self._round.every_s)


class Rounds:
    """All rounds of the product. Safe from any thread."""

    def __init__(self, rounds: Iterable[Round], store: Store, park: Park) -> None:
        self._store = store
        self._walks = [_Walk(each, store, park) for each in rounds]
        store.feed.on_change.append(self._told)

    def start(self) -> None:
        """Begin to look."""
        for each in self._walks:
            each.start()

    def stop(self) -> None:
        """End each after the look that is under way."""
        self._store.feed.on_change.remove(self._told)
        for each in self._walks:
            each.stop()

    def _told(self, tables: frozenset[str]) -> None:
        for each in self._walks:
            each.told(tables)
