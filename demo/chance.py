"""Chance that can be repeated: every draw is a pure function of the seed and of what it is drawn for."""

from __future__ import annotations

import zlib
from datetime import date

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_21_BITS = np.uint64(0x1FFFFF)
_TO_UNIT = 1.0 / (1 << 21)


def _mixed(words: Words) -> Words:
    """SplitMix64's finaliser: neighbouring numbers come out unrelated."""
    words = (words ^ (words >> np.uint64(30))) * _MIX_1
    words = (words ^ (words >> np.uint64(27))) * _MIX_2
    return words ^ (words >> np.uint64(31))


def draws(seed: int, salt: int, which: Ints, when: Ints) -> tuple[Floats, Floats, Floats]:
    """Three independent numbers in [0, 1) for each pair (``which``, ``when``)."""
    base = np.uint64((seed * 1_000_003 + salt * 7_919) & 0xFFFFFFFFFFFFFFFF)
    words = _mixed(which.astype(np.uint64) * _GOLDEN + base)
    words = _mixed(words ^ (when.astype(np.uint64) * _MIX_2))
    one, two, three = (((words >> np.uint64(bits)) & _21_BITS).astype(np.float64) * _TO_UNIT for bits in (0, 21, 42))
    return one, two, three


def noise(seed: int, salt: int, which: Ints, when: Ints) -> Floats:
    """Nearly normal noise, mean 0 and deviation 1, never beyond 3."""
    one, two, three = draws(seed, salt, which, when)
    return (one + two + three - 1.5) * 2.0


def word(text: str) -> int:
    """A number that stands for a text, the same in every process."""
    return zlib.crc32(text.encode())


def generator(seed: int, what: str, day: date | None = None) -> np.random.Generator:
    """A generator for one purpose and, where given, one day."""
    return np.random.default_rng([seed, word(what), day.toordinal() if day else 0])
