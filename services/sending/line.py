"""One channel's line: what waits for it, and the threads that send it. A slow or broken gateway delays no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Condition, Thread
from time import monotonic

from cache.messages import FAILED, SENT, WAITING, Outcome
from models.outbox import Backoff, Outbox, Waiting
from services.sending.channels import Answer, Letter, Send
from twin.moment import Moment
from twin.notify_settings import Channel

_log = logging.getLogger("parktwin.sending")
_IDLE_S = 60.0
_STOP_S = 2.0


class Line:
    """Safe from any thread."""

    def __init__(
        self,
        channel: Channel,
        send: Send,
        backoff: Backoff,
        clock: Callable[[], Moment],
        tell: Callable[[Outcome], None],
    ) -> None:
        self._send = send
        self._backoff = backoff
        self._clock = clock
        self._tell = tell
        self._news = Condition()
        self._outbox = Outbox()
        self._letters: dict[str, Letter] = {}
        self._ended = False
        self._threads = [
            Thread(target=self._run, name=f"send-{channel.id}-{n}", daemon=True) for n in range(channel.at_once)
        ]

    def start(self) -> None:
        """Begin to send."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """Begin no more; what a gateway has not answered soon is asked again after the next start."""
        with self._news:
            self._ended = True
            self._news.notify_all()
        until = monotonic() + _STOP_S
        for each in self._threads:
            if each.is_alive():
                each.join(max(0.0, until - monotonic()))

    def put(self, letters: Sequence[tuple[Waiting, Letter]]) -> None:
        """Let messages wait; those that do so already are left alone."""
        with self._news:
            for waiting, letter in letters:
                if self._outbox.put(waiting):
                    self._letters[waiting.id] = letter
            self._news.notify_all()

    def __len__(self) -> int:
        with self._news:
            return len(self._outbox)

    def _run(self) -> None:
        while True:
            with self._news:
                taken = self._outbox.take(self._clock(), 1)
                if self._ended:
                    return
                if not taken:
                    due = self._outbox.next_due()
                    self._news.wait(_IDLE_S if due is None else max(0.01, (due - self._clock()).total_seconds()))
                    continue
                letter = self._letters[taken[0].id]
            self._over(taken[0], self._answer(letter))

    def _answer(self, letter: Letter) -> Answer:
        try:
            return self._send(letter)
        except Exception as error:  # noqa: BLE001 - a message must not be lost to what nobody thought of
            _log.exception("message %s could not be sent", letter.id)
            return Answer(False, f"{type(error).__name__}: {error}")

    def _over(self, one: Waiting, answer: Answer) -> None:
        now = self._clock()
        late = one.posted_at is not None and now - one.posted_at >= self._backoff.give_up
        state = SENT if answer.taken else FAILED if answer.hopeless or late else WAITING
        due = now + (self._backoff.after(one.tries + 1) if state == WAITING else timedelta(0))
        self._tell(Outcome(one.id, state, one.tries + 1, now, due, answer.said))
        with self._news:
            if state == WAITING:
                self._outbox.again(one, due)
            else:
                self._outbox.done(one)
                del self._letters[one.id]
            self._news.notify()
