"""What the writer does between groups: the minute's pulse, now and then a snapshot, old answers forgotten, the log
brought into the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cache.checkpoints import Checkpoints
from cache.commit import Group
from cache.database import Database
from cache.live import Live
from cache.numbers import PointNumbers
from cache.present import Change, Present
from cache.snapshots import last_snapshot, write_snapshot
from cache.writer import Transact
from models.point_state import Limits, classify, online
from twin.moment import Moment, to_us
from twin.settings import ReadingSettings, StoreSettings

_MINUTE_US = 60_000_000
_SETTLED_US = 2_000_000  # most of what is stamped in a minute has come so long after its end
_ANSWERS_KEPT = timedelta(days=7)
_PULSE = "INSERT INTO pulse VALUES ($known, $points, $online, $stale)"
_FORGET = "DELETE FROM batch WHERE known < $before"


class Chores:
    """Runs in the writer thread."""

    def __init__(
        self,
        database: Database,
        present: Present,
        numbers: PointNumbers,
        limits: Limits,
        fresh: ReadingSettings,
        settings: StoreSettings,
        clock: Callable[[], Moment],
    ) -> None:
        self._database = database
        self._present = present
        self._numbers = numbers
        self._limits = limits
        self._fresh = fresh
        self._clock = clock
        self._checkpoints = Checkpoints(database, settings.log_bytes)
        self._every_us = max(1, int(settings.snapshot_s * 1_000_000))
        self._minute = _minute(clock())
        self._snapshot = last_snapshot(database, clock())

    def run(self, transact: Transact) -> timedelta:
        """Do what is due; how long until something is due again."""
        now = self._clock()
        pulse_due = _minute(now) > self._minute
        snapshot_due = self._turn(self._present.known) > self._turn(self._snapshot)
        if pulse_due or snapshot_due:
            transact(lambda known: self._write(known, pulse_due, snapshot_due))
        self._checkpoints.run()
        return timedelta(microseconds=_MINUTE_US - to_us(now) % _MINUTE_US)

    def _turn(self, known: Moment) -> int:
        """Snapshots are taken just after a minute ends: what came since one lies in few other minutes."""
        return (to_us(known) - _SETTLED_US) // self._every_us

    def _write(self, known: Moment, pulse: bool, snapshot: bool) -> Group:
        taken = self._present.known
        if snapshot:
            write_snapshot(self._database, taken, self._present.live, self._numbers)
            self._database.execute(_FORGET, {"before": known - _ANSWERS_KEPT})
            self._snapshot = taken
        if pulse:
            self._pulse(known, self._present.live)
            self._minute = _minute(known)
        return Group([], Change(known, frozenset({"pulse"} if pulse else ())))

    def _pulse(self, known: Moment, live: Live) -> None:
        codes = classify(to_us(known), live.ts, live.value, live.quality, self._limits, self._fresh)
        heard, stale = online(codes)
        self._database.execute(_PULSE, {"known": known, "points": len(codes), "online": heard, "stale": stale})


def _minute(moment: Moment) -> int:
    return to_us(moment) // _MINUTE_US
