"""The demo park's feed: a process of its own that stands in for the park's enterprises.

It answers the exchange tables over HTTP and pushes readings over Socket.IO, until it is told to stop.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from demo.books import books
from demo.clock import SECOND_MS, DemoClock
from demo.exchange import Exchange, server
from demo.folder import Folder
from demo.parent import stop_with_parent
from demo.pusher import Pusher
from demo.recorder import recorder
from demo.scenarios import SCENARIOS
from demo.slots import Slots, Stretch
from demo.world import build
from twin.errors import BadInput, TwinError
from twin.moment import parse_moment

log = logging.getLogger("demo.feed")
TOKEN = "PARKTWIN_TOKEN"
TICK_MS = 250  # wall time between two pushes: each is a transaction of its own
KEPT_MS = 600 * SECOND_MS  # after an outage this much is told in full, what is older at backfill density
KEPT_READINGS = 2_000_000  # and no more than this: a twin that takes less than the park tells stays near the present
BACKFILL_PERIOD_MS = 30 * SECOND_MS
BACKFILL_READINGS = 600_000  # larger parks are told at a lower density
BACKFILL_WINDOW = 6  # pushes under way at once, so that live ones never queue behind


def _start(text: str) -> datetime | None:
    try:
        return None if text == "now" else parse_moment(text, "--start")
    except BadInput as error:
        raise argparse.ArgumentTypeError(error.message) from error


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 3_600:
        raise argparse.ArgumentTypeError("a speed is above 0 and at most 3600")
    return speed


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.feed", description=__doc__)
    parser.add_argument("--park", type=Path, required=True, help="park folder")
    parser.add_argument("--exchange-port", type=int, required=True, help="port of the exchange server (0: a free one)")
    parser.add_argument("--target", default="http://127.0.0.1:8050", help="address of the twin")
    parser.add_argument("--token-file", type=Path, help=f"file that holds the token for pushing, instead of {TOKEN}")
    parser.add_argument("--seed", type=int, default=7, help="same seed and clock: same data")
    parser.add_argument("--speed", type=_speed, default=1.0, help="demo seconds per second (1: real time)")
    parser.add_argument("--points", type=int, help="push at most this many of the park's points")
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="quiet_day")
    parser.add_argument("--start", type=_start, help="demo time at the start: 'now' or ISO 8601 with an offset")
    parser.add_argument("--backfill", type=float, default=3_600.0, help="seconds before the start to tell as well")
    parser.add_argument("--recorder-port", type=int, help="take what the twin sends to people here")
    parser.add_argument("--parent-pid", type=int, help="stop when this process, which started the feed, is gone")
    return parser.parse_args(argv)


def tell_past(slots: Slots, pusher: Pusher, points: int, start_ms: int, end_ms: int) -> None:
    """Push a stretch of the past at low density, without holding up what is live."""
    readings = points * (end_ms - start_ms) / BACKFILL_PERIOD_MS
    period_ms = BACKFILL_PERIOD_MS * max(1, round(readings / BACKFILL_READINGS))
    for piece in slots.pieces(Stretch(start_ms, end_ms, period_ms)):
        pusher.push(piece, BACKFILL_WINDOW)


def kept(points: int, speed: float) -> int:
    """How far behind (milliseconds of demo time) the feed may fall before it tells the older part at low density."""
    return round(min(KEPT_MS, SECOND_MS * KEPT_READINGS / max(points, 1)) * speed)


def tell_live(slots: Slots, pusher: Pusher, points: int, clock: DemoClock, stop: Event) -> None:
    """Push what has become due, every ``TICK_MS``, from the clock's start on."""
    period_ms = SECOND_MS * max(1, round(clock.speed))
    told_ms = clock.start_ms
    while not stop.wait(clock.until_next_s(TICK_MS)):
        now_ms = clock.now_ms()
        while told_ms < now_ms and not stop.is_set():
            told_ms = _near_the_present(slots, pusher, points, told_ms, clock)
            end_ms = max(told_ms, min(told_ms + period_ms, now_ms))
            for piece in slots.pieces(Stretch(told_ms, end_ms, period_ms)):
                pusher.push(piece)
            told_ms = end_ms


def _near_the_present(slots: Slots, pusher: Pusher, points: int, told_ms: int, clock: DemoClock) -> int:
    """From when on to tell in full; what lies too far back for that is told at low density."""
    now_ms, kept_ms = clock.now_ms(), kept(points, clock.speed)
    if now_ms - told_ms <= kept_ms:
        return told_ms
    recent_ms = now_ms - kept_ms // 2
    tell_past(slots, pusher, points, told_ms, recent_ms)
    return recent_ms


def _in_background(*work: Callable[[], None]) -> list[Thread]:
    threads = [Thread(target=each, daemon=True) for each in work]
    for thread in threads:
        thread.start()
    return threads


def run(said: argparse.Namespace) -> None:
    """Serve and push until stopped."""
    stop = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    clock = DemoClock.starting(said.start, said.speed)
    world = build(Folder(said.park), said.seed, said.scenario, clock.start_ms, said.points)
    name = f"{said.scenario}-{said.seed}-{clock.start_ms}"
    slots, count = Slots(world.signals, name), len(world.points)
    http = server(Exchange(books(world), clock.now_ms, name), said.exchange_port)
    token = said.token_file.read_text("utf-8").strip() if said.token_file else os.environ.get(TOKEN, "")
    pusher = Pusher(said.target, token, slots.body, stop)
    past_ms = clock.start_ms - round(said.backfill * SECOND_MS)
    work: list[Callable[[], None]] = [
        http.serve_forever,
        pusher.run,
        lambda: tell_past(slots, pusher, count, past_ms, clock.start_ms),
    ]
    if said.recorder_port:
        work.append(recorder(said.recorder_port).serve_forever)
    if said.parent_pid:
        work.append(lambda: stop_with_parent(said.parent_pid, stop))
    _in_background(*work)
    log.info("exchange on port %d, %d points to %s", http.server_address[1], count, said.target)
    tell_live(slots, pusher, count, clock, stop)
    http.shutdown()
    cpu_s = time.process_time()
    log.info("stopped: %d pushes acknowledged, %d refused, %.1f s of CPU", pusher.acknowledged, pusher.refused, cpu_s)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of the command line; 1 when the park cannot be read."""
    logging.basicConfig(format="feed: %(message)s", level=logging.INFO, stream=sys.stderr)
    said = arguments(argv)
    try:
        run(said)
    except (TwinError, OSError) as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
