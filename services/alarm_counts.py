"""Keeps how many alarms are open at hand: a program that asks for the figures every second waits for no query."""

from __future__ import annotations

from cache.reader import tables_of
from cache.store import Store
from services.metrics import Metrics
from services.rounds import Look, Round
from twin.moment import Moment

COUNTS = "alarm/by_handling"
_WANTED_S = 60.0  # since somebody asked last; who asks less often waits for the query


def alarm_counts(metrics: Metrics) -> Round:
    """The round of a server whose figures are told by ``metrics``; it reads nothing while nobody asks for them."""

    def make(store: Store, _park: object) -> Look:
        def look(at: Moment) -> None:
            if metrics.asked_within(_WANTED_S):
                store.reader().read(COUNTS, at=at)  # what was read stands until alarms change, or the minute does

        return look

    return Round("alarm_counts", 10.0, make, tables_of(COUNTS))
