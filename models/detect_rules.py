"""What detection looks for, as arrays over conditions and points (rules R-LV-6, R-GAS-15).

A condition is a limit with a delay: it is raised once the measure has been beyond its limit for ``on``, and cleared
once it has been back by the deadband for ``off``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.point_state import Limits

CONDITIONS = ("L", "LL", "H", "HH", "rate", "jump", "frozen", "offline")
L, LL, H, HH, RATE, JUMP, FROZEN, OFFLINE = range(len(CONDITIONS))
SOURCE = len(CONDITIONS)  # of a whole source, never of a point
NAMES = (*CONDITIONS, "source")
LEVELS = (L, LL, H, HH)  # of the value itself; these stand first
TIMED = (*LEVELS, RATE, JUMP)  # those that a tick can raise and clear
LOW = frozenset({L, LL})
SECOND_US = 1_000_000
FOREVER_US = np.int64(1) << np.int64(61)


@dataclass(frozen=True)
class Rules:
    """By condition (rows, in order of ``CONDITIONS``) and point (columns).

    Args:
        limit: L … HH and jump in the point's unit, rate in units a second, frozen and offline in seconds; NaN where
            there is no such condition.
        deadband: by point, in its unit, 0 or more; of L … HH. NaN: a ``share`` of the limit.
        share: by point, 0 or more.
        on_us, off_us: microseconds, 0 or more; ``on`` of a jump is 0, of what is frozen or offline its limit.
    """

    limit: NDArray[np.float64]
    deadband: NDArray[np.float64]
    share: NDArray[np.float64]
    on_us: NDArray[np.int64]
    off_us: NDArray[np.int64]

    @property
    def points(self) -> int:
        """How many points there are."""
        return self.limit.shape[1]

    def with_limits(self, limits: Limits) -> Rules:
        """The same with other values of L … HH."""
        changed = self.limit.copy()
        changed[[LL, L, H, HH]] = limits.lo_lo, limits.lo, limits.hi, limits.hi_hi
        return Rules(changed, self.deadband, self.share, self.on_us, self.off_us)

    def differs(self, limits: Limits) -> NDArray[np.bool_]:
        """Points of which these limits are others."""
        old = self.limit[[LL, L, H, HH]]
        new = np.stack([limits.lo_lo, limits.lo, limits.hi, limits.hi_hi])
        return ((old != new) & ~(np.isnan(old) & np.isnan(new))).any(axis=0)

    @cached_property
    def band(self) -> NDArray[np.float64]:
        """How far back from its limit a measure has to be, by condition and point."""
        band = np.where(np.isnan(self.deadband), np.abs(self.limit) * self.share, self.deadband)
        band[len(LEVELS) :] = 0.0
        return band

    @cached_property
    def quiet(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Between these a value is beyond no limit."""
        low = np.fmax(np.fmax(self.limit[L], self.limit[LL]), -np.inf)
        return low, np.fmin(np.fmin(self.limit[H], self.limit[HH]), np.inf)

    @cached_property
    def offline_us(self) -> NDArray[np.int64]:
        """Silence that counts, ``FOREVER_US`` where none does."""
        return np.where(np.isnan(self.limit[OFFLINE]), FOREVER_US, self.on_us[OFFLINE])

    @cached_property
    def stepped(self) -> bool:
        """Whether any point is watched for how its value moves."""
        return bool((~np.isnan(self.limit[[RATE, JUMP]])).any())

    @cached_property
    def may_freeze(self) -> NDArray[np.bool_] | None:
        """Points that are watched for standing still; None where none is."""
        watched = ~np.isnan(self.limit[FROZEN])
        return watched if watched.any() else None


def rules(
    limits: Limits,
    *,
    deadband: NDArray[np.float64] | float = 0.0,
    share: NDArray[np.float64] | float = 0.0,
    on_s: NDArray[np.float64] | float = 0.0,
    off_s: NDArray[np.float64] | float = 0.0,
    rate: NDArray[np.float64] | float = np.nan,
    jump: NDArray[np.float64] | float = np.nan,
    frozen_s: NDArray[np.float64] | float = np.nan,
    offline_s: NDArray[np.float64] | float = np.nan,
) -> Rules:
    """Rules of points from plain figures; each is one number for all or one a point, NaN for none.

    Delays are in seconds and rounded to whole microseconds.
    """
    size = len(limits.lo)

    def each(said: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.broadcast_to(np.asarray(said, np.float64), size).copy()

    rows = {LL: limits.lo_lo, L: limits.lo, H: limits.hi, HH: limits.hi_hi}
    rows |= {RATE: each(rate), JUMP: each(jump), FROZEN: each(frozen_s), OFFLINE: each(offline_s)}
    limit = np.stack([rows[condition] for condition in range(len(CONDITIONS))]).astype(np.float64)
    on = np.tile(_us(each(on_s)), (len(CONDITIONS), 1))
    off = np.tile(_us(each(off_s)), (len(CONDITIONS), 1))
    on[JUMP], on[FROZEN], on[OFFLINE] = 0, _us(limit[FROZEN]), _us(limit[OFFLINE])
    off[FROZEN] = off[OFFLINE] = 0
    return Rules(limit, each(deadband), each(share), on, off)


def _us(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(np.nan_to_num(seconds) * SECOND_US).astype(np.int64)


def zones(
    condition: int, measure: NDArray[np.float64], limit: NDArray[np.float64], deadband: NDArray[np.float64]
) -> NDArray[np.int8]:
    """Where a measure lies: 1 beyond the limit, -1 back from it by the deadband, 0 between or not to be told."""
    with np.errstate(invalid="ignore"):
        if condition in LOW:
            beyond, back = measure < limit, measure >= limit + deadband
        else:
            beyond, back = measure > limit, measure <= limit - deadband
    return beyond.astype(np.int8) - (back & ~beyond)
