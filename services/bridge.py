"""The only door between gevent's hub and native threads.

HTTP and WebSocket run on the hub, unpatched; the writer, polls, decoding and queries run in native
threads. Into the hub goes ``into_hub``; out of it ``offload`` and ``outcome``. Nothing emits from a
native thread and nothing long runs on the hub.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from time import perf_counter
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult
from gevent.threadpool import ThreadPool

from twin.errors import TwinError

T = TypeVar("T")
_PROBE_S = 0.05


class Bridge:
    """Made on the hub's own thread, before any other thread starts."""

    def __init__(self, threads: int = 16) -> None:
        self._hub = gevent.get_hub()
        self._pool = ThreadPool(threads, hub=self._hub)

    def into_hub(self, call: Callable[..., Any], *args: Any) -> None:
        """Run ``call`` soon on the hub; may be called from any thread."""
        self._hub.loop.run_callback_threadsafe(call, *args)

    def offload(self, call: Callable[..., T], *args: Any) -> T:
        """Run ``call`` in a native thread and wait for it without holding up the hub (from a greenlet)."""
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
