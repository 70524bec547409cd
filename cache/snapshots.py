"""The state of a moment out of the past: the last snapshot before it and what came since.

Live arrays and this reconstruction agree exactly: the readings that ever became newest are known as such.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.ends import Ends
from cache.history.reads import Reads
from cache.history.ring import Kept
from cache.live import CHANGED, NEWEST, Live, Rows
from cache.numbers import PointNumbers
from cache.readings import differs
from models.point_state import NEVER
from twin.moment import EPOCH, Moment, to_us

_AHEAD = timedelta(minutes=10)  # no reading is taken that is stamped further ahead
# the greatest one would be looked for in all that went before; the first of an order only where it can be
_LAST = "SELECT known FROM snapshot WHERE known <= $at ORDER BY known DESC LIMIT 1"
_SNAPSHOT = "SELECT * EXCLUDE (known) FROM snapshot WHERE known = $known"


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
    found = database.query(_LAST, {"at": at})["known"]
    return found[0] if len(found) else EPOCH


def rebuild(database: Database, numbers: PointNumbers, reads: Reads, at: Moment) -> Live:
    """What was known of every point at ``at``."""
    live = Live.empty(len(numbers.ids))
    since = last_snapshot(database, at)
    _lay(live, database.large(_SNAPSHOT, {"known": since}), numbers)
    ends, parts = reads.between(since, at)
    _apply_ends(live, ends, numbers)
    for rows in parts:  # newest values' times never fall
        apply_newest(live, rows, numbers)
    return live


def _apply_ends(live: Live, ends: Ends, numbers: PointNumbers) -> None:
    """Take over where blocks ended, one after another."""
    ix = numbers.to_ix(ends.ix)
    ends, ix = ends.take(ix >= 0), ix[ix >= 0]
    rows = Rows(ix, ends.ts, ends.value, ends.quality, ends.source)
    anew = ~ends.alike | differs(live, rows)
    live.apply(rows, np.full(len(ix), NEWEST, np.uint8), ends.known)
    live.changed[ix[anew]] = ends.changed[anew]


def apply_newest(live: Live, kept: Kept, numbers: PointNumbers) -> None:
    """Take over readings that became newest, one after another; given by point, within a point in order of commit."""
    ix = numbers.to_ix(kept.ix)
    kept, ix = kept.take(ix >= 0), ix[ix >= 0].astype(np.int32)
    rows = Rows(ix, kept.ts, kept.value, kept.quality, kept.source)
    fold = np.where(differs(live, rows), CHANGED, NEWEST).astype(np.uint8)
    live.apply(rows, fold, kept.known)


def correct(live: Live, reads: Reads, numbers: PointNumbers, at: Moment) -> None:
    """Turn what was known at ``at`` into what is known of that moment by now: the newest reading stamped until then."""
    learned = reads.learned_after(at)
    ahead = live.ts > to_us(at)  # a source whose clock runs fast: what it said just before counts
    if ahead.any():
        before = reads.everything(at - _AHEAD, at)
        ix = numbers.to_ix(before.ix)
        learned = Kept.joined([before.take((ix >= 0) & ahead[ix]), learned])
        live.ts[ahead], live.value[ahead] = NEVER, np.nan
    ix = numbers.to_ix(learned.ix)
    learned = learned.take((ix >= 0) & (learned.ts >= live.ts[ix]))
    apply_newest(live, learned.take(np.lexsort((learned.known, learned.ts, learned.ix))), numbers)


def _lay(live: Live, frame: pl.DataFrame, numbers: PointNumbers) -> None:
    ix = numbers.to_ix(frame["point"].to_numpy())
    frame, ix = frame.filter(pl.Series(ix >= 0)), ix[ix >= 0]
    rows = Rows(ix, _us(frame["ts"]), *(frame[name].to_numpy() for name in ("value", "quality", "source")))
    live.apply(rows, np.full(len(ix), NEWEST, np.uint8), _us(frame["reading_known"]))
    live.changed[ix] = _us(frame["changed"])


def _us(times: pl.Series) -> NDArray[np.int64]:
    return times.to_physical().to_numpy()


def _time(microseconds: NDArray[np.int64]) -> pl.Series:
    return pl.Series(microseconds).cast(pl.Datetime("us"))
