"""Detection in the writer's transactions: readings as they are kept, ticks, sources that go down, new limits.

Each method is called inside the transaction in which its alarms are written, and ``done`` once that is durable; what a
failed transaction did is forgotten. Only the writer's thread calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from cache.database import Database
from cache.detection_kept import Noted, keep, load, mark, note, noted, readings
from cache.history.ring import Kept
from cache.numbers import PointNumbers, SourceNumbers
from models.alarm_detect import fold, judge, pass_time, resume, retune, settle, source_turns, speaks_for
from models.detect_rules import NAMES, SOURCE, Rules
from models.detect_state import Happened, Heard, State, Step
from models.point_state import Limits
from twin.alarm import HAPPENED
from twin.moment import EPOCH, Moment, from_us, to_us
from twin.reading import UTC_US

_MICROSECOND = timedelta(microseconds=1)
AWAY = timedelta(seconds=5)  # not there for longer, or its clock set forward: whatever was silent then begins anew
LimitsAt = Callable[[Moment], Limits]  # limits of all points that count at a moment


class Detector:
    """The state of detection over one open database; opened before the history, which lets go of readings."""

    def __init__(
        self,
        database: Database,
        numbers: PointNumbers,
        sources: SourceNumbers,
        rules: Callable[[Limits], Rules],
        limits_at: LimitsAt,
        known: Moment | None,
        away: timedelta = AWAY,
    ) -> None:
        """Find the state again.

        Args:
            rules: what the park looks for, with given limits.
            known: of the last commit in the file; None where there is none.
            away: a longer gap between two moments at which it was there is nobody's silence.
        """
        self._database = database
        self._numbers = numbers
        self._sources = sources
        self._rules_with = rules
        self._limits_at = limits_at
        self._there = known or EPOCH  # when it was there last
        self._away = away
        self._waiting: tuple[Step, Rules] | None = None
        self._ahead = False  # the state has what is not durable yet
        self._told: Moment | None = None  # of the readings of this transaction
        self._begun = False
        self._looked = False  # this transaction has looked whether the twin was away
        self._load()
        with database.transaction():
            keep(database, self.state, numbers, self._there)

    def happened(self, kept: Kept, known: Moment) -> pl.DataFrame:
        """Readings of a group (``ix`` is the point's lasting number), in order of arrival; what happened by them, in
        order (``HAPPENED``)."""
        before = self._begin(known)
        self._go_on()
        self._told = known
        said = self._wait(judge(self.state, self._rules, self._heard(kept)), self._rules)
        return said if before is None else pl.concat([before, said])

    def due(self, now: Moment) -> bool:
        """Whether a tick would do anything. To be asked twice a second; writes nothing."""
        if self._to_begin(now) is not None:
            return True
        self._there = now
        return bool(len(pass_time(self.state, self._rules, to_us(now)).happened))

    def tick(self, known: Moment) -> pl.DataFrame:
        """Time has passed; what happened by that."""
        said = self._begin(known)
        return self._do(Noted(known, "tick")) if said is None else said

    def _to_begin(self, now: Moment) -> Noted | None:
        """The first step after the twin was away or opened the file; None where it was there all along, or where such
        a step would change nothing."""
        away = now - self._there > self._away
        if self._begun and not away:
            return None
        if _is_nothing(_begin(self.state, self._rules, to_us(now), away)):
            self._begun = True
            return None
        return Noted(now, "begin", "away" if away else None)

    def _begin(self, known: Moment) -> pl.DataFrame | None:
        self._looked = True
        step = self._to_begin(known)
        return None if step is None else self._do(step)

    def source(self, name: str, down: bool, known: Moment) -> pl.DataFrame:
        """A source has gone down or come up; while it is down its points are not offline."""
        return self._do(Noted(known, "down" if down else "up", name))

    def voice(self, voice: str, source: str, known: Moment) -> pl.DataFrame:
        """Readings that come under a name are those of a source."""
        return self._do(Noted(known, "voice", source, voice=voice))

    def voices(self) -> dict[str, str]:
        """Which source a name speaks for."""
        names = self._sources.names
        return {names[voice]: names[source] for voice, source in self.state.voices.items()}

    def down(self) -> frozenset[str]:
        """Names of the sources that are down."""
        return frozenset(self._sources.names[number] for number, (down, _, _) in self.state.down.items() if down)

    def limits(self, known: Moment) -> pl.DataFrame:
        """Limits count from ``known`` on that did not before (``limits_at`` knows them by now)."""
        return self._do(Noted(known, "limits"))

    def done(self, known: Moment) -> None:
        """The transaction is durable."""
        self._go_on()
        self._told, self._ahead = None, False
        if self._looked:  # what others write says nothing of whether it was there
            self._there, self._looked = known, False

    def forget(self) -> None:
        """The transaction was undone."""
        self._waiting, self._told, self._looked = None, None, False
        if self._ahead:  # several steps were in it: the file has the state as it was
            self._ahead = False
            self._load()

    def keep(self, known: Moment) -> None:
        """Keep the state as of the last commit (inside the transaction that closes minutes)."""
        keep(self._database, self.state, self._numbers, known)

    def _do(self, what: Noted) -> pl.DataFrame:
        self._go_on()
        what = replace(what, after=self._told == what.known)
        step, rules = self._step(what)
        if what.kind == "tick" and not len(step.happened):
            return HAPPENED.to_frame()
        note(self._database, what)
        return self._wait(step, rules)

    def _step(self, what: Noted) -> tuple[Step, Rules]:
        """What a step does, and the rules after it."""
        state, rules, at = self.state, self._rules, to_us(what.known)
        if what.kind == "tick":
            return pass_time(state, rules, at), rules
        if what.kind == "begin":
            return _begin(state, rules, at, what.source == "away"), rules
        if what.kind == "limits":
            new = self._limits_at(what.known)
            changed = np.flatnonzero(rules.differs(new)).astype(np.int32)
            return retune(state, rules, new, changed, at), rules.with_limits(new)
        source = self._sources.of(what.source or "")
        if what.kind == "voice":
            return speaks_for(self._sources.of(what.voice or ""), source), rules
        return source_turns(state, source, what.kind == "down", at), rules

    def _wait(self, step: Step, rules: Rules) -> pl.DataFrame:
        self._waiting = step, rules
        return self._frame(step.happened)

    def _go_on(self) -> None:
        """Take over what was done last: it is durable, or another step of its transaction follows."""
        if self._waiting is not None:
            step, self._rules = self._waiting
            self.state.apply(step)
            self._begun |= step.settled
            self._waiting, self._ahead = None, True

    def _load(self) -> None:
        """The state as the file has it; what came after the mark is folded again, its alarms were written with it."""
        kept = mark(self._database)
        self._rules = self._rules_with(self._limits_at(kept or self._there))
        self.state = load(self._database, self._numbers)
        if kept is None:
            return
        for step in noted(self._database, kept):
            edge = step.known if step.after else step.known - _MICROSECOND
            self._fold(kept, edge)
            kept, self._there = max(kept, edge), max(self._there, step.known)
            made, self._rules = self._step(step)
            self.state.apply(made)
        self._fold(kept, None)

    def _fold(self, after: Moment, until: Moment | None) -> None:
        for part in readings(self._database, after, until):
            fold(self.state, self._rules, self._heard(part))
            self._there = max(self._there, from_us(int(part.known[-1])))

    def _heard(self, kept: Kept) -> Heard:
        ix = self._numbers.to_ix(kept.ix).astype(np.int32)
        heard = Heard(ix, kept.ts, kept.value, kept.quality, kept.source, kept.known)
        return heard if (ix >= 0).all() else heard.take(ix >= 0)

    def _frame(self, happened: Happened) -> pl.DataFrame:
        if not len(happened):
            return HAPPENED.to_frame()
        of_source = happened.condition == SOURCE
        ids = self._numbers.ids.gather(np.where(of_source, 0, happened.subject)).cast(pl.String)
        if of_source.any():
            names = [self._sources.names[each] for each in happened.subject[of_source]]
            ids = ids.scatter(np.flatnonzero(of_source), names)
        return pl.DataFrame(
            {
                "point": ids,
                "condition": pl.Series(NAMES).gather(happened.condition),
                "what": pl.Series(["cleared", "raised"]).gather(happened.raised.astype(np.uint8)),
                "at": pl.Series(happened.at).cast(UTC_US),
                "value": pl.Series(happened.value, nan_to_null=True),
                "limit": pl.Series(happened.limit, nan_to_null=True),
            },
            schema=HAPPENED,
        )


def _begin(state: State, rules: Rules, at: int, away: bool) -> Step:
    """The twin is back: what the rules say now counts, and where it was away silence begins anew."""
    settled = settle(state, rules, at)
    anew = resume(state, at).heard if away else None
    return Step(settled.happened, marks=settled.marks, heard=anew, settled=True)


def _is_nothing(step: Step) -> bool:
    return not any(len(marks.ix) for marks in step.marks) and (step.heard is None or not len(step.heard[0]))
