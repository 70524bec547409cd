"""An answer is made once for all who ask alike, and no longer kept than it is true."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest

from services.remembered import Remembered
from twin.errors import BadInput


def maker():
    """Makes a new answer each time."""
    numbers = count()
    return lambda: str(next(numbers)).encode()


def test_the_same_is_given_until_the_version_or_the_time_is_over():
    answers, make = Remembered(), maker()
    assert [answers.get("a", 1, make, good_s=math.inf) for _ in range(3)] == [b"0"] * 3
    assert answers.get("a", 2, make, good_s=math.inf) == b"1"
    assert answers.get("b", 2, make, good_s=math.inf) == b"2"
    assert answers.get("b", 2, make, good_s=-1.0) == b"3"


def test_who_asks_meanwhile_waits_for_the_one_answer():
    answers, make, together = Remembered(), maker(), Barrier(8)

    def ask(_: int) -> bytes:
        together.wait(10)
        return answers.get("a", 1, make, good_s=math.inf)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {b"0"}


def test_what_failed_is_tried_again():
    answers, make = Remembered(), maker()

    def fail() -> bytes:
        raise OSError

    for _ in range(2):
        try:
            answers.get("a", 1, fail, good_s=math.inf)
        except OSError:
            continue
    assert answers.get("a", 1, make, good_s=math.inf) == b"0"


def test_memory_is_bounded_and_what_was_asked_for_last_stays():
    answers, made = Remembered(10_000), []

    def make(key: int, size: int) -> bytes:
        made.append(key)
        return b"." * size

    def ask(key: int, version: int = 0, size: int = 2_000) -> int:
        return len(answers.get(key, version, lambda: make(key, size), good_s=math.inf))

    for key in (1, 2, 3, 1, 4, 1, 5, 1, 2):
        assert ask(key) == 2_000
        assert answers.nbytes <= 10_000
    assert made == [1, 2, 3, 4, 5, 2]
    assert ask(1, version=1, size=3_000) == 3_000
    assert ask(9, size=20_000) == 20_000
    assert answers.nbytes == 0
    assert ask(1) == 2_000


def test_what_cannot_be_made_leaves_nothing_behind():
    answers = Remembered(10_000)

    def fail() -> bytes:
        raise BadInput("nothing")

    for key in range(100):
        with pytest.raises(BadInput):
            answers.get(key, 1, fail, good_s=math.inf)
    assert answers.nbytes <= 10_000
