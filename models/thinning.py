"""Lossy compression of a signal with a promised error: swinging door and deadband.

Swinging door (E. H. Bristol, "Swinging door trending: adaptive trend recording", ISA National Conference, 1990), in
the clamped form: the plain form keeps a sample that may lie outside of the doors of its own segment, so its error
reaches 1.9 times the deviation; here the kept value is moved onto the nearest slope that all samples of the segment
allow, so no sample is ever further away than the deviation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.settings import THINNING_METHODS

NONE, LINE, HOLD = 0, 1, 2  # nothing left out, straight lines between what is kept, what is kept stays
_PARTS = 4  # what is kept is rounded to at most so small a part of the deviation: few digits take little room
METHODS = dict(zip(THINNING_METHODS, (LINE, HOLD), strict=True))


@dataclass(frozen=True)
class Thinned:
    """What is kept of signals: ``keep`` marks samples (rows × slots), ``value`` is to be kept there."""

    keep: NDArray[np.bool_]
    value: NDArray[np.float64]


def thin(
    kind: int,
    ts: NDArray[np.int64],
    value: NDArray[np.float64],
    size: NDArray[np.int64],
    deviation: NDArray[np.float64],
) -> Thinned:
    """Choose what to keep of many signals at once.

    Args:
        kind: ``LINE`` or ``HOLD``.
        ts: microseconds, rising, signals × samples (what is beyond a signal's size is not looked at).
        value: in the signal's unit, same shape.
        size: samples of each signal, at least 1.
        deviation: largest error in the signal's unit, one a signal, positive.
    """
    return (_swinging_door if kind == LINE else _deadband)(ts, value, size, deviation)


def _deadband(
    ts: NDArray[np.int64], value: NDArray[np.float64], size: NDArray[np.int64], deviation: NDArray[np.float64]
) -> Thinned:
    keep = np.zeros(value.shape, bool)
    keep[:, 0] = True
    held = value[:, 0].copy()
    for slot in range(1, value.shape[1]):
        away = (np.abs(value[:, slot] - held) > deviation) & (slot < size)
        keep[:, slot] = away
        held = np.where(away, value[:, slot], held)
    return Thinned(keep, value)


def _swinging_door(
    ts: NDArray[np.int64], value: NDArray[np.float64], size: NDArray[np.int64], deviation: NDArray[np.float64]
) -> Thinned:
    keep, kept = np.zeros(value.shape, bool), value.copy()
    keep[:, 0] = True
    rows = np.arange(len(value))
    pivot_at, pivot = ts[:, 0].copy(), value[:, 0].copy()
    low, high = np.full(len(value), -np.inf), np.full(len(value), np.inf)
    scale = 10.0 ** np.ceil(np.log10(_PARTS / deviation))
    # so much inside of the promise as rounding what is kept may cost
    lost = 0.5 / scale + 4 * np.spacing(np.abs(value).max(axis=1, initial=0.0) + deviation)
    room = np.maximum(deviation - lost, 0.0)
    for slot in range(1, value.shape[1]):
        running = slot < size
        span = np.maximum(ts[:, slot] - pivot_at, 1)
        least, most = (value[:, slot] - room - pivot) / span, (value[:, slot] + room - pivot) / span
        shut = running & (np.maximum(low, least) > np.minimum(high, most))
        if shut.any():
            _turn(rows[shut], slot - 1, ts, keep, kept, pivot_at, pivot, (low, high), scale)
            span = np.maximum(ts[:, slot] - pivot_at, 1)
            low, high = np.where(shut, -np.inf, low), np.where(shut, np.inf, high)
            least, most = (value[:, slot] - room - pivot) / span, (value[:, slot] + room - pivot) / span
        low, high = np.where(running, np.maximum(low, least), low), np.where(running, np.minimum(high, most), high)
    several = rows[size > 1]
    for slot in np.unique(size[several] - 1):
        _turn(several[size[several] - 1 == slot], int(slot), ts, keep, kept, pivot_at, pivot, (low, high), scale)
    return Thinned(keep, kept)


def _turn(
    rows: NDArray[np.int64],
    slot: int,
    ts: NDArray[np.int64],
    keep: NDArray[np.bool_],
    kept: NDArray[np.float64],
    pivot_at: NDArray[np.int64],
    pivot: NDArray[np.float64],
    doors: tuple[NDArray[np.float64], NDArray[np.float64]],
    scale: NDArray[np.float64],
) -> None:
    """End the segments of some signals at a slot, with a value between the doors, and begin new ones there."""
    span = np.maximum(ts[rows, slot] - pivot_at[rows], 1)
    slope = np.clip((kept[rows, slot] - pivot[rows]) / span, doors[0][rows], doors[1][rows])
    kept[rows, slot] = np.round((pivot[rows] + slope * span) * scale[rows]) / scale[rows]
    keep[rows, slot] = True
    pivot_at[rows], pivot[rows] = ts[rows, slot], kept[rows, slot]


def refill(
    kind: int, ts: NDArray[np.int64], kept: NDArray[np.int64], value: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values at all times of signals laid end to end, from those kept at the indices ``kept`` (rising; the first
    sample of each signal is among them, and with lines the last one too)."""
    at = np.arange(len(ts))
    before = np.searchsorted(kept, at, "right") - 1
    if kind == HOLD:
        return value[before]
    after = np.minimum(before + 1, len(kept) - 1)
    from_, to = kept[before], kept[after]
    span = ts[to] - ts[from_]
    share = np.where((at > from_) & (span > 0), (ts - ts[from_]) / np.where(span > 0, span, 1), 0.0)
    return value[before] + share * np.where(at > from_, value[after] - value[before], 0.0)
