"""Limits of points: what counts at a moment, how it came to that, and changing it between two people (R-GAS-15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from cache.store import Store
from models.limits import Change
from park.load import Park
from twin.content import text
from twin.errors import NotAllowed, NotFound
from twin.moment import Moment, iso
from twin.person import Person
from twin.roles import Right

MOST = 500
T = TypeVar("T")
Do = Callable[[Callable[[Moment], T]], T]  # has something done inside the writer's next transaction


class LimitDesk:
    """Safe from any thread."""

    def __init__(self, store: Store, park: Park, do: Do[Change]) -> None:
        self._store = store
        self._do = do
        self._owner = dict(zip(park.points["id"], park.points["owner"], strict=True))
        self._unit = dict(zip(park.points["id"], park.points["unit"], strict=True))

    def of_point(self, point: str, at: Moment, who: Person) -> dict[str, Any]:
        """A point's limits that count at a moment, those that the park's folder gives, and all that was asked of them
        by then, newest first.

        Raises:
            NotFound: no such point for them.
        """
        self._theirs(point, who)
        book = self._store.limits
        return {
            "point": point,
            "unit": self._unit[point],
            "at": iso(at),
            "limits": book.of(point, at),
            "given": book.given(point),
            "history": self.listed(at, who, point=point),
        }

    def listed(
        self, at: Moment, who: Person, *, point: str | None = None, state: str | None = None, limit: int = MOST
    ) -> list[dict[str, Any]]:
        """Changes as known at a moment, newest first."""
        wanted = {"point": point, "id": None, "state": state, "limit": limit}
        rows = self._store.reader(who.scope).read("limits/changes", at=at, **wanted)
        return [_told(row) for row in rows.to_dicts()]

    def propose(self, point: str, which: str, new: float | None, reason: str, who: Person) -> dict[str, Any]:
        """Ask for another limit; nothing changes until somebody else approves.

        Raises:
            NotAllowed: without the right. NotFound: no such point for them. BadInput, Conflict: it cannot be.
        """
        _must(who, Right.propose_limit)
        self._theirs(point, who)
        id = f"LC-{uuid4().hex[:12]}"
        made = self._do(
            lambda known: self._store.limits.ask(Change(id, point, which, None, new, reason, who.id, known), known)
        )
        return self._one(made, who)

    def decide(self, id: str, approve: bool, note: str, who: Person) -> dict[str, Any]:
        """Approve or refuse what somebody else has asked for; approved, it counts at once.

        Raises:
            NotAllowed: without the right, or one's own. NotFound: none of that id for them.
            BadInput: refused without a word. Conflict: decided already, or overtaken.
        """
        _must(who, Right.approve_limit)
        wanted = {"point": None, "id": id, "state": None, "limit": 1}
        if not len(self._store.reader(who.scope).read("limits/changes", at=self._store.tick(), **wanted)):
            raise NotFound(f"there is no change '{id[:80]}'", "id", "unknown_change")
        return self._one(self._do(lambda known: self._store.limits.decide(id, approve, who.id, note, known)), who)

    def _one(self, change: Change, who: Person) -> dict[str, Any]:
        point = self._store.limits.of(change.point, self._store.tick())
        told = {**vars(change), "state": change.state, "owner": self._owner[change.point]}
        return _told({**told, "unit": self._unit[change.point], "limits": point})

    def _theirs(self, point: str, who: Person) -> None:
        if point not in self._owner or (who.enterprise is not None and self._owner[point] != who.enterprise):
            said = text("refused.unknown_point", point=point[:60])
            raise NotFound(f"the park has no point '{point[:60]}'", "point", "unknown_point", said)


def _must(who: Person, right: Right) -> None:
    if right not in who.rights:
        raise NotAllowed(f"'{who.role}' has no right '{right}'", None, "no_right", text("refused.no_right"))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: iso(each) if isinstance(each, datetime) else each for name, each in row.items()}
