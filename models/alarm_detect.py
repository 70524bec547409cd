"""Alarms from readings: a fold over readings in ``known`` order, ticks between them. Pure and vectorised.

What counts (``tests/models/plain_detector.py`` says the same point by point, slowly):

- **Sample and hold in source time, point by point.** A point holds a value from the reading that told it to the next
  one. A measure that is beyond its limit from ``ts0`` on for the on-delay is raised at ``ts0 + on``, as soon as a later
  reading of the point with ``ts ≥ ts0 + on`` comes, or a tick whose time reaches it – also where that reading is back
  again: then it is raised and, once back for the off-delay, cleared. Cleared is what has been back by the deadband for
  the off-delay, by the same rule. Between limit and deadband nothing begins and what was under way ends.
- **Late and told again.** A reading that is not newer than the last one processed of its point is ignored.
- **Quality.** Bad values never count: the point goes on holding what it held, its time goes on. Uncertain ones count.
- **Rate and jump** are measured between two consecutive readings that counted (jump: raised at once). **Frozen**: the
  same value told again that long after it was told first, whatever was silent between. **Offline**: no reading for that
  long, on our own clock: ``at`` of these is the time at which we knew. A point never heard is not offline, it has not
  begun. A gap that no tick has seen is raised and cleared by the reading that ends it.
- **A source that is down** is one alarm (``SOURCE``); while it is, none of its points goes offline, and once it is up
  they have their time anew. So they have after the twin itself was away (``resume``).
- **Ticks** never take time back: one that is not later than the last does nothing. A tick goes by our clock, so it may
  be ahead of a source's: what a reading then says of earlier is counted, but no alarm is cleared before it was raised
  or raised again before it was cleared, and no two raisings of one condition and point have the same time.

**Batches do not matter.** For the same readings in the same order with the same ``known`` each, and ticks between the
same readings, ``fold`` gives the same alarms in the same order and the same state, however the readings are cut into
batches. Alarms are in the order of the readings that show them; of one reading by time, then condition (``NAMES``); of
one tick by time, then point, then condition.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.detect_latch import Candidates, Changes, Standing, Track, floors, latch, runs, still
from models.detect_lines import Lines, changed, line_up, noisy, rate
from models.detect_rules import CONDITIONS, FROZEN, JUMP, OFFLINE, RATE, SOURCE, TIMED, Rules, zones
from models.detect_state import Happened, Heard, Longs, Marks, Reals, State, Step
from models.point_state import NEVER, Limits


def fold(state: State, rules: Rules, rows: Heard) -> Happened:
    """Take readings into the state; what happened by them, in order."""
    step = judge(state, rules, rows)
    state.apply(step)
    return step.happened


def tick(state: State, rules: Rules, now: int) -> Happened:
    """Let time pass until ``now`` (microseconds, our clock); what happened by that, in order."""
    step = pass_time(state, rules, now)
    state.apply(step)
    return step.happened


def judge(state: State, rules: Rules, rows: Heard) -> Step:
    """What readings do, without doing it."""
    lines, alone = line_up(state, rows)
    loud = noisy(state, rules, lines, alone)
    if loud is None:
        return Step(Happened.none(), (lines.newest(),), frozen=(changed(state, rules, lines),))
    quiet, loud_lines = lines.take(~loud), lines.take(loud)
    happened, marks = _closely(state, rules, loud_lines)
    newest = (quiet.newest(), loud_lines.newest())
    return Step(happened, newest, (marks,), (changed(state, rules, quiet),))


class _Gathered:
    """Changes of several conditions, brought in order at the end."""

    def __init__(self, ix: NDArray[np.int32], rules: Rules) -> None:
        self._ix = ix
        self._rules = rules
        self._parts: list[tuple[int, Changes]] = []

    def add(self, condition: int, changes: Changes) -> None:
        """What one condition did."""
        if len(changes):
            self._parts.append((condition, changes))

    def happened(self) -> Happened:
        """All of it, in order."""
        if not self._parts:
            return Happened.none()
        conditions = np.repeat([each for each, _ in self._parts], [len(each) for _, each in self._parts])
        every = Changes.joined([each for _, each in self._parts])
        point = self._ix[every.of]
        # of one condition, point and time a raising stands before its clearing, as candidates come
        turn = np.arange(len(every))
        order = np.lexsort((turn, conditions, point, every.at, every.row))
        limit = self._rules.limit[conditions, point]
        unsorted = Happened(point, conditions.astype(np.int8), every.raised, every.at, every.measure, limit)
        return unsorted.take(order)


def _closely(state: State, rules: Rules, lines: Lines) -> tuple[Happened, Marks]:
    """All conditions of the points of some readings."""
    ix = lines.ix[lines.first]
    marks = state.marks(ix)
    gathered = _Gathered(ix, rules)
    track, line = _track(state, lines, ix)
    value = np.where(track.head, state.value[ix][track.of], lines.value[line])
    good = track.head | lines.good[line]
    measures = {RATE: value, JUMP: value}
    if rules.stepped:
        measures = _measures(state, lines, track, line, value, good)
    for condition in TIMED:
        limit = rules.limit[condition, ix]
        if not np.isnan(limit).all():
            _level(rules, marks, gathered, track, condition, measures.get(condition, value), limit)
    if rules.may_freeze is not None:
        _freeze(rules, marks, gathered, track, value, good)
    _silence(state, rules, marks, gathered, lines)
    return gathered.happened(), marks


def _track(state: State, lines: Lines, ix: NDArray[np.int32]) -> tuple[Track, Longs]:
    """The readings with a head before each point's own, and the line that each place stands for."""
    start = np.flatnonzero(lines.first)
    sizes = np.diff(np.append(start, len(lines))) + 1
    of = np.repeat(np.arange(len(ix)), sizes)
    head = np.zeros(len(of), bool)
    head[np.cumsum(sizes) - sizes] = True
    line = np.maximum(np.arange(len(of)) - of - 1, 0)
    ts = np.where(head, state.seen[ix][of], lines.ts[line])
    return Track(of, np.where(head, -1, lines.row[line]), ts, head), line


def _measures(
    state: State, lines: Lines, track: Track, line: Longs, value: Reals, good: NDArray[np.bool_]
) -> dict[int, Reals]:
    """How the value moved, at each place; what does not count goes on with what was."""
    ix = lines.ix[lines.first]
    ts = np.where(track.head, state.value_ts[ix][track.of], lines.value_ts[line])
    jump = np.abs(value - np.roll(value, 1))
    speed = rate(jump, ts, np.roll(ts, 1))
    of = np.maximum.accumulate(np.where(good, np.arange(len(good)), 0))
    carried = {JUMP: (jump, state.jump), RATE: (speed, state.rate)}
    return {
        condition: np.where(track.head, held[ix][track.of], measure)[of]
        for condition, (measure, held) in carried.items()
    }


def _level(
    rules: Rules, marks: Marks, gathered: _Gathered, track: Track, condition: int, measure: Reals, limit: Reals
) -> None:
    """One condition with a limit, on-delay and off-delay."""
    ix, raised, since = marks.ix, marks.raised[condition], marks.since[condition]
    zone = zones(condition, measure, limit[track.of], rules.band[condition, ix][track.of])
    zone[track.head] = np.where(since == NEVER, 0, np.where(raised, -1, 1))
    on, off = rules.on_us[condition, ix], rules.off_us[condition, ix]
    found, zone_now, begun = runs(track, zone, measure, since, on, off)
    changes, after = latch(found, Standing(raised, marks.raised_at[condition], marks.cleared_at[condition]))
    gathered.add(condition, changes)
    _keep(marks, condition, after)
    under_way = ((zone_now > 0) & ~after.raised) | ((zone_now < 0) & after.raised)
    marks.since[condition] = np.where(under_way, begun, NEVER)
    if condition in (RATE, JUMP):
        last = np.flatnonzero(np.append(track.head[1:], True))
        held = marks.rate if condition == RATE else marks.jump
        held[:] = np.where(under_way, measure[last], np.nan)


def _freeze(
    rules: Rules, marks: Marks, gathered: _Gathered, track: Track, value: Reals, good: NDArray[np.bool_]
) -> None:
    watched = rules.may_freeze[marks.ix]  # type: ignore[index]
    counts = good & watched[track.of]
    if not counts.any():
        return
    found, since = still(track.take(counts), value[counts], marks.since[FROZEN], rules.on_us[FROZEN, marks.ix])
    changes, after = latch(found, Standing(marks.raised[FROZEN], marks.raised_at[FROZEN], marks.cleared_at[FROZEN]))
    gathered.add(FROZEN, changes)
    _keep(marks, FROZEN, after)
    marks.since[FROZEN, watched] = since


def _silence(state: State, rules: Rules, marks: Marks, gathered: _Gathered, lines: Lines) -> None:
    """Who is heard is not offline; a gap that no tick has seen is raised and cleared at once."""
    of = np.cumsum(lines.first) - 1
    heard = np.where(lines.first, state.heard[lines.ix], np.roll(lines.known, 1))
    after = rules.offline_us[lines.ix]
    gap = (heard != NEVER) & (heard + after <= lines.known)
    source = np.where(lines.first, state.source[lines.ix], np.roll(lines.source, 1)).astype(np.uint16)
    covered = state.covered(source)
    if covered is not None:
        gap &= ~covered
    there = np.column_stack([gap, np.ones(len(lines), bool)]).ravel()
    found = Candidates(
        np.repeat(of, 2),
        np.tile(np.array([1, -1], np.int8), len(lines)),
        np.column_stack([np.where(gap, heard, 0) + after, lines.known]).ravel(),
        np.repeat(lines.row, 2),
        np.full(2 * len(lines), np.nan),
    )
    standing = Standing(marks.raised[OFFLINE], marks.raised_at[OFFLINE], marks.cleared_at[OFFLINE])
    changes, standing = latch(found.take(there), standing)
    gathered.add(OFFLINE, changes)
    _keep(marks, OFFLINE, standing)


def _keep(marks: Marks, condition: int, standing: Standing) -> None:
    marks.raised[condition] = standing.raised
    marks.raised_at[condition], marks.cleared_at[condition] = standing.raised_at, standing.cleared_at


def pass_time(state: State, rules: Rules, now: int) -> Step:
    """What a tick does, without doing it."""
    if now <= state.clock:
        return Step(Happened.none())
    silent = _silent(state, rules, now)
    ix = np.union1d(np.flatnonzero(state.under_way), silent).astype(np.int32)
    marks = state.marks(ix)
    gathered = _Gathered(ix, rules)
    touched = np.isin(ix, silent)
    _fall_silent(rules, state, marks, gathered, np.flatnonzero(touched))
    for condition in TIMED:
        since = marks.since[condition]
        delay = np.where(marks.raised[condition], rules.off_us[condition, ix], rules.on_us[condition, ix])
        due = np.where(since == NEVER, 0, since) + delay
        of = np.flatnonzero((since != NEVER) & (due <= now))
        _turn(state, marks, gathered, condition, of, due[of])
        touched[of] = True
    if not touched.any():
        return Step(Happened.none(), clock=now)
    return Step(gathered.happened(), marks=(marks.take(touched),), clock=now)


def _silent(state: State, rules: Rules, now: int) -> NDArray[np.int64]:
    gone = (state.heard != NEVER) & (state.heard + rules.offline_us <= now) & ~state.raised[OFFLINE]
    covered = state.covered(state.source)
    return np.flatnonzero(gone if covered is None else gone & ~covered)


def _fall_silent(rules: Rules, state: State, marks: Marks, gathered: _Gathered, of: Longs) -> None:
    ix, up = marks.ix[of], np.ones(len(of), bool)
    standing = Standing(marks.raised[OFFLINE], marks.raised_at[OFFLINE], marks.cleared_at[OFFLINE])
    at = np.maximum(state.heard[ix] + rules.offline_us[ix], floors(up, standing, of))
    gathered.add(OFFLINE, _by_tick(of, up, at, np.full(len(of), np.nan)))
    standing.raised[of], standing.raised_at[of] = up, at


def _turn(state: State, marks: Marks, gathered: _Gathered, condition: int, of: Longs, due: Longs) -> None:
    """Turn what is due: raise what is not raised, clear what is."""
    if not len(of):
        return
    standing = Standing(marks.raised[condition], marks.raised_at[condition], marks.cleared_at[condition])
    up = ~standing.raised[of]
    at = np.maximum(due, floors(up, standing, of))
    held = {RATE: marks.rate, JUMP: marks.jump}.get(condition)
    measure = (state.value[marks.ix] if held is None else held)[of]
    gathered.add(condition, _by_tick(of, up, at, measure))
    standing.raised[of] = up
    standing.raised_at[of[up]], standing.cleared_at[of[~up]] = at[up], at[~up]
    marks.since[condition, of] = NEVER
    if held is not None:
        held[of] = np.nan


def _by_tick(of: Longs, raised: NDArray[np.bool_], at: Longs, measure: Reals) -> Changes:
    return Changes(of, raised, at, np.zeros(len(of), np.int64), measure)


def retune(state: State, rules: Rules, limits: Limits, points: NDArray[np.int32], at: int) -> Step:
    """What new limits of some points do to what they hold, from ``at`` on: beyond a new limit the on-delay begins,
    back from it the off-delay; what was under way goes on where it still is; an alarm of a limit that is no more is
    cleared.

    Args:
        rules: as they were; whoever applies the step goes on with ``rules.with_limits(limits)``.
        limits: of all points.
    """
    new = rules.with_limits(limits)
    marks, gathered = state.marks(points), _Gathered(points, new)
    value = state.value[points]
    for condition in TIMED:
        limit = new.limit[condition, points]
        changed_ = ~np.equal(limit, old := rules.limit[condition, points]) & ~(np.isnan(limit) & np.isnan(old))
        zone, raised, since = (
            zones(condition, value, limit, new.band[condition, points]),
            marks.raised[condition],
            marks.since[condition],
        )
        gone = np.isnan(limit) & raised
        moving = gone | np.where(raised, zone < 0, zone > 0)
        begun = np.where(since == NEVER, at, since)
        marks.since[condition] = np.where(changed_, np.where(moving, begun, NEVER), since)
        delay = np.where(raised, new.off_us[condition, points], new.on_us[condition, points])
        due = np.where(gone, at, begun + delay)
        of = np.flatnonzero(changed_ & moving & (due <= at))
        _turn(state, marks, gathered, condition, of, due[of])
    return Step(gathered.happened(), marks=(marks,))


def settle(state: State, rules: Rules, at: int) -> Step:
    """After rules were set otherwise while the twin was away: an alarm that nothing is looked for any more is cleared,
    and what may freeze now has stood still since it was told."""
    none = np.isnan(rules.limit)
    new = ~none[FROZEN] & (state.since[FROZEN] == NEVER) & ~np.isnan(state.value)
    ix = np.flatnonzero((none & (state.raised | (state.since != NEVER))).any(axis=0) | new).astype(np.int32)
    marks, gathered = state.marks(ix), _Gathered(ix, rules)
    for condition in range(len(CONDITIONS)):
        gone = none[condition, ix]
        of = np.flatnonzero(gone & marks.raised[condition])
        _turn(state, marks, gathered, condition, of, np.full(len(of), at))
        marks.since[condition, gone] = NEVER
    marks.since[FROZEN] = np.where(new[ix], state.value_ts[ix], marks.since[FROZEN])
    marks.rate[none[RATE, ix]], marks.jump[none[JUMP, ix]] = np.nan, np.nan
    return Step(gathered.happened(), marks=(marks,))


def source_turns(state: State, source: int, down: bool, at: int) -> Step:
    """What it does that a source goes down or comes up at a time of our clock."""
    was, raised_at, cleared_at = state.down.get(source, (False, NEVER, NEVER))
    if was == down:
        return Step(Happened.none())
    if down:
        raised_at = at = max(at, cleared_at, raised_at + 1)
    else:
        cleared_at = at = max(at, raised_at)
    one = np.array([source], np.int32), np.array([SOURCE], np.int8), np.array([down]), np.array([at], np.int64)
    happened = Happened(*one, np.array([np.nan]), np.array([np.nan]))
    anew = None if down else _anew(state, state.of_sources(state.source, [source]), at)
    return Step(happened, heard=anew, source=(source, (down, raised_at, cleared_at)))


def speaks_for(voice: int, source: int) -> Step:
    """Readings under a name are those of a source, such as what comes with the token of its machine."""
    return Step(Happened.none(), voice=(voice, source))


def resume(state: State, at: int) -> Step:
    """After the twin was away nobody is offline for that: all have their time anew from ``at`` on."""
    return Step(Happened.none(), heard=_anew(state, np.ones(len(state.seen), bool), at))


def _anew(state: State, which: NDArray[np.bool_], at: int) -> tuple[NDArray[np.int32], int]:
    waiting = which & (state.heard != NEVER) & (state.heard < at) & ~state.raised[OFFLINE]
    return np.flatnonzero(waiting).astype(np.int32), at
