"""Papers that expire (rules section 9, R-EX-1 … R-EX-15): how long each is still good by the park's calendar, and which
window ahead of its deadline it has come into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import polars as pl

from twin.duty_settings import ALSO, FOURTEEN, SCENES, ExpirySettings
from twin.moment import UTC, Moment


class PaperState(StrEnum):
    """How a paper stands. Its last good day is its deadline: it is overdue from the day after."""

    OVERDUE = "overdue"
    SOON = "soon"  # within the first window ahead of its deadline
    FINE = "fine"
    UNDATED = "undated"  # its source tells no day


RANK = {PaperState.OVERDUE: 0, PaperState.SOON: 1, PaperState.UNDATED: 2, PaperState.FINE: 3}
OVERDUE_WINDOW = 0  # what stands for a window once the deadline is past


@dataclass(frozen=True, slots=True)
class Standing:
    """State and window of a paper: the fewest days ahead that it has come within, ``OVERDUE_WINDOW`` past them all,
    None before the first."""

    state: PaperState
    window: int | None


def standing(days_left: int | None, windows: Sequence[int]) -> Standing:
    """How a paper stands that is good for so many days more; 0: today is its last one."""
    if days_left is None:
        return Standing(PaperState.UNDATED, None)
    if days_left < 0:
        return Standing(PaperState.OVERDUE, OVERDUE_WINDOW)
    within = [each for each in windows if days_left <= each]
    return Standing(PaperState.SOON, min(within)) if within else Standing(PaperState.FINE, None)


def today(at: Moment, zone: str) -> date:
    """The park's day of a moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def judged(papers: pl.DataFrame, at: Moment, zone: str, settings: ExpirySettings) -> pl.DataFrame:
    """Rows of ``expiry/papers`` with ``deadline``, ``days_left``, ``window`` and ``paper_state``, in the order in which
    they have to be seen to."""
    day, windows = today(at, zone), {each: settings.windows(each) for each in SCENES}
    told = papers.with_columns(deadline=_lengthened(settings))
    left = [None if due is None else (due - day).days for due in told["deadline"]]
    stands = [standing(days, windows[scene]) for days, scene in zip(left, told["scene"], strict=True)]
    states = [each.state for each in stands]
    made = {
        "days_left": pl.Series(left, dtype=pl.Int64),
        "window": pl.Series([each.window for each in stands], dtype=pl.Int64),
        "paper_state": pl.Series([str(each) for each in states], dtype=pl.String),
        "_rank": pl.Series([RANK[each] for each in states], dtype=pl.Int8),
    }
    ordered = told.with_columns(**made).sort("_rank", "deadline", "scene", "id", nulls_last=True)
    return ordered.drop("_rank")


def _lengthened(settings: ExpirySettings) -> pl.Expr:
    """The last good day: as the paper names it, or so many months after what it names."""
    months = {
        "filing": settings.filing_months,
        "assessment": settings.assessment_months,
        "regulation": settings.regulation_months,
    }
    due = pl.col("due")
    for name, many in months.items():
        due = pl.when(pl.col("adds") == name).then(pl.col("due").dt.offset_by(f"{many}mo")).otherwise(due)
    return due


def counts(papers: pl.DataFrame) -> Mapping[str, Mapping[str, int]]:
    """How many papers of each scene stand how."""
    found = {scene: dict.fromkeys(map(str, PaperState), 0) for scene in SCENES}
    for scene, state, many in papers.group_by("scene", "paper_state").len().iter_rows():
        found[scene][state] = many
    return found


def overdue_since(deadline: date, zone: str) -> Moment:
    """The moment at which a paper is good no longer: the end of its last day by the park's clock."""
    return datetime.combine(deadline + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def told_id(scene: str, record: str, deadline: date, window: int) -> str:
    """What a reminder is called that is told once for each window."""
    return f"expiry:{scene}:{record}:{deadline.isoformat()}:{window or PaperState.OVERDUE}"


def alarm_id(scene: str, record: str, deadline: date) -> str:
    """What the alarm of a paper that is overdue is called."""
    return f"EX-{scene}-{record}-{deadline:%Y%m%d}"


__all__ = [
    "ALSO", "FOURTEEN", "SCENES", "PaperState", "Standing", "alarm_id", "counts", "judged", "overdue_since", "standing",
    "today", "told_id",
]  # fmt: skip
