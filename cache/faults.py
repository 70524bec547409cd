"""Fault applications (R-AL-8), and what raised no alarm because of them. Used by the writer's thread only.

Written into the journal (stream ``fault``) and a projection, in the caller's transaction; approved periods are at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from cache.database import Database
from cache.ledger import Entry, Journal
from models.fault_life import Fault, FaultState, checked, decided
from twin.alarm import MACHINE
from twin.errors import Conflict, NotFound
from twin.moment import Moment

FAULT = "fault"  # as a stream of the journal, and as a table that a commit touches
_NAMES = (
    "id", "state", "reason", "target", "points", "starts", "ends", "note", "applied_by", "applied_at", "owner",
    "decided_by", "decided_at", "decision",
)  # fmt: skip
_LISTED = ", ".join(_NAMES)
_ONE = f"SELECT {_LISTED} FROM fault WHERE known_to IS NULL AND id = $id"
_APPROVED = f"SELECT {_LISTED} FROM fault WHERE known_to IS NULL AND state = 'approved'"
_END = "UPDATE fault SET known_to = $known WHERE known_to IS NULL AND id = $id"
_BEGIN = f"INSERT INTO fault ({_LISTED}, known_from, seq) SELECT {_LISTED}, $known, $seq FROM made"
_MUTED = "SELECT point, condition, fault, since, value, threshold FROM alarm_muted"
_MUTE = "INSERT INTO alarm_muted VALUES ($point, $condition, $fault, $since, $value, $threshold)"
_UNMUTE = "DELETE FROM alarm_muted WHERE point = $point AND condition = $condition"
Raise = Callable[[str, str, Moment, float | None, float | None, Moment], None]


@dataclass(frozen=True, slots=True)
class Muted:
    """A condition that lasts and raised no alarm."""

    point: str
    condition: str
    fault: str
    since: Moment
    value: float | None
    threshold: float | None


class Faults:
    """``flush`` writes what was gathered by the others."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._approved: dict[str, list[Fault]] | None = None  # by point
        self._muted: dict[tuple[str, str], Muted] = {}
        self._heard: set[str] = set()  # records that were noted once
        self._entries: list[Entry] = []
        self._due: Moment | None = None  # when the next period ends that mutes something

    # --- applications -----------------------------------------------------------------------------

    def apply(self, fault: Fault, known: Moment, origin: str = "") -> Fault:
        """Hand in an application.

        Raises:
            BadInput: it cannot be. Conflict: there is one of that id.
        """
        if self._one(fault.id) is not None:
            raise Conflict("there is an application of that id", "id")
        return self._keep(checked(fault), "apply", fault.applied_by, known, origin)

    def decide(
        self, id: str, action: str, note: str, who: str, rights: Collection[str], known: Moment, origin: str = ""
    ) -> Fault:
        """Approve, refuse or withdraw an application.

        Raises:
            NotFound: no such application. BadInput, NotAllowed, Conflict: see ``models.fault_life.decided``.
        """
        fault = self._one(id)
        if fault is None:
            raise NotFound(f"there is no application '{id[:80]}'", "id", "unknown_fault")
        return self._keep(decided(fault, action, note, who, rights, known), action, who, known, origin)

    def _keep(self, fault: Fault, event: str, who: str, known: Moment, origin: str) -> Fault:
        said = {**asdict(fault), "points": list(fault.points)} | ({"from": origin} if origin else {})
        seq = self._journal.write([Entry(FAULT, fault.id, event, who, said)], known)
        self._database.execute(_END, {"known": known, "id": fault.id})
        made = pl.DataFrame([{**asdict(fault), "points": list(fault.points)}], infer_schema_length=None)
        self._database.execute(_BEGIN, {"known": known, "seq": seq}, {"made": made})
        self._approved = None
        return fault

    def _one(self, id: str) -> Fault | None:
        found = _faults(self._database.query(_ONE, {"id": id}))
        return found[0] if found else None

    # --- what they hush ---------------------------------------------------------------------------

    def covering(self, point: str, at: Moment) -> Fault | None:
        """The approved application in whose period a point is, None where there is none."""
        approved = self._at_hand()
        if not approved:
            return None
        return next((each for each in approved.get(point, ()) if each.covers(at)), None)

    def mute(
        self, fault: Fault, point: str, condition: str, at: Moment, value: float | None, limit: float | None
    ) -> None:
        """A condition raised no alarm."""
        if (point, condition) in self._muted:
            return
        muted = Muted(point, condition, fault.id, at, value, limit)
        self._muted[point, condition] = muted
        self._database.execute(_MUTE, asdict(muted))
        said = {"point": point, "condition": condition, "at": at, "value": value, "threshold": limit}
        self._entries.append(Entry(FAULT, fault.id, "hushed", MACHINE, said))
        self._due = None

    def unmute(self, point: str, condition: str) -> None:
        """The condition is over."""
        self._at_hand()
        if self._muted.pop((point, condition), None) is not None:
            self._database.execute(_UNMUTE, {"point": point, "condition": condition})

    def said(self, fault: Fault, point: str, kind: str, at: Moment, record: str) -> None:
        """A record raised no alarm."""
        if record not in self._heard:
            self._heard.add(record)
            said = {"point": point, "condition": kind, "at": at, "record": record}
            self._entries.append(Entry(FAULT, fault.id, "hushed", MACHINE, said))

    def lasting(self, known: Moment) -> Sequence[tuple[Muted, Moment]]:
        """What lasts although the period that hushed it is over, with the end of that period; each is told once."""
        self._at_hand()
        if not self._muted or (self._due is not None and known < self._due):
            return ()
        over: list[tuple[Muted, Moment]] = []
        ends: list[Moment] = []
        for each in list(self._muted.values()):
            fault = self._one(each.fault)
            approved = fault is not None and fault.state == FaultState.APPROVED
            end = fault.ends if fault is not None and approved else known
            if end > known:
                ends.append(end)
                continue
            self.unmute(each.point, each.condition)
            over.append((each, end))
        self._due = min(ends, default=None)
        return over

    # --- the transaction --------------------------------------------------------------------------

    def flush(self, known: Moment) -> bool:
        """Write what was gathered (inside the caller's transaction); whether there was anything."""
        if not self._entries:
            return False
        self._journal.write(self._entries, known)
        self._entries = []
        return True

    def forget(self) -> None:
        """The transaction was undone."""
        self._approved, self._entries, self._heard, self._due = None, [], set(), None

    def _at_hand(self) -> dict[str, list[Fault]]:
        if self._approved is None:
            self._approved = {}
            for each in _faults(self._database.query(_APPROVED)):
                for point in each.points:
                    self._approved.setdefault(point, []).append(each)
            rows = self._database.query(_MUTED).iter_rows(named=True)
            self._muted = {(row["point"], row["condition"]): Muted(**row) for row in rows}
            self._due = None
        return self._approved


def _faults(rows: pl.DataFrame) -> list[Fault]:
    return [Fault(**_typed(row)) for row in rows.iter_rows(named=True)]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "points": tuple(row["points"])}
