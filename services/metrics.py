"""The product's own figures, as Prometheus text."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import perf_counter

from flask import Flask, Response, g
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from twin.moment import Moment, now
from twin.reading import Batch, Commit
from twin.source import Deliver

_FAST = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.2, 0.5, 1.0, 2.0)


class Metrics:
    """Registered once a server; nothing here is global, so a second server in one process has its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._lock = Lock()
        self._last_frame: Moment | None = None
        self.viewers = 0
        self.behind = 0
        self.accepted = Counter("parktwin_readings_accepted_total", "Rows accepted", registry=self.registry)
        self.rejected = Counter("parktwin_readings_rejected_total", "Rows refused", registry=self.registry)
        self.write = self._histogram("parktwin_write_seconds", "From submitting a batch until it is durable")
        self.build = self._histogram("parktwin_frame_build_seconds", "One tick's work for all frames in use")
        self.hub = self._histogram("parktwin_hub_delay_seconds", "How late the hub serves a timer")
        self.query = self._histogram("parktwin_query_seconds", "Time of one request's view")
        self._counted("parktwin_viewers", "Open live connections", lambda: self.viewers)
        self._counted("parktwin_viewers_behind", "Frames that a viewer reads too slowly", lambda: self.behind)
        self.queue = Gauge("parktwin_write_queue", "Batches waiting for the writer", registry=self.registry)
        self.alarms = Gauge("parktwin_alarms", "Open alarms by handling", ["handling"], registry=self.registry)
        self._counted("parktwin_frame_age_seconds", "Age of the newest frame", self._frame_age)

    def _histogram(self, name: str, said: str) -> Histogram:
        return Histogram(name, said, buckets=_FAST, registry=self.registry)

    def _counted(self, name: str, said: str, count: Callable[[], float]) -> None:
        Gauge(name, said, registry=self.registry).set_function(count)

    def _frame_age(self) -> float:
        with self._lock:
            return (now() - self._last_frame).total_seconds() if self._last_frame else 0.0

    def frame_built(self, seconds: float, at: Moment) -> None:
        """One tick's work for all keys, and the moment it shows."""
        with self._lock:
            self._last_frame = at
        self.build.observe(seconds)

    def viewers_changed(self, change: int) -> None:
        """So many live connections have been opened (or, below 0, closed)."""
        with self._lock:
            self.viewers += change

    def behind_changed(self, change: int) -> None:
        """So many more viewers have fallen behind (or, below 0, caught up or gone)."""
        with self._lock:
            self.behind += change

    def timed(self, deliver: Deliver) -> Deliver:
        """The same delivery, counted and timed until it is durable."""

        def delivered(batch: Batch) -> Commit:
            with self.write.time():
                commit = deliver(batch)
            self.accepted.inc(commit.accepted)
            self.rejected.inc(len(commit.rejected))
            return commit

        return delivered

    def time_views(self, app: Flask) -> None:
        """Time every request's view."""

        @app.before_request
        def begin() -> None:
            g.began = perf_counter()

        @app.after_request
        def end(answer: Response) -> Response:
            self.query.observe(perf_counter() - g.began)
            return answer

    def text(self) -> bytes:
        """Prometheus text."""
        return generate_latest(self.registry)
