"""Hidden dangers that the park has issued are told to who has to mend them, and told again when overdue (R-PU-7)."""

from __future__ import annotations

from cache.books import Deed
from cache.notices import NOTICE
from cache.store import Store
from models.routing import danger_notices
from park.load import Park
from services.rounds import Look, Round
from twin.moment import Moment

_TABLES = frozenset({NOTICE})


def _make(store: Store, park: Park) -> Look:
    told: set[tuple[str, bool]] = set()  # posted twice they would be kept once; asked less often so

    def look(at: Moment) -> None:
        rows = store.reader().read("notify/dangers", at=at).to_dicts()
        fresh = [row for row in rows if (row["id"], row["overdue"]) not in told]
        notices = [each for row in fresh for each in danger_notices(row, row["overdue"], at)]
        if notices:
            store.do(Deed(lambda known: store.books.notices.post(notices, known), _TABLES)).result()
        told.update((row["id"], row["overdue"]) for row in fresh)

    return look


ROUND = Round("danger_pushes", 60.0, _make, frozenset({"hidden_danger", "inspection_hidden_danger"}))
