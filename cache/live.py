"""The newest value of every point, as arrays over ``Park.points.ix``; times are whole microseconds (UTC)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.point_state import NEVER
from twin.columns import Columns

LATE, NEWEST, CHANGED = 0, 1, 2  # what a stored reading did to its point (column ``fold``)


@dataclass(frozen=True)
class Rows(Columns):
    """Readings to be kept, in order of arrival."""

    ix: NDArray[np.int32]
    ts: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    source: NDArray[np.uint16]


@dataclass(frozen=True)
class Live(Columns):
    """Newest reading by point. ``ts`` is ``NEVER`` where nothing has come yet; ``changed`` is the source time
    at which the value last became another."""

    ts: NDArray[np.int64]
    known: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    source: NDArray[np.uint16]
    changed: NDArray[np.int64]

    @classmethod
    def empty(cls, points: int) -> Live:
        """Nothing known of any point."""
        never = np.full(points, NEVER)
        return cls(
            never,
            never.copy(),
            np.full(points, np.nan),
            np.zeros(points, np.uint8),
            np.zeros(points, np.uint16),
            never.copy(),
        )

    def copy(self) -> Live:
        """The same values, not touched by what comes later."""
        return Live(*(each.copy() for each in self.arrays()))

    def apply(self, rows: Rows, fold: NDArray[np.uint8], known_us: NDArray[np.int64] | int) -> None:
        """Take over what became newest. Of several rows of one point the last one stands (numpy assigns in order)."""
        newest = fold >= NEWEST
        self.ts[rows.ix[newest]] = rows.ts[newest]
        self.value[rows.ix[newest]] = rows.value[newest]
        self.quality[rows.ix[newest]] = rows.quality[newest]
        self.source[rows.ix[newest]] = rows.source[newest]
        self.known[rows.ix[newest]] = known_us if isinstance(known_us, int) else known_us[newest]
        changed = fold == CHANGED
        self.changed[rows.ix[changed]] = rows.ts[changed]


@dataclass(frozen=True)
class Measured(Columns):
    """What was measured at points, in the order asked for, and what each says of its limits and its age: ``status``
    are codes into ``STATES``. ``ts`` is ``NEVER`` where nothing has come yet."""

    ts: NDArray[np.int64]
    known: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    status: NDArray[np.uint8]
