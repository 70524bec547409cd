"""The feed as a process: it pushes, answers, outlives the twin's restarts, and ends when it should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import orjson
import pytest
import requests

from demo.clock import MINUTE_MS, SECOND_MS
from demo.feed import kept, tell_live
from demo.slots import Slots, Stretch
from tests.demo.worlds import world
from tests.serving import DEMO_PARK, ROOT

PATIENCE_S = 30.0


@contextmanager
def _process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PARKTWIN_TOKEN": "secret", "PYTHONUNBUFFERED": "1"}
    started = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def _feed(port: int, exchange: int, *more: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    target = ("--target", f"http://127.0.0.1:{port}", "--exchange-port", str(exchange))
    return _process("demo.feed", "--park", str(DEMO_PARK), "--backfill", "0", "--points", "400", *target, *more)


def _pushes(book: Path) -> list[dict[str, Any]]:
    lines = book.read_bytes().splitlines(keepends=True) if book.exists() else []
    return [orjson.loads(line) for line in lines if line.endswith(b"\n")]


def _until(true: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for a condition while the process lives."""
    deadline = monotonic() + PATIENCE_S
    while not true():
        assert monotonic() < deadline, "it did not come true"
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("the process ended")


def _seconds_told(pushes: list[dict[str, Any]]) -> list[int]:
    stamps = {reading["ts"][:19] for push in pushes for reading in push["readings"]}
    return sorted(round(datetime.fromisoformat(stamp + "+00:00").timestamp()) for stamp in stamps)


def test_nothing_is_lost_when_the_twin_is_killed_and_comes_back(tmp_path: Path, free_port: int) -> None:
    book, twin = tmp_path / "book", ("tests.demo.standin", str(free_port), str(tmp_path / "book"))
    with _feed(free_port, 0) as feed:
        for least in (15, 45, 75):
            with _process(*twin) as running:
                _until(lambda least=least: len(_pushes(book)) >= least, running)
                running.send_signal(signal.SIGKILL)
        feed.send_signal(signal.SIGTERM)
        assert feed.wait(10) == 0
    pushes = _pushes(book)
    seconds = _seconds_told(pushes)
    assert seconds == list(range(seconds[0], seconds[-1] + 1))
    readings = {(each["point"], each["ts"], each["value"]) for push in pushes for each in push["readings"]}
    assert len(readings) == len({(point, ts) for point, ts, _ in readings})  # a push made again says the same
    a_second = Counter(ts[:19] for _, ts, _ in readings)
    assert min(count for second, count in a_second.items() if min(a_second) < second < max(a_second)) > 380


def test_a_large_park_stays_near_the_present_and_a_small_one_tells_ten_minutes_in_full() -> None:
    assert kept(4_000, 1.0) > 8 * MINUTE_MS
    assert kept(400, 1.0) == 10 * MINUTE_MS
    assert kept(100_000, 1.0) == 20 * SECOND_MS
    assert kept(100_000, 60.0) == 20 * MINUTE_MS


class SlowTwin:
    """A clock, and a twin that takes three seconds for a second of a park's readings."""

    speed, start_ms = 1.0, 0

    def __init__(self) -> None:
        self.at_ms, self.pushed, self.stop = 0, list[tuple[Stretch, int]](), Event()

    def now_ms(self) -> int:
        return self.at_ms

    def until_next_s(self, tick_ms: int) -> float:
        self.at_ms += tick_ms
        return 0.0

    def push(self, stretch: Stretch, window: int = 0) -> None:
        self.pushed.append((stretch, self.at_ms - stretch.end_ms))
        self.at_ms += 3 * (stretch.end_ms - stretch.start_ms) * SECOND_MS // stretch.period_ms
        if len(self.pushed) > 300:
            self.stop.set()


def test_a_twin_that_is_too_slow_is_told_less_and_stays_near_the_present() -> None:
    twin, points = SlowTwin(), 100_000
    tell_live(Slots(world().signals, "slow"), twin, points, twin, twin.stop)  # type: ignore[arg-type]
    told = [stretch for stretch, _ in twin.pushed]
    assert all(one.end_ms == two.start_ms for one, two in pairwise(told)), "no time is left out"
    in_full = [late_ms for stretch, late_ms in twin.pushed if stretch.period_ms == SECOND_MS]
    assert max(in_full) <= kept(points, 1.0)
    assert {stretch.period_ms for stretch in told} > {SECOND_MS}


def test_a_push_that_the_busy_twin_turned_away_is_sent_again(tmp_path: Path, free_port: int) -> None:
    book = tmp_path / "book"
    with _process("tests.demo.standin", str(free_port), str(book), "busy") as twin, _feed(free_port, 0):
        _until(lambda: len(_pushes(book)) >= 20, twin)
    ids = [push["batch_id"] for push in _pushes(book)]
    assert len(ids) == len(set(ids))


def test_the_last_hour_comes_with_the_feed_and_live_readings_do_not_wait(tmp_path: Path, free_port: int) -> None:
    book = tmp_path / "book"
    with (
        _process("tests.demo.standin", str(free_port), str(book)) as twin,
        _feed(free_port, 0, "--backfill", "3600"),
    ):
        _until(lambda: len(_pushes(book)) > 20, twin)
    seconds = _seconds_told(_pushes(book))
    assert 3_590 <= seconds[-1] - seconds[0] <= 3_630


def test_it_answers_the_exchange_and_ends_on_a_signal(free_port: int) -> None:
    with _feed(1, free_port) as feed:
        answer: dict[str, Any] = {}

        def answers() -> bool:
            try:
                answer.update(requests.get(f"http://127.0.0.1:{free_port}/exchange/park", timeout=5).json())
            except requests.ConnectionError:
                return False
            return True

        _until(answers, feed)
        assert answer["records"][0]["park_name"] == "棠澜化工园区"
        feed.send_signal(signal.SIGTERM)
        assert feed.wait(10) == 0


def test_it_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    """A parent starts the feed, tells its pid and dies at once."""
    words = [sys.executable, "-m", "demo.feed", "--park", str(DEMO_PARK), "--exchange-port", "0"]
    started = f"subprocess.Popen({words!r} + ['--target', 'http://127.0.0.1:1', '--parent-pid', str(os.getpid())])"
    parent = ["-c", f"import os, subprocess; print({started}.pid, flush=True); os._exit(0)"]
    log = (tmp_path / "log").open("wb")
    with log:
        told = subprocess.run([sys.executable, *parent], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, check=True)
    deadline = monotonic() + PATIENCE_S
    while b"stopped" not in (tmp_path / "log").read_bytes():
        assert monotonic() < deadline, f"the feed {told.stdout!r} lives on"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--park", "no-such-folder"), "no folder 'geo'"),
        (("--start", "2026-11-21T06:00:00"), "offset"),
        (("--speed", "0"), "speed"),
        (("--scenario", "nothing"), "quiet_day"),
    ],
)
def test_what_it_cannot_do_it_says(words: tuple[str, str], said: str) -> None:
    plain = ["--park", str(DEMO_PARK), "--exchange-port", "0", *words]
    feed = [sys.executable, "-m", "demo.feed", *plain]
    ended = subprocess.run(feed, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ended.returncode in (1, 2)
    assert said in ended.stderr
