"""Asks one source, table by table, each at its own pace, in threads of its own.

A source that hangs keeps only its own threads waiting. A page's cursor is stored with the page, so after
any kind of end the next question starts where the last durable page stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event
from typing import Any, Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from adapters._health import SourceHealth
from adapters._http import UNREACHABLE
from adapters._retry import Gate, Retry
from adapters.http_exchange import ABSENT
from twin.errors import TwinError
from twin.moment import Moment, now
from twin.reading import Batch
from twin.source import Deliver, Poll

log = logging.getLogger("parktwin.sources")
Cursors = Callable[[str], str | None]
_STAGGER_S = 0.02
_LOOK_AGAIN_S = 600.0  # for tables that a server did not have
_GRACE_S = 10.0


class Server(Protocol):
    """A source that says itself which polls it has; that may need asking, and fail."""

    key: str
    protocol: str
    workers: int

    def polls(self) -> Sequence[Poll]:
        """The polls there are now. Raises SourceError."""

    def close(self) -> None:
        """Hang up."""


class Poller:
    """Runs the polls of one server on the scheduler."""

    def __init__(
        self,
        server: Server,
        health: SourceHealth,
        deliver: Deliver,
        cursors: Cursors,
        clock: Callable[[], Moment],
        retry: Retry,
    ) -> None:
        self._server = server
        self._health = health
        self._deliver = deliver
        self._cursors = cursors
        self._clock = clock
        self._retry = retry
        self._looking = f"{server.key} (tables)"
        self._gate = Gate(retry)
        self._stop = Event()
        self._failures: dict[str, int] = {}
        self._scheduler: BackgroundScheduler

    def start(self, scheduler: BackgroundScheduler) -> None:
        """Ask for the tables, then begin with each of them, one after the other."""
        self._scheduler = scheduler
        scheduler.add_executor(ThreadPoolExecutor(self._server.workers), alias=self._server.key)
        self._plan(self._looking, 0.0, self._look)

    def stop(self) -> None:
        """No more questions; one that is under way is not waited for."""
        self._stop.set()
        self._server.close()

    def _plan(self, name: str, delay_s: float, call: Callable[..., None], *args: Any) -> None:
        if not self._stop.is_set():
            at = now() + timedelta(seconds=delay_s)
            self._scheduler.add_job(
                call, "date", run_date=at, args=args, id=name, executor=self._server.key, replace_existing=True
            )

    def _look(self) -> None:
        """Find the server's tables, and plan those that are new."""
        try:
            polls = [each for each in self._server.polls() if each.key not in self._failures]
        except TwinError as error:
            self._health.failed(error.message, unreachable=error.code == UNREACHABLE)
            self._plan(self._looking, self._gate.shut(), self._look)
            return
        self._gate.open()
        self._health.succeeded()
        for turn, poll in enumerate(polls):
            self._failures[poll.key] = 0
            self._health.expect(poll.key, 3 * poll.every.total_seconds() + _GRACE_S)
            self._plan(poll.key, turn * _STAGGER_S, self._ask, poll)
        self._plan(self._looking, _LOOK_AGAIN_S, self._look)

    def _ask(self, poll: Poll) -> None:
        """One turn of one poll, and when the next one is."""
        delay_s = self._gate.closed_s()
        if delay_s == 0.0:
            delay_s = self._turn(poll)
        self._plan(poll.key, delay_s, self._ask, poll)

    def _turn(self, poll: Poll) -> float:
        try:
            self._drain(poll)
        except TwinError as error:
            return self._after(poll, error)
        except Exception as error:
            if self._health.failed(f"{type(error).__name__}: {error}", poll.key):
                log.exception("a fault in the adapter of %s", poll.key)
            return self._later(poll)
        self._gate.open()
        self._failures[poll.key] = 0
        self._health.succeeded(poll.key)
        return poll.every.total_seconds()

    def _drain(self, poll: Poll) -> None:
        """Fetch and keep page after page, until there is nothing new."""
        since = self._cursors(poll.key)
        while not self._stop.is_set():
            raw = poll.fetch(since)
            if raw is None:
                return
            batch = poll.decode(raw, self._clock())
            if _says_nothing(batch, since):
                return
            commit = self._deliver(batch)
            self._health.counted(poll.key, commit.accepted, len(commit.rejected))
            self._health.succeeded(poll.key)  # page by page: a source that always has news is not a silent one
            if batch.cursor in (None, since):
                return
            since = batch.cursor

    def _after(self, poll: Poll, error: TwinError) -> float:
        if self._stop.is_set():
            return 0.0
        if error.code == ABSENT:
            self._gate.open()
            self._health.absent(poll.key)
            return max(poll.every.total_seconds(), _LOOK_AGAIN_S)
        unreachable = error.code == UNREACHABLE
        self._health.failed(error.message, poll.key, unreachable=unreachable)
        return self._gate.shut() if unreachable else self._later(poll)

    def _later(self, poll: Poll) -> float:
        poll.forget()
        self._failures[poll.key] += 1
        return self._retry.delay_s(self._failures[poll.key])


def _says_nothing(batch: Batch, since: str | None) -> bool:
    return batch.rows.is_empty() and not batch.rejects and batch.cursor in (None, since)
