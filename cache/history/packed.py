"""Blocks of many points kept small in memory: a value in one byte or two, as what instruments say mostly fits.

A value of so many decimals is a whole number of its last digit; a block keeps its lowest such number and how far each
value lies above it. What does not fit (other numbers, wider stretches) is kept as it is. Every value is checked to
come back as the very same number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.history.samples import Samples, in_order, place_of, told_again
from cache.history.unfold import begins, cells_of, flat, lengths, unfold, values

_BYTE, _WORD, _FLOAT = 0, 1, 2  # how a block's values are kept
_TYPES = (np.uint8, np.uint16, np.float64)
_HOLES = (255.0, 65_535.0, np.inf)  # stands where no reading came
_MOST_DIGITS = 6
_ROW = np.dtype(
    [
        ("first", np.int64),  # microseconds
        ("low", np.int32),
        ("step", np.int32),  # microseconds; 0: by gaps
        ("n", np.int32),
        ("begin", np.uint32),  # of its values among those kept alike
        ("gap", np.uint32),  # of its gaps
        ("digits", np.uint8),
        ("kept", np.uint8),
        ("quality", np.uint8),
    ]
)
_BYTES = np.dtype((np.void, _ROW.itemsize))


@dataclass(frozen=True)
class Packed:
    """Blocks by point and time; beside them, reading by reading, what came late or again or of mixed quality."""

    point: NDArray[np.int32]
    rows: NDArray[np.void]  # of ``_ROW``
    pools: tuple[NDArray, ...]
    gaps: NDArray[np.int32]
    apart: Samples
    of: NDArray[np.int32]  # the points of ``apart``
    unsure: frozenset[int]  # points with several values for one time; which of them counts, the file knows

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        arrays = (self.point, self.rows, *self.pools, self.gaps, self.of)
        return sum(each.nbytes for each in arrays) + self.apart.nbytes

    @property
    def digits(self) -> NDArray[np.uint8]:
        """Decimals by block."""
        return self.rows["digits"]


@dataclass(frozen=True)
class Part:
    """What a ``Packed`` holds of one point."""

    rows: NDArray[np.void]
    values: list[NDArray]
    gaps: list[NDArray[np.int32]]  # of the rows without a step
    apart: Samples


@np.errstate(over="ignore", invalid="ignore")  # of numbers that great no decimals are tried: they are kept as they are
def pack(blocks: pl.DataFrame, digits: NDArray[np.uint8]) -> Packed:
    """Keep rows of ``blocks`` small.

    Args:
        blocks: whole, in any order.
        digits: by point, how many decimals its values had last.
    """
    aside = (blocks["late"] | (blocks["seq"] > 0) | blocks["qualities"].is_not_null()).to_numpy()
    plain = _by_time(blocks.filter(pl.Series(~aside)) if aside.any() else blocks)
    apart = in_order(unfold(blocks.filter(pl.Series(aside))))
    length = lengths(plain)
    value, there = values(plain)
    decimals = _decimals(value, there, length, digits[plain["point"].to_numpy()])
    kept, low, offset = _offsets(value, there, length, decimals)
    step = plain["step"].to_numpy()
    rows = np.zeros(len(plain), _ROW)
    rows["first"], rows["step"], rows["n"] = plain["first"].to_physical().to_numpy(), step, length
    rows["low"], rows["digits"], rows["kept"] = low, np.where(kept == _FLOAT, 0, decimals), kept
    rows["quality"] = plain["quality"].to_numpy()
    rows["gap"] = begins(np.where(step == 0, length, 0))
    of_cell = np.repeat(kept, length)
    for kind in (_BYTE, _WORD, _FLOAT):
        rows["begin"] += np.where(kept == kind, begins(np.where(kept == kind, length, 0)), 0).astype(np.uint32)
    pools = tuple(offset[of_cell == kind].astype(form) for kind, form in enumerate(_TYPES))
    gaps = flat(plain["gap"].filter(pl.Series(step == 0))).to_numpy().astype(np.int32)
    point = plain["point"].to_numpy()
    unsure = {*apart.point[told_again(apart)].tolist(), *point[1:][_overlapping(point, rows, gaps)].tolist()}
    return Packed(
        point, rows, pools, gaps, Samples(apart.ts, apart.value, apart.quality), apart.point, frozenset(unsure)
    )


def _by_time(blocks: pl.DataFrame) -> pl.DataFrame:
    point, first = blocks["point"].to_numpy(), blocks["first"].to_physical().to_numpy()
    rises = (point[1:] > point[:-1]) | ((point[1:] == point[:-1]) & (first[1:] >= first[:-1]))
    return blocks if rises.all() else blocks.sort("point", "first")


def _decimals(
    value: NDArray[np.float64], there: NDArray[np.bool_], length: NDArray[np.int64], digits: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """How many decimals the values of each block have; one more than the most where that says nothing of them."""
    fits = _fit(value, there, length, digits)
    found = np.where(fits, digits, _MOST_DIGITS + 1).astype(np.uint8)
    for tried in range(_MOST_DIGITS + 1):
        left = np.flatnonzero(found > _MOST_DIGITS)
        if not len(left):
            break
        cells = cells_of(begins(length)[left], length[left])
        fit = _fit(value[cells], there[cells], length[left], np.full(len(left), tried, np.uint8))
        found[left[fit]] = tried
    return found


def _fit(
    value: NDArray[np.float64], there: NDArray[np.bool_], length: NDArray[np.int64], digits: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """The blocks whose values all are whole numbers of that many decimals."""
    if not len(length):
        return np.empty(0, bool)
    scale = np.repeat(10.0**digits, length)
    whole = np.rint(value * scale)
    good = (whole / scale == value) & (np.abs(whole) < np.iinfo(np.int32).max) | ~there
    return np.logical_and.reduceat(good, begins(length))


def _offsets(
    value: NDArray[np.float64], there: NDArray[np.bool_], length: NDArray[np.int64], decimals: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.float64]]:
    """How each block is kept, its lowest number, and what is kept of each slot."""
    if not len(length):
        return np.empty(0, np.uint8), np.empty(0, np.int32), np.empty(0)
    whole = np.rint(value * np.repeat(10.0**decimals, length))
    low = np.minimum.reduceat(np.where(there, whole, np.inf), begins(length))
    span = np.maximum.reduceat(np.where(there, whole, -np.inf), begins(length)) - low
    kept = np.where(span < _HOLES[_BYTE], _BYTE, np.where(span < _HOLES[_WORD], _WORD, _FLOAT))
    kept[decimals > _MOST_DIGITS] = _FLOAT
    low[kept == _FLOAT] = 0
    offset = np.where(np.repeat(kept == _FLOAT, length), value, whole - np.repeat(low, length))
    hole = ~there
    if hole.any():
        offset[hole] = np.repeat(np.array(_HOLES)[kept], length)[hole]
    return kept.astype(np.uint8), low.astype(np.int32), offset


def _overlapping(point: NDArray[np.int32], rows: NDArray[np.void], gaps: NDArray[np.int32]) -> NDArray[np.bool_]:
    """The rows but the first that begin before the one of their point before them has ended."""
    last = rows["first"] + rows["step"].astype(np.int64) * (rows["n"] - 1)
    uneven = rows["step"] == 0
    if uneven.any():
        last[uneven] += np.add.reduceat(gaps.astype(np.int64), rows["gap"][uneven].astype(np.int64))
    return (point[1:] == point[:-1]) & (rows["first"][1:] <= last[:-1])


def part_of(packed: Packed, point: int) -> Part:
    """What is kept of a point, as it is kept."""
    rows = packed.rows[place_of(packed.point, point)]
    kept = [
        packed.pools[kind][begin : begin + n]
        for kind, begin, n in zip(rows["kept"].tolist(), rows["begin"].tolist(), rows["n"].tolist(), strict=True)
    ]
    gaps = [
        packed.gaps[begin : begin + n]
        for step, begin, n in zip(rows["step"].tolist(), rows["gap"].tolist(), rows["n"].tolist(), strict=True)
        if not step
    ]
    if not len(packed.of):
        return Part(rows, kept, gaps, packed.apart)
    some = place_of(packed.of, point)
    apart = Samples(packed.apart.ts[some], packed.apart.value[some], packed.apart.quality[some])
    return Part(rows, kept, gaps, apart)


def unpacked(parts: Sequence[Part]) -> Samples:
    """The readings of one point, one a source time: of equal times the one in the later part counts, and in one part
    the one that lies apart."""
    rows = np.concatenate([each.rows.view(_BYTES) for each in parts]).view(_ROW)  # field by field takes its time
    if not len(rows):
        return Samples.resolved([Samples.none(), *(each.apart for each in parts)])
    length = rows["n"].astype(np.int64)
    of = np.repeat(np.arange(len(rows)), length)
    offset = np.concatenate([kept for each in parts for kept in each.values], dtype=np.float64)
    ts = rows["first"][of] + rows["step"].astype(np.int64)[of] * (np.arange(len(of)) - begins(length)[of])
    gaps = [gap for each in parts for gap in each.gaps]
    if gaps:
        ts[(rows["step"] == 0)[of]] += np.concatenate([np.cumsum(each, dtype=np.int64) for each in gaps])
    value = (offset + rows["low"][of]) / (10.0 ** rows["digits"])[of]
    quality = rows["quality"][of]
    plain = Samples(ts, value, quality)
    hole = offset == np.array(_HOLES)[rows["kept"]][of]
    if not hole.any() and not any(len(each.apart) for each in parts):
        return Samples.resolved([plain])
    return _one_a_time(plain, hole, length, parts)


def _one_a_time(plain: Samples, hole: NDArray[np.bool_], length: NDArray[np.int64], parts: Sequence[Part]) -> Samples:
    """Part after part what it holds in blocks, then what lies apart."""
    ends = np.cumsum([0, *length.tolist()])
    told, row = [], 0
    for each in parts:
        cells = slice(ends[row], ends[row + len(each.rows)])
        there = ~hole[cells]
        told.append(Samples(plain.ts[cells][there], plain.value[cells][there], plain.quality[cells][there]))
        told.append(each.apart)
        row += len(each.rows)
    return Samples.resolved(told)
