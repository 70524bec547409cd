"""Work that nobody waits for steps back behind what people ask.

The kernel lets a thread that wakes push another one off its core. The writer wakes hundreds of times a second, and
each time a view that is being answered could lose its core for some milliseconds. A thread that has stepped back
(``SCHED_BATCH``) gets its share of the cores as ever but waits for one to be free. Threads that it starts have stepped
back too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def step_back() -> None:
    """From now on this thread pushes nobody aside; where a system knows no such thing, or does not allow it, all stays
    as it is."""
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # the writer must not fail to start for the sake of some milliseconds
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


class Behind(Thread):
    """A daemon thread that has stepped back."""

    def __init__(self, call: Callable[..., Any], name: str) -> None:
        super().__init__(target=call, name=name, daemon=True)

    def run(self) -> None:
        """Step back, and do what it was made for."""
        step_back()
        super().run()


def from_behind(call: Callable[..., T], *args: Any, **more: Any) -> T:
    """What a call gives, made in a thread that has stepped back: so have the threads that it leaves behind."""
    with ThreadPoolExecutor(1, "behind", step_back) as one:
        return one.submit(call, *args, **more).result()
