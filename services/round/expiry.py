"""Looks at papers that expire (rules section 9): a reminder within each window, an alarm when one is over."""

from __future__ import annotations

from cache.reader import tables_of
from cache.store import Store
from park.load import Park
from services.expiry import PAPERS, ExpiryWatch
from services.rounds import Look, Round

_EVERY_S = 600.0  # deadlines pass at midnight


def _make(store: Store, park: Park) -> Look:
    return ExpiryWatch(store, park).look


ROUND = Round("expiry", _EVERY_S, _make, tables_of(PAPERS) - {"notice", "feature"})
