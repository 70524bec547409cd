"""How many alarms are open. It is kept at hand while somebody asks: a program that asks every second waits for no
query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from time import monotonic

from cache.reader import tables_of
from cache.store import Store
from services.rounds import Look, Round
from twin.alarm import Stage
from twin.level import AlarmLevel
from twin.moment import Moment
from twin.person import PARK

COUNTS = "alarm/counts"
_WANTED_S = 60.0  # since somebody asked last; who asks less often waits for the query


@dataclass(frozen=True)
class Open:
    """How many alarms are open, in all, by level, by stage and by how their handling is reported (R-AL-2)."""

    open: int
    levels: dict[str, int]
    stages: dict[str, int]
    handling: dict[str, int]


class AlarmCounts:
    """Counts of a store's alarms. Safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked_s = -inf

    def at(self, at: Moment, scope: str = PARK) -> Open:
        """The counts as known at a moment, of what a scope sees; every level and stage is told, with 0 too."""
        if scope == PARK:
            self._asked_s = monotonic()
        counted = self._store.reader(scope).read(COUNTS, at=at)
        told = {name: counted[name].to_list() for name in ("level", "stage", "handling", "n")}
        return Open(
            sum(told["n"]),
            _summed(told["level"], told["n"], AlarmLevel),
            _summed(told["stage"], told["n"], (each for each in Stage if each != Stage.CLOSED)),
            _summed(told["handling"], told["n"], ()),
        )

    def round(self) -> Round:
        """Reads them anew when alarms have changed; nothing while nobody asks."""

        def look(at: Moment) -> None:
            if monotonic() - self._asked_s <= _WANTED_S:
                self._store.reader().read(COUNTS, at=at)  # it stands until alarms change, or the minute does

        def make(_store: Store, _park: object) -> Look:
            return look

        return Round("alarm_counts", 10.0, make, tables_of(COUNTS))


def _summed(names: Iterable[str], counts: Iterable[int], all_of: Iterable[str]) -> dict[str, int]:
    summed = Counter({str(each): 0 for each in all_of})
    for name, n in zip(names, counts, strict=True):
        summed[name] += n
    return dict(summed)
