"""The `/live` namespace: who watches what, and getting each frame to all of them.

Who connects is known by the session's cookie or a token, and sees what belongs to their scope. Everything here runs on
the hub. A viewer whose queue does not drain is taken out of the room, so that
nobody is slowed by it, and gets one whole frame as soon as it has read what waits for it, also when
nothing new happens in the room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import Namespace, SocketIO

from services.accounts import NOBODY, token_session
from services.bridge import Bridge
from services.builder import Builder, Key
from services.eyes import ALL
from services.frames import Frames, Patch
from services.metrics import Metrics
from services.people import People
from twin.errors import BadInput, NotAllowed, NotSignedIn, TwinError
from twin.person import Person
from twin.roles import Right

NAMESPACE = "/live"
WAITING_LIMIT = 3
MAX_WATCHED = 8
MAX_NAME = 60


def room_of(key: Key) -> str:
    """A room's name; equal keys share a room."""
    return "|".join((key.screen, key.scope, *(f"{name}={each}" for name, each in key.params)))


def eyes_room(scope: str) -> str:
    """The room of all who see with a scope; no screen's key has a colon in it."""
    return f"eyes:{scope}"


def session_room(key: str) -> str:
    """The room of all pages of a session."""
    return f"session:{key}"


def person_room(id: str) -> str:
    """The room of all pages of somebody."""
    return f"person:{id}"


def wall_room(name: str) -> str:
    """The room of the walls of one name; no screen's key has a colon in it."""
    return f"wall:{name}"


@dataclass
class Aside:
    """A viewer out of a room until all that waits for it has been taken."""

    held: list[Patch] = field(default_factory=list)  # what the room was told meanwhile
    task: Any = None  # the greenlet that waits


class Hall:
    """The rooms, and the viewers who are behind."""

    def __init__(self, sockets: SocketIO, frames: Frames, bridge: Bridge, metrics: Metrics) -> None:
        self._sockets = sockets
        self._frames = frames
        self._bridge = bridge
        self._metrics = metrics
        self._members: dict[str, set[str]] = defaultdict(set)
        self._behind: dict[str, dict[str, Aside]] = defaultdict(dict)
        self._walls: dict[str, str] = {}
        self.watched: dict[str, dict[str, Key]] = defaultdict(dict)
        self._cries: dict[str, dict[str, Any]] = {}  # by alarm, in the order in which they became loud
        self._crying = False

    def send(self, key: Key, patch: Patch) -> None:
        """Give a patch to all viewers of ``key`` who keep up; for the others it is kept until they have caught up."""
        room = room_of(key)
        for aside in self._behind[room].values():
            aside.held.append(patch)
        for sid in [each for each in self._members[room] if self._waiting(each) > WAITING_LIMIT]:
            self._put_aside(sid, key, room, patch)
        if self._members[room]:
            self._sockets.emit("frame", patch, namespace=NAMESPACE, to=room)

    def _put_aside(self, sid: str, key: Key, room: str, patch: Patch) -> None:
        self._members[room].discard(sid)
        self._sockets.server.leave_room(sid, room, namespace=NAMESPACE)
        aside = self._behind[room][sid] = Aside([patch])
        self._metrics.behind_changed(1)
        aside.task = self._sockets.start_background_task(self._catch_up, sid, key, room, aside)

    def _catch_up(self, sid: str, key: Key, room: str, aside: Aside) -> None:
        """Ends early, by ``_forget``, when the viewer goes or looks elsewhere."""
        self._line(sid).queue.join()
        try:
            frame = self._bridge.outcome(self._frames.snapshot(key))
            self._tell(sid, {**frame, "whole": True})
            for patch in aside.held:
                if patch["seq"] > frame["seq"]:
                    self._tell(sid, patch)
        finally:  # whoever got no frame sees a gap at the next patch, and asks
            if self._no_longer_behind(sid, room):
                self._join(sid, room)

    def _no_longer_behind(self, sid: str, room: str) -> Aside | None:
        aside = self._behind[room].pop(sid, None)
        if aside is not None:
            self._metrics.behind_changed(-1)
        return aside

    def _tell(self, sid: str, frame: dict[str, Any]) -> None:
        self._sockets.emit("frame", frame, namespace=NAMESPACE, to=sid)

    def _join(self, sid: str, room: str) -> None:
        self._members[room].add(sid)
        self._sockets.server.enter_room(sid, room, namespace=NAMESPACE)

    def _line(self, sid: str) -> Any:
        """The connection of a viewer; None when it has just gone."""
        return self._sockets.server.eio.sockets.get(self._sockets.server.manager.eio_sid_from_sid(sid, NAMESPACE))

    def _waiting(self, sid: str) -> int:
        line = self._line(sid)
        return line.queue.qsize() if line is not None else 0

    def cry(self, alarm: dict[str, Any]) -> None:
        """A new or changed S/A alarm, at once to every page that may see it; many at once hold up nothing else, and of
        one that changes while it waits its newest state is told."""
        self._cries[alarm["id"]] = alarm
        if not self._crying:
            self._crying = True
            self._sockets.start_background_task(self._cry_out)

    def _cry_out(self) -> None:
        try:
            while self._cries:
                alarm = self._cries.pop(next(iter(self._cries)))
                rooms = [eyes_room(each) for each in dict.fromkeys((*ALL, alarm.get("owner"))) if each]
                self._sockets.emit("alarm", alarm, namespace=NAMESPACE, to=rooms)
                self._sockets.sleep(0)  # frames and answers go between
        finally:
            self._crying = False

    def come(self, sid: str, scope: str, session: str, person: str) -> None:
        """A page of somebody has come."""
        self._sockets.server.enter_room(sid, person_room(person), namespace=NAMESPACE)
        self._sockets.server.enter_room(sid, eyes_room(scope), namespace=NAMESPACE)
        self._sockets.server.enter_room(sid, session_room(session), namespace=NAMESPACE)

    def tell(self, people: Collection[str]) -> None:
        """There is a new message in the app for these people."""
        rooms = [person_room(each) for each in people]
        if rooms:
            self._sockets.emit("told", {}, namespace=NAMESPACE, to=rooms)

    def end(self, session: str, why: str) -> None:
        """A session has ended: its pages are told, and let go of."""
        room = session_room(session)
        self._sockets.emit("ended", {"why": why}, namespace=NAMESPACE, to=room)
        manager = self._sockets.server.manager
        for sid in [sid for sid, _ in manager.get_participants(NAMESPACE, room)]:
            self._sockets.server.disconnect(sid, namespace=NAMESPACE)

    def tell_mode(self, mode: str, incident: str | None = None) -> None:
        """The park has changed to ``peacetime`` or ``wartime``, for ``incident``: every page is told at once."""
        self._sockets.emit("mode", {"mode": mode} | ({"incident": incident} if incident else {}), namespace=NAMESPACE)

    def show(self, wall: str, view: str) -> int:
        """Send a view (path and query) to the wall of that name; on how many pages it stands."""
        self._sockets.emit("show", {"view": view}, namespace=NAMESPACE, to=wall_room(wall))
        return sum(each == wall for each in self._walls.values())

    def be_wall(self, sid: str, name: str | None) -> None:
        """A viewer is the wall of that name from now on; none with None."""
        before = self._walls.pop(sid, None)
        if before is not None:
            self._sockets.server.leave_room(sid, wall_room(before), namespace=NAMESPACE)
        if name is not None:
            self._walls[sid] = name
            self._sockets.server.enter_room(sid, wall_room(name), namespace=NAMESPACE)

    def enter(self, sid: str, key: Key) -> bool:
        """A viewer begins to watch ``key``; a viewer watches one key a screen. False when it already does.

        Raises:
            BadInput: it watches too many, or has gone before its wish was read.
        """
        if self._line(sid) is None:
            raise BadInput("this page has gone", "screen")
        before = self.watched[sid].get(key.screen)
        if before == key:
            return False
        if before is not None:
            self.leave(sid, before)
        if len(self.watched[sid]) >= MAX_WATCHED:
            raise BadInput(f"at most {MAX_WATCHED} screens are watched at once", "screen")
        self.watched[sid][key.screen] = key
        self._join(sid, room_of(key))
        return True

    def leave(self, sid: str, key: Key) -> None:
        """A viewer ends to watch ``key``."""
        self._sockets.server.leave_room(sid, room_of(key), namespace=NAMESPACE)
        self._forget(sid, key)

    def _forget(self, sid: str, key: Key) -> None:
        room = room_of(key)
        self._members[room].discard(sid)
        aside = self._no_longer_behind(sid, room)
        if aside is not None:
            aside.task.kill(block=False)
        if self.watched[sid].pop(key.screen, None) is not None:
            self._frames.leave(key)

    def gone(self, sid: str) -> None:
        """A viewer's connection has ended; its rooms are cleared by the socket server."""
        for key in list(self.watched[sid].values()):
            self._forget(sid, key)
        del self.watched[sid]
        self._walls.pop(sid, None)

    def count(self, change: int) -> None:
        """Keep the number of open connections."""
        self._metrics.viewers_changed(change)


@dataclass(frozen=True)
class Here:
    """Who has a page open, by which session, and its secret; None for machines, and while login is off."""

    person: Person
    session: str
    secret: str | None = field(default=None, repr=False)


class LiveNamespace(Namespace):
    """What a page may say: ``watch``, ``leave``, ``wall`` and ``awake``."""

    def __init__(
        self, hall: Hall, builder: Builder, frames: Frames, bridge: Bridge, people: People, cookie: str
    ) -> None:
        super().__init__(NAMESPACE)
        self._people = people
        self._cookie = cookie
        self._here: dict[str, Here] = {}
        self._hall = hall
        self._builder = builder
        self._frames = frames
        self._bridge = bridge

    def on_connect(self, auth: Any = None) -> None:
        """A page has come; refused without a session, or a token, that may look."""
        sent = auth.get("token") if isinstance(auth, dict) else None
        try:
            here = self._bridge.offload(self._identify, str(sent) if sent else None, request.cookies.get(self._cookie))
            if not here.person.may(Right.view):
                raise NotAllowed(f"'{here.person.role}' has no right '{Right.view}'", None, "no_right")
        except TwinError as error:
            raise Refused(error.code) from error
        sid: str = request.sid  # type: ignore[attr-defined]
        self._here[sid] = here
        self._hall.come(sid, here.person.scope, here.session, here.person.id)
        self._hall.count(1)

    def _identify(self, token: str | None, secret: str | None) -> Here:
        """In a native thread: signing in holds a lock while it is written."""
        if token is not None:
            machine = self._people.machine(token)
            return Here(machine, token_session(machine.id))
        if secret and self._people.login_on:
            signed = self._people.signed(secret, active=False)
            if signed.must_change:
                raise NotAllowed("the password has to be changed first", None, "password_change")
            return Here(signed.person, signed.session.key, secret)
        return Here(self._people.nobody(), NOBODY)

    def on_disconnect(self, _reason: Any = None) -> None:
        """A page has gone."""
        sid: str = request.sid  # type: ignore[attr-defined]
        if self._here.pop(sid, None) is not None:
            self._hall.gone(sid)
            self._hall.count(-1)

    def on_awake(self, _said: Any = None) -> dict[str, Any]:
        """Somebody is at the page: its session does not end for being idle."""
        here = self._here[request.sid]  # type: ignore[attr-defined]
        try:
            if here.secret is not None:
                self._bridge.offload(self._people.signed, here.secret)
        except TwinError as error:
            return error.as_json()
        return {}

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

    def on_wall(self, asked: Any = None) -> dict[str, Any]:
        """From now on this page is the wall of that ``name``, or none without one."""
        name = asked.get("name") if isinstance(asked, dict) else None
        if name is not None and not (isinstance(name, str) and 0 < len(name) <= MAX_NAME):
            return BadInput(f"a wall's name has 1 to {MAX_NAME} characters", "name").as_json()
        self._hall.be_wall(request.sid, name)  # type: ignore[attr-defined]
        return {}

    def _understand(self, asked: Any) -> tuple[Key, int | None, str | None]:
        if not isinstance(asked, dict) or not isinstance(asked.get("screen"), str):
            raise BadInput("watch needs a screen", "screen")
        params, since = asked.get("params") or {}, asked.get("since")
        if not isinstance(params, dict):
            raise BadInput("params is not an object", "params")
        here = self._here.get(request.sid)  # type: ignore[attr-defined]
        if here is None:
            raise NotSignedIn("this page has gone")
        return (
            self._builder.key_for(here.person, asked["screen"], params),
            since if isinstance(since, int) else None,
            asked.get("build"),
        )
