"""The one writer. DuckDB takes one writing transaction at a time without conflicts, and one fsync for many batches
costs what one for each would cost each: so all writing goes through one thread, in groups."""

from __future__ import annotations

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from typing import Any

from cache.commit import Committer, Group, Item
from cache.database import Database
from cache.present import Change, Present
from cache.room import no_room
from twin.behind import Behind
from twin.errors import Busy, DiskLow, StoreError, TwinError
from twin.moment import Moment
from twin.reading import Batch
from twin.settings import StoreSettings, crash_point

log = logging.getLogger(__name__)
_TIMINGS = 1024
_AFTER_FAILURE = timedelta(seconds=10)
_MANY = 20_000  # rows a second; where so many come, fewer and larger groups spare a tenth of a core
_GAP = 1.2  # of the shortest gathering: who sends the next batch only after an answer waits no longer than that
Transact = Callable[[Callable[[Moment], Group]], Group]


@dataclass(frozen=True)
class Waiting:
    """A batch in the queue, or a deed, and whoever waits for its answer."""

    batch: Item
    answer: Future[Any]
    since: float

    @property
    def rows(self) -> int:
        """How much it is to write."""
        return len(self.batch.rows) if isinstance(self.batch, Batch) else 1


@dataclass(frozen=True)
class Job:
    """Something else to be written, in a transaction of its own."""

    name: str
    work: Callable[[Moment], None]
    done: Future[None]
    tables: frozenset[str]


class Writer:
    """A thread, a bounded queue, group commit. ``chore`` runs between groups and says when it wants to run again."""

    def __init__(
        self,
        database: Database,
        committer: Committer,
        present: Present,
        settings: StoreSettings,
        chore: Callable[[Transact], timedelta],
    ) -> None:
        self._database = database
        self._committer = committer
        self._present = present
        self._settings = settings
        self._chore = chore
        self._queue: queue.Queue[Waiting | None] = queue.Queue(settings.queue_batches)
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._closed = False
        self._gate = Lock()
        self._again = 0.0  # no chore before this, after one failed; monotonic seconds
        self.full = False  # the last write failed for want of room
        self._begun = 0.0  # when the last group began, monotonic seconds
        self._rate = 0.0  # rows a second that it brought, since the one before it
        self.timings: deque[float] = deque(maxlen=_TIMINGS)  # seconds from handing in to the answer, one a group
        self._thread = Behind(self._run, "cache-writer")
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Batches in the queue."""
        return self._queue.qsize()

    def submit(self, batch: Item) -> Future[Any]:
        """Hand in a batch, or a deed; the future resolves once it is durable, a deed's to what it told.

        Raises:
            Busy: the queue is full.
            StoreError: the store is closed.
        """
        item = Waiting(batch, Future(), time.monotonic())
        with self._gate:
            if self._closed:
                raise StoreError("the cache is closed")
            try:
                self._queue.put_nowait(item)
            except queue.Full:
                raise Busy(f"{self._queue.maxsize} batches are waiting to be written; try again") from None
        return item.answer

    def hand(self, name: str, work: Callable[[], None]) -> Future[None]:
        """Have ``work`` done by the writer between two groups, in a transaction; ``name`` is for crash tests.

        Raises:
            StoreError: the store is closed.
        """
        return self.keep(name, lambda _known: work(), frozenset())

    def keep(self, name: str, work: Callable[[Moment], None], tables: frozenset[str]) -> Future[None]:
        """The same for what readers ask of: ``work`` is given the moment from which it is known, ``tables`` are those
        that it changes.

        Raises:
            StoreError: the store is closed.
        """
        job = Job(name, work, Future(), tables)
        with self._gate:
            if self._closed:
                raise StoreError("the cache is closed")
            self._jobs.put(job)
            with suppress(queue.Full):  # then the writer is awake anyway
                self._queue.put_nowait(None)
        return job.done

    def close(self) -> None:
        """Write what is waiting, then stop."""
        with self._gate:
            already, self._closed = self._closed, True
        if not already:
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while not self._ended():
            self._work_off()
            first = self._next(self._chores())
            if first is not None:
                self._commit(self._group(first))

    def _work_off(self) -> None:
        """One job at a time, so that batches wait for no more than one."""
        try:
            job = self._jobs.get_nowait()
        except queue.Empty:
            return
        try:
            self.transact(lambda known: self._done(job, known))
        except BaseException as error:
            job.done.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        crash_point(f"after_{job.name}")
        job.done.set_result(None)

    @staticmethod
    def _done(job: Job, known: Moment) -> Group:
        job.work(known)
        crash_point(f"before_{job.name}")
        return Group([], Change(known, job.tables) if job.tables else None)

    def _chores(self) -> timedelta:
        """Do what is due; a chore that fails must not stop the writing."""
        wait_s = self._again - time.monotonic()
        if wait_s > 0:
            return timedelta(seconds=wait_s)
        try:
            return self._chore(self.transact)
        except Exception as error:
            if not self._is_full(error):
                log.exception("a chore of the cache failed")
            self._again = time.monotonic() + _AFTER_FAILURE.total_seconds()
            return _AFTER_FAILURE

    def _ended(self) -> bool:
        return self._closed and self._queue.empty() and self._jobs.empty()

    def _next(self, idle: timedelta) -> Waiting | None:
        try:
            return self._queue.get(timeout=max(idle.total_seconds(), 0.001))
        except queue.Empty:
            return None

    def _group(self, first: Waiting) -> list[Waiting]:
        """Batches for one transaction: what comes until the last group is long enough ago and none follows soon, or
        the group is full."""
        group, rows = [first], first.rows
        settings = self._settings
        until = self._until(self._begun + settings.group_s)
        while rows < settings.group_rows:
            item = self._next_until(until)
            if item is None:
                break
            group.append(item)
            rows += item.rows
            until = self._until(until)
        begun, self._begun = self._begun, time.monotonic()
        self._rate = rows / (self._begun - begun)
        return [each for each in group if each.answer.set_running_or_notify_cancel()]

    def _until(self, until: float) -> float:
        """How long a group goes on gathering: while much comes, as long as one batch follows another."""
        if self._rate < _MANY:
            return until
        settings = self._settings
        return max(until, min(self._begun + settings.group_most_s, time.monotonic() + _GAP * settings.group_s))

    def _next_until(self, until: float) -> Waiting | None:
        left = until - time.monotonic()
        try:
            return self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None

    def _commit(self, group: Sequence[Waiting]) -> None:
        """Write a group; when it fails, each batch by itself, so that a bad one harms no other."""
        try:
            answers = self._write([each.batch for each in group])
        except Exception as error:
            if self._is_full(error):
                _fail(group, DiskLow("the disk of the data folder is full; nothing of it was kept, send it again"))
            elif len(group) > 1:
                for each in group:
                    self._commit([each])
            else:
                log.exception("a batch of %s could not be written", _source(group))
                _fail(group, error)
            return
        for each, answer in zip(group, answers, strict=True):
            _answer(each.answer, answer)
        if self.full:
            self.full = False
            log.warning("there is room on the disk again; the cache goes on")
        if group:
            self.timings.append(time.monotonic() - group[0].since)

    def _is_full(self, error: Exception) -> bool:
        """Whether there is no room; says so once."""
        if not no_room(error):
            return False
        if not self.full:
            log.error("the disk of the data folder is full; nothing is acknowledged until there is room")
        self.full = True
        return True

    def _write(self, batches: Sequence[Item]) -> list[Any]:
        if not batches:
            return []
        group = self.transact(lambda known: self._committer.write(batches, self._present.live, known))
        crash_point("before_ack")
        return group.answers

    def _with_books(self, group: Group, known: Moment) -> Group:
        """The group with what the ledger has to write by now, such as the end of a repair."""
        tables = self._committer.close(known)
        if not tables:
            return group
        change = group.change or Change(known, frozenset())
        return replace(group, change=replace(change, tables=change.tables | tables))

    def transact(self, write: Callable[[Moment], Group]) -> Group:
        """One transaction with its own ``known``, visible to readers once it is durable. Writer thread only."""
        known = self._present.begin()
        try:
            with self._database.transaction():
                group = self._with_books(write(known), known)
                crash_point("before_commit")
        except BaseException:
            self._present.finish(None)
            self._committer.undone()
            raise
        crash_point("after_commit")
        self._present.finish(group.change)
        self._committer.kept(known)
        return group


def _answer(future: Future[Any], answer: Any) -> None:
    """A deed that was refused answers with the error."""
    if isinstance(answer, TwinError):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def _source(group: Sequence[Waiting]) -> str:
    item = group[0].batch if group else None
    return item.source if isinstance(item, Batch) else "nobody"


def _fail(group: Sequence[Waiting], error: Exception) -> None:
    said = error if isinstance(error, TwinError) else StoreError(f"the cache could not be written: {error}")
    for each in group:
        each.answer.set_exception(said)
