"""Alarms of records that were stored before there was a ledger: each gets its versions as they were known then.

The journal's time never decreases, so its entries are of the moment of the filling and say since when each is so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cache.alarm_rows import versions_frame, write_past
from cache.alarms import ALARM
from cache.database import Database
from cache.exchange import column_list, table_name
from cache.ledger import Entry, Journal
from cache.migrate import fingerprint_changed
from models.alarm_ground import Ground
from models.alarm_records import TABLES, report_of, told_by
from models.alarm_state import Alarm, apply
from park.load import Park
from twin.dictionary import Dictionary, Table
from twin.moment import Moment

_MADE = "alarms"
SINCE = "of"  # since when what an entry says is known, where that is not its own time


@dataclass
class _Past:
    """What became of one alarm: its versions, and since when each holds."""

    versions: list[tuple[Alarm, Moment, int]] = field(default_factory=list)

    @property
    def last(self) -> Alarm | None:
        return self.versions[-1][0] if self.versions else None


def fill_alarms(database: Database, dictionary: Dictionary, park: Park, now: Moment) -> None:
    """Make what is missing, once for each file (inside the caller's transaction)."""
    if not fingerprint_changed(database, _MADE, _MADE):
        return
    journal, ground = Journal(database), Ground(park)
    for name in sorted(TABLES):
        if name in dictionary:
            _of_table(database, dictionary.table(name), journal, ground, now)


def _of_table(database: Database, table: Table, journal: Journal, ground: Ground, now: Moment) -> None:
    alarms: dict[str, _Past] = {}
    entries: list[Entry] = []
    first = journal.head.seq + 1
    for row in _rows(database, table).iter_rows(named=True):
        past, at = alarms.setdefault(row["id"], _Past()), row["known_from"]
        report = report_of(table.name, row, row["from_source"])
        alarm = past.last
        for event, said in told_by(report, alarm, ground.facts(report.about), at):
            entries.append(Entry(ALARM, row["id"], event, report.source, {**said, SINCE: at}))
            alarm = apply(alarm, row["id"], event, report.source, at, said)
            _keep(past, alarm, at, first + len(entries) - 1)
    if entries:
        journal.write(entries, now)
        journal.kept()
        write_past(database, versions_frame(_intervals(alarms)))


def _keep(past: _Past, alarm: Alarm, at: Moment, seq: int) -> None:
    """Of what became known at once only the last holds."""
    if past.versions and past.versions[-1][1] == at:
        past.versions.pop()
    past.versions.append((alarm, at, seq))


def _intervals(alarms: dict[str, _Past]) -> Iterator[tuple[Alarm, int, Moment, Moment | None]]:
    for past in alarms.values():
        ends = [at for _, at, _ in past.versions[1:]]
        for (alarm, at, seq), end in zip(past.versions, [*ends, None], strict=True):
            yield alarm, seq, at, end


def _rows(database: Database, table: Table) -> pl.DataFrame:
    named: dict[str, Any] = {}
    return database.query(
        f"SELECT {column_list(table)}, known_from, from_source FROM {table_name(table)} "
        "WHERE id IS NOT NULL ORDER BY known_from, rowid",
        named,
    )
