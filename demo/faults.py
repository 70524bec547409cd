"""What goes wrong with instruments: they drop out and come back, freeze, jump, or say that they are broken.

Time is cut into blocks; in each a point may have one spell of a fault, placed and sized by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

from demo.chance import Bools, Ints, draws
from demo.clock import HOUR_MS, MINUTE_MS, SECOND_MS

_APART = 15_485_863


@dataclass(frozen=True)
class Fault:
    """One kind of fault: how often (a chance per block) and how long a spell lasts."""

    salt: int
    block_ms: int
    chance: float
    least_ms: int
    most_ms: int

    def spell(self, seed: int, ix: Ints, t_ms: Ints) -> tuple[Bools, Ints]:
        """Whether each point is in a spell at its time, and when the spell of that block began."""
        shift = ix * _APART % self.block_ms  # each point has its own edges, so that the park's share is even
        block = (t_ms + shift) // self.block_ms
        whether, where, length = draws(seed, self.salt, ix, block)
        lasts = self.least_ms + (length * (self.most_ms - self.least_ms)).astype("int64")
        began = block * self.block_ms - shift + (where * (self.block_ms - lasts)).astype("int64")
        return (whether < self.chance) & (t_ms >= began) & (t_ms < began + lasts), began


# On average 1.3 % of the points are away, 0.15 % frozen, 0.1 % broken.
AWAY = Fault(21, 4 * HOUR_MS, 0.075, 5 * MINUTE_MS, 75 * MINUTE_MS)
DEAD = Fault(22, 24 * HOUR_MS, 0.004, 20 * HOUR_MS, 24 * HOUR_MS)
FROZEN = Fault(23, 6 * HOUR_MS, 0.022, 10 * MINUTE_MS, 40 * MINUTE_MS)
BROKEN = Fault(24, 8 * HOUR_MS, 0.02, 10 * MINUTE_MS, 40 * MINUTE_MS)
JUMP = Fault(25, HOUR_MS, 0.01, 2 * SECOND_MS, 5 * SECOND_MS)
