"""Hidden dangers that the park has issued are told to who has to mend them, and told again when overdue (R-PU-7)."""

from __future__ import annotations

from cache.store import Store
from models.routing import danger_notices
from park.load import Park
from services.posting import poster
from services.rounds import Look, Round


def _make(store: Store, _park: Park) -> Look:
    return poster(
        store,
        "notify/dangers",
        lambda row: (row["id"], row["overdue"]),
        lambda row, at: danger_notices(row, row["overdue"], at),
    )


ROUND = Round("danger_pushes", 60.0, _make, frozenset({"hidden_danger", "inspection_hidden_danger"}))
