"""The state of a moment: pushed live, asked later, and told plainly, it is the same."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache.store import Store
from tests.cache.batches import Clock, quick, readings, second
from twin.moment import Moment

POINTS = ("LW1-T1-LEVEL", "LW1-T1-TEMP", "LW1-U1-GC1")
LEVEL = POINTS[0]
LATEST = 125  # seconds

# how long nothing comes after a commit: not at all, until its minute is closed, until its five minutes are settled
pause = st.sampled_from([0, 0, 90, 400])
# few points, times and values, so that duplicates, corrections and disorder are the rule
# … in three minutes, most of them in one
times = st.integers(0, 6) | st.sampled_from([59, 60, 61, LATEST])
reading = st.tuples(st.sampled_from(POINTS), times, st.sampled_from([0.0, -0.0, 1.0, 60.0]))
batch = st.lists(reading, min_size=0, max_size=8)
commit = st.lists(batch, min_size=1, max_size=3)
history = st.lists(commit, min_size=1, max_size=6)


@dataclass
class Plain:
    """The same rules told one reading at a time."""

    kept: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    newest: dict[str, tuple[int, float, int]] = field(default_factory=dict)  # ts, value, changed
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("accepted", "duplicates", "late", "corrections"), 0)
    )

    def add(self, point: str, ts: int, value: float) -> None:
        values = self.kept.setdefault((point, ts), [])
        if value in values:
            self.counts["duplicates"] += 1
            return
        self.counts["accepted"] += 1
        newest = self.newest.get(point)
        if values:
            self.counts["corrections"] += 1
        elif newest and ts < newest[0]:
            self.counts["late"] += 1
        values.append(value)
        if newest is None or ts >= newest[0]:
            changed = ts if newest is None or newest[1] != value else newest[2]
            self.newest[point] = (ts, value, changed)

    def state(self) -> dict[str, tuple[Moment, float, Moment]]:
        return {point: (second(ts), value, second(changed)) for point, (ts, value, changed) in self.newest.items()}

    def by_now(self, at: int) -> dict[str, tuple[Moment, float]]:
        """The newest reading stamped until a second, with what came later."""
        found: dict[str, tuple[Moment, float]] = {}
        for (point, ts), values in sorted(self.kept.items(), key=lambda each: each[0][1]):
            if ts <= at:
                found[point] = (second(ts), values[-1])
        return found

    def values(self, point: str) -> list[float]:
        return [values[-1] for (name, _), values in sorted(self.kept.items()) if name == point]


def one_by_one(store: Store, at: Moment, frame: pl.DataFrame, knowledge: str = "known") -> None:
    """Each point's row, asked alone, is the frame's."""
    for ix in range(len(frame)):  # some have never said anything
        assert store.point(at, ix, knowledge) == frame.row(ix, named=True)


def told(frame: pl.DataFrame) -> dict[str, tuple[Moment, float, Moment]]:
    """The points that have data."""
    rows = frame.filter(pl.col("ts").is_not_null()).select("id", "ts", "value", "changed").rows()
    return {id: (ts, value, changed) for id, ts, value, changed in rows}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    commits=history,
    snapshot_s=st.sampled_from([0.0, 2.0, 1e9]),
    reopen=st.booleans(),
    pauses=st.lists(pause, min_size=6, max_size=6),
)
def test_state_and_history_are_those_of_the_plain_telling(template, small_park, commits, snapshot_s, reopen, pauses):
    plain, clock, taken = Plain(), Clock(), []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        store = Store.open(Path(folder), small_park, settings=quick(snapshot_s=snapshot_s), clock=clock)
        for each, wait_s in zip(commits, pauses, strict=False):
            answers = [future.result() for future in [store.submit(readings(*rows)) for rows in each]]
            for row in (row for rows in each for row in rows):
                plain.add(*row)
            clock.forward(1)
            at = store.tick()
            taken.append((at, store.state(at), plain.state(), {name: plain.values(name) for name in POINTS}))
            assert told(taken[-1][1]) == plain.state()
            clock.forward(wait_s)
            store.tidy()
            assert all(answer.known <= at for answer in answers)
        assert store.stats()["readings"] == plain.counts["accepted"]
        if reopen:
            store.close()
            store = Store.open(Path(folder), small_park, settings=quick(), clock=clock)
            assert told(store.state(store.tick())) == plain.state()
        store._states._frames.clear()
        store._present._frozen.clear()
        for at, live, state, values in taken:
            again = store.state(at)
            assert told(again) == state
            assert again.equals(live)
            one_by_one(store, at, again)
            for name in POINTS:
                assert store.history(name, second(0), second(LATEST), at=at)["value"] == values[name]
        for at, _, _, _ in taken:
            until = min(LATEST, (at - second(0)).total_seconds())
            newest = told(by_now := store.state(at, knowledge="latest"))
            one_by_one(store, at, by_now, "latest")
            assert {point: row[:2] for point, row in newest.items()} == plain.by_now(int(until))
        store.close()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(reading, max_size=20), cuts=st.lists(st.integers(0, 20), max_size=4))
def test_how_batches_are_cut_does_not_matter(template, small_park, rows, cuts):
    plain = Plain()
    for row in rows:
        plain.add(*row)
    edges = [0, *sorted(each for each in cuts if each < len(rows)), len(rows)]
    parts = [rows[first:last] for first, last in itertools.pairwise(edges)]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        store = Store.open(Path(folder), small_park, settings=quick(), clock=Clock())
        answers = [store.append(readings(*part)) for part in parts]
        counts = {name: sum(getattr(each, name) for each in answers) for name in plain.counts}
        assert counts == plain.counts
        assert told(store.state(store.tick())) == plain.state()
        store.close()


def test_a_moment_before_the_first_data_knows_nothing(store):
    store.append(readings((LEVEL, -1, 5.0)))
    assert store.state(second(-3600))["status"].unique().to_list() == ["nodata"]


def test_what_was_known_does_not_change_with_what_is_learned_later(store, clock):
    store.append(readings((LEVEL, -1, 5.0)))
    at = store.tick()
    clock.forward(10)
    store.append(readings((LEVEL, -1, 9.9), (LEVEL, 3, 6.0)))
    assert told(store.state(at))[LEVEL] == (second(-1), 5.0, second(-1))


def test_a_tick_shows_all_commits_up_to_it_and_none_after(opened):
    store = opened(quick(group_s=0.001))
    futures = [store.submit(readings((LEVEL, each, float(each)))) for each in range(200)]
    seen = []
    while not all(each.done() for each in futures):
        at = store.tick()
        seen.append((at, store.state(at)["value"][0]))
    for at, value in seen:
        known = [index for index, each in enumerate(futures) if each.result().known <= at]
        assert value == (float(known[-1]) if known else None)


def test_states_of_ticks_can_be_asked_in_any_order(store, clock):
    ticks = []
    for each in range(20):
        store.append(readings((LEVEL, each, float(each))))
        clock.forward(1)
        ticks.append(store.tick())
    values = [store.state(at)["value"][0] for at in (*ticks, *reversed(ticks))]
    assert values == [*map(float, range(20)), *map(float, reversed(range(20)))]


def test_when_a_value_changed_is_told_by_what_it_was_corrected_to(opened, clock):
    store = opened(quick(snapshot_s=1e9))
    for ts, value in ((1, 1.0), (2, 1.0), (2, 2.0), (3, 2.0)):
        store.append(readings((LEVEL, ts, value)))
    at = store.tick()
    clock.forward(120)
    store.tidy()
    store._present._frozen.clear()
    assert told(store.state(at))[LEVEL] == (second(3), 2.0, second(2))


def test_a_snapshot_is_taken_just_after_a_minute(opened, clock):
    store = opened(quick(snapshot_s=60.0))
    for each in range(70, 260, 7):
        clock.now = second(each)
        store.append(readings((LEVEL, each, float(each))))
    taken = store._database.query("SELECT DISTINCT known FROM snapshot ORDER BY known")["known"]
    assert [(each - second(0)).total_seconds() // 1 for each in taken[1:]] == [126, 182, 245]
