"""Notices for what was not handled in time (R-GAS-7), and when they are too many in a row (R-GAS-8)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from twin.moment import Moment


class CautionKind(StrEnum):
    """What is kept on file."""

    CAUTION = "caution"  # caution notice to an enterprise 警示通报
    CRITICISM = "criticism"  # named criticism of the person answerable, in a public area
    INSPECTION = "inspection"  # on-site law-enforcement inspection


CLEAN = "clean"  # an orange or red warning of the enterprise was closed without any notice


def in_row(events: Iterable[tuple[Moment, str]]) -> int:
    """How many caution notices of one enterprise stand in a row by now: since the last clean closure.

    ``events``: ``(when, CautionKind.CAUTION or CLEAN)`` in any order; of the same moment a closure comes last.
    """
    row = 0
    for _, what in sorted(events, key=lambda each: (each[0], each[1] == CLEAN)):
        row = 0 if what == CLEAN else row + (what == CautionKind.CAUTION)
    return row


def asks_inspection(row: int, most: int) -> bool:
    """Whether so many in a row ask for an inspection: "3 or more" reads as from the third on."""
    return row >= most
