"""Keeps how many alarms are open at hand: a program that asks for it every second waits for no query."""

from __future__ import annotations

from cache.reader import tables_of
from cache.store import Store
from park.load import Park
from services.rounds import Look, Round
from twin.moment import Moment

COUNTS = "alarm/by_handling"


def _make(store: Store, _park: Park) -> Look:
    def look(at: Moment) -> None:
        store.reader().read(COUNTS, at=at)  # what was read stands until alarms change, or the minute does

    return look


ROUND = Round("alarm_counts", 10.0, _make, tables_of(COUNTS))
