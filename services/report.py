"""The report of a week, a month or a year of alarms (AL-10): what stands in it, whichever file it becomes.

Everything is read once, as known at the moment of writing, and summed by ``models.analysis``, so every table of a
report adds up to the same alarms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.panels._analysis import CAUSES, DAYS_SUMS, ENTERPRISES, POINTS, SLOTS, TALLIES, by_day, by_owner
from models.analysis_period import Span
from services.builder import UNASKED
from twin.moment import Moment
from twin.screen import Look, Reader

PERIODS = ("week", "month", "year")
KPI = "kpi/alarms"
_QUERIES = (TALLIES, DAYS_SUMS, SLOTS, CAUSES, POINTS, ENTERPRISES)


@dataclass(frozen=True)
class Asked:
    """Which report: its period, the language of its words, and perhaps one enterprise."""

    period: str
    span: Span
    lang: str
    enterprise: str | None = None


@dataclass(frozen=True)
class Facts:
    """What the ledger says about a period; ``tallies`` and ``days`` are told apart by all that statistics ask by."""

    tallies: pl.DataFrame
    days: pl.DataFrame
    slots: pl.DataFrame
    causes: pl.DataFrame
    points: pl.DataFrame
    kpi: Mapping[str, Any]
    kpi_before: Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a table: ``share`` of its width, ``digits`` of its numbers (None: text)."""

    label: str
    digits: int | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Bars:
    """Columns to be drawn: a name and a value each, and the limit that they are held against."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    title: str
    limit: float | None = None


@dataclass(frozen=True)
class Section:
    """A table with its title, perhaps a remark and columns to be drawn above it. ``over``: rows (by number) in which
    something is beyond its limit."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    bars: Bars | None = None
    over: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Report:
    """A report in one language: title, what it is of, one sentence, its tables."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sentence: str
    sections: tuple[Section, ...]
    footer: str
    lang: str = "zh"


def facts_of(reader: Reader, asked: Asked, look: Look, at: Moment) -> Facts:
    """Ask the ledger, as known at ``at``."""
    span = asked.span
    bound = {
        **UNASKED,
        "zone": look.zone,
        "enterprise": asked.enterprise,
        "starts": span.starts,
        "ends": span.ends,
        "earlier_starts": span.earlier_starts,
        "earlier_ends": span.earlier_ends,
    }
    found = {name: reader.read(name, at=at, **bound) for name in _QUERIES}
    kept = [
        reader.read(KPI, at=at, enterprise=asked.enterprise, start=start, end=end).row(0, named=True)
        for start, end in ((span.starts, span.ends), (span.earlier_starts, span.earlier_ends))
    ]
    tallies = by_owner(found[TALLIES], found[ENTERPRISES], look).rename({"kind": "alarm_kind"})
    return Facts(tallies, by_day(found[DAYS_SUMS]), found[SLOTS], found[CAUSES], found[POINTS], *kept)
