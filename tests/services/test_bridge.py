"""How many views work at once, and who need not wait for whom."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread, get_ident
from typing import Any

import gevent
import pytest
from gevent.greenlet import Greenlet

from services.bridge import Bridge, Turns
from twin.errors import BadInput

PATIENCE_S = 20
LONG_S = 0.3  # of the test's turns: as long as a slow machine takes to begin two works, and more


class Work:
    """Something that a thread does until it is told to end."""

    def __init__(self, bridge: Bridge) -> None:
        self.began, self.may_end = Event(), Event()
        self.greenlet: Greenlet = gevent.spawn(bridge.offload, self._do)

    def _do(self) -> int:
        self.began.set()
        assert self.may_end.wait(PATIENCE_S)
        return get_ident()


@pytest.fixture
def bridge() -> Bridge:
    """A bridge of this thread's own hub with two turns."""
    made = Bridge()
    made.turns = Turns(at_once=2, long_s=LONG_S)
    return made


def until(holds: Callable[[], bool], within_s: float = PATIENCE_S) -> bool:
    """Let the hub go on until something holds."""
    with gevent.Timeout(within_s, False):
        while not holds():
            gevent.sleep(0.001)
    return holds()


def test_the_third_begins_when_one_has_ended(bridge: Bridge) -> None:
    bridge.turns = Turns(at_once=2, long_s=PATIENCE_S)
    works = [Work(bridge) for _ in range(3)]
    assert until(works[1].began.is_set)
    assert not until(works[2].began.is_set, LONG_S)
    works[0].may_end.set()
    assert until(works[2].began.is_set)
    for each in works[1:]:
        each.may_end.set()
    gevent.joinall([each.greenlet for each in works], raise_error=True)


def test_nobody_waits_for_those_who_take_long(bridge: Bridge) -> None:
    long = [Work(bridge) for _ in range(6)]  # more than there are turns, again and again
    assert until(lambda: all(each.began.is_set() for each in long))
    short = gevent.spawn(bridge.offload, lambda: 7)
    assert until(short.ready)
    for each in long:
        each.may_end.set()
    gevent.joinall([each.greenlet for each in long], raise_error=True)
    assert len({each.greenlet.value for each in long}) == len(long)
    works = [Work(bridge) for _ in range(3)]
    assert until(works[1].began.is_set)
    assert not until(works[2].began.is_set, LONG_S / 3), "a turn was given back twice"
    for each in works:
        each.may_end.set()
    gevent.joinall([each.greenlet for each in works], raise_error=True)


def test_work_that_fails_gives_its_turn_back(bridge: Bridge) -> None:
    def fail() -> None:
        raise BadInput("no such thing", "thing")

    for _ in range(5):
        with pytest.raises(BadInput, match="no such thing"):
            bridge.offload(fail)
    assert bridge.offload(lambda: 1) == 1


def test_a_native_thread_does_its_work_itself(bridge: Bridge) -> None:
    said: list[Any] = []
    thread = Thread(target=lambda: said.append((bridge.offload(get_ident), get_ident())))
    thread.start()
    assert until(lambda: not thread.is_alive())
    assert said[0][0] == said[0][1]
