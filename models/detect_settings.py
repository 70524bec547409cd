"""A park's settings as rules of detection: one column a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.detect_rules import Rules, rules
from models.point_state import Limits
from twin.alarm_settings import DEADBANDS, AlarmRule

_PLAIN = ("on_s", "off_s")
_NONE_AT_ZERO = ("rate_per_min", "jump", "frozen_s", "offline_s")


def rules_of(points: pl.DataFrame, limits: Limits, entries: Sequence[AlarmRule], offline_s: float) -> Rules:
    """Rules of the park's points.

    Args:
        points: as ``Park.points``.
        entries: in the order in which they stand over one another.
        offline_s: silence that counts where no entry says one.
    """
    size = len(points)
    said = {name: np.zeros(size) for name in (*_PLAIN, *_NONE_AT_ZERO)}
    said["offline_s"][:] = offline_s
    deadband, share = np.full(size, np.nan), np.zeros(size)
    for entry in entries:
        chosen = _chosen(points, entry)
        for name, column in said.items():
            if getattr(entry, name) is not None:
                column[chosen] = getattr(entry, name)
        _deadband(points, entry, chosen, deadband, share)
    none_at_zero = {name: np.where(said[name] > 0, said[name], np.nan) for name in _NONE_AT_ZERO}
    return rules(
        limits,
        deadband=deadband,
        share=share,
        on_s=said["on_s"],
        off_s=said["off_s"],
        rate=none_at_zero["rate_per_min"] / 60,
        jump=none_at_zero["jump"],
        frozen_s=none_at_zero["frozen_s"],
        offline_s=none_at_zero["offline_s"],
    )


def _chosen(points: pl.DataFrame, entry: AlarmRule) -> NDArray[np.bool_]:
    """Which points an entry is for: each thing that it names narrows it."""
    chosen = np.ones(len(points), bool)
    for column, named in (("kind", entry.kinds), ("medium", entry.media), ("id", entry.points)):
        if named:
            chosen &= points[column].is_in(named).fill_null(False).to_numpy()
    return chosen


def _deadband(
    points: pl.DataFrame, entry: AlarmRule, chosen: NDArray[Any], deadband: NDArray[Any], share: NDArray[Any]
) -> None:
    absolute, of_range, of_limit = (getattr(entry, name) for name in DEADBANDS)
    if absolute is not None:
        deadband[chosen] = absolute
    elif of_range is not None:
        span = (points["range_hi"] - points["range_lo"]).fill_null(np.nan).to_numpy()
        known = chosen & (span > 0)  # without a range what was said before stands
        deadband[known] = span[known] * of_range / 100
    elif of_limit is not None:
        deadband[chosen], share[chosen] = np.nan, of_limit / 100
