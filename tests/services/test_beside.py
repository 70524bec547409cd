"""What takes long to ask keeps no other screen waiting, live frames least of all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, current_thread
from typing import Any

import pytest

from park.load import Park
from services.beside import Beside
from services.builder import Key
from services.frames import Frames
from tests.cache.ledger import detect
from tests.dashboards.conftest import Scene, open_scene
from tests.dashboards.test_analysis import FLOW, later, tell
from tests.plants import wait_until
from twin.errors import StoreError

ANALYSIS, ALARMS = Key("analysis", (("period", "year"),)), Key("alarms")
LONG_S = 20


class Held:
    """A store of which what is asked beside is answered only when the gate is open."""

    def __init__(self, store: Any, gate: Event) -> None:
        self._store, self._gate = store, gate

    def reader(self, scope: str = "park") -> Any:
        reader = self._store.reader(scope)
        if current_thread().name.startswith("beside"):
            assert self._gate.wait(LONG_S)
        return reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Heard(list[tuple[Key, dict[str, Any]]]):
    """What was sent, and nothing that is measured."""

    def send(self, key: Key, patch: dict[str, Any]) -> None:
        self.append((key, patch))

    def frame_built(self, seconds: float, at: Any) -> None:
        """Nobody looks."""

    def of(self, key: Key, panel: str) -> list[Any]:
        return [patch["panels"][panel] for told, patch in self if told == key and panel in patch["panels"]]


@pytest.fixture
def gate() -> Event:
    """Open, until a test closes it."""
    made = Event()
    made.set()
    return made


@pytest.fixture
def scene(tmp_path: Path, small_park: Park) -> Iterator[Scene]:
    """The small park with alarms to analyse."""
    opened = open_scene(tmp_path, small_park, tell)
    yield opened
    opened.store.close()


@pytest.fixture
def heard() -> Heard:
    """Where patches go."""
    return Heard()


@pytest.fixture
def frames(scene: Scene, gate: Event, heard: Heard) -> Iterator[Frames]:
    """Live frames over a store that can be held."""
    made = Frames(Held(scene.store, gate), scene.builder, "build", heard.send, heard)  # type: ignore[arg-type]
    made.start()
    yield made
    gate.set()
    made.stop()


def test_who_opens_an_analysis_keeps_nobody_waiting(frames: Frames, gate: Event) -> None:
    gate.clear()
    opened = frames.watch(ANALYSIS)
    assert frames.watch(ALARMS).result(LONG_S)["screen"] == "alarms"
    assert not opened.done()
    gate.set()
    assert opened.result(LONG_S)["panels"].keys() >= {"analysis_load", "analysis_statistics"}


def test_who_leaves_while_it_is_asked_is_gone_when_it_is_answered(frames: Frames, gate: Event) -> None:
    gate.clear()
    opened = frames.watch(ANALYSIS)
    frames.leave(ANALYSIS)
    gate.set()
    opened.result(LONG_S)
    frames.snapshot(ANALYSIS).result(LONG_S)  # in turn: what came before is done
    assert frames._live[ANALYSIS].viewers == 0


def test_new_ten_minutes_reach_the_others_at_once_and_an_analysis_when_it_is_answered(
    frames: Frames, gate: Event, heard: Heard, scene: Scene
) -> None:
    frames.watch(ANALYSIS).result(LONG_S)
    frames.watch(ALARMS).result(LONG_S)
    gate.clear()
    detect(scene.store, (FLOW, "H", "raised", 700, 9.0, 8.0))
    later(scene.store, scene.clock)
    wait_until(lambda: bool(heard.of(ALARMS, "alarm_load")))
    assert heard.of(ANALYSIS, "analysis_load") == []
    gate.set()
    wait_until(lambda: bool(heard.of(ANALYSIS, "analysis_load")))
    told = {each["key"]: each["value"]["value"] for each in heard.of(ANALYSIS, "analysis_load")[-1]["items"]}
    assert told["average"] == round(20 / 365 / 144, 2)


def test_what_cannot_be_asked_beside_is_told_by_the_frame(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def tick(self) -> Any:
            return scene.told

        def reader(self, scope: str) -> Any:
            return self

        def read(self, query: str, **_: Any) -> Any:
            raise StoreError("the file is gone")

    beside = Beside(Broken(), scene.builder)  # type: ignore[arg-type]
    beside.begin([ANALYSIS])
    wait_until(beside.settled)
    beside.stop()
    assert "analysis" in caplog.text
