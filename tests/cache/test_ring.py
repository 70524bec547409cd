"""Readings of open minutes in memory: the writer adds while another thread lets go of what is closed."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from cache.history import ring as ring_module
from cache.history.ring import Kept, Ring
from cache.live import NEWEST

EDGE = 1_000
_ALL = 1 << 60


def rows(ts: int, known: int) -> Kept:
    """One reading."""
    return Kept(
        np.array([1], np.int32), np.array([ts]), np.array([float(ts)]), np.zeros(1, np.uint8),
        np.zeros(1, np.uint16), np.array([known]), np.full(1, NEWEST, np.uint8),
    )  # fmt: skip


def times(ring: Ring) -> list[int]:
    """What is in it."""
    return ring.of_point(1, 0, _ALL, _ALL).ts.tolist()


@pytest.fixture
def ring():
    """Readings before the edge, in as many chunks as make one of the next level with one more."""
    made = Ring(2)
    for ts in range(15):
        made.add(rows(ts, ts))
    return made


def test_what_comes_while_closed_rows_leave_is_not_lost(ring, monkeypatch):
    without, came = ring_module._without, []

    def slowly(*asked):
        if not came:
            came.append(EDGE + 1)
            ring.add(rows(EDGE + 1, EDGE + 1))
        return without(*asked)

    monkeypatch.setattr(ring_module, "_without", slowly)
    ring.drop(EDGE, EDGE)
    assert times(ring) == came


def test_what_has_left_while_the_writer_adds_does_not_come_back(ring, monkeypatch):
    joined, leaving = Kept.joined, Thread(target=ring.drop, args=(EDGE, EDGE))

    def slowly(parts):
        if leaving.ident is None:
            leaving.start()
            leaving.join(0.3)  # it may have to wait until this is done
        return joined(parts)

    monkeypatch.setattr(Kept, "joined", slowly)
    ring.add(rows(EDGE + 1, EDGE + 1))
    leaving.join()
    assert times(ring) == [EDGE + 1]
