"""Runs all sources side by side and knows how each of them is; one that is broken slows no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC
from math import inf
from threading import Event, Lock, Thread
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from adapters._health import SourceHealth
from adapters._passive import Passive
from adapters._polling import Cursors, Poller, Server
from adapters._retry import Retry
from twin.errors import TwinError
from twin.moment import Moment
from twin.reading import READING_TABLE, Batch, Commit
from twin.source import Deliver, Poll, Push

log = logging.getLogger("parktwin.sources")
_WATCH_S = 2.0
_END_S = 5.0


class _Single:
    """A poll that is a source of its own."""

    workers = 1

    def __init__(self, poll: Poll) -> None:
        self.key = poll.key
        self.protocol = poll.protocol
        self._poll = poll

    def polls(self) -> list[Poll]:
        """The one there is."""
        return [self._poll]

    def close(self) -> None:
        """Nothing is held open."""


class Supervisor:
    """Starts sources, asks and hears them, and tells their health.

    ``deliver`` keeps a batch and returns when it is durable; ``cursors`` says where a source had stopped.
    """

    def __init__(
        self, deliver: Deliver, cursors: Cursors, clock: Callable[[], Moment], retry: Retry | None = None
    ) -> None:
        self._deliver = deliver
        self._cursors = cursors
        self._clock = clock
        self._retry = retry or Retry()
        self._lock = Lock()
        self._health: dict[str, SourceHealth] = {}
        self._passive: list[Passive] = []
        self._voices: dict[str, str] = {}  # names that readings come under -> the source each speaks for
        self._pollers: list[Poller] = []
        self._pushes: list[Push] = []
        self._threads: list[Thread] = []
        self._stop = Event()
        self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})

    def add(self, source: Any) -> None:
        """Take on a source: a server of polls, a poll, one that listens, or one that comes through a door of ours.

        Raises:
            TwinError: another source has that id.
        """
        if source.key in self._health:
            raise TwinError(f"two sources are called '{source.key}'", "sources.id", "registry")
        health = self._health[source.key] = SourceHealth(source.key, source.protocol, self._clock)
        if isinstance(source, Passive):
            health.expect(source.key, source.late_s, source.down_s)
            self._passive.append(source)
        elif hasattr(source, "listen"):
            health.expect(source.key, inf)
            self._pushes.append(source)
        else:
            server: Server = source if hasattr(source, "polls") else _Single(source)
            self._pollers.append(
                Poller(server, health, self._speaking(source.key), self._cursors, self._clock, self._retry)
            )

    def start(self) -> None:
        """Begin with all sources."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would tell of every single run
        self._scheduler.add_job(self._watch, "interval", seconds=_WATCH_S)
        for poller in self._pollers:
            poller.start(self._scheduler)
        self._scheduler.start()
        self._threads = [Thread(target=self._listen, args=(each,), name=each.key, daemon=True) for each in self._pushes]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End all sources; a question under way is not waited for, and what it brings is not kept."""
        self._stop.set()
        for poller in self._pollers:
            poller.stop()
        if self._scheduler.running:
            # it takes off jobs that have begun, and fails where it is shut down meanwhile: it must be at rest
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)
        for thread in self._threads:
            thread.join(_END_S)

    def heard(self, holder: str, rows: int, rejected: int, protocol: str = "socket_push") -> None:
        """Something came through a door of ours from ``holder`` (the name of its token)."""
        health = self._of_holder(holder, protocol)
        health.counted(health.key, rows, rejected)
        if rows or not rejected:
            health.succeeded(health.key)

    def health(self) -> list[dict[str, Any]]:
        """Every source: ``id, protocol, state, last_success, lag_s, rows, rejected, error``."""
        return [each.report() for each in self._all()]

    def down(self) -> frozenset[str]:
        """Ids of the sources that are down, or on the way there."""
        return frozenset(each.key for each in self._all() if each.failing())

    def voices(self) -> dict[str, str]:
        """Which source each name speaks for that readings come under, where that is another name."""
        with self._lock:
            return dict(self._voices)

    def detail(self, source_id: str) -> list[dict[str, Any]]:
        """The parts of one source (its tables); empty where there is no such source."""
        return next((each.detail() for each in self._all() if each.key == source_id), [])

    def _all(self) -> Iterable[SourceHealth]:
        with self._lock:
            return list(self._health.values())

    def _of_holder(self, holder: str, protocol: str) -> SourceHealth:
        """The configured source that a token speaks for; the only one of its protocol when none is named so.

        A sender that nobody announced is kept count of, but its silence means nothing.
        """
        ours = [each for each in self._passive if each.protocol == protocol]
        named = [each for each in ours if each.holder == holder] or (ours if len(ours) == 1 else [])
        key = named[0].key if named else f"{holder}/{protocol}"
        with self._lock:
            if key not in self._health:
                self._health[key] = SourceHealth(key, protocol, self._clock)
                self._health[key].expect(key, inf)
            self._voices.setdefault(holder, key)
            return self._health[key]

    def _speaking(self, key: str) -> Deliver:
        """``deliver`` that notes under which names the readings of a source come, such as those of its tables."""

        def deliver(batch: Batch) -> Commit:
            if batch.table == READING_TABLE and batch.source != key:
                with self._lock:
                    self._voices.setdefault(batch.source, key)
            return self._deliver(batch)

        return deliver

    def _watch(self) -> None:
        for each in self._all():
            each.notice_silence()

    def _listen(self, source: Push) -> None:
        """Keep a listening source listening; it begins again after a failure."""
        failures = 0
        while not self._stop.is_set():
            try:
                source.listen(lambda batch: self._from_push(source.key, batch), self._stop)
                failures = 0
            except Exception as error:
                failures += 1
                if self._health[source.key].failed(f"{type(error).__name__}: {error}", source.key):
                    log.exception("source %s stopped listening", source.key)
                self._stop.wait(self._retry.delay_s(failures))

    def _from_push(self, key: str, batch: Batch) -> Commit:
        commit = self._speaking(key)(batch)
        self._health[key].counted(key, commit.accepted, len(commit.rejected))
        self._health[key].succeeded(key)
        return commit
