"""Answers that many ask for at once: one is made, and all get it while it is true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

_KEPT = 256


@dataclass
class _Answer:
    lock: Lock = field(default_factory=Lock)
    version: Any = None
    made_at: float = 0.0
    body: bytes | None = None


class Remembered:
    """A few hundred answers, the ones asked for last. Safe from any thread."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, version: Any, make: Callable[[], bytes], *, good_s: float) -> bytes:
        """The answer to ``key`` while ``version`` stays and it is not older than ``good_s``; made if there is none.
        Who asks while it is being made waits for it."""
        answer = self._answer(key)
        with answer.lock:
            if answer.body is None or answer.version != version or monotonic() - answer.made_at > good_s:
                answer.body, answer.version, answer.made_at = make(), version, monotonic()
            return answer.body

    def _answer(self, key: Hashable) -> _Answer:
        with self._lock:
            answer = self._answers.setdefault(key, _Answer())
            self._answers.move_to_end(key)
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
            return answer
