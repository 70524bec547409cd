"""What detection remembers of points and sources, and what a step of it changes. Arrays over points, times in
microseconds (UTC), ``NEVER`` for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.detect_rules import CONDITIONS, FROZEN, NAMES, TIMED
from models.point_state import NEVER
from twin.columns import Columns

Longs = NDArray[np.int64]
Truths = NDArray[np.bool_]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Heard(Columns):
    """Readings in the order in which they became known; ``ix`` is the point's place in the arrays, ``source`` a
    number. A value that is no finite number counts as bad."""

    ix: NDArray[np.int32]
    ts: Longs
    value: Reals
    quality: NDArray[np.uint8]
    source: NDArray[np.uint16]
    known: Longs


@dataclass(frozen=True)
class Happened(Columns):
    """Alarms raised and cleared, in the order in which they happened. ``subject`` is a point, of the condition
    ``SOURCE`` a source's number."""

    subject: NDArray[np.int32]
    condition: NDArray[np.int8]
    raised: Truths
    at: Longs
    value: Reals
    limit: Reals

    @classmethod
    def none(cls) -> Happened:
        """Nothing."""
        return cls(
            np.empty(0, np.int32),
            np.empty(0, np.int8),
            np.empty(0, bool),
            np.empty(0, np.int64),
            np.empty(0),
            np.empty(0),
        )

    def rows(self) -> list[tuple[int, str, str, int, float, float]]:
        """As plain rows with the condition's name and ``raised`` or ``cleared``; for tests and people."""
        what = ("cleared", "raised")
        columns = (self.subject, self.condition, self.raised, self.at, self.value, self.limit)
        return [
            (p, NAMES[c], what[r], t, v, x) for p, c, r, t, v, x in zip(*(e.tolist() for e in columns), strict=True)
        ]


@dataclass(frozen=True)
class Newest(Columns):
    """What the last reading of each point says; ``value`` and ``value_ts`` are of the last one that counted."""

    ix: NDArray[np.int32]
    ts: Longs
    known: Longs
    value: Reals
    value_ts: Longs
    source: NDArray[np.uint16]


@dataclass(frozen=True)
class Marks:
    """How the conditions of some points stand: columns are points, rows conditions.

    ``since`` is when the measure went beyond its limit (not raised), or came back (raised); of what may freeze, when
    the value last became another. ``rate`` and ``jump`` are the last measures, kept while ``since`` is."""

    ix: NDArray[np.int32]
    raised: Truths
    since: Longs
    raised_at: Longs
    cleared_at: Longs
    rate: Reals
    jump: Reals

    def take(self, which: Truths) -> Marks:
        """Those of some of the points."""
        raised, since = self.raised[:, which], self.since[:, which]
        raised_at, cleared_at = self.raised_at[:, which], self.cleared_at[:, which]
        return Marks(self.ix[which], raised, since, raised_at, cleared_at, self.rate[which], self.jump[which])


@dataclass(frozen=True)
class Step:
    """What one step makes of a state: the alarms, and all that changes. Nothing of the state is touched before
    ``State.apply``, so that a step whose transaction fails leaves no trace."""

    happened: Happened = field(default_factory=lambda: Happened.none())
    newest: tuple[Newest, ...] = ()
    marks: tuple[Marks, ...] = ()
    frozen: tuple[tuple[NDArray[np.int32], Longs], ...] = ()  # points and since when their values are what they are
    heard: tuple[NDArray[np.int32], int] | None = None  # points that count as heard at a time
    clock: int | None = None
    source: tuple[int, tuple[bool, int, int]] | None = None
    voice: tuple[int, int] | None = None  # a name that readings come under, and the source that it speaks for
    settled: bool = False  # the first step after the twin was away


@dataclass
class State:
    """Everything that detection knows. ``down`` has by source: whether it is down, when that was raised and cleared
    last; ``voices`` by a name that readings come under: the source that it speaks for, where that is another one."""

    seen: Longs  # source time of the last reading that was not late
    heard: Longs  # when that reading became known
    value: Reals  # of the last reading that counted
    value_ts: Longs
    source: NDArray[np.uint16]  # that the last reading came from
    raised: Truths
    since: Longs
    raised_at: Longs
    cleared_at: Longs
    rate: Reals
    jump: Reals
    busy: Truths  # by point: a condition is raised or under way
    under_way: Truths  # by point: time alone may raise or clear something
    clock: int = NEVER  # of the last tick
    down: Mapping[int, tuple[bool, int, int]] = field(default_factory=dict)
    voices: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def empty(cls, points: int) -> State:
        """Nothing known of any point."""
        wide = (len(CONDITIONS), points)
        return cls(
            seen=np.full(points, NEVER),
            heard=np.full(points, NEVER),
            value=np.full(points, np.nan),
            value_ts=np.full(points, NEVER),
            source=np.zeros(points, np.uint16),
            raised=np.zeros(wide, bool),
            since=np.full(wide, NEVER),
            raised_at=np.full(wide, NEVER),
            cleared_at=np.full(wide, NEVER),
            rate=np.full(points, np.nan),
            jump=np.full(points, np.nan),
            busy=np.zeros(points, bool),
            under_way=np.zeros(points, bool),
        )

    def marks(self, ix: NDArray[np.int32]) -> Marks:
        """How the conditions of some points stand; arrays of its own."""
        raised, since = self.raised[:, ix], self.since[:, ix]
        return Marks(ix, raised, since, self.raised_at[:, ix], self.cleared_at[:, ix], self.rate[ix], self.jump[ix])

    def apply(self, step: Step) -> None:
        """Take over what a step has made."""
        for each in step.newest:
            self.seen[each.ix], self.heard[each.ix] = each.ts, each.known
            self.value[each.ix], self.value_ts[each.ix] = each.value, each.value_ts
            self.source[each.ix] = each.source
        for ix, since in step.frozen:
            self.since[FROZEN, ix] = since
        for marks in step.marks:
            self._lay(marks)
        if step.heard is not None:
            self.heard[step.heard[0]] = step.heard[1]
        if step.clock is not None:
            self.clock = step.clock
        if step.source is not None:
            self.down = {**self.down, step.source[0]: step.source[1]}
        if step.voice is not None:
            self.voices = {**self.voices, step.voice[0]: step.voice[1]}

    def _lay(self, marks: Marks) -> None:
        ix, timed = marks.ix, list(TIMED)
        self.raised[:, ix], self.since[:, ix] = marks.raised, marks.since
        self.raised_at[:, ix], self.cleared_at[:, ix] = marks.raised_at, marks.cleared_at
        self.rate[ix], self.jump[ix] = marks.rate, marks.jump
        self.under_way[ix] = under_way = (marks.since[timed] != NEVER).any(axis=0)
        self.busy[ix] = marks.raised.any(axis=0) | under_way

    def covered(self, source: NDArray[np.uint16]) -> Truths | None:
        """Which of these sources are down; None where no source is."""
        numbers = [number for number, (down, _, _) in self.down.items() if down]
        return self.of_sources(source, numbers) if numbers else None

    def of_sources(self, source: NDArray[np.uint16], numbers: list[int]) -> Truths:
        """Which are some sources, or speak for one of them."""
        speaking = [voice for voice, number in self.voices.items() if number in numbers]
        return np.isin(source, numbers + speaking)
