"""S and A alarms go out at once, to every viewer, whatever moment they look at; frames follow at their tick."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

from cache.store import Store
from twin.moment import Moment, iso

_log = logging.getLogger("parktwin.loud")
Cry = Callable[[dict[str, Any]], None]


class Loud:
    """Looks for new or changed S/A alarms whenever alarms have changed: by a reading, a record or a person."""

    def __init__(self, store: Store, cry: Cry) -> None:
        self._store = store
        self._cry = cry
        self._worker = ThreadPoolExecutor(1, "loud")
        self._awaited = Event()
        self._said: dict[str, tuple[Any, ...]] = {}
        self._since: Moment = store.tick()
        store.books.on_alarms.append(self._told)

    def look(self) -> None:
        """Alarms have changed: look for loud ones, beside whoever says so."""
        if not self._awaited.is_set():  # one that has not begun sees this change as well
            self._awaited.set()
            self._worker.submit(self._look).add_done_callback(_tell_failure)

    def _told(self, _known: Moment) -> None:
        self.look()

    def stop(self) -> None:
        """End after the look that is under way."""
        self._store.books.on_alarms.remove(self._told)
        self._worker.shutdown()

    def _look(self) -> None:
        self._awaited.clear()
        at = self._store.tick()
        changed = self._store.reader().read("alarms/loud", at=at, since=self._since)
        for row in changed.iter_rows(named=True):
            state = (row["level"], row["stage"], row["handling"], row["open"])
            if self._said.get(row["id"]) != state:
                self._said[row["id"]] = state
                self._cry({name: iso(each) if isinstance(each, Moment) else each for name, each in row.items()})
        self._said = {name: state for name, state in self._said.items() if state[-1]}
        self._since = at  # what is not known yet will be known after it; what could not be cried is looked for again


def _tell_failure(done: Future[None]) -> None:
    failed = done.exception()
    if failed is not None:
        _log.error("looking for new alarms failed", exc_info=failed)
