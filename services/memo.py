"""Answers that hold from tick to tick: until a table they read changes, or the minute does; and what was told last.

Content that depends on the time of day does so by the whole minute (``minute`` in what a panel reads); measured
values change with every tick and are never kept.
"""

from __future__ import annotations

import polars as pl

from cache.reader import tables_of
from services.builder import Asked, Question
from services.told import Told

MEASURED = frozenset({"reading"})


class Memo:
    """Used by the one thread that builds live frames."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Question], pl.DataFrame] = {}
        self._told: dict[str, dict[str, Told]] = {}

    def forget(self, stale: frozenset[str] | None) -> None:
        """Drop what reads any of ``stale``; everything when it is None or a new minute has begun."""
        if stale is None or "minute" in stale:
            self._kept.clear()
        if stale is None:  # whoever has gone leaves nothing behind
            self._told.clear()
        if stale is None or "minute" in stale:
            return
        self._kept = {each: rows for each, rows in self._kept.items() if not tables_of(each[1].query) & stale}

    def remind(self, asked: Asked) -> Asked:
        """Let a new reader know what still holds."""
        asked.told = self._told.setdefault(asked.scope, {})
        asked.known({question: rows for (scope, question), rows in self._kept.items() if scope == asked.scope})
        return asked

    def keep(self, asked: Asked) -> None:
        """Remember what may hold at the next tick."""
        for question, rows in asked.answers.items():
            if not tables_of(question.query) & MEASURED:
                self._kept[(asked.scope, question)] = rows
