"""What the panels and layers of one frame would each make of the very same rows is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_KEPT = 4
Made = TypeVar("Made")


def once(make: Callable[..., Made]) -> Callable[..., Made]:
    """Remembers the last few answers by the rows asked about, told by identity. Nobody may change an answer."""
    last: list[tuple[tuple[object, ...], Made]] = []

    @wraps(make)
    def answer(*rows: Any) -> Made:
        for asked, found in tuple(last):
            if all(one is other for one, other in zip(asked, rows, strict=True)):
                return found
        found = make(*rows)
        last[:] = [*last[1 - _KEPT :], (rows, found)]
        return found

    return answer
