"""Live frames: built once a tick per key that is watched, by however many; only what changed is sent.

A key that nobody watches any more is kept for a while, and brought up to date when somebody comes back.

One native thread owns all live frames. Viewers ask it through ``watch``, which answers with a future;
it hands patches to ``send`` (the hub's side of the house).
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Any, Protocol

import orjson

from cache.reader import TEN_MINUTES
from cache.store import Store
from services.beside import Beside
from services.builder import Asked, Builder, Frame, Key, whole
from services.memo import Memo
from services.told import LayerRows
from twin.behind import step_back
from twin.content import Content
from twin.moment import Moment, iso
from twin.screen import Reader

TICK_S = 0.5
KEEP_PATCHES = 40
HEARTBEAT_TICKS = 10
FORGET_S = 30.0
BUDGET_S = 0.3  # of a tick; what does not fit goes first in the next one
CLOCK = frozenset({"clock"})
TURNS = {"minute": 1, TEN_MINUTES: 10}  # what is looked at again when so many whole minutes of the clock are over
_log = logging.getLogger("parktwin.frames")

Patch = dict[str, Any]
Send = Callable[[Key, Patch], None]


class Gauges(Protocol):
    """Where the time of building is told."""

    def frame_built(self, seconds: float, at: Moment) -> None:
        """One tick's work for all keys."""


def patch_layers(before: dict[str, LayerRows], after: dict[str, LayerRows]) -> dict[str, Any]:
    """What changed between two states of the layers; ``remove`` means back to the layer's base."""
    patch = {}
    for key, rows in after.items():
        old = before.get(key, {})
        if rows is old:
            continue
        other = ((each, row) for each, row in rows.items() if old.get(each) is not row)
        upsert = [{"id": each, **row} for each, row in other if old.get(each) != row]
        remove = [each for each in old if each not in rows]
        if upsert or remove:
            patch[key] = {"upsert": upsert, "remove": remove}
    return patch


def merge(patches: list[Patch]) -> tuple[dict[str, Content], dict[str, Any]]:
    """Several patches as one: the newest word on each panel and feature."""
    panels: dict[str, Content] = {}
    layers: dict[str, dict[str, Any]] = {}
    for patch in patches:
        panels.update(patch["panels"])
        for key, change in patch["layers"].items():
            said = layers.setdefault(key, {})
            said.update({each["id"]: each for each in change["upsert"]})
            said.update(dict.fromkeys(change["remove"]))
    return panels, {
        key: {
            "upsert": [each for each in said.values() if each is not None],
            "remove": [name for name, each in said.items() if each is None],
        }
        for key, said in layers.items()
    }


@dataclass
class Live:
    """One key's newest frame, and the patches that led to it."""

    frame: Frame
    seq: int = 1
    viewers: int = 0
    quiet: int = 0
    unused_since: float = field(default_factory=monotonic)
    turn: int = 0
    owed: frozenset[str] | None = frozenset()  # what changed while this key had to wait; None: everything
    patches: deque[Patch] = field(default_factory=lambda: deque(maxlen=KEEP_PATCHES))
    said: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.said = {each: orjson.dumps(content) for each, content in self.frame.panels.items()}

    @property
    def forgotten(self) -> bool:
        """Whether nobody has looked for long."""
        return self.viewers == 0 and monotonic() - self.unused_since > FORGET_S

    def advance(self, at: Moment, panels: dict[str, Content], layers: dict[str, LayerRows]) -> Patch | None:
        """Take new contents in; the patch to send, None when nothing is news."""
        spoken = {each: orjson.dumps(content) for each, content in panels.items()}
        changed = {each: panels[each] for each, text in spoken.items() if self.said.get(each) != text}
        moved = patch_layers(self.frame.layers, layers)
        self.said.update(spoken)
        self.frame = Frame(at, {**self.frame.panels, **panels}, {**self.frame.layers, **layers})
        self.quiet += 1
        if not changed and not moved and self.quiet < HEARTBEAT_TICKS:
            return None
        self.seq, self.quiet = self.seq + 1, 0
        patch = {"seq": self.seq, "at": iso(at), "panels": changed, "layers": moved}
        self.patches.append(patch)
        return patch


def begun(before: Moment | None, at: Moment) -> frozenset[str]:
    """Which turns of the clock have begun since a moment."""
    if before is None:
        return frozenset(TURNS)
    then, now = (int(each.timestamp()) // 60 for each in (before, at))
    return frozenset(name for name, every in TURNS.items() if then // every != now // every)


class Frames:
    """The thread that keeps every frame in use up to date."""

    def __init__(self, store: Store, builder: Builder, build: str, send: Send, gauges: Gauges) -> None:
        self._store = store
        self._builder = builder
        self._build = build
        self._send = send
        self._gauges = gauges
        self._live: dict[Key, Live] = {}
        self._memo = Memo()
        self._version = 0
        self._turn = 0
        self._carried: frozenset[str] = frozenset()
        self._at: Moment | None = None
        self._worker = ThreadPoolExecutor(1, "frames", step_back)  # the one thread that touches the live frames
        self._beside = Beside(store, builder)
        self._waited: frozenset[str] = frozenset()  # turns of the clock whose answers are being asked for beside
        self._ended = Event()
        self._ticker = Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._ticker.start()

    def stop(self) -> None:
        """End after the tick that is running."""
        self._ended.set()
        self._ticker.join()
        self._beside.stop()
        self._worker.shutdown()

    def watch(
        self, key: Key, since: int | None = None, build: str | None = None, newcomer: bool = True
    ) -> Future[dict[str, Any]]:
        """A viewer of ``key`` (one more when ``newcomer``); the answer is a whole frame, or only what
        changed since ``since``."""
        known = since if build in (None, self._build) else None
        return self._beside.first(key, lambda: self._worker.submit(self._welcome, key, known, newcomer))

    def snapshot(self, key: Key) -> Future[dict[str, Any]]:
        """The whole live frame of ``key``, for a viewer who has fallen behind or asks once."""
        return self._beside.first(key, lambda: self._worker.submit(self._whole, key))

    def leave(self, key: Key) -> None:
        """One viewer of ``key`` less."""
        self._beside.first(key, lambda: self._worker.submit(self._part, key))

    def _run(self) -> None:
        due = monotonic()
        while not self._ended.wait(max(0.0, due - monotonic())):
            failed = self._worker.submit(self._tick).exception()
            if failed is not None:
                _log.error("a tick failed; the next one goes on", exc_info=failed)
            due = max(due + TICK_S, monotonic())

    def _tick(self) -> None:
        began = monotonic()
        before, self._at = self._at, self._store.tick()
        clock = CLOCK | self._turned(begun(before, self._at))
        changes = self._store.feed.changes_since(self._version)
        # a change reported now may have become known just after this moment: it is looked at again next tick
        stale = None if changes.whole else changes.tables | self._carried | clock
        self._carried = changes.tables
        self._version = changes.version
        self._memo.forget(stale)
        shared: dict[str, Asked] = {}
        turns = self._in_turn()
        for _, live in turns:  # before any is built: one that fails costs the others nothing
            live.owed = None if live.owed is None or stale is None else live.owed | stale
        for key, live in turns:
            if not live.viewers or monotonic() - began > BUDGET_S:
                continue
            if key.scope not in shared:
                shared[key.scope] = self._memo.remind(self._builder.asking(self._store.reader(key.scope), self._at))
            live.turn = self._turn
            patch = self._pay(key, live, shared[key.scope])
            if patch is not None:
                self._send(key, {"screen": key.screen, "params": dict(key.params), "build": self._build, **patch})
        for asked in shared.values():
            self._memo.keep(asked)
        self._gauges.frame_built(monotonic() - began, self._at)

    def _turned(self, turns: frozenset[str]) -> frozenset[str]:
        """The turns of the clock that frames are told of now; one whose answers take long when these stand."""
        if TEN_MINUTES in turns:
            self._beside.begin(key for key, live in self._live.items() if live.viewers)
            self._waited = frozenset({TEN_MINUTES})
        told = turns - {TEN_MINUTES}
        if self._waited and self._beside.settled():
            told, self._waited = told | self._waited, frozenset()
        return told

    def _in_turn(self) -> list[tuple[Key, Live]]:
        """Keys in use, those that have waited longest first; what nobody has looked at for long is forgotten."""
        self._turn += 1
        for key in [each for each, live in self._live.items() if live.forgotten]:
            del self._live[key]
        return sorted(self._live.items(), key=lambda item: item[1].turn)

    def _pay(self, key: Key, live: Live, asked: Asked) -> Patch | None:
        """Bring a key up to date; what fails is owed still."""
        patch = self._refresh(key, live, asked, live.owed)
        live.owed = frozenset()
        return patch

    def _refresh(self, key: Key, live: Live, asked: Asked, stale: frozenset[str] | None) -> Patch | None:
        """Compute again what reads any of ``stale`` (None: everything)."""
        house, look = self._builder.house, self._builder.look(key, asked.at)
        screen = house.screen(key.screen)
        if screen.compute is not None:
            made = self._builder.computed(screen, asked, look)
            return live.advance(asked.at, {name: each.content for name, each in made.items()}, {})
        panels = [each for each in screen.panels if stale is None or house.panels[each].reads & stale]
        moving = self._builder.moving(screen)
        layers = [each for each in moving if stale is None or house.layers[each].reads & stale]
        asked.ahead(self._builder.questions(panels, layers, look))
        return live.advance(
            asked.at,
            {each: self._builder.panel(house.panels[each], asked, look) for each in panels},
            self._builder.layers(layers, asked, look),
        )

    def _current(self, key: Key) -> Live:
        if key not in self._live:
            at = self._at or self._store.tick()
            # numbers begin at the clock's: a frame made anew, also by a new process, never goes on with an older one's
            first = int(at.timestamp() * 1000)
            self._live[key] = Live(self._builder.frame(key, self._store.reader(key.scope), at), first)
        live = self._live[key]
        live.unused_since = monotonic()
        if not live.viewers and live.owed != frozenset():
            at = self._at or self._store.tick()
            self._pay(key, live, self._builder.asking(self._store.reader(key.scope), at))
        return live

    def _welcome(self, key: Key, since: int | None, newcomer: bool) -> dict[str, Any]:
        live = self._current(key)
        live.viewers += newcomer
        missed = [each for each in live.patches if since is not None and each["seq"] > since]
        if since is not None and since <= live.seq and len(missed) == live.seq - since:
            panels, layers = merge(missed)
            head = {"screen": key.screen, "params": dict(key.params), "build": self._build, "partial": True}
            return {**head, "seq": live.seq, "at": iso(live.frame.at), "panels": panels, "layers": layers}
        return self._whole(key)

    def _whole(self, key: Key) -> dict[str, Any]:
        live = self._current(key)
        return whole(live.frame, key, self._builder.house, live.seq, self._build)

    def _part(self, key: Key) -> None:
        live = self._live.get(key)
        if live is None:
            return
        live.viewers = max(0, live.viewers - 1)
        live.unused_since = monotonic()


def at_moment(reader: Reader, builder: Builder, key: Key, at: Moment, build: str) -> dict[str, Any]:
    """The frame of any moment of the past, by the same code that builds the live one."""
    return whole(builder.frame(key, reader, at), key, builder.house, 0, build)
