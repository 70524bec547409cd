"""Who asks while somebody is answered is answered with all others who did, and each with what is his own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from cache.history.together import Together


@pytest.fixture
def pool():
    """Native threads."""
    with ThreadPoolExecutor(9) as each:
        yield each


def test_who_comes_meanwhile_is_answered_together(pool):
    begun, go, rounds = Event(), Event(), []

    def double(asked):
        begun.set()
        go.wait(10)
        rounds.append(len(asked))
        return [2 * each for each in asked]

    together = Together(double)
    first = pool.submit(together.ask, 0)
    begun.wait(10)
    rest = [pool.submit(together.ask, each) for each in range(1, 9)]
    while len(together._waiting) < 8:
        begun.wait(0.001)
    go.set()
    assert [first.result(), *(each.result() for each in rest)] == [2 * each for each in range(9)]
    assert rounds == [1, 8]


def test_a_failure_is_told_to_all_and_forgotten(pool):
    def divide(asked):
        return [1 // each for each in asked]

    together = Together(divide)
    with pytest.raises(ZeroDivisionError):
        together.ask(0)
    assert together.ask(1) == 1
