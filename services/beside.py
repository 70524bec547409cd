"""What takes long to ask is asked beside the frames, on a thread of its own: by the time a frame wants the answer it
stands (``cache.standing``), and no other screen has waited for it.

That is what tells of whole ten minutes: the analysis of a year may have millions of alarms to count.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from cache.reader import TEN_MINUTES
from cache.store import Store
from services.builder import Builder, Key
from twin.behind import step_back
from twin.errors import TwinError

_log = logging.getLogger("parktwin.frames")
T = TypeVar("T")


class Beside:
    """One thread; what is asked for one key after the other comes in that order. Safe from any thread."""

    def __init__(self, store: Store, builder: Builder) -> None:
        self._store = store
        self._builder = builder
        self._thread = ThreadPoolExecutor(1, "beside", step_back)
        self._asked: list[Future[None]] = []

    def stop(self) -> None:
        """End after the question that is being asked."""
        self._thread.shutdown(cancel_futures=True)

    def slow(self, key: Key) -> list[str]:
        """The panels of a key that ask what takes long."""
        house = self._builder.house
        screen = house.screen(key.screen)
        panels = () if screen.compute else screen.panels
        return [each for each in panels if TEN_MINUTES in house.panels[each].reads]

    def first(self, key: Key, then: Callable[[], Future[T]]) -> Future[T]:
        """What ``then`` gives; called at once for a key that asks nothing long, else when its answers stand."""
        if not self.slow(key):
            return then()
        answer: Future[T] = Future()
        self._thread.submit(self._ask, key).add_done_callback(lambda _: then().add_done_callback(_told_to(answer)))
        return answer

    def begin(self, keys: Iterable[Key]) -> None:
        """Ask for those of the keys that ask what takes long; ``settled`` says when all is answered."""
        self._asked = [self._thread.submit(self._ask, key) for key in keys if self.slow(key)]

    def settled(self) -> bool:
        """Whether what was begun is answered."""
        return all(each.done() for each in self._asked)

    def _ask(self, key: Key) -> None:
        reader, at = self._store.reader(key.scope), self._store.tick()
        look = self._builder.look(key, at)
        for question in self._builder.questions(self.slow(key), (), look):
            try:
                reader.read(question.query, at=at, **dict(question.params))
            except TwinError:  # whoever builds the frame is told
                _log.exception("what %s asks could not be asked beside", key.screen)


def _told_to(answer: Future[T]) -> Callable[[Future[T]], None]:
    def tell(made: Future[T]) -> None:
        error = made.exception()
        if error is None:
            answer.set_result(made.result())
        else:
            answer.set_exception(error)

    return tell
