"""Fault applications (R-AL-8): hand in, decide, list, and what they have hushed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import polars as pl

from cache.books import Deed
from cache.faults import FAULT
from cache.ledger import JOURNAL
from cache.store import Store
from models.fault_life import Fault, FaultState
from park.load import Park
from twin.content import text
from twin.errors import NotAllowed, NotFound
from twin.moment import Moment, iso
from twin.person import Person

MOST = 500
_TABLES = frozenset({FAULT, JOURNAL})


class FaultDesk:
    """Safe from any thread."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._park = park

    def apply(self, said: dict[str, Any], who: Person, origin: str) -> dict[str, Any]:
        """Hand in an application: ``target`` (a point, or what points belong to), ``reason``, ``starts``, ``ends``,
        ``note``.

        Raises:
            BadInput: it cannot be. NotAllowed: without the right, or for what belongs to another one.
        """
        if "apply_fault" not in who.rights:
            why = "an application needs the right 'apply_fault'"
            raise NotAllowed(why, "target", said=text("refused.no_right"))
        points = self._points(said["target"], who)
        owner = who.enterprise or _only(points["owner"])
        id = f"FA-{uuid4().hex[:12]}"

        def do(known: Moment) -> Fault:
            fault = Fault(
                id=id, state=FaultState.PENDING, reason=said["reason"], target=said["target"],
                points=tuple(points["id"]), starts=said["starts"], ends=said["ends"], note=said["note"].strip(),
                applied_by=who.id, applied_at=known, owner=owner,
            )  # fmt: skip
            return self._store.books.faults.apply(fault, known, origin)

        self._store.do(Deed(do, _TABLES)).result()
        return self.one(id, self._store.tick(), who)

    def decide(self, id: str, action: str, note: str, who: Person, origin: str) -> dict[str, Any]:
        """Approve, refuse or withdraw.

        Raises:
            NotFound: none of that id for them. BadInput, NotAllowed, Conflict: see ``models.fault_life.decided``.
        """
        self.one(id, self._store.tick(), who)
        faults = self._store.books.faults
        self._store.do(
            Deed(lambda known: faults.decide(id, action, note, who.id, who.rights, known, origin), _TABLES)
        ).result()
        return self.one(id, self._store.tick(), who)

    def listed(self, at: Moment, scope: str, state: str | None, point: str | None, limit: int) -> list[dict[str, Any]]:
        """Applications, newest first."""
        return [_told(row) for row in self._rows(at, scope, None, state, point, limit)]

    def one(self, id: str, at: Moment, who: Person) -> dict[str, Any]:
        """An application with its effect list: its points, and what has raised no alarm.

        Raises:
            NotFound: there is none of that id for them.
        """
        rows = self._rows(at, who.scope, id, None, None, 1)
        if not rows:
            raise NotFound(f"there is no application '{id[:80]}'", "id", "unknown_fault")
        hushed = self._store.reader(who.scope).read("ledger/hushed", at=at, id=id, limit=MOST).to_dicts()
        return {**_told(rows[0]), "effects": [_told(each) for each in hushed]}

    def _rows(
        self, at: Moment, scope: str, id: str | None, state: str | None, point: str | None, limit: int
    ) -> list[dict[str, Any]]:
        asked = {"id": id, "state": state, "point": point, "limit": limit}
        return self._store.reader(scope).read("ledger/faults", at=at, **asked).to_dicts()

    def _points(self, target: str, who: Person) -> pl.DataFrame:
        """The points that an application is for: one, those of a unit or a tank, or all of an enterprise."""
        of = pl.col("id").eq(target) | pl.col("parent").eq(target) | pl.col("owner").eq(target)
        found = self._park.points.filter(of)
        if who.enterprise is not None and not (found["owner"] == who.enterprise).all():
            said = text("refused.foreign", target=target[:60])
            raise NotAllowed(f"'{target[:60]}' is not of your enterprise", "target", said=said)
        return found


def _only(owners: Sequence[str | None] | pl.Series) -> str | None:
    """The owner of all points, None where they have several."""
    different = set(owners)
    return different.pop() if len(different) == 1 else None


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: iso(each) if isinstance(each, Moment) else each for name, each in row.items()}
