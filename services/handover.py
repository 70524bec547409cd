"""Handovers of shifts (AL-11, DR-2): prepare with what is there now, sign twice, look them up."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

import polars as pl

from cache.books import Deed
from cache.handover import HANDOVER
from cache.ledger import JOURNAL
from cache.store import Store
from models.handover import Handover, HandoverState, shift_handed_over
from models.handover_counts import counted
from models.roster import PARK_ORG
from park.load import Park
from services.builder import UNASKED
from twin.content import text
from twin.errors import NotAllowed, NotFound
from twin.moment import Moment, iso
from twin.person import Person

MOST = 200
_TABLES = frozenset({HANDOVER, JOURNAL})
_WITHOUT = ("table", "source", "ts", "known", "quality", "name_zh", "name_en", "owner")
_AFTER = timedelta(hours=8)  # without one before, what has changed in the last shift


class HandoverDesk:
    """Safe from any thread."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._park = park

    def prepare(self, remarks: str, who: Person, origin: str) -> dict[str, Any]:
        """Hand the shift over: what is there now is counted and kept.

        Raises:
            NotAllowed: without the right. BadInput, Conflict: see ``models.handover.checked``.
        """
        if "hand_over" not in who.rights:
            raise NotAllowed("a handover needs the right 'hand_over'", said=text("refused.no_right"))
        org, at = who.enterprise or PARK_ORG, self._store.tick()
        day, shift = shift_handed_over(self._park.settings.duty, self._park.zone, at)
        said: dict[str, Any] = {
            "id": f"HO-{uuid4().hex[:12]}",
            "org": org,
            "day": day,
            "shift": shift,
            "remarks": remarks.strip(),
        }
        said |= asdict(counted(*self._rows(at, org))) | {"as_of": at, "prepared_by": who.id}

        def make(known: Moment, last: Handover | None) -> Handover:
            since = last.as_of if last else at - _AFTER
            return Handover(**said, state=HandoverState.PREPARED, since=since, prepared_at=known)

        book = self._store.books.handovers
        self._store.do(
            Deed(lambda known: book.prepare(org, lambda last: make(known, last), known, origin), _TABLES)
        ).result()
        return self.one(said["id"], self._store.tick(), who.scope)

    def sign(self, id: str, action: str, who: Person, origin: str) -> dict[str, Any]:
        """Sign one, or withdraw it.

        Raises:
            NotFound: none of that id for them. BadInput, NotAllowed, Conflict: see ``models.handover.signed``.
        """
        self.one(id, self._store.tick(), who.scope)
        book = self._store.books.handovers
        deed = Deed(lambda known: book.sign(id, action, who.id, who.rights, known, origin), _TABLES)
        self._store.do(deed).result()
        return self.one(id, self._store.tick(), who.scope)

    def listed(self, at: Moment, scope: str, limit: int) -> list[dict[str, Any]]:
        """Those that wait for a signature first, then the newest."""
        found = self._store.reader(scope).read("duty/handovers", at=at)
        return [_told(row) for row in found.head(limit).iter_rows(named=True)]

    def one(self, id: str, at: Moment, scope: str) -> dict[str, Any]:
        """A handover with its lists, as they were at its moment.

        Raises:
            NotFound: there is none of that id for them.
        """
        found = self._store.reader(scope).read("duty/handovers", at=at).filter(pl.col("id") == id)
        if not found.height:
            raise NotFound(f"there is no handover '{id[:80]}'", "id", "unknown_handover")
        told = found.row(0, named=True)
        alarms, points, repairs, decisions = self._rows(told["as_of"], told["org"])
        lists = {
            "held_over": alarms.filter("is_held"),
            "still_open": alarms.filter(pl.col("is_open") | pl.col("is_source")),
            "silent": points.filter(pl.col("status").is_in(("offline", "nodata"))),
            "under_repair": repairs.filter("running"),
            "decided_on": decisions,
        }
        return _told(told) | {name: _ids(rows) for name, rows in lists.items()}

    def _rows(self, at: Moment, org: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        reader = self._store.reader(org)
        alarms, decisions = (reader.read(f"duty/handed_{each}", at=at) for each in ("alarms", "decisions"))
        bound = dict(UNASKED)
        return (
            alarms,
            reader.read("state/silent", at=at, **bound),
            reader.read("desk/faults", at=at, **bound),
            decisions,
        )


def _ids(rows: pl.DataFrame) -> list[dict[str, Any]]:
    kept = [name for name in ("id", "level", "name_zh", "name_en", "owner") if name in rows.columns]
    return rows.head(MOST).select(kept).to_dicts()


def _told(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: each for name, each in row.items() if name not in _WITHOUT}
    said["state"] = said.pop("handover_state")
    return {name: iso(each) if isinstance(each, Moment) else each for name, each in said.items()} | {
        "day": row["day"].isoformat()
    }
