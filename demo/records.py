"""Exchange records over time: every record is a chain of versions, each known from the moment it changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from demo.clock import Calendar
from twin.dictionary import Table

Fields = dict[str, Any]
FOR_EVER_MS = 1 << 62


class Entry(NamedTuple):
    """One version of one record: valid from its change until the next; ``born_ms`` is its first version's change."""

    changed_ms: int
    key: str
    fields: Fields
    until_ms: int = FOR_EVER_MS
    born_ms: int | None = None


class Page(NamedTuple):
    """A part of what changed after a cursor."""

    records: list[Fields]
    next: str
    more: bool


def versions(key: str, changes: Sequence[tuple[int, Fields]]) -> list[Entry]:
    """The versions of one record; each change tells only what is new in it."""
    entries: list[Entry] = []
    fields: Fields = {}
    for turn, (changed_ms, new) in enumerate(changes):
        fields = {**fields, **new}
        until = changes[turn + 1][0] if turn + 1 < len(changes) else FOR_EVER_MS
        entries.append(Entry(changed_ms, key, fields, until, changes[0][0]))
    return entries


def _cursor(text: str | None) -> tuple[int, str]:
    """Where a reader stands; an unreadable cursor starts from the beginning."""
    changed, _, key = (text or "").partition("~")
    return (int(changed), key) if changed.isdigit() else (-1, "")


class Book:
    """All versions of one table's records.

    ``of_day`` gives what begins on a local day; days from ``days[0]`` to ``days[1]`` around today are open.
    """

    def __init__(
        self,
        table: Table,
        of_day: Callable[[date], Iterable[Entry]],
        calendar: Calendar,
        park_id: str,
        days: tuple[int, int] = (0, 0),
    ) -> None:
        self.table, self._of_day, self._calendar, self._park_id = table, of_day, calendar, park_id
        self._days = days
        self._opened: Mapping[date, list[Entry]] = {}
        self._entries: list[Entry] = []

    def entries(self, now_ms: int) -> list[Entry]:
        """All versions of the open days in order of change, future ones included."""
        today = self._calendar.day(now_ms)
        wanted = [today + timedelta(days=off) for off in range(self._days[0], self._days[1] + 1)]
        if list(self._opened) != wanted:
            opened = {day: self._opened.get(day) or list(self._of_day(day)) for day in wanted}
            self._entries = sorted((each for day in opened.values() for each in day), key=lambda each: each[:2])
            self._opened = opened
        return self._entries

    def count(self, now_ms: int) -> int:
        """How many versions have come to be."""
        return bisect_right(self.entries(now_ms), now_ms, key=lambda each: each.changed_ms)

    def page(self, since: str | None, now_ms: int, limit: int) -> Page:
        """The newest version of each record that changed after the cursor, oldest change first."""
        entries, after = self.entries(now_ms), _cursor(since)
        taken: list[Entry] = []
        for at in range(bisect_left(entries, after, key=lambda each: each[:2]), self.count(now_ms)):
            entry = entries[at]
            if entry[:2] == after or entry.until_ms <= now_ms:
                continue
            if len(taken) == limit:
                return Page([self._whole(each) for each in taken], self._cursor_of(taken), True)
            taken.append(entry)
        return Page([self._whole(each) for each in taken], self._cursor_of(taken) if taken else since or "", False)

    @staticmethod
    def _cursor_of(taken: Sequence[Entry]) -> str:
        return f"{taken[-1].changed_ms}~{taken[-1].key}"

    def _whole(self, entry: Entry) -> Fields:
        """The record with the columns that every table has."""
        stamp = self._calendar.iso(entry.changed_ms)
        born = stamp if entry.born_ms is None else self._calendar.iso(entry.born_ms)
        common = {
            self.table.key: entry.key,
            "park_id": self._park_id,
            "is_deleted": False,
            "created_at": born,
            "created_by": "demo",
            "updated_at": stamp,
            "updated_by": "demo",
        }
        return {name: each for name, each in common.items() if self.table.field(name)} | entry.fields
