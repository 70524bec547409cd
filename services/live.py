"""The `/live` namespace: who watches what, and getting each frame to all of them.

Everything here runs on the hub. A viewer whose queue does not drain is taken out of the room, so that
nobody is slowed by it, and gets one whole frame when it has caught up.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import request
from flask_socketio import Namespace, SocketIO

from services.bridge import Bridge
from services.builder import Builder, Key
from services.frames import Frames, Patch
from services.metrics import Metrics
from twin.errors import BadInput, TwinError

NAMESPACE = "/live"
WAITING_LIMIT = 3
MAX_WATCHED = 8


def room_of(key: Key) -> str:
    """A room's name; equal keys share a room."""
    return "|".join((key.screen, key.scope, *(f"{name}={each}" for name, each in key.params)))


class Hall:
    """The rooms, and the viewers who are behind."""

    def __init__(self, sockets: SocketIO, frames: Frames, bridge: Bridge, metrics: Metrics) -> None:
        self._sockets = sockets
        self._frames = frames
        self._bridge = bridge
        self._metrics = metrics
        self._members: dict[str, set[str]] = defaultdict(set)
        self._behind: dict[str, set[str]] = defaultdict(set)
        self.watched: dict[str, dict[str, Key]] = defaultdict(dict)

    def send(self, key: Key, patch: Patch) -> None:
        """Give a patch to all viewers of ``key`` who keep up, and a whole frame to those who have caught up."""
        room = room_of(key)
        for sid in [each for each in self._members[room] if self._waiting(each) > WAITING_LIMIT]:
            self._members[room].discard(sid)
            self._behind[room].add(sid)
            self._sockets.server.leave_room(sid, room, namespace=NAMESPACE)
        caught_up = [each for each in self._behind[room] if self._waiting(each) == 0]
        if self._members[room]:
            self._sockets.emit("frame", patch, namespace=NAMESPACE, to=room)
        for sid in caught_up:
            self._behind[room].discard(sid)
            self._sockets.start_background_task(self._catch_up, sid, key, room)

    def _catch_up(self, sid: str, key: Key, room: str) -> None:
        if key not in self.watched.get(sid, {}).values():
            return
        self._sockets.server.enter_room(sid, room, namespace=NAMESPACE)
        self._members[room].add(sid)
        frame = self._bridge.outcome(self._frames.snapshot(key))
        self._sockets.emit("frame", {**frame, "whole": True}, namespace=NAMESPACE, to=sid)

    def _waiting(self, sid: str) -> int:
        engine = self._sockets.server.eio.sockets.get(self._sockets.server.manager.eio_sid_from_sid(sid, NAMESPACE))
        return engine.queue.qsize() if engine is not None else 0

    def cry(self, alarm: dict[str, Any]) -> None:
        """A new or changed S/A alarm, to every page at once."""
        self._sockets.emit("alarm", alarm, namespace=NAMESPACE)

    def enter(self, sid: str, key: Key) -> bool:
        """A viewer begins to watch ``key``; a viewer watches one key a screen. False when it already does."""
        before = self.watched[sid].get(key.screen)
        if before == key:
            return False
        if before is not None:
            self.leave(sid, before)
        if len(self.watched[sid]) >= MAX_WATCHED:
            raise BadInput(f"at most {MAX_WATCHED} screens are watched at once", "screen")
        self.watched[sid][key.screen] = key
        self._members[room_of(key)].add(sid)
        self._sockets.server.enter_room(sid, room_of(key), namespace=NAMESPACE)
        return True

    def leave(self, sid: str, key: Key) -> None:
        """A viewer ends to watch ``key``."""
        self._sockets.server.leave_room(sid, room_of(key), namespace=NAMESPACE)
        self._forget(sid, key)

    def _forget(self, sid: str, key: Key) -> None:
        room = room_of(key)
        self._members[room].discard(sid)
        self._behind[room].discard(sid)
        if self.watched[sid].pop(key.screen, None) is not None:
            self._frames.leave(key)

    def gone(self, sid: str) -> None:
        """A viewer's connection has ended; its rooms are cleared by the socket server."""
        for key in list(self.watched[sid].values()):
            self._forget(sid, key)
        del self.watched[sid]

    def count(self, change: int) -> None:
        """Keep the number of open connections."""
        self._metrics.viewers.inc(change)


class LiveNamespace(Namespace):
    """What a page may say: ``watch`` and ``leave``."""

    def __init__(self, hall: Hall, builder: Builder, frames: Frames, bridge: Bridge) -> None:
        super().__init__(NAMESPACE)
        self._hall = hall
        self._builder = builder
        self._frames = frames
        self._bridge = bridge

    def on_connect(self, _auth: Any = None) -> None:
        """A page has come."""
        self._hall.count(1)

    def on_disconnect(self, _reason: Any = None) -> None:
        """A page has gone."""
        self._hall.gone(request.sid)  # type: ignore[attr-defined]
        self._hall.count(-1)

    def on_watch(self, asked: Any = None) -> dict[str, Any]:
        """Begin to watch; answers with a whole frame, or with what changed since ``since``."""
        try:
            key, since, build = self._understand(asked)
            newcomer = self._hall.enter(request.sid, key)  # type: ignore[attr-defined]
            return self._bridge.outcome(self._frames.watch(key, since, build, newcomer))
        except TwinError as error:
            return error.as_json()

    def on_leave(self, asked: Any = None) -> dict[str, Any]:
        """End to watch."""
        try:
            key, _, _ = self._understand(asked)
        except TwinError as error:
            return error.as_json()
        self._hall.leave(request.sid, key)  # type: ignore[attr-defined]
        return {}

    def _understand(self, asked: Any) -> tuple[Key, int | None, str | None]:
        if not isinstance(asked, dict) or not isinstance(asked.get("screen"), str):
            raise BadInput("watch needs a screen", "screen")
        params, since = asked.get("params") or {}, asked.get("since")
        if not isinstance(params, dict):
            raise BadInput("params is not an object", "params")
        return self._builder.key(asked["screen"], params), since if isinstance(since, int) else None, asked.get("build")
