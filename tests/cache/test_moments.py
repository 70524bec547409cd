"""What was made of a moment: made once, kept where it is final, and nothing left behind where it fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cache.moments import Moments
from tests.cache.batches import NOON
from twin.moment import Moment


def test_a_moment_is_made_once_and_one_that_may_change_yet_each_time():
    made: list[Moment] = []
    moments = Moments(lambda at: made.append(at) or len(made), lambda at: at <= NOON)
    assert [moments.of(NOON), moments.of(NOON)] == [1, 1]
    later = NOON + timedelta(seconds=1)
    assert [moments.of(later), moments.of(later)] == [2, 3]
    assert (NOON in moments, later in moments) == (True, False)


def test_a_making_that_fails_leaves_nothing_behind_and_is_tried_again():
    failures = [ValueError("this once")]

    def make(_at: Moment) -> str:
        if failures:
            raise failures.pop()
        return "made"

    moments = Moments(make, lambda _at: True)
    with pytest.raises(ValueError, match="this once"):
        moments.of(NOON)
    assert moments._making == {}
    assert moments.of(NOON) == "made"
    assert moments._making == {}
