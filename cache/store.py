"""The cache, opened: one file, one writer, any number of readers."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.accounts import Accounts
from cache.alarm_fill import fill_alarms
from cache.books import Books, Deed
from cache.changed import Changed
from cache.checkpoints import room_for
from cache.chores import Chores
from cache.commit import Committer
from cache.copy import Contents, Say, copy_database
from cache.damage import Opening, open_sound
from cache.database import FILE, Database
from cache.detection_timers import Down, Voices
from cache.feed import Feed
from cache.history.buckets import as_columns
from cache.history.history import History
from cache.history.past import Told
from cache.ledger import JOURNAL, Entry
from cache.limits import LIMIT, LimitBook
from cache.live import Measured
from cache.migrate import migrate
from cache.numbers import PointNumbers, SourceNumbers
from cache.park_tables import fill
from cache.present import Present
from cache.reader import SqlReader
from cache.snapshots import rebuild
from cache.standing import Standing
from cache.state import States
from cache.watch import Watch
from cache.writer import Writer
from models.limits import Change
from park.load import Park
from twin.dictionary import dictionary
from twin.errors import BadInput, DiskLow, NotFound
from twin.moment import EPOCH, KNOWN, LATEST, Moment, now
from twin.reading import READING_TABLE, Batch, Commit
from twin.settings import StoreSettings

_DISK_LOOK_S = 1.0
_LAST_KNOWN = (
    "SELECT greatest((SELECT max(known) FROM batch), (SELECT max(known) FROM snapshot), "
    "(SELECT max(known) FROM pulse), "
    "(SELECT max(known) FROM journal)) AS known"
)
_REJECTS = (
    "SELECT known, source, batch_id, table_name, index, code, message, field, raw FROM reject "
    "WHERE ($source IS NULL OR source = $source) AND ($among IS NULL OR list_contains($among, source)) "
    "AND known >= $start ORDER BY known DESC, index LIMIT $limit"
)


class Store:
    """Made by ``Store.open``; every method may be called from any thread."""

    def __init__(self, database: Database, park: Park, settings: StoreSettings, clock: Callable[[], Moment]) -> None:
        self.feed = Feed()
        self._database = database
        self._park = park
        self._settings = settings
        migrate(database, dictionary(), clock())
        with database.transaction():
            self._numbers = PointNumbers(database, park.points["id"])
            fill(database, park, self._numbers)
            fill_alarms(database, dictionary(), park, clock())
        sources = self._sources = SourceNumbers(database)
        self.limits = LimitBook(database, park.points)
        known = _last_known(database)
        self.watch = Watch(database, park, self._numbers, sources, self.limits, known)
        self._history = History(database, park, self._numbers, settings)
        self._ix = {id: ix for ix, id in enumerate(park.points["id"])}
        self._disk = (0.0, 0)  # when looked (monotonic seconds), free bytes
        self._present = _present(database, self._numbers, self._history, self.feed, clock, known)
        fresh = park.settings.reading
        reads = self._history.reads
        self._states = States(database, park.points, self._numbers, sources, reads, self._present, fresh, self.limits)
        self._standing = Standing(self._present, Changed(database, self._present))
        self._begin_writing(clock)

    def _begin_writing(self, clock: Callable[[], Moment]) -> None:
        """The writer with all that it does in a transaction: readings, alarms, deeds, chores, timers of detection."""
        database, settings, present, reads = self._database, self._settings, self._present, self._history.reads
        fresh = self._park.settings.reading
        chores = Chores(database, present, self._numbers, self.limits.from_folder, fresh, settings, clock)
        self._books = Books(database, self._park)
        self._books.keep_limits(self.limits)
        tell = self._books.alarms.happened
        self.watch.join(tell, self._books.on_kept, self._books.on_undone)
        self.timers = self.watch.timers(tell, clock, chores.run)
        seen = self.watch.detector.happened
        committer = Committer(database, dictionary(), self._numbers, self._sources, reads, self._books, seen)
        self._writer = Writer(database, committer, present, settings, self.timers.run)
        self._history.begin(clock, self.watch.closing(self._writer.hand, lambda: present.known))
        self.accounts = Accounts(database, self._writer.keep)

    @classmethod
    def open(
        cls,
        folder: Path,
        park: Park,
        *,
        settings: StoreSettings | None = None,
        clock: Callable[[], Moment] = now,
        start_empty: bool = False,
    ) -> Store:
        """Open the file of a data folder, making it where there is none; a damaged one is set aside.

        ``start_empty`` goes on with an empty file then.

        Raises:
            StoreError: the file is open elsewhere, damaged, or of a newer version.
        """
        chosen = settings or park.settings.store
        opening = Opening(folder / FILE, chosen, clock(), park.settings.backup.place(folder), start_empty)
        return open_sound(opening, lambda database: cls(database, park, chosen, clock))

    def submit(self, batch: Batch) -> Future[Commit]:
        """Hand in a batch; the future resolves once it is durable and visible.

        Raises:
            Busy: too many batches are waiting.
            DiskLow: no room to promise durability.
            NotFound: the dictionary has no such table.
        """
        if batch.table != READING_TABLE:
            dictionary().table(batch.table)
        self._need_room()
        return self._writer.submit(batch)

    def _need_room(self) -> None:
        if self._disk_free() < self._settings.min_free_bytes:
            raise DiskLow("the disk of the data folder is almost full; nothing is accepted until there is room")

    def append(self, batch: Batch) -> Commit:
        """Like ``submit``, but waits for the answer."""
        return self.submit(batch).result()

    def do(self, deed: Deed) -> Future[Any]:
        """Have something done by the writer, together with what else is written; the future resolves to what it tells
        once it is durable and visible, or to the error that refuses it.

        Raises:
            Busy: too much is waiting. DiskLow: no room to promise durability.
        """
        self._need_room()
        return self._writer.submit(deed)

    def note(self, entries: Sequence[Entry]) -> Future[Moment]:
        """Note something in the journal; the future resolves to the moment from which it is known.

        Raises:
            Busy: too much is waiting. DiskLow: no room to promise durability.
        """
        return self.do(self._books.note(entries))

    @property
    def park(self) -> Park:
        """The park that it keeps."""
        return self._park

    @property
    def books(self) -> Books:
        """What deeds are done with: journal, alarms, fault applications. Only the writer may use it."""
        return self._books

    def hear_of_sources(self, down: Down, voices: Voices) -> None:
        """Ask from now on which sources are down, and which source each name that readings come under speaks for."""
        self.timers.down, self.timers.voices = down, voices

    def change_limits(self, work: Callable[[Moment], Change]) -> Change:
        """Have limits changed by the writer; the answer once that is durable."""
        change: Change = self.do(Deed(work, frozenset({LIMIT, JOURNAL}))).result()
        return change

    def tick(self) -> Moment:
        """The present moment T: all that is known up to T is visible, all that comes gets a later ``known``."""
        return self._present.tick()

    def changed(self, tables: Iterable[str], since: Moment) -> bool:
        """Whether one of the tables may have been touched after a moment: who knows all until then need not ask."""
        return self._present.changed(tables, since)

    def state(
        self, at: Moment, knowledge: str = KNOWN, points: Sequence[int] | NDArray[np.intp] | None = None
    ) -> pl.DataFrame:
        """One row per point as known at ``at``: the columns of ``Park.points`` and ``ts, known, value, quality,
        source, changed, status`` (``models.point_state.STATES``); of some points only (by their ``index``) where
        they are given. With ``knowledge`` ``latest``, what is known by now of that moment: readings that came late
        and corrections count."""
        if points is None:
            return self._states.at(at) if knowledge == KNOWN else self._states.as_corrected(at)
        ix = np.asarray(points, np.intp)
        return self._states.of(at, ix) if knowledge == KNOWN else self._states.as_corrected(at)[ix]

    def point(self, at: Moment, ix: int, knowledge: str = KNOWN) -> dict[str, Any]:
        """The row of ``state`` of one point, by its ``index``."""
        return self._states.one(at, ix, corrected=knowledge != KNOWN)

    def measured(self, at: Moment, points: Sequence[int] | NDArray[np.intp], knowledge: str = KNOWN) -> Measured:
        """What ``state`` says was measured at some points (by their ``index``), as arrays in the order given."""
        return self._states.measured(at, np.asarray(points, np.intp), corrected=knowledge != KNOWN)

    def reader(self, scope: str = "park", knowledge: str = KNOWN, points: NDArray[np.intp] | None = None) -> SqlReader:
        """Who runs the queries of screens for a scope. ``knowledge`` is that of measured values; of records there is
        one kind, as known at the moment asked for. With ``points`` (by their ``index``) a query that looks at each
        point alone tells of these only; every other is answered as ever."""
        return SqlReader(self._database, partial(self.state, knowledge=knowledge), self._standing, scope, points)

    def history(
        self,
        point: str,
        start: Moment,
        end: Moment,
        *,
        at: Moment | None = None,
        knowledge: str = KNOWN,
        max_points: int = 2000,
    ) -> dict[str, Any]:
        """The columns of ``told`` as lists, with the point's name and unit."""
        told = self.told(point, start, end, at=at, knowledge=knowledge, max_points=max_points)
        said = {"point": point, "unit": self.unit(point), "bucket_s": told.bucket_s, "resolution": told.resolution}
        return said | as_columns(told.rows)

    def told(
        self,
        point: str,
        start: Moment,
        end: Moment,
        *,
        at: Moment | None = None,
        knowledge: str = KNOWN,
        max_points: int = 2000,
    ) -> Told:
        """Values of a point between two source times, as known at ``at`` (default: all that is known by now);
        with ``knowledge`` ``latest``, what is known by now of the time until ``at``.

        ``bucket_s`` is 0 when every sample fits; else buckets of that many seconds, see ``cache.history.past``;
        ``resolution`` (seconds) is above 0 where the samples are not kept any more.

        Raises:
            NotFound: the park has no such point.
            BadInput: ``max_points`` is not positive, or the end is before the start.
        """
        ix = self.index(point)
        if max_points < 1:
            raise BadInput("max_points: at least 1", "max_points")
        if end < start:
            raise BadInput("to: before from", "to")
        known = at or self.tick()
        if knowledge == LATEST:
            end, known = min(end, known), self.tick()
        return self._history.of_point(ix, start, end, known, max_points)

    def unit(self, point: str) -> str | None:
        """What a point's values are counted in.

        Raises:
            NotFound: the park has no such point.
        """
        unit: str | None = self._park.points["unit"][self.index(point)]
        return unit

    def touched(self, point: str) -> int:
        """Changes whenever a reading of a point is stored, whatever its time.

        Raises:
            NotFound: the park has no such point.
        """
        return self._history.touched(self.index(point))

    def readings(self, start: Moment, end: Moment) -> pl.DataFrame:
        """Every reading kept with a source time between two moments (inclusive), corrected ones included, by point
        and in order of commit: ``point, ts, value, quality, known, source``. Those of points that the park has no
        more have no ``point``."""
        return self._history.readings(start, end, self._sources.names)

    def tidy(self) -> None:
        """Put the history in order by now, as the background does every second."""
        self._history.tidy()

    def cursor(self, source: str) -> str | None:
        """Where a source resumes."""
        rows = self._database.execute("SELECT cursor FROM source_cursor WHERE source = $source", {"source": source})
        return rows[0][0] if rows else None

    def rejects(
        self,
        source: str | None = None,
        start: Moment | None = None,
        limit: int = 1000,
        among: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """What was refused and why, newest first; of one source, or of those ``among``, where they are named."""
        asked = {"source": source, "start": start or EPOCH, "limit": limit}
        return self._database.query(_REJECTS, asked | {"among": None if among is None else list(among)})

    @property
    def settled(self) -> bool:
        """Whether the last hour is in memory, as far as there is room: soon after the file was opened."""
        return self._history.lately.filled

    def stats(self) -> dict[str, int]:
        """Sizes for health: points, readings kept, bytes on disk, batches waiting, bytes free."""
        return {
            "points": len(self._ix),
            "readings": self._history.readings_at_open + self._present.readings,
            "size_bytes": self._size(),
            "write_queue": self._writer.waiting,
            "disk_free_bytes": self._disk_free(),
        }

    def copy(self, target: Path, say: Say = lambda _: None) -> Contents:
        """Write a consistent copy of all that is durable by now to a new file, beside the writing.

        Raises:
            StoreError: it cannot be read, or was called off. DiskLow: no room for it.
        """
        return copy_database(self._database, target, say)

    def call_off(self) -> None:
        """End a copy that is being made."""
        if self._database.held is not None:
            self._database.held.interrupt()

    @property
    def disk_low(self) -> bool:
        """Whether nothing is taken for want of room."""
        return self._writer.full or self._disk_free() < self._settings.min_free_bytes

    @property
    def timings(self) -> deque[float]:
        """Seconds from handing in a batch to its answer, of the last groups."""
        return self._writer.timings

    def close(self) -> None:
        """Write what is waiting, then let go of the file."""
        self._history.end()
        self._writer.close()
        self._books.close()
        self._database.close(shorten=room_for(self._database, self._database.log_bytes()))

    def index(self, point: str) -> int:
        """Where a point stands in ``Park.points`` and in every state.

        Raises:
            NotFound: the park has no such point.
        """
        if point not in self._ix:
            raise NotFound(f"the park has no point '{point[:60]}'", "point", "unknown_point")
        return self._ix[point]

    def _size(self) -> int:
        path = self._database.path
        return sum(each.stat().st_size for each in (path, path.with_name(f"{path.name}.wal")) if each.exists())

    def _disk_free(self) -> int:
        looked, free = self._disk
        if time.monotonic() - looked > _DISK_LOOK_S:
            free = shutil.disk_usage(self._database.path.parent).free
            self._disk = (time.monotonic(), free)
        return free


def _last_known(database: Database) -> Moment | None:
    """``known`` of the last commit in the file; None where there is none."""
    known: datetime | None = database.query(_LAST_KNOWN)["known"][0]
    return known


def _present(
    database: Database,
    numbers: PointNumbers,
    history: History,
    feed: Feed,
    clock: Callable[[], Moment],
    known: Moment | None,
) -> Present:
    """The present as the file left it."""
    live = rebuild(database, numbers, history.reads, known or EPOCH)
    return Present(live, history.ring, feed, clock, known or EPOCH)
