"""Detection outlives the program: whenever it ends, killed or not, it goes on as if it had not."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from cache.detection import AWAY, HAPPENED
from cache.detection_kept import mark
from cache.detection_timers import EVERY, PATIENCE, Timers
from cache.limits import LimitBook
from cache.migrate import _split
from cache.numbers import PointNumbers, SourceNumbers
from cache.watch import Watch
from models.alarm_detect import pass_time, settle
from models.detect_rules import Rules
from models.detect_state import State
from tests.cache.batches import NOON, Clock, second
from tests.cache.detecting import Deed, PlainStore, a_day
from tests.models.detecting import Arrays, by_plain, same, same_state
from tests.serving import ROOT
from twin.moment import from_us, to_us

KILLS = max(3, int(os.environ.get("PARKTWIN_KILLS", "0")) // 20)


def plainly(deeds: list[Deed]) -> list:
    return list(chain.from_iterable(each.plainly() for each in deeds))


def agrees(store: PlainStore, rules, deeds: list[Deed]) -> None:
    """What was said is what the plain detector says, and the state that of a detector that never stopped."""
    done = plainly(deeds[: store.next])
    assert same(store.said(), by_plain(rules, done))
    whole = Arrays(rules)
    whole.go(done, cut=False)
    store.detector.done(store.detector._there)
    expected = vars(whole.state) | {"clock": store.detector.state.clock}  # a tick that does nothing leaves no trace
    whole.state.__dict__.update(expected)
    assert same_state(store.detector.state, whole.state) == []


@pytest.mark.parametrize("seed", range(2))
def test_opened_again_and_again_it_says_the_same(tmp_path, seed):
    rules, deeds = a_day(seed, 700)
    chance = random.Random(seed)
    while True:
        store = PlainStore(tmp_path, rules, deeds)
        agrees(store, rules, deeds)
        store.run(chance.randrange(1, 120))
        if store.next == len(deeds):
            break
        store.close()
    agrees(store, rules, deeds)
    store.close()


def test_what_was_undone_leaves_no_trace(tmp_path):
    rules, deeds = a_day(5, 400)
    store = PlainStore(tmp_path, rules, deeds)
    store.run(len(deeds), fail=True)
    agrees(store, rules, deeds)
    store.close()


def test_killed_at_random_times(tmp_path):
    chance, seed = random.Random(3), 7
    rules, deeds = a_day(seed, 20_000)
    begun = []
    for _ in range(KILLS):
        begun.append(write_until_killed(tmp_path, seed, chance.uniform(0.2, 1.5)))
    store = PlainStore(tmp_path, rules, deeds)
    assert store.next > begun[-1] >= 0
    agrees(store, rules, deeds)
    assert store.said()
    store.close()


def write_until_killed(folder: Path, seed: int, after_s: float) -> int:
    """The deed with which it began."""
    command = [sys.executable, "-m", "tests.cache.detecting", str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        said = process.stdout.readline().split()
        assert said[0] == "open"
        threading.Timer(after_s, process.kill).start()
        process.stdout.read()
        assert process.wait(30) == -9
    return int(said[1])


def test_timers_write_only_what_is_due(tmp_path):
    rules, deeds = a_day(1, 300)
    store = PlainStore(tmp_path, rules, deeds)
    store.run(len(deeds))
    now, told, transactions = from_us(deeds[-1].known) + timedelta(hours=1), [], []

    def transact(write):
        transactions.append(now)
        group = write(now)
        store.detector.done(now)
        return group

    timers = Timers(
        store.detector, lambda rows, known: told.append((rows, known)), lambda: now, lambda _: timedelta(seconds=30)
    )
    timers.down = store.detector.down
    assert timers.run(transact) == EVERY
    assert timers.run(transact) == EVERY
    [(rows, known)] = told
    assert len(rows) > 0
    assert set(rows["what"]) <= {"raised", "cleared"}
    assert rows.schema == HAPPENED
    assert [known] == transactions == [now]
    store.close()


def test_after_an_absence_silence_begins_anew(tmp_path):
    rules, deeds = a_day(1, 300)
    store = PlainStore(tmp_path, rules, deeds)
    store.run(len(deeds))
    store.close()
    late = from_us(deeds[-1].known) + timedelta(hours=1)
    silent = [pass_time(store.detector.state, rules, to_us(late)).happened.rows()]
    assert any(each[1] == "offline" for each in silent[0])
    store = PlainStore(tmp_path, rules, deeds, begin=late, away=AWAY)
    assert "offline" not in set(store.detector.tick(late + timedelta(seconds=1))["condition"])
    store.detector.forget()
    for second_ in (3, 7):
        store.detector.due(late + timedelta(seconds=second_))
    assert "offline" in set(store.detector.tick(late + timedelta(seconds=11))["condition"])
    store.close()


def test_a_clock_set_forward_makes_nobody_silent(tmp_path):
    rules, deeds = a_day(1, 300)
    store = PlainStore(tmp_path, rules, deeds, away=timedelta(minutes=1))
    store.run(len(deeds))
    late = from_us(deeds[-1].known) + timedelta(hours=1)
    assert store.detector.due(late)
    store.detector.done(late)  # something else was written: that does not hide it
    assert store.detector.due(late)
    reads = tuple(replace(each, ts=to_us(late), known=to_us(late)) for each in deeds[0].reads)
    with store.database.transaction():
        said = store.detector.happened(store._kept(replace(deeds[0], reads=reads, known=to_us(late))), late)
    store.detector.done(late)
    assert "offline" not in set(said.filter(what="raised")["condition"])
    before = store.detector.state
    store.close()
    assert same_state(PlainStore(tmp_path, rules, deeds).detector.state, before) == []


def test_a_state_that_the_park_looks_for_no_more_is_cleared(tmp_path):
    rules, deeds = a_day(2, 300)
    store = PlainStore(tmp_path, rules, deeds)
    store.run(len(deeds))
    raised = store.detector.state.raised.copy()
    assert raised.any()
    nothing = Rules(np.full_like(rules.limit, np.nan), rules.deadband, rules.share, rules.on_us, rules.off_us)
    step = settle(store.detector.state, nothing, deeds[-1].known + 1)
    assert len(step.happened) == raised.sum()
    assert not step.happened.raised.any()
    store.close()


def test_other_chores_keep_their_pace(tmp_path):
    rules, deeds = a_day(1, 20)
    store, done = PlainStore(tmp_path, rules, deeds), []

    def chores(_transact):
        done.append(1)
        return timedelta(seconds=60)

    timers = Timers(store.detector, lambda *_: None, lambda: from_us(deeds[-1].known), chores)
    timers.run(lambda _: None)
    timers._wake = 0.0  # it has slept through its nap: nothing was written
    timers.run(lambda _: None)
    assert len(done) == 1
    timers.run(lambda _: None)
    assert len(done) == 2, "it was woken by a batch"
    timers._wake = timers._due = 0.0
    timers.run(lambda _: None)
    assert len(done) == 3
    store.close()


def test_a_source_is_down_once_it_has_been_for_a_while_and_up_at_once(tmp_path):
    rules, deeds = a_day(1, 20)
    store = PlainStore(tmp_path, rules, deeds)
    clock, told, down = Clock(), [], {"s1"}
    clock.now = from_us(deeds[-1].known)

    def transact(write):
        clock.forward(0.001)
        group = write(clock.now)
        store.detector.done(clock.now)
        return group

    timers = Timers(store.detector, lambda rows, _: told.extend(rows.rows()), clock, lambda _: EVERY)
    timers.down, timers.voices = lambda: frozenset(down), lambda: {"token": "s1"}
    timers.run(transact)
    assert told == []
    clock.forward(PATIENCE.total_seconds())
    timers.run(transact)
    timers.run(transact)
    assert [each[:3] for each in told] == [("s1", "source", "raised")]
    assert store.detector.down() == {"s1"}
    assert store.detector.voices()["token"] == "s1"
    down.clear()
    timers.run(transact)
    assert [each[:3] for each in told] == [("s1", "source", "raised"), ("s1", "source", "cleared")]
    store.close()


def test_the_watch_keeps_the_state_when_minutes_are_closed(tmp_path, small_park):
    handed = []

    def hand(name, work):
        handed.append(name)
        work()

    database = PlainStore(tmp_path, *a_day(1, 20)).database
    numbers, sources = PointNumbers(database, small_park.points["id"]), SourceNumbers(database)
    with database.transaction():
        for statement in _split((ROOT / "cache" / "schema" / "007_limits.sql").read_text("utf-8")):
            database.execute(statement)
    watch = Watch(database, small_park, numbers, sources, LimitBook(database, small_park.points), NOON)
    work, closed = [], watch.closing(hand, lambda: second(5))
    closed("settle", lambda: work.append("settle"))
    assert mark(database) == NOON
    closed("close", lambda: work.append("close"))
    assert (handed, work, mark(database)) == (["settle", "close"], ["settle", "close"], second(5))
    kept, undone = [], []
    watch.join(lambda rows, known: None, kept, undone)
    assert (len(kept), len(undone)) == (1, 2)
    database.close(shorten=False)


def test_several_steps_of_one_transaction_are_undone_together(tmp_path):
    rules, deeds = a_day(3, 300)
    store = PlainStore(tmp_path, rules, deeds)
    store.run(50)
    number = next(n for n in range(50, len(deeds)) if deeds[n].reads)
    known, before = from_us(deeds[number].known), store.detector.state
    kept = State(**{name: each.copy() if isinstance(each, np.ndarray) else each for name, each in vars(before).items()})

    def fails() -> None:
        with store.database.transaction():
            store._do(number)
            store.detector.source("s2", not before.down.get(2, (False,))[0], known)
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fails()
    assert same_state(store.detector.state, kept) != []
    store.detector.forget()
    assert same_state(store.detector.state, kept) == []
    store.run(len(deeds))
    agrees(store, rules, deeds)
    store.close()
