"""The only door between gevent's hub and native threads.

HTTP and WebSocket run on the hub, unpatched; the writer, polls, decoding and queries run in native
threads. Into the hub goes ``into_hub``; out of it ``offload`` and ``outcome``. Nothing emits from a
native thread and nothing long runs on the hub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult
from gevent.lock import Semaphore
from gevent.threadpool import ThreadPool

from twin.errors import TwinError

T = TypeVar("T")
_PROBE_S = 0.05
_AT_ONCE = 2  # of more, each hands the interpreter to the next, and that takes longer than the work
_LONG_S = 0.02  # what takes so long waits for something else most of the time: it is in nobody's way


class Turns:
    """Lets few works begin at once, each as soon as one before it has ended or takes long. Used on the hub only."""

    def __init__(self, at_once: int = _AT_ONCE, long_s: float = _LONG_S) -> None:
        self._free = Semaphore(at_once)
        self._long_s = long_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn and have it, but not for long."""
        self._free.acquire()
        patience = gevent.get_hub().loop.timer(self._long_s)
        patience.start(self._free.release)
        try:
            yield
        finally:
            if patience.active:
                self._free.release()
            patience.close()


class Bridge:
    """Made on the hub's own thread, before any other thread starts."""

    def __init__(self, threads: int = 16) -> None:
        self._hub = gevent.get_hub()
        self._pool = ThreadPool(threads, hub=self._hub)
        self.turns = Turns()

    def into_hub(self, call: Callable[..., Any], *args: Any) -> None:
        """Run ``call`` soon on the hub; may be called from any thread."""
        self._hub.loop.run_callback_threadsafe(call, *args)

    def offload(self, call: Callable[..., T], *args: Any) -> T:
        """Run ``call`` in a native thread and wait for it without holding up the hub (from a greenlet)."""
        if gevent.get_hub() is not self._hub:
            return call(*args)
        with self.turns.one():
            result, refused = self._pool.apply(_told, (call, args))
        if refused is not None:
            raise refused
        return result

    def outcome(self, future: Future[T]) -> T:
        """Wait on the hub for what a native thread will deliver; raises what it raised."""
        result: AsyncResult = AsyncResult()

        def settle() -> None:
            error = future.exception()
            if error is not None:
                result.set_exception(error)
            else:
                result.set(future.result())

        future.add_done_callback(lambda _: self.into_hub(settle))
        return result.get()

    def watch_delay(self, observe: Callable[[float], None]) -> gevent.Greenlet:
        """Measure for ever how late the hub serves a timer, in seconds."""

        def probe() -> None:
            while True:
                asked = perf_counter()
                gevent.sleep(_PROBE_S)
                observe(max(0.0, perf_counter() - asked - _PROBE_S))

        return gevent.spawn(probe)


def _told(call: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, TwinError | None]:
    """What came of a call. gevent writes a trace of whatever a thread raises, and ours are sentences for people."""
    try:
        return call(*args), None
    except TwinError as error:
        return None, error
