"""How many alarms are open. It is kept at hand while somebody asks: a program that asks every second waits for no
query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from time import monotonic

import polars as pl

from cache.reader import tables_of
from cache.store import Store
from services.rounds import Look, Round
from twin.alarm import Stage
from twin.level import AlarmLevel
from twin.moment import Moment
from twin.person import PARK

COUNTS, BY_HANDLING = "ledger/counts", "alarm/by_handling"
_WANTED_S = 60.0  # since somebody asked last; who asks less often waits for the query


@dataclass(frozen=True)
class Open:
    """How many alarms are not closed, in all, by level and by stage (R-AL-2); how many of them last, and how many are
    late in their first handling."""

    open: int
    lasting: int
    late: int
    levels: dict[str, int]
    stages: dict[str, int]


class AlarmCounts:
    """Counts of a store's alarms. Safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked_s = -inf

    def at(self, at: Moment, scope: str = PARK) -> Open:
        """The counts as known at a moment, of what a scope sees; every level and stage is told, with 0 too."""
        counted = self._read(COUNTS, at, scope)
        n = counted["n"].to_list()
        stages = (each for each in Stage if each != Stage.CLOSED)
        return Open(
            sum(n),
            sum(counted["lasting"].to_list()),
            sum(counted["late"].to_list()),
            _summed(counted["level"].to_list(), n, AlarmLevel),
            _summed(counted["stage"].to_list(), n, stages),
        )

    def by_handling(self, at: Moment) -> dict[str, int]:
        """How many alarms of the park last, by how their handling is reported."""
        counted = self._read(BY_HANDLING, at, PARK)
        return dict(zip(counted["handling"], counted["n"], strict=True))

    def round(self) -> Round:
        """Reads them anew when alarms have changed; nothing while nobody asks."""

        def look(at: Moment) -> None:
            if monotonic() - self._asked_s <= _WANTED_S:
                for each in (COUNTS, BY_HANDLING):
                    self._store.reader().read(each, at=at)  # it stands until alarms change, or the minute does

        def make(_store: Store, _park: object) -> Look:
            return look

        return Round("alarm_counts", 10.0, make, tables_of(COUNTS) | tables_of(BY_HANDLING))

    def _read(self, query: str, at: Moment, scope: str) -> pl.DataFrame:
        if scope == PARK:
            self._asked_s = monotonic()
        return self._store.reader(scope).read(query, at=at)


def _summed(names: Iterable[str], counts: Iterable[int], all_of: Iterable[str]) -> dict[str, int]:
    summed = Counter({str(each): 0 for each in all_of})
    for name, n in zip(names, counts, strict=True):
        summed[name] += n
    return dict(summed)
