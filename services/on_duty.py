"""Who is on duty (DR-1, DR-3): asked by the desk, and by everything that has to be told to whoever stands watch."""

from __future__ import annotations

from typing import Any

import polars as pl

from cache.store import Store
from models.roster import PARK_ORG
from models.roster_turns import standing, with_shifts
from twin.moment import Moment

TURNS = "duty/turns"


def on_duty(store: Store, at: Moment, org: str = PARK_ORG) -> list[dict[str, Any]]:
    """Who stands on the shift of the park, or of an enterprise, at a moment as known then; leaders first.

    Each: ``person`` (id), ``name``, ``role`` (leader or staff), ``mobile`` (None where nobody knows it), ``shift``,
    ``until`` (when they go), ``source`` (which table tells it, and who told that).
    """
    settings = store.park.settings
    found = store.reader().read(TURNS, at=at).filter(pl.col("org") == org)
    turns = with_shifts(standing(found, at), settings.duty, store.park.zone)
    return [
        {
            "person": each["person"],
            "name": each["duty_name"],
            "role": each["duty_role"],
            "mobile": each["mobile"],
            "shift": each["shift"],
            "until": each["ends"],
            "source": f"{each['table']}:{each['source']}",
        }
        for each in turns.iter_rows(named=True)
    ]
