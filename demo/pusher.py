"""Pushes readings to the twin over Socket.IO; what was not acknowledged is sent again, in order, under its own name."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from threading import Condition, Event, Timer
from typing import Any

import orjson
import socketio

from demo.slots import Stretch

log = logging.getLogger("demo.pusher")
NAMESPACE, EVENT = "/ingest", "readings"
WINDOW = 48  # pushes under way at once
AGAIN_S = 1.0  # pause after the twin said that it is busy
CHECK_S = 1.0  # how often a waiting push looks whether to stop
FIRST_WAIT_S, MOST_WAIT_S = 0.25, 5.0
TRY_LATER = ("busy", "starting", "disk_low")


class _Json:
    """The two functions of ``json`` that the socket library calls, faster."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return orjson.dumps(value).decode()

    loads = staticmethod(orjson.loads)


class Pusher:
    """One connection with a window of unacknowledged pushes. Only the stretch of a push is kept, not its content:
    ``body`` makes it again, so an outage of any length costs no memory."""

    def __init__(self, target: str, token: str, body: Callable[[Stretch], dict[str, Any]], stop: Event) -> None:
        self._target, self._token, self._body, self._stop = target, token, body, stop
        self._changed = Condition()
        self._pending: OrderedDict[Stretch, None] = OrderedDict()
        self._connected = False
        self.acknowledged = self.refused = 0
        self._client = socketio.Client(reconnection=False, handle_sigint=False, json=_Json)
        self._client.on("disconnect", self._lost, namespace=NAMESPACE)

    def run(self) -> None:
        """Keep the connection until stopped; says once that the twin is away and once that it is back."""
        wait_s, said = FIRST_WAIT_S, False
        while not self._stop.is_set():
            try:
                self._connect()
            except (socketio.exceptions.ConnectionError, OSError) as error:
                if not said:
                    log.warning("the twin at %s does not answer (%s); trying again", self._target, error)
                said = True
                self._stop.wait(wait_s)
                wait_s = min(wait_s * 2, MOST_WAIT_S)
                continue
            log.info("connected to %s", self._target)
            wait_s, said = FIRST_WAIT_S, False
            self._client.wait()
        self._client.disconnect()

    def _connect(self) -> None:
        self._client.connect(
            self._target, auth={"token": self._token}, namespaces=[NAMESPACE], transports=["websocket"], wait_timeout=10
        )
        for stretch in self._unanswered():
            self._emit(stretch)
        with self._changed:
            self._connected = self._client.connected
            self._changed.notify_all()

    def _unanswered(self) -> list[Stretch]:
        with self._changed:
            return list(self._pending)

    def _lost(self, *_: Any) -> None:
        with self._changed:
            self._connected = False

    def push(self, stretch: Stretch, window: int = WINDOW) -> None:
        """Send a stretch; waits while ``window`` pushes are unanswered or the twin is away."""
        with self._changed:
            while not self._stop.is_set() and (not self._connected or len(self._pending) >= window):
                self._changed.wait(CHECK_S)
            if self._stop.is_set():
                return
            self._pending[stretch] = None
        self._emit(stretch)

    def _emit(self, stretch: Stretch) -> None:
        """Send once; a connection that is gone is not an error, the stretch stays pending."""
        try:
            self._client.emit(EVENT, self._body(stretch), NAMESPACE, partial(self._answered, stretch))
        except (socketio.exceptions.SocketIOError, OSError) as error:
            log.debug("push %s waits for the next connection: %s", stretch.batch_id, error)

    def _answered(self, stretch: Stretch, answer: Any = None, *_: Any) -> None:
        error = answer.get("error") if isinstance(answer, dict) else None
        if error and error.get("code") in TRY_LATER:
            again = Timer(AGAIN_S, self._emit, (stretch,))
            again.daemon = True
            again.start()
            return
        with self._changed:
            self._pending.pop(stretch, None)
            self.refused += bool(error)
            self.acknowledged += not error
            self._changed.notify_all()
        if error:
            log.error("push %s was refused: %s", stretch.batch_id, error.get("message"))
