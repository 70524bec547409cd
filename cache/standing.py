"""Answers out of records stand from moment to moment: until a table they read changes, or the minute does.

What becomes known comes by commits, and each says which tables it touched. So the answer as of one moment is that of
another when none of its tables was touched between the two; who asks about a present moment mostly finds it here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import polars as pl

from cache.changed import Changed
from cache.present import Present
from twin.moment import Moment

_KEPT = 256


class Standing:
    """The answers asked for last. Safe from any thread."""

    def __init__(self, present: Present, changed: Changed) -> None:
        self._present = present
        self._changed = changed
        self._answers: OrderedDict[Hashable, pl.DataFrame] = OrderedDict()
        self._lock = Lock()

    def get(
        self, asked: Hashable, tables: frozenset[str], at: Moment, make: Callable[[], pl.DataFrame], minutes: int = 1
    ) -> pl.DataFrame:
        """The answer as of ``at``, which may depend on the time of day by its whole minute only, or by so many
        ``minutes``; made by ``make`` where none stands."""
        touched = self._present.touched(tables, at)
        if touched is None:
            return make()
        begun = at.replace(minute=at.minute // minutes * minutes, second=0, microsecond=0)
        return self._kept((asked, touched, begun), make)

    def of_records(
        self, asked: Hashable, tables: frozenset[str], at: Moment, make: Callable[[], pl.DataFrame]
    ) -> pl.DataFrame:
        """The answer as of ``at`` that changes with exchange tables alone, however long ago ``at`` is."""
        touched = self._present.touched(tables, at) or self._changed.last(tables, at)
        return make() if touched is None else self._kept((asked, touched), make)

    def _kept(self, key: Hashable, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        answer = self._answers.get(key)
        if answer is None:
            answer = make()
        self._keep(key, answer)
        return answer

    def _keep(self, key: Hashable, answer: pl.DataFrame) -> None:
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
