"""What several ask for at the same time, looked up at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Who comes first is answered alone; all who come meanwhile are answered together. From any thread."""

    def __init__(self, answer: Callable[[Sequence[A]], Sequence[R]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[A, Future[R]]] = []
        self._lock = Lock()
        self._turn = Lock()

    def ask(self, asked: A) -> R:
        """An answer that nobody began to look up before this was called; raises what looking it up raised."""
        mine: Future[R] = Future()
        with self._lock:
            self._waiting.append((asked, mine))
        with self._turn:
            if not mine.done():
                self._serve()
        return mine.result()

    def _serve(self) -> None:
        """Answer all who wait, for one of them."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        try:
            answers = self._answer([asked for asked, _ in waiting])
        except Exception as error:
            for _, future in waiting:
                future.set_exception(error)
            raise
        for (_, future), answer in zip(waiting, answers, strict=True):
            future.set_result(answer)
