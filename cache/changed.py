"""When tables of records changed, over all that the file holds: between two changes an answer that reads nothing else
is the same at every moment of the past.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cache.database import Database
from cache.exchange import table_name
from cache.present import Present
from twin.dictionary import dictionary
from twin.moment import EPOCH, Moment, from_us, to_us

_MOST = 20_000  # a table that changed more often is asked itself
_WHEN = (
    "SELECT DISTINCT known_from AS at FROM {table} UNION SELECT DISTINCT known_to FROM {table} "
    f"WHERE known_to IS NOT NULL ORDER BY 1 LIMIT {_MOST + 1}"
)


@dataclass(frozen=True)
class _Table:
    """All its changes (microseconds, in order) as far as ``until``; None where they are too many."""

    until: Moment
    at: NDArray[np.int64] | None


class Changed:
    """Safe from any thread. A table's changes are looked up when they are first asked for."""

    def __init__(self, database: Database, present: Present) -> None:
        self._database = database
        self._present = present
        self._tables: dict[str, _Table] = {}
        self._lock = Lock()

    def last(self, tables: Iterable[str], at: Moment) -> Moment | None:
        """The last change of any of the exchange tables by a moment; the epoch where there was none, None where nobody
        knows."""
        found = EPOCH
        for name in tables:
            table = self._of(name, at)
            if table.at is None or at > table.until:
                return None
            place = int(np.searchsorted(table.at, to_us(at), "right"))
            found = max(found, from_us(int(table.at[place - 1]))) if place else found
        return found

    def _of(self, name: str, at: Moment) -> _Table:
        with self._lock:
            table = self._tables.get(name)
        if table is not None and (at <= table.until or self._present.changed((name,), table.until)):
            return table  # one that changes still is asked itself: to look again at each change would cost more
        until = self._present.last_tick
        times = self._database.query(_WHEN.format(table=table_name(dictionary().table(name))))["at"]
        fresh = _Table(until, times.to_physical().to_numpy() if len(times) <= _MOST else None)
        with self._lock:
            self._tables[name] = fresh
        return fresh
