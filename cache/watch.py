"""Detection as the store has it: opened before the history, told of every transaction, kept with closed minutes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from cache.database import Database
from cache.detection import Detector
from cache.detection_timers import Chore, Tell, Timers
from cache.limits import LimitBook
from cache.numbers import PointNumbers, SourceNumbers
from models.detect_rules import Rules
from models.detect_settings import rules_of
from models.point_state import Limits
from park.load import Park
from twin.moment import Moment

Work = Callable[[], None]
Hand = Callable[[str, Work], "Future[None]"]


class Watch:
    """What the store wires. Made before anything that may let go of readings."""

    def __init__(
        self,
        database: Database,
        park: Park,
        numbers: PointNumbers,
        sources: SourceNumbers,
        limits: LimitBook,
        known: Moment | None,
    ) -> None:
        """``known``: of the last commit in the file."""
        settings = park.settings

        def rules(with_limits: Limits) -> Rules:
            return rules_of(park.points, with_limits, settings.alarms.rules, settings.reading.offline_s)

        self._limits = limits
        self.detector = Detector(database, numbers, sources, rules, limits.at, known)

    def join(self, tell: Tell, on_kept: list[Callable[[Moment], None]], on_undone: list[Work]) -> None:
        """Let new limits be detected by, and know how each transaction ends."""
        self._limits.on_approved.append(lambda known: tell(self.detector.limits(known), known))
        on_kept.append(self.detector.done)
        on_undone += [self._limits.forget, self.detector.forget]

    def timers(self, tell: Tell, clock: Callable[[], Moment], chores: Chore) -> Timers:
        """The writer's chores with those of detection."""
        return Timers(self.detector, tell, clock, chores)

    def closing(self, hand: Hand, known: Callable[[], Moment]) -> Hand:
        """``hand`` such that minutes are closed in a transaction that keeps what detection knows; ``known`` tells the
        last commit."""

        def handed(name: str, work: Work) -> Future[None]:
            return hand(name, lambda: self._closed(work, known)) if name == "close" else hand(name, work)

        return handed

    def _closed(self, work: Work, known: Callable[[], Moment]) -> None:
        work()
        self.detector.keep(known())
