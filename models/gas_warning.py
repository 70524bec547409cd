"""Which level a gas warning has (R-GAS-3), out of when which point was beyond which limit.

Each row of the rule holds over stretches of time; a stretch says which level it demands. So the level that the inputs
demand at a moment is the highest of the stretches that hold, and the level of the warning is the highest of those that
held within the time that the value must stay below (it rises at once and falls late). Both are functions of the whole
history: told again, or in another order, it gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from twin.level import RANK
from twin.moment import Moment
from twin.warning_settings import WarningSettings

FIRST, SECOND = "H", "HH"
Near = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Excess:
    """A point is beyond its first (``H``) or second limit (``HH``): one alarm of the ledger. ``ended`` None: still;
    ``known``: when the ledger heard of it."""

    alarm: str
    point: str
    kind: str
    begun: Moment
    ended: Moment | None = None
    known: Moment | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something was so; ``ended`` None: still."""

    begun: Moment
    ended: Moment | None = None

    def holds(self, at: Moment) -> bool:
        """Whether it is so at a moment."""
        return self.begun <= at and (self.ended is None or at < self.ended)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when the inputs demand a level, and by which row of the rule."""

    level: str
    why: str
    begun: Moment
    ended: Moment | None


def stretches(excesses: Iterable[Excess], near: Near, exposed: Sequence[Span], rules: WarningSettings) -> list[Stretch]:
    """Every stretch of a warning's history.

    Args:
        excesses: of all its points, in any order.
        near: whether two points are neighbours.
        exposed: when the second limit of a toxic gas was passed with people downwind.
        rules: the times and counts.
    """
    every = sorted(excesses, key=lambda each: (each.begun, each.alarm))
    beyond, second = _by_point(every), _by_point(each for each in every if each.kind == SECOND)
    found = chain(
        _of_one("blue", "first", beyond),
        _lasting("yellow", "lasting", beyond, rules),
        _repeated(beyond, rules),
        _of_one("orange", "second", second),
        _together("orange", "neighbours", beyond, near),
        _lasting("red", "second_lasting", second, rules),
        _together("red", "second_points", second, lambda one, other: True),
        (Stretch("red", "downwind", each.begun, each.ended) for each in exposed),
    )
    return sorted(found, key=lambda each: (each.begun, RANK[each.level]))


def demanded(found: Sequence[Stretch], at: Moment) -> Stretch | None:
    """The highest stretch that holds at a moment; of equal ones the earliest."""
    return _highest(each for each in found if each.begun <= at and (each.ended is None or at < each.ended))


def level_at(found: Sequence[Stretch], at: Moment, rules: WarningSettings) -> Stretch | None:
    """What the warning's level comes from: the highest stretch that holds or has held within the time that the value
    must stay below; None: it may fall to nothing."""
    calm = rules.calm
    return _highest(each for each in found if each.begun <= at and (each.ended is None or at < each.ended + calm))


def next_change(found: Sequence[Stretch], at: Moment, rules: WarningSettings) -> Moment | None:
    """When the level may change next if nothing else becomes known; None: never."""
    ahead = chain(
        (each.begun for each in found if each.begun > at),
        (each.ended + rules.calm for each in found if each.ended is not None),
    )
    return min((each for each in ahead if each > at), default=None)


def episodes(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch joined into one."""
    joined: list[Span] = []
    for each in sorted(spans, key=lambda span: span.begun):
        last = joined[-1] if joined else None
        if last is None or (last.ended is not None and last.ended < each.begun):
            joined.append(each)
        elif last.ended is not None:
            joined[-1] = Span(last.begun, None if each.ended is None else max(last.ended, each.ended))
    return joined


def _highest(found: Iterable[Stretch]) -> Stretch | None:
    return max(found, key=lambda each: (RANK[each.level], -each.begun.timestamp()), default=None)


def _by_point(excesses: Iterable[Excess]) -> dict[str, list[Span]]:
    """When each point was beyond its limit: an excess of the second one is part of that of the first."""
    spans: dict[str, list[Span]] = {}
    for each in excesses:
        spans.setdefault(each.point, []).append(Span(each.begun, each.ended))
    return {point: episodes(each) for point, each in spans.items()}


def _of_one(level: str, why: str, points: dict[str, list[Span]]) -> Iterator[Stretch]:
    return (Stretch(level, why, each.begun, each.ended) for spans in points.values() for each in spans)


def _lasting(level: str, why: str, points: dict[str, list[Span]], rules: WarningSettings) -> Iterator[Stretch]:
    """From the moment on at which it has lasted long enough."""
    least = rules.lasting if why == "lasting" else rules.second_lasting
    for each in chain.from_iterable(points.values()):
        begun = each.begun + least
        if each.ended is None or each.ended > begun:
            yield Stretch(level, why, begun, each.ended)


def _repeated(points: dict[str, list[Span]], rules: WarningSettings) -> Iterator[Stretch]:
    """One point so often within the time."""
    for spans in points.values():
        for first, last in zip(spans, spans[rules.repeats - 1 :], strict=False):
            if last.begun - first.begun <= rules.repeats_within:
                yield Stretch("yellow", "repeated", last.begun, last.ended)


def _together(level: str, why: str, points: dict[str, list[Span]], near: Near) -> Iterator[Stretch]:
    """Two points at the same time; as soon as one such stretch lasts, no later one says more."""
    ordered = sorted(
        ((span, point) for point, spans in points.items() for span in spans), key=lambda each: (each[0].begun, each[1])
    )
    running: list[tuple[Span, str]] = []
    for span, point in ordered:
        running = [each for each in running if each[0].ended is None or each[0].ended > span.begun]
        ends = [_earlier(span.ended, other.ended) for other, of in running if of != point and near(point, of)]
        if ends:
            last = None if None in ends else max(each for each in ends if each is not None)
            yield Stretch(level, why, span.begun, last)
            if last is None:
                return
        running.append((span, point))


def _earlier(one: Moment | None, other: Moment | None) -> Moment | None:
    return one if other is None else other if one is None else min(one, other)
