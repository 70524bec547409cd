"""What the ledger does within a transaction of the writer: journal, alarms, applications; and what it keeps beside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cache.alarms import ALARM, Alarms
from cache.database import Database
from cache.faults import FAULT, Faults
from cache.handover import HandoverBook
from cache.heads import Heads
from cache.history.ring import Kept
from cache.ledger import JOURNAL, Entry, Journal
from cache.limits import LimitBook
from cache.messages import Messages
from cache.notices import Notices
from cache.recipients import Recipients
from cache.replies import Replies
from cache.roster import RosterBook
from cache.warnings import WarningBook
from models.alarm_ground import Ground
from models.alarm_mask import Masks, Merges
from models.alarm_records import TABLES
from models.limits import Change
from park.load import Park
from twin.alarm import HAPPENED
from twin.moment import Moment
from twin.settings import crash_point

log = logging.getLogger(__name__)
Detect = Callable[[Kept, Moment], pl.DataFrame]  # kept readings and the commit's known -> twin.alarm.HAPPENED


def nothing(_rows: Kept, _known: Moment) -> pl.DataFrame:
    """Detects nothing."""
    return pl.DataFrame(schema=HAPPENED)


@dataclass(frozen=True)
class Deed:
    """What somebody does, inside the writer's next transaction. ``do`` is given the transaction's moment; an error of
    ours that it raises is its answer and harms nothing else, so it raises before it writes."""

    do: Callable[[Moment], Any]
    tables: frozenset[str] = field(default_factory=frozenset)


class Books:
    """Used by the writer's thread, but for ``close``."""

    def __init__(self, database: Database, park: Park) -> None:
        self.journal = Journal(database)
        self.faults = Faults(database, self.journal)
        self.notices = Notices(database, self.journal)
        self.rosters = RosterBook(database, self.journal)
        self.handovers = HandoverBook(database, self.journal)
        self.messages = Messages(database)
        self.replies = Replies(database)
        self.recipients = Recipients(database, self.journal)
        settings = park.settings
        self.warnings = WarningBook(database, self.journal, self.notices, settings.gas_warning)
        self.alarms = Alarms(database, self.journal, Ground(park), self.faults, Masks(park), Merges(settings.merges))
        self._heads = Heads(database.path.parent)
        # who else keeps something of a transaction in memory: told when it is durable, and when it was undone
        self.on_kept: list[Callable[[Moment], None]] = []
        self.on_undone: list[Callable[[], None]] = []
        # who looks at alarms as soon as they have changed: told once that is visible; must not take long
        self.on_alarms: list[Callable[[Moment], None]] = []
        self._changed = False

    def keep_limits(self, limits: LimitBook) -> None:
        """Note in the journal what is asked of limits and decided on them (R-GAS-15)."""

        def tell(change: Change, event: str, who: str, known: Moment) -> None:
            said = {name: each for name, each in vars(change).items() if each is not None}
            self.journal.write([Entry("limit", change.point, event, who, said)], known)

        limits.on_change.append(tell)

    def note(self, entries: Sequence[Entry]) -> Deed:
        """A deed that only notes; it tells the moment from which it is known."""

        def do(known: Moment) -> Moment:
            self.journal.write(entries, known)
            return known

        return Deed(do, frozenset({JOURNAL}))

    def hears(self, table: str) -> bool:
        """Whether records of a table are alarms."""
        return table in TABLES

    def flush(self, known: Moment) -> frozenset[str]:
        """Write what the transaction has gathered; the tables that this touches."""
        for each, end in self.faults.lasting(known):
            self.alarms.after_fault(each.point, each.condition, end, each.value, each.threshold, known)
        changed, hushed = self.alarms.flush(known), self.faults.flush(known)
        self._changed = self._changed or changed
        touched = frozenset(name for name, wrote in ((ALARM, changed), (FAULT, hushed)) if wrote)
        return touched | {JOURNAL} if touched else touched

    def kept(self, known: Moment) -> None:
        """The transaction is durable and visible."""
        self.journal.kept()
        self.alarms.settle()
        crash_point("before_head")
        try:
            self._heads.keep_hourly(self.journal.head, known)
        except OSError as error:
            log.error("the journal's head could not be kept beside the cache: %s", error)
        changed, self._changed = self._changed, False
        for each in (*self.on_kept, *(self.on_alarms if changed else ())):
            each(known)

    def undone(self) -> None:
        """The transaction was undone: what it has left in memory is forgotten."""
        self._changed = False
        self.journal.forget()
        self.faults.forget()
        self.alarms.forget()
        self.warnings.forget()
        for each in self.on_undone:
            each()

    def close(self) -> None:
        """Keep the last head, once the writer has ended."""
        try:
            self._heads.keep(self.journal.head)
        except OSError as error:
            log.error("the journal's head could not be kept beside the cache: %s", error)


__all__ = ["ALARM", "FAULT", "JOURNAL", "Books", "Deed", "Detect", "nothing"]
