"""Not too often: a bucket for each who asks, that fills again with time."""

from __future__ import annotations

import math
from collections import OrderedDict
from threading import Lock
from time import monotonic

from twin.errors import TooMany

_MOST = 10_000  # buckets; the ones not touched for longest go first


class Throttle:
    """So many calls a second on average, and ``burst`` at once."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, now_s: float | None = None) -> None:
        """Count one call of somebody; ``now_s`` are monotonic seconds.

        Raises:
            TooMany: they have had theirs; says when to come again.
        """
        wait_s = self._wait_s(who, monotonic() if now_s is None else now_s)
        if wait_s > 0:
            raise TooMany(f"too many calls; try again in {math.ceil(wait_s)} s", math.ceil(wait_s))

    def has(self, who: str) -> bool:
        """Count one call if there is one left."""
        return self._wait_s(who, monotonic()) == 0

    def _wait_s(self, who: str, now_s: float) -> float:
        with self._lock:
            left, since = self._left.pop(who, (self._burst, now_s))
            left = min(self._burst, left + (now_s - since) * self._per_s)
            wait_s = 0.0 if left >= 1 else (1 - left) / self._per_s
            self._left[who] = (left if wait_s else left - 1, now_s)
            while len(self._left) > _MOST:
                self._left.popitem(last=False)
        return wait_s
