"""The state of a moment out of the file: the last snapshot before it and what came since.

Live arrays and this reconstruction agree exactly, because each stored reading says what it did (``fold``).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.live import CHANGED, NEWEST, Live, Rows
from cache.numbers import PointNumbers
from models.point_state import NEVER
from twin.moment import EPOCH, Moment

_LAST = "SELECT max(known) AS known FROM snapshot WHERE known <= $at"
_SNAPSHOT = "SELECT * EXCLUDE (known) FROM snapshot WHERE known = $known"
# the newest row of a point is the last one stored, and rows never move: one number tells which
_DELTA = f"""
WITH since AS (
    SELECT point, max(rowid) AS last, max(ts) FILTER (fold = {CHANGED}) AS changed
    FROM reading_raw WHERE known > $since AND known <= $at AND fold >= {NEWEST} GROUP BY point
)
SELECT s.point, r.ts, r.value, r.quality, r.known AS reading_known, r.source, s.changed
FROM since AS s JOIN reading_raw AS r ON r.rowid = s.last
WHERE r.known > $since AND r.known <= $at
"""


def write_snapshot(database: Database, known: Moment, live: Live, numbers: PointNumbers) -> None:
    """Keep the newest values as of ``known`` (inside the caller's transaction)."""
    ix = np.flatnonzero(live.ts != NEVER).astype(np.int32)
    frame = pl.DataFrame(
        {
            "point": numbers.of_ix(ix),
            "ts": _time(live.ts[ix]),
            "value": live.value[ix],
            "quality": live.quality[ix],
            "reading_known": _time(live.known[ix]),
            "source": live.source[ix],
            "changed": _time(live.changed[ix]),
        }
    )
    database.execute("INSERT INTO snapshot SELECT $known, * FROM taken", {"known": known}, {"taken": frame})


def last_snapshot(database: Database, at: Moment) -> Moment:
    """Moment of the last snapshot not after ``at``; the epoch where there is none."""
    known = database.query(_LAST, {"at": at})["known"][0]
    return known or EPOCH


def rebuild(database: Database, numbers: PointNumbers, at: Moment) -> Live:
    """What was known of every point at ``at``."""
    live = Live.empty(len(numbers.ids))
    since = last_snapshot(database, at)
    _lay(live, database.query(_SNAPSHOT, {"known": since}), numbers)
    _lay(live, database.query(_DELTA, {"since": since, "at": at}), numbers)
    return live


def _lay(live: Live, frame: pl.DataFrame, numbers: PointNumbers) -> None:
    ix = numbers.to_ix(frame["point"].to_numpy())
    frame, ix = frame.filter(pl.Series(ix >= 0)), ix[ix >= 0]
    rows = Rows(ix, _us(frame["ts"]), *(frame[name].to_numpy() for name in ("value", "quality", "source")))
    live.apply(rows, np.full(len(ix), NEWEST, np.uint8), _us(frame["reading_known"]))
    changed = frame["changed"].is_not_null().to_numpy()
    live.changed[ix[changed]] = _us(frame["changed"].drop_nulls())


def _us(times: pl.Series) -> NDArray[np.int64]:
    return times.to_physical().to_numpy()


def _time(microseconds: NDArray[np.int64]) -> pl.Series:
    return pl.Series(microseconds).cast(pl.Datetime("us"))
