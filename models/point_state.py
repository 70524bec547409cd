"""How a measuring point is doing: one of nine codes from its newest value, its limits and its age.

Vectorised: every argument is an array over points, times are whole microseconds (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.columns import Columns
from twin.reading import Quality
from twin.settings import ReadingSettings

STATES = ("normal", "l", "ll", "h", "hh", "bad", "stale", "offline", "nodata")
CODE = {name: code for code, name in enumerate(STATES)}
NEVER = np.iinfo(np.int64).min  # stands for "no time" in arrays of microseconds


@dataclass(frozen=True)
class Limits(Columns):
    """Alarm limits by point in the point's own unit, NaN where there is none (R-LV-6)."""

    lo_lo: NDArray[np.float64]
    lo: NDArray[np.float64]
    hi: NDArray[np.float64]
    hi_hi: NDArray[np.float64]


def classify(
    at_us: int,
    ts: NDArray[np.int64],
    value: NDArray[np.float64],
    quality: NDArray[np.uint8],
    limits: Limits,
    fresh: ReadingSettings,
) -> NDArray[np.uint8]:
    """Codes into ``STATES``; the gravest wins: no data, offline, stale, bad quality, HH, LL, H, L, normal."""
    with np.errstate(invalid="ignore"):
        codes = np.zeros(len(ts), np.uint8)
        codes[value < limits.lo] = CODE["l"]
        codes[value > limits.hi] = CODE["h"]
        codes[value < limits.lo_lo] = CODE["ll"]
        codes[value > limits.hi_hi] = CODE["hh"]
    codes[quality == Quality.BAD] = CODE["bad"]
    known = ts != NEVER
    age_us = at_us - np.where(known, ts, at_us)
    codes[age_us > fresh.stale_s * 1e6] = CODE["stale"]
    codes[age_us > fresh.offline_s * 1e6] = CODE["offline"]
    codes[~known] = CODE["nodata"]
    return codes


def online(codes: NDArray[np.uint8]) -> tuple[int, int]:
    """How many points are online (heard of within the offline limit), and how many of these are stale."""
    heard = codes < CODE["offline"]
    return int(heard.sum()), int((codes == CODE["stale"]).sum())
