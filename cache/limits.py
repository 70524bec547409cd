"""Limits that count at a moment: those of the park's folder, and every change that was approved by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from models.limits import COLUMN, WHICH, Bounds, Change, asked, decided
from models.point_state import Limits
from twin.errors import NotFound
from twin.moment import Moment, to_us

LIMIT = "limit_change"  # as a table that a commit touches
Note = Callable[[Change, str, str, Moment], None]  # a change, asked approved or refused, by whom, known
_FIELDS = {"LL": "lo_lo", "L": "lo", "H": "hi", "HH": "hi_hi"}
_APPROVED = (
    "SELECT point, which, new, approved_at FROM limit_change "
    "WHERE approved_at IS NOT NULL AND known_to IS NULL ORDER BY approved_at, rowid"
)
_ONE = "SELECT * EXCLUDE (known_from, known_to) FROM limit_change WHERE id = $id AND known_to IS NULL"
_WAITING = (
    "SELECT * EXCLUDE (known_from, known_to) FROM limit_change WHERE point = $point AND which = $which "
    "AND known_to IS NULL AND approved_at IS NULL AND refused_at IS NULL"
)
_END = "UPDATE limit_change SET known_to = $known WHERE id = $id AND known_to IS NULL"
_KEEP = (
    "INSERT INTO limit_change VALUES ($id, $point, $which, $old, $new, $reason, $author, $asked_at, $approver, "
    "$approved_at, $refused_at, $note, $known, NULL)"
)


def limits_of(points: pl.DataFrame) -> Limits:
    """Alarm limits as the park's folder gives them, as arrays over its points."""
    return Limits(*(points[COLUMN[name]].fill_null(np.nan).to_numpy() for name in WHICH))


class _Course:
    """Approved changes in order, and the limits after each."""

    def __init__(self, given: Limits, changes: pl.DataFrame, ix: Mapping[str, int]) -> None:
        self._given = given
        known = changes.filter(pl.col("point").is_in(list(ix)))
        self._at: NDArray[np.int64] = known["approved_at"].to_physical().to_numpy()
        self._rows = [(ix[point], which, new) for point, which, new in known.select("point", "which", "new").rows()]
        self._made: dict[int, Limits] = {0: given}

    def at(self, at: Moment) -> Limits:
        """The limits that count at a moment; the same object as long as they are the same."""
        count = int(np.searchsorted(self._at, to_us(at), "right"))
        if count not in self._made:
            made = {field: getattr(self._given, field).copy() for field in _FIELDS.values()}
            for ix, which, new in self._rows[:count]:
                made[_FIELDS[which]][ix] = np.nan if new is None else new
            self._made[count] = Limits(**made)
        return self._made[count]


class LimitBook:
    """Changes are made by the writer's thread, inside its transaction; limits may be asked from any thread.

    ``on_change`` is told inside the transaction of each change (to note it in the journal), ``on_approved`` after that
    when limits have become others (to detect by them).
    """

    def __init__(self, database: Database, points: pl.DataFrame) -> None:
        self._database = database
        self._points = points
        self._ix = {id: ix for ix, id in enumerate(points["id"])}
        self.from_folder = limits_of(points)
        self._course = self._read()
        self.on_change: list[Note] = []
        self.on_approved: list[Callable[[Moment], None]] = []

    def at(self, at: Moment) -> Limits:
        """Limits of all points that count at a moment. What a transaction changes is there before it is durable:
        it counts from its ``known`` on, and nobody may ask for that moment yet."""
        return self._course.at(at)

    def of(self, point: str, at: Moment) -> dict[str, float | None]:
        """Limits of a point that count at a moment, by name.

        Raises:
            NotFound: the park has no such point.
        """
        return self._said(self.at(at), point)

    def given(self, point: str) -> dict[str, float | None]:
        """Limits of a point as the park's folder gives them.

        Raises:
            NotFound: the park has no such point.
        """
        return self._said(self.from_folder, point)

    def ask(self, change: Change, known: Moment) -> Change:
        """Keep that somebody asks for a change.

        Raises:
            BadInput, Conflict, NotFound: see ``models.limits.asked``.
        """
        limits = self._said(self.at(known), change.point)
        waiting = self._found(_WAITING, {"point": change.point, "which": change.which})
        made = asked(change, limits, self._bounds(change.point), waiting)
        self._keep(made, known)
        self._tell(made, "asked", made.author, known)
        return made

    def decide(self, id: str, approve: bool, who: str, note: str, known: Moment) -> Change:
        """Keep what somebody has decided on a change; approved, it counts from ``known`` on.

        Raises:
            NotFound: none of that id. BadInput, NotAllowed, Conflict: see ``models.limits.decided``.
        """
        change = self._found(_ONE, {"id": id})
        if change is None:
            raise NotFound(f"there is no change '{id[:80]}'", "id", "unknown_change")
        limits = self._said(self.at(known), change.point)
        made = decided(change, approve, who, note, known, limits, self._bounds(change.point))
        self._database.execute(_END, {"id": id, "known": known})
        self._keep(made, known)
        self._tell(made, made.state, who, known)
        if approve:
            self._course = self._read()
            for each in self.on_approved:
                each(known)
        return made

    def forget(self) -> None:
        """The transaction was undone."""
        self._course = self._read()

    def _read(self) -> _Course:
        return _Course(self.from_folder, self._database.query(_APPROVED), self._ix)

    def _tell(self, change: Change, event: str, who: str, known: Moment) -> None:
        for each in self.on_change:
            each(change, event, who, known)

    def _keep(self, change: Change, known: Moment) -> None:
        self._database.execute(_KEEP, vars(change) | {"known": known})

    def _found(self, sql: str, asked: Mapping[str, Any]) -> Change | None:
        rows = self._database.query(sql, asked).rows()
        return Change(*rows[0]) if rows else None

    def _said(self, limits: Limits, point: str) -> dict[str, float | None]:
        ix = self._place(point)
        values = {name: float(getattr(limits, field)[ix]) for name, field in _FIELDS.items()}
        return {name: None if np.isnan(each) else each for name, each in values.items()}

    def _bounds(self, point: str) -> Bounds:
        row = self._points.row(self._place(point), named=True)
        return Bounds(row["range_lo"], row["range_hi"])

    def _place(self, point: str) -> int:
        if point not in self._ix:
            raise NotFound(f"the park has no point '{point[:60]}'", "point", "unknown_point")
        return self._ix[point]


def shown_of(ix: int, given: Limits, limits: Limits) -> dict[str, float | None]:
    """One point's limits that count, where these are not those given."""
    if limits is given:
        return {}
    found = {COLUMN[name]: float(getattr(limits, _FIELDS[name])[ix]) for name in WHICH}
    return {name: None if np.isnan(each) else each for name, each in found.items()}


def shown(points: pl.DataFrame, given: Limits, limits: Limits) -> pl.DataFrame:
    """The park's points with the limits that count, where these are not those given."""
    if limits is given:
        return points
    columns = [pl.Series(COLUMN[name], getattr(limits, _FIELDS[name]), nan_to_null=True) for name in WHICH]
    return points.with_columns(columns)
