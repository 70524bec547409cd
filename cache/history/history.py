"""The history of all points, put together: what the store asks of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from cache.database import Database
from cache.history.at_hand import AtHand
from cache.history.by_reading import Asked, ByReading
from cache.history.close import Closer
from cache.history.deviations import Deviations
from cache.history.edges import Edges
from cache.history.from_file import FromFile
from cache.history.lately import Lately
from cache.history.opening import load
from cache.history.past import Past, Told
from cache.history.reads import Reads
from cache.history.retire import Retirer
from cache.history.ring import Ring
from cache.history.settle import Settler
from cache.history.tidy import Hand, Tidy, Works
from cache.numbers import PointNumbers
from park.load import Park
from twin.moment import Moment, to_us
from twin.reading import UTC_US
from twin.settings import StoreSettings

_COUNTED = "SELECT value FROM history_mark WHERE name = 'readings'"


class History:
    """Ring, blocks, summaries and day files of one open database; ``begin`` starts the work in the background."""

    def __init__(self, database: Database, park: Park, numbers: PointNumbers, settings: StoreSettings) -> None:
        self._points = park.points
        self._numbers = numbers
        self._settings = settings
        self._edges = Edges.of(database)
        number = numbers.of_ix(np.arange(len(park.points), dtype=np.int32))
        points = int(number.max(initial=-1)) + 1
        self.ring = Ring(points)
        self.reads = Reads(database, self.ring, self._edges)
        hand = AtHand(FromFile(self.reads).read, self._edges.closed, settings.at_hand_bytes)
        self.lately = Lately(self.reads.blocks, self._edges.closed, points, settings.last_hour_bytes)
        deviations = Deviations.of(park.points, number, park.settings.thinning)
        told = (self.lately.closed, hand.closed)
        self._closer = Closer(database, self.ring, self._edges, deviations, told)
        load(database, self.ring, self._closer)
        folder = database.path.parent
        self._past = Past(
            database,
            ByReading(self.ring, self.lately, hand, self.reads, self._edges),
            self.ring,
            self.reads,
            self._edges,
            folder,
        )
        self._settler, self._retirer = Settler(database, self._edges), Retirer(database, self._edges, folder, settings)
        self._tidy: Tidy | None = None
        counted = database.execute(_COUNTED)
        self.readings_at_open = (int(counted[0][0]) if counted else 0) + len(self.ring)

    def begin(self, clock: Callable[[], Moment], hand: Hand) -> None:
        """Put in order in the background from now on; ``hand`` has something written by the writer."""
        works = Works(self._closer, self._settler, self._retirer, self.lately.fill())
        self._tidy = Tidy(works, self._edges, self._settings, clock, hand)
        self._tidy.start()

    def tidy(self) -> None:
        """Put in order what is due by now."""
        if self._tidy is not None:
            self._tidy.run()

    def end(self) -> None:
        """Stop putting in order."""
        if self._tidy is not None:
            self._tidy.stop()

    def of_point(self, ix: int, start: Moment, end: Moment, at: Moment, max_points: int) -> Told:
        """At most ``max_points`` rows of a point between two source times, as known at ``at``."""
        number = int(self._numbers.of_ix(np.array([ix], np.int32))[0])
        return self._past.history(Asked(number, to_us(start), to_us(end), at), max_points)

    def touched(self, ix: int) -> int:
        """Changes whenever a reading of a point is stored, whatever its time."""
        return self.ring.touched(int(self._numbers.of_ix(np.array([ix], np.int32))[0]))

    def readings(self, start: Moment, end: Moment, sources: tuple[str, ...]) -> pl.DataFrame:
        """Every reading kept with a source time between two moments (inclusive), corrected ones included, by point
        and in order of commit: ``point, ts, value, quality, known, source``. Those of points that the park has no
        more have no ``point``."""
        kept = self.reads.everything(start, end).by_point()
        ix = pl.Series(self._numbers.to_ix(kept.ix)).cast(pl.Int32)
        return pl.DataFrame(
            {
                "point": self._points["id"].gather(ix.set(ix < 0, None)),
                "ts": pl.Series(kept.ts).cast(UTC_US),
                "value": kept.value,
                "quality": kept.quality,
                "known": pl.Series(kept.known).cast(UTC_US),
                "source": pl.Series(sources, dtype=pl.String).gather(kept.source),
            }
        )
