"""Made-up parks and days for detection, and both detectors led through them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.alarm_detect import fold, pass_time, resume, retune, source_turns, speaks_for
from models.detect_rules import CONDITIONS, HH, LL, SECOND_US, H, L, Rules, rules
from models.detect_state import Happened, Heard, State, Step
from models.point_state import Limits
from tests.models.plain_detector import PlainDetector, PlainRules, Said

START_US = 1_795_262_400 * SECOND_US  # 2026-11-21 12:00 UTC
LEVELS = {"LL": LL, "L": L, "H": H, "HH": HH}


@dataclass(frozen=True)
class Read:
    """One reading; ``ends`` a batch or not."""

    ix: int
    ts: int
    value: float
    quality: int
    source: int
    known: int
    ends: bool


Deed = Read | tuple[Any, ...]


def heard(reads: list[Read]) -> Heard:
    """Readings as the detector takes them."""
    return Heard(
        np.array([each.ix for each in reads], np.int32),
        np.array([each.ts for each in reads], np.int64),
        np.array([each.value for each in reads], np.float64),
        np.array([each.quality for each in reads], np.uint8),
        np.array([each.source for each in reads], np.uint16),
        np.array([each.known for each in reads], np.int64),
    )


def plain_rules(said: Rules) -> list[PlainRules]:
    """The same rules, point by point."""
    return [
        PlainRules(
            {name: said.limit[c, ix].item() for c, name in enumerate(CONDITIONS) if not math.isnan(said.limit[c, ix])},
            {name: said.band[c, ix].item() for c, name in enumerate(CONDITIONS)},
            bool(np.isnan(said.deadband[ix])),
            said.share[ix].item(),
            {name: said.on_us[c, ix].item() for c, name in enumerate(CONDITIONS)},
            {name: said.off_us[c, ix].item() for c, name in enumerate(CONDITIONS)},
        )
        for ix in range(said.points)
    ]


def by_plain(said: Rules, deeds: list[Deed]) -> list[Said]:
    """What the plain detector says."""
    plain = PlainDetector(plain_rules(said))
    happened: list[Said] = []
    for deed in deeds:
        if isinstance(deed, Read):
            happened += plain.read(deed.ix, deed.ts, deed.value, deed.quality, deed.source, deed.known)
        elif deed[0] == "retune":
            happened += plain.retune(dict(deed[1]), deed[2])
        else:
            happened += getattr(plain, deed[0])(*deed[1:])
    return happened


class Arrays:
    """The vectorised detector, led through the same deeds in batches."""

    def __init__(self, said: Rules) -> None:
        self.rules = said
        self.state = State.empty(said.points)
        self.happened: list[Said] = []

    def go(self, deeds: list[Deed], cut: bool = True) -> list[Said]:
        """Batches end where a reading says so, or only where something else comes between (``cut`` False)."""
        waiting: list[Read] = []
        for deed in deeds:
            if isinstance(deed, Read):
                waiting.append(deed)
                if not (cut and deed.ends):
                    continue
            if waiting:
                self._say(fold(self.state, self.rules, heard(waiting)))
                waiting = []
            if not isinstance(deed, Read):
                self._do(deed)
        if waiting:
            self._say(fold(self.state, self.rules, heard(waiting)))
        return self.happened

    def _do(self, deed: tuple[Any, ...]) -> None:
        if deed[0] == "tick":
            step = pass_time(self.state, self.rules, deed[1])
        elif deed[0] == "source_turns":
            step = source_turns(self.state, *deed[1:])
        elif deed[0] == "speaks_for":
            step = speaks_for(*deed[1:])
        elif deed[0] == "resume":
            step = resume(self.state, deed[1])
        else:
            step = self._retune(deed[1], deed[2])
        self.state.apply(step)
        self._say(step.happened)

    def _retune(self, changed: list[tuple[int, dict[str, float]]], at: int) -> Step:
        limits = self.rules.limit.copy()
        for ix, levels in changed:
            for name, condition in LEVELS.items():
                limits[condition, ix] = levels.get(name, np.nan)
        new = Limits(limits[LL], limits[L], limits[H], limits[HH])
        step = retune(self.state, self.rules, new, np.array([ix for ix, _ in changed], np.int32), at)
        self.rules = self.rules.with_limits(new)
        return step

    def _say(self, happened: Happened) -> None:
        self.happened += happened.rows()


def same(one: list[Said], other: list[Said]) -> bool:
    """Whether both say the same; no number equals no number."""
    return repr(one) == repr(other)


def same_state(one: State, other: State) -> list[str]:
    """Names of the parts in which two states differ."""
    return [
        name
        for name, mine in vars(one).items()
        if not (
            np.array_equal(mine, vars(other)[name], equal_nan=mine.dtype.kind == "f")
            if isinstance(mine, np.ndarray)
            else mine == vars(other)[name]
        )
    ]


def some_rules(chance: np.random.Generator, points: int) -> Rules:
    """Rules of points, each with some of the conditions, and delays that readings often meet exactly."""

    def mostly(values: list[float]) -> np.ndarray:
        return np.where(chance.random(points) < 0.3, np.nan, chance.choice(values, points))

    limits = Limits(mostly([-2.0, 0.0]), mostly([1.0, 2.0]), mostly([8.0, 9.0]), mostly([10.0, 12.0]))
    return rules(
        limits,
        deadband=chance.choice([0.0, 0.5, 1.0, np.nan], points),
        share=0.125,
        on_s=chance.choice([0.0, 1.0, 2.0, 5.0], points),
        off_s=chance.choice([0.0, 1.0, 3.0], points),
        rate=mostly([2.0, 5.0]),
        jump=mostly([4.0, 7.0]),
        frozen_s=mostly([3.0, 6.0]),
        offline_s=mostly([4.0, 10.0]),
    )


def some_deeds(chance: np.random.Generator, points: int, count: int) -> list[Deed]:
    """A day: signals that wander and stand still, gaps, readings told again or late, bad ones, ticks by a clock that
    jumps back an hour, sources that go down, limits that change, the twin away."""
    deeds: list[Deed] = []
    known = clock = START_US
    ts = np.full(points, START_US)
    value = chance.choice([5.0, 8.5, 1.5], points)
    for _ in range(count):
        known += int(chance.choice([0, 0, 1, 2, 20])) * SECOND_US // 2
        ix = int(chance.integers(points))
        kind = chance.random()
        if kind < 0.86:
            step = int(chance.choice([-5, -1, 0, 1, 1, 1, 2, 3, 10])) * SECOND_US // int(chance.choice([1, 2]))
            told = int(ts[ix]) + step
            ts[ix] = max(told, ts[ix])
            if chance.random() < 0.6:
                value[ix] = np.round(value[ix] + chance.choice([-5, -1, -0.5, 0.5, 1, 5]), 1)
                value[ix] = min(max(value[ix], -4.0), 14.0)
            said = float(chance.choice([value[ix], np.nan, np.inf], p=[0.98, 0.01, 0.01]))
            quality = int(chance.choice([0, 1, 2], p=[0.75, 0.1, 0.15]))
            deeds.append(Read(ix, told, said, quality, int(chance.integers(3)), known, bool(chance.random() < 0.3)))
        elif kind < 0.95:
            clock += (
                int(chance.choice([1, 1, 2, 4, 8, -3600, 3600], p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05])) * SECOND_US
            )
            now = int(chance.choice([clock, known, int(ts.max()), int(ts.max()) + 5 * SECOND_US]))
            deeds.append(("tick", now))
        elif kind < 0.97:
            deeds.append(("source_turns", int(chance.integers(3)), bool(chance.random() < 0.5), known))
        elif kind < 0.973:
            deeds.append(("speaks_for", *(int(each) for each in chance.choice(3, 2, replace=False))))
        elif kind < 0.975:
            deeds.append(("resume", known))
        else:
            levels = {"LL": -1.0, "L": 1.5, "H": 8.5, "HH": 11.0}
            kept = {name: each for name, each in levels.items() if chance.random() < 0.7}
            deeds.append(("retune", [(ix, kept)], int(chance.choice([known, int(ts[ix])]))))
    return deeds
