"""Threads that nobody waits for push nobody aside, and neither do those that they leave behind."""

from __future__ import annotations

import os
from queue import SimpleQueue
from threading import Thread

import pytest

from twin.behind import Behind, from_behind


def _policy() -> int:
    return os.sched_getscheduler(0)


def test_work_is_done_where_a_system_does_not_allow_to_step_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "not allowed")

    monkeypatch.setattr(os, "sched_setscheduler", refused)
    assert from_behind(len, "work") == 4


def test_it_and_what_it_starts_have_stepped_back_and_nobody_else() -> None:
    told: SimpleQueue[int] = SimpleQueue()

    def work() -> None:
        told.put(_policy())
        other = Thread(target=lambda: told.put(_policy()))
        other.start()
        other.join()

    behind = Behind(work, "work")
    behind.start()
    behind.join()
    assert [told.get(timeout=5) for _ in range(2)] == [os.SCHED_BATCH] * 2
    assert from_behind(_policy) == os.SCHED_BATCH
    assert _policy() == os.SCHED_OTHER
