"""When to try again: twice as long after every failure, with jitter so that many do not come back at once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from threading import Lock
from time import monotonic


@dataclass(frozen=True)
class Retry:
    """Waiting times in seconds."""

    first_s: float = 1.0
    longest_s: float = 30.0

    def delay_s(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        full_s = min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, 30))
        return full_s * random.uniform(0.5, 1.0)


class Gate:
    """Closed for a while when a server does not answer, so that not all of its tables wait for it in turn."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry
        self._lock = Lock()
        self._failures = 0
        self._until = 0.0

    def closed_s(self) -> float:
        """For how long it stays closed; 0 when it is open."""
        with self._lock:
            return max(0.0, self._until - monotonic())

    def shut(self) -> float:
        """Nobody answered; returns for how long it is closed. Failures while it is closed count as one."""
        with self._lock:
            if self._until <= monotonic():
                self._failures += 1
                self._until = monotonic() + self._retry.delay_s(self._failures)
            return max(0.0, self._until - monotonic())

    def open(self) -> None:
        """Somebody answered."""
        with self._lock:
            self._failures, self._until = 0, 0.0
