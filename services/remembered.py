"""Answers that many ask for at once: one is made, and all get it while it is true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

_MOST_BYTES = 32 * 1024 * 1024
_ENTRY_BYTES = 500  # of an answer that is only being made yet
_NEVER = object()  # the version of an answer that was not made


@dataclass
class _Answer:
    lock: Lock = field(default_factory=Lock)
    version: Any = _NEVER
    made_at: float = 0.0
    body: bytes = b""


class Remembered:
    """Answers up to a number of bytes, the ones asked for last. Safe from any thread."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._most = most_bytes
        self._lock = Lock()
        self.nbytes = 0

    def get(self, key: Hashable, version: Any, make: Callable[[], bytes], *, good_s: float) -> bytes:
        """The answer to ``key`` while ``version`` stays and it is not older than ``good_s``; made if there is none.
        Who asks while it is being made waits for it."""
        answer = self._answer(key)
        with answer.lock:
            if answer.version != version or monotonic() - answer.made_at > good_s:
                self._keep(key, answer, make())
                answer.version, answer.made_at = version, monotonic()
            return answer.body

    def _answer(self, key: Hashable) -> _Answer:
        with self._lock:
            if key not in self._answers:
                self._take(_ENTRY_BYTES)
                self._answers[key] = _Answer()
            self._answers.move_to_end(key)
            return self._answers[key]

    def _keep(self, key: Hashable, answer: _Answer, body: bytes) -> None:
        with self._lock:
            before, answer.body = len(answer.body), body
            if self._answers.get(key) is answer:
                self._take(len(body) - before)

    def _take(self, more: int) -> None:
        """Make room, inside the caller's lock."""
        self.nbytes += more
        while self.nbytes > self._most and self._answers:
            _, gone = self._answers.popitem(last=False)
            self.nbytes -= _ENTRY_BYTES + len(gone.body)
