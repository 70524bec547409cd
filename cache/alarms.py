"""The alarms of the ledger: what happened is judged, noted in the journal and shown in the projection, in the one
transaction that holds the reading, the record or the deed it came from. Used by the writer's thread only.

Alarms that are not closed are at hand; a transaction that fails makes them be read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from cache.alarm_rows import open_alarms, some_alarms, write_versions
from cache.database import Database
from cache.faults import Faults
from cache.ledger import Entry, Journal
from models.alarm_ground import Ground, Subject
from models.alarm_life import Wish, decide
from models.alarm_mask import Masks, Merges
from models.alarm_records import Report, report_of, told_by
from models.alarm_state import Alarm, apply
from twin.alarm import MACHINE, Condition, Event, Stage
from twin.errors import NotFound
from twin.moment import Moment

ALARM = "alarm"  # as a stream of the journal, and as a table that a commit touches
DETECTED = "reading"  # origin of what detection has found
_LOOKED_FOR = (
    "SELECT id FROM alarm WHERE known_to IS NULL AND alarm_at BETWEEN $first AND $last AND id IN (FROM asked) "
    "UNION ALL SELECT name FROM alarm_alias WHERE known >= $first - INTERVAL 1 HOUR AND name IN (FROM asked)"
)
_ALIASES = (
    "SELECT a.name, a.alarm FROM alarm_alias AS a SEMI JOIN alarm AS b "
    "ON b.id = a.alarm AND b.known_to IS NULL AND b.stage <> 'closed'"
)
_ALIAS = "SELECT name, alarm FROM alarm_alias WHERE name IN (FROM asked)"
_NAME = "INSERT INTO alarm_alias SELECT name, alarm, $known FROM named"
_CLOCK_KINDS = frozenset(Condition)


class Alarms:
    """``happened``, ``records`` and ``act`` gather; ``flush`` writes what was gathered."""

    def __init__(
        self, database: Database, journal: Journal, ground: Ground, faults: Faults, masks: Masks, merges: Merges
    ) -> None:
        self._database = database
        self._journal = journal
        self._ground = ground
        self._faults = faults
        self._masks = masks
        self._merges = merges
        self._open: dict[str, Alarm] | None = None
        self._newest: dict[tuple[str, str], str] = {}  # point and kind -> the newest alarm that is not closed
        self._alias: dict[str, str] = {}
        self._named: dict[str, str] = {}  # aliases that are new
        self._before: dict[str, Alarm | None] = {}  # what has changed: how it stood before
        self._at: dict[str, int] = {}  # and the place of its last entry
        self._entries: list[Entry] = []
        self._looked_at: set[str] = set()  # closed ones that somebody asked for

    # --- what happens ---------------------------------------------------------------------------

    def happened(self, rows: pl.DataFrame, known: Moment) -> None:
        """What detection has found, in order (``twin.alarm.HAPPENED``). What is there already changes nothing."""
        if rows.is_empty():
            return
        ids = [
            detected_id(point, condition, at)
            for point, condition, at in rows.select("point", "condition", "at").iter_rows()
        ]
        there = self._there(rows, ids)
        columns = ("point", "condition", "what", "at", "value", "limit")
        for id, (point, condition, what, at, value, limit) in zip(ids, rows.select(columns).iter_rows(), strict=True):
            if what == "cleared":
                self._over(point, condition, at, value, known)
            elif id not in there:
                self._raise(id, Subject(None, condition, point, value=value, threshold=limit), at, known)
                there.add(id)

    def records(
        self, table: str, rows: pl.DataFrame, known_before: Collection[str], source: str, known: Moment
    ) -> None:
        """Records of one of ``models.alarm_records.TABLES``, in order; ``known_before``: ids of which an earlier
        record is kept."""
        reports = [report_of(table, row, source) for row in rows.iter_rows(named=True) if row["id"]]
        self._find({each.id for each in reports if each.id in known_before})
        for each in reports:
            self._report(each, known)

    def act(self, id: str, wish: Wish, who: str, rights: Collection[str], known: Moment, origin: str = "") -> Alarm:
        """What a person does; the alarm afterwards. ``origin``: where the person sits.

        Raises:
            NotFound: no such alarm. BadInput, NotAllowed, Conflict: see ``models.alarm_life.decide``.
        """
        alarm = self._alarm(id)
        if alarm is None:
            raise NotFound(f"the ledger has no alarm '{id[:80]}'", "id", "unknown_alarm")
        said = decide(alarm, wish, who, rights, known)
        return self._note(alarm.id, wish.action, who, known, said | ({"from": origin} if origin else {}))

    def after_fault(
        self, point: str, condition: str, at: Moment, value: float | None, limit: float | None, known: Moment
    ) -> None:
        """The period of a fault application is over and the condition lasts: now it raises its alarm."""
        id = detected_id(point, condition, at)
        if self._alarm(id) is None:
            self._raise(id, Subject(None, condition, point, value=value, threshold=limit), at, known)

    # --- the transaction ------------------------------------------------------------------------

    def flush(self, known: Moment) -> bool:
        """Write what was gathered (inside the caller's transaction); whether there was anything."""
        if not self._entries:
            return False
        first = self._journal.write(self._entries, known)
        at_hand = self._at_hand()
        made = [(self._now(id), first + self._at[id]) for id in self._before]
        write_versions(self._database, made, [each for each in self._before.values() if each], known)
        if self._named:
            named = pl.DataFrame({"name": list(self._named), "alarm": list(self._named.values())})
            self._database.execute(_NAME, {"known": known}, {"named": named})
        for id in [each.id for each, _ in made if each.stage == Stage.CLOSED]:
            self._drop(at_hand, id)
        self._empty()
        return True

    def settle(self) -> None:
        """The transaction is durable: what is closed need not be at hand."""
        if self._looked_at:
            at_hand = self._at_hand()
            for id in self._looked_at & at_hand.keys():
                if at_hand[id].stage == Stage.CLOSED:
                    del at_hand[id]
            self._looked_at.clear()

    def forget(self) -> None:
        """The transaction was undone."""
        self._looked_at.clear()
        self._empty()
        self._open = None

    def _empty(self) -> None:
        self._before, self._at, self._entries, self._named = {}, {}, [], {}

    # --- one event ------------------------------------------------------------------------------

    def _note(self, id: str, event: str, who: str, at: Moment, said: Mapping[str, Any]) -> Alarm:
        """Gather an event and what becomes of the alarm."""
        at_hand, alarm = self._at_hand(), self._at_hand().get(id)
        self._before.setdefault(id, alarm)
        self._at[id] = len(self._entries)
        self._entries.append(Entry(ALARM, id, event, who, said))
        made = at_hand[id] = apply(alarm, id, event, who, at, said)
        if made.point is not None:
            self._newest[made.point, made.kind] = id
        return made

    def _raise(self, id: str, about: Subject, at: Moment, known: Moment) -> None:
        point = about.device or ""
        fault = self._faults.covering(point, at)
        if fault is not None:
            self._faults.mute(fault, point, about.kind, at, about.value, about.threshold)
            return
        facts = self._ground.facts(about)
        if self._masks.hide(facts):
            self._entries.append(Entry(ALARM, id, "masked", MACHINE, {"point": point, "kind": about.kind, "at": at}))
            return
        before = self._join(point, about.kind, known)
        if before is None:
            said = {**facts, "origin": DETECTED, "source": DETECTED, "alarm_at": at, "seen": True}
            self._note(id, Event.RAISED, MACHINE, known, said)
            return
        event = Event.JOINED if before.active else Event.AGAIN
        self._note(before.id, event, MACHINE, known, {"seen": True, "by": DETECTED, "at": at, "measured": about.value})
        self._call(id, before.id)

    def _over(self, point: str, condition: str, at: Moment, value: float | None, known: Moment) -> None:
        self._faults.unmute(point, condition)
        alarm = self._at_hand().get(self._newest.get((point, condition), ""))
        if alarm is not None and alarm.seen:
            said = {"seen": False, "cleared_at": max(at, alarm.alarm_at), "measured": value}
            self._note(alarm.id, Event.CLEARED, MACHINE, known, said)

    def _report(self, report: Report, known: Moment) -> None:
        id = self._alias.get(report.id, report.id)
        alarm, facts = self._at_hand().get(id), self._ground.facts(report.about)
        if alarm is None and not report.deleted:
            if self._hushed(report, facts, known):
                return
            alarm = self._joined(report, known)
        for event, said in told_by(report, alarm, facts, known):
            self._note(alarm.id if alarm else id, event, report.source, known, said)

    def _hushed(self, report: Report, facts: Mapping[str, Any], known: Moment) -> bool:
        """Whether a new record raises no alarm: its point is under approved repair, or it lies behind a mask."""
        at, point = report.alarm_at or known, report.about.device or ""
        fault = self._faults.covering(point, at)
        if fault is not None:
            self._faults.said(fault, point, report.about.kind, at, report.id)
            return True
        if self._masks.hide(facts):
            said = {"point": point, "kind": report.about.kind, "at": at, "record": report.table}
            self._entries.append(Entry(ALARM, report.id, "masked", report.source, said))
            return True
        return False

    def _joined(self, report: Report, known: Moment) -> Alarm | None:
        """The alarm that a new record is about, now that it is told of it."""
        point, kind = report.about.device or "", report.about.kind
        alarm = self._join(point, kind, known)
        if alarm is None or (alarm.told and not self._merges.within(alarm, known)):
            return None
        said = {"by": report.source, "record": report.table, "name": report.id, "told": report.lasting or alarm.told}
        self._call(report.id, alarm.id)
        return self._note(alarm.id, Event.JOINED, report.source, known, said)

    def _join(self, point: str, kind: str, known: Moment) -> Alarm | None:
        """The alarm that something new at a point belongs to: one of its kind that lasts, or one just over where a
        rule merges them."""
        alarm = self._at_hand().get(self._newest.get((point, kind), "")) if point else None
        if alarm is None:
            return None
        lasting = alarm.lasts(known) and kind in _CLOCK_KINDS
        return alarm if lasting or self._merges.within(alarm, known) else None

    def _call(self, name: str, id: str) -> None:
        self._alias[name] = self._named[name] = id

    # --- what is at hand ------------------------------------------------------------------------

    def _at_hand(self) -> dict[str, Alarm]:
        if self._open is None:
            self._open = {each.id: each for each in open_alarms(self._database)}
            ordered = sorted(self._open.values(), key=lambda each: (each.raised, each.events))
            self._newest = {(each.point, each.kind): each.id for each in ordered if each.point is not None}
            self._alias = dict(self._database.execute(_ALIASES))
        return self._open

    def _alarm(self, id: str) -> Alarm | None:
        self._find({id})
        return self._at_hand().get(self._alias.get(id, id))

    def _now(self, id: str) -> Alarm:
        return self._at_hand()[id]

    def _find(self, ids: Collection[str]) -> None:
        """Have alarms at hand that may be closed."""
        at_hand = self._at_hand()
        unknown = [each for each in ids if each not in at_hand and each not in self._alias]
        if unknown:
            asked = {"asked": pl.DataFrame({"name": unknown})}
            self._alias |= dict(self._database.execute(_ALIAS, tables=asked))
        names = {self._alias.get(each, each) for each in ids} - at_hand.keys()
        found = some_alarms(self._database, names) if names else []
        self._looked_at |= {each.id for each in found}
        at_hand |= {each.id: each for each in found}

    def _there(self, rows: pl.DataFrame, ids: Iterable[str]) -> set[str]:
        """Which of the ids the ledger has: a replay raises nothing twice."""
        raised = rows.filter(pl.col("what") == "raised")["at"]
        if raised.is_empty():
            return set()
        at_hand = self._at_hand()
        asked = pl.DataFrame({"id": [each for each in ids if each not in at_hand]}, {"id": pl.String})
        span = {"first": raised.min(), "last": raised.max()}
        found = self._database.execute(_LOOKED_FOR, span, {"asked": asked}) if asked.height else []
        return {each for each in ids if each in at_hand or each in self._alias} | {id for (id,) in found}

    def _drop(self, at_hand: dict[str, Alarm], id: str) -> None:
        gone = at_hand.pop(id)
        if gone.point is not None and self._newest.get((gone.point, gone.kind)) == id:
            del self._newest[gone.point, gone.kind]


def detected_id(point: str, condition: str, at: datetime) -> str:
    """The id of what detection has found: the same whenever it is found again."""
    return f"{point}-{condition}-{at:%Y%m%dT%H%M%S%f}Z"
