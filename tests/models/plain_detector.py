"""Detection said plainly: one small object a point, one reading after another. Slow, and obviously right, we hope."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from models.detect_rules import CONDITIONS, TIMED

BAD = 2
LEVELS = ("L", "LL", "H", "HH")
Said = tuple[int, str, str, int, float, float]  # subject, condition, raised or cleared, at, value, limit


@dataclass
class PlainRules:
    """What is looked for at one point; limits by name of the condition, none where it is not there."""

    limits: dict[str, float]
    deadbands: dict[str, float]
    by_share: bool  # the deadband of a level is a share of its limit
    share: float
    on_us: dict[str, int] = field(default_factory=dict)
    off_us: dict[str, int] = field(default_factory=dict)

    def with_levels(self, levels: dict[str, float]) -> PlainRules:
        """Other limits of the value; a deadband that was a share of the limit is one of the new limit."""
        others = {name: each for name, each in self.limits.items() if name not in LEVELS}
        deadbands = dict(self.deadbands)
        if self.by_share:
            deadbands |= {name: abs(limit) * self.share for name, limit in levels.items()}
        return replace(self, limits=others | levels, deadbands=deadbands)

    def beyond(self, name: str, measure: float) -> bool:
        limit = self.limits[name]
        return measure < limit if name in ("L", "LL") else measure > limit

    def back(self, name: str, measure: float) -> bool:
        limit = self.limits[name]
        if name in ("L", "LL"):
            return measure >= limit + self.deadbands[name]
        return measure <= limit - self.deadbands[name]


@dataclass
class PlainAlarm:
    """One condition at one point."""

    raised: bool = False
    since: int | None = None  # beyond the limit, or when raised back from it
    raised_at: int | None = None
    cleared_at: int | None = None

    def turn(self, at: int) -> tuple[str, int]:
        """Raise it or clear it; what that is called, and when it was."""
        self.since = None
        if self.raised:
            self.raised = False
            self.cleared_at = max(at, self.raised_at)
            return "cleared", self.cleared_at
        self.raised = True
        earliest = [] if self.raised_at is None else [self.raised_at + 1]
        earliest += [] if self.cleared_at is None else [self.cleared_at]
        self.raised_at = max([at, *earliest])
        return "raised", self.raised_at


class PlainPoint:
    """One point."""

    def __init__(self, ix: int, rules: PlainRules) -> None:
        self.ix = ix
        self.rules = rules
        self.seen: int | None = None
        self.heard: int | None = None
        self.source = 0
        self.value: float | None = None
        self.value_ts = 0
        self.same_since = 0
        self.measures: dict[str, float] = {}
        self.alarms = {name: PlainAlarm() for name in CONDITIONS}
        self.timed = [CONDITIONS[each] for each in TIMED if CONDITIONS[each] in rules.limits]

    def read(self, ts: int, value: float, quality: int, source: int, known: int, covered: bool) -> list[Said]:
        """One reading."""
        if self.seen is not None and ts <= self.seen:
            return []
        said = self._is_heard(known, covered)
        said += self._reach(ts)
        if quality != BAD and math.isfinite(value):
            self._measure(ts, value)
            said += self._look(ts)
            said += self._stands_still(ts, value)
        self.seen, self.heard, self.source = ts, known, source
        return in_order(said)

    def tick(self, now: int, covered: bool) -> list[Said]:
        """Time passes."""
        said = []
        limit = self.rules.limits.get("offline")
        alarm = self.alarms["offline"]
        if limit is not None and self.heard is not None and not alarm.raised and not covered:
            due = self.heard + self.rules.on_us["offline"]
            if due <= now:
                said.append(self._turn("offline", due))
        return said + self._reach(now)

    def _reach(self, time: int) -> list[Said]:
        """What is due by a time, with the value that is held until then."""
        said = []
        for name in self.timed:
            alarm = self.alarms[name]
            if alarm.since is not None:
                due = alarm.since + (self.rules.off_us if alarm.raised else self.rules.on_us)[name]
                if due <= time:
                    said.append(self._turn(name, due))
        return said

    def _measure(self, ts: int, value: float) -> None:
        if self.value is not None:
            jump = abs(value - self.value)
            self.measures |= {"jump": jump, "rate": jump / ((ts - self.value_ts) / 1_000_000)}
        self.measures |= dict.fromkeys(LEVELS, value)

    def _look(self, ts: int) -> list[Said]:
        """Where each measure lies now."""
        said = []
        for name in self.timed:
            alarm, measure = self.alarms[name], self.measures.get(name)
            if measure is None:
                continue
            moving = self.rules.back(name, measure) if alarm.raised else self.rules.beyond(name, measure)
            if not moving:
                alarm.since = None
            elif alarm.since is None:
                alarm.since = ts
                if (self.rules.off_us if alarm.raised else self.rules.on_us)[name] == 0:
                    said.append(self._turn(name, ts))
        return said

    def _stands_still(self, ts: int, value: float) -> list[Said]:
        said = []
        if "frozen" in self.rules.limits:
            alarm = self.alarms["frozen"]
            if value != self.value:
                self.same_since = ts
                if alarm.raised:
                    said.append(self._turn("frozen", ts, value))
            elif not alarm.raised and ts >= self.same_since + self.rules.on_us["frozen"]:
                said.append(self._turn("frozen", self.same_since + self.rules.on_us["frozen"], value))
        self.value, self.value_ts = value, ts
        return said

    def _is_heard(self, known: int, covered: bool) -> list[Said]:
        said, alarm = [], self.alarms["offline"]
        if "offline" not in self.rules.limits or self.heard is None:
            return said
        due = self.heard + self.rules.on_us["offline"]
        if not alarm.raised and due <= known and not covered:
            said.append(self._turn("offline", due))
        if alarm.raised:
            said.append(self._turn("offline", known))
        return said

    def retune(self, limits: dict[str, float], at: int) -> list[Said]:
        """Limits of the value are changed."""
        old, self.rules = self.rules, self.rules.with_levels(limits)
        self.timed = [CONDITIONS[each] for each in TIMED if CONDITIONS[each] in self.rules.limits]
        said = []
        for name in LEVELS:
            if old.limits.get(name) != self.rules.limits.get(name):
                said += self._retuned(name, at)
        return in_order(said)

    def _retuned(self, name: str, at: int) -> list[Said]:
        alarm, measure = self.alarms[name], self.measures.get(name)
        if name not in self.rules.limits:
            alarm.since = None
            return [self._turn(name, at)] if alarm.raised else []
        moving = measure is not None and (
            self.rules.back(name, measure) if alarm.raised else self.rules.beyond(name, measure)
        )
        if not moving:
            alarm.since = None
            return []
        alarm.since = at if alarm.since is None else alarm.since
        due = alarm.since + (self.rules.off_us if alarm.raised else self.rules.on_us)[name]
        return [self._turn(name, due)] if due <= at else []

    def _turn(self, name: str, at: int, value: float = math.nan) -> Said:
        what, when = self.alarms[name].turn(at)
        return self.ix, name, what, when, self.measures.get(name, value), self.rules.limits.get(name, math.nan)


def in_order(said: list[Said]) -> list[Said]:
    """By time, then condition."""
    return sorted(said, key=lambda each: (each[3], CONDITIONS.index(each[1])))


class PlainDetector:
    """All points and sources."""

    def __init__(self, rules: list[PlainRules]) -> None:
        self.points = [PlainPoint(ix, each) for ix, each in enumerate(rules)]
        self.clock: int | None = None
        self.sources: dict[int, PlainAlarm] = {}
        self.voices: dict[int, int] = {}

    def covered(self, point: PlainPoint) -> bool:
        return any(alarm.raised for name, alarm in self.sources.items() if self.is_of(point, name))

    def is_of(self, point: PlainPoint, source: int) -> bool:
        return source in (point.source, self.voices.get(point.source))

    def speaks_for(self, voice: int, source: int) -> list[Said]:
        self.voices[voice] = source
        return []

    def read(self, ix: int, ts: int, value: float, quality: int, source: int, known: int) -> list[Said]:
        point = self.points[ix]
        return point.read(ts, value, quality, source, known, self.covered(point))

    def tick(self, now: int) -> list[Said]:
        if self.clock is not None and now <= self.clock:
            return []
        self.clock = now
        said = [each for point in self.points for each in point.tick(now, self.covered(point))]
        return sorted(said, key=lambda each: (each[3], each[0], CONDITIONS.index(each[1])))

    def source_turns(self, source: int, down: bool, at: int) -> list[Said]:
        alarm = self.sources.setdefault(source, PlainAlarm())
        if alarm.raised == down:
            return []
        what, when = alarm.turn(at)
        if not down:
            self._anew([each for each in self.points if self.is_of(each, source)], when)
        return [(source, "source", what, when, math.nan, math.nan)]

    def resume(self, at: int) -> list[Said]:
        self._anew(self.points, at)
        return []

    def retune(self, changed: dict[int, dict[str, float]], at: int) -> list[Said]:
        said = [each for ix, limits in changed.items() for each in self.points[ix].retune(limits, at)]
        return sorted(said, key=lambda each: (each[3], each[0], CONDITIONS.index(each[1])))

    @staticmethod
    def _anew(points: list[PlainPoint], at: int) -> None:
        for each in points:
            if each.heard is not None and each.heard < at and not each.alarms["offline"].raised:
                each.heard = at
