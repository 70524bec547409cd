"""Floods and typhoons that the park has published a notice of are told by their level (R-PU-6)."""

from __future__ import annotations

from cache.store import Store
from models.disaster import KINDS, disaster_notices
from park.load import Park
from services.posting import poster
from services.rounds import Look, Round


def _make(store: Store, park: Park) -> Look:
    plots = [each.id for each in park.features.get("enterprises", ()) if each.props.get("status") == "operating"]
    return poster(
        store,
        "notify/disasters",
        lambda row: (row["id"], row["words"]),
        lambda row, at: disaster_notices(row, plots, at),
        kinds=list(KINDS),
    )


ROUND = Round("disaster_pushes", 600.0, _make, frozenset({"natural_disaster_notice"}))
