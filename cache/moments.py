"""What was made of the last few moments that were asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from twin.moment import Moment

T = TypeVar("T")
_KEPT = 8


class Moments(Generic[T]):
    """``make`` is called once for each moment; who asks for it meanwhile waits. What later commits may change yet
    (``final`` says no) is made for whoever asks now, and kept for nobody. Safe from any thread."""

    def __init__(self, make: Callable[[Moment], T], final: Callable[[Moment], bool]) -> None:
        self._make = make
        self._final = final
        self._made: OrderedDict[Moment, T] = OrderedDict()
        self._making: dict[Moment, Lock] = {}
        self._lock = Lock()

    def __contains__(self, at: Moment) -> bool:
        """Whether it is at hand."""
        return at in self._made

    def of(self, at: Moment) -> T:
        """What is made of a moment."""
        with self._lock:
            made = self._made.get(at)
            if made is not None:
                self._made.move_to_end(at)
                return made
            making = self._making.setdefault(at, Lock())
        try:
            with making:
                made = self._made.get(at)
                if made is None:
                    final = self._final(at)
                    made = self._make(at)
                    if final:
                        self._keep(at, made)
                return made
        finally:
            with self._lock:
                self._making.pop(at, None)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._made.clear()

    def _keep(self, at: Moment, made: T) -> None:
        with self._lock:
            self._made[at] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
