"""Floods and typhoons that the park has published a notice of are told by their level (R-PU-6)."""

from __future__ import annotations

from cache.books import Deed
from cache.notices import NOTICE
from cache.store import Store
from models.disaster import KINDS, disaster_notices
from park.load import Park
from services.rounds import Look, Round
from twin.moment import Moment

_TABLES = frozenset({NOTICE})


def _make(store: Store, park: Park) -> Look:
    plots = [each.id for each in park.features.get("enterprises", ()) if each.props.get("status") == "operating"]

    def look(at: Moment) -> None:
        rows = store.reader().read("notify/disasters", at=at, kinds=list(KINDS)).to_dicts()
        notices = [notice for row in rows for notice in disaster_notices(row, plots, at)]
        if notices:
            store.do(Deed(lambda known: store.books.notices.post(notices, known), _TABLES)).result()

    return look


ROUND = Round("disaster_pushes", 600.0, _make, frozenset({"natural_disaster_notice"}))
