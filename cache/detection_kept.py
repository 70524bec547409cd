"""Detection's state in the file: kept whole at a mark, and what came after the mark besides readings.

Who opens the file folds what came after the mark again, in ``known`` order, and has the very state that was lost: each
step is in the file with the transaction in which its alarms were written. Minutes are closed, and their readings leave
``reading_raw``, only in a transaction that keeps the state; so all that came after the mark is there as it came.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from cache.history.ring import Kept
from cache.numbers import PointNumbers
from models.detect_rules import CONDITIONS
from models.detect_state import Marks, Newest, State, Step
from models.point_state import NEVER
from twin.moment import Moment, from_us

_AT_ONCE = 3_000_000  # readings
_NO_END = datetime(9999, 1, 1, tzinfo=UTC)
_MARK = "SELECT known, clock FROM detect_mark"
_POINTS = "SELECT point, seen, heard, value, value_ts, source, rate, jump FROM detect_point"
_CONDITIONS = "SELECT point, condition, raised, since, raised_at, cleared_at FROM detect_condition"
_SOURCES = "SELECT source, raised, raised_at, cleared_at FROM detect_source"
_VOICES = "SELECT voice, source FROM detect_voice"
_SPEAKS = "INSERT INTO detect_voice VALUES ($voice, $source)"
_STEPS = "SELECT known, kind, source, after, voice FROM detect_step WHERE known > $after ORDER BY known, rowid"
_EXTENT = "SELECT count(*) AS rows, max(known) AS last FROM reading_raw WHERE known > $after AND known <= $until"
_READINGS = (
    "SELECT point, ts, value, quality, source, known, fold FROM reading_raw "
    "WHERE known > $after AND known <= $until ORDER BY known, rowid"
)
_NOTE = "INSERT INTO detect_step VALUES ($known, $kind, $source, $after, $voice)"
_SOURCE = pl.Schema(
    {"source": pl.UInt16(), "raised": pl.Boolean(), "raised_at": pl.Datetime("us"), "cleared_at": pl.Datetime("us")}
)
_FORGET = (
    "DELETE FROM detect_point",
    "DELETE FROM detect_condition",
    "DELETE FROM detect_source",
    "DELETE FROM detect_voice",
    "DELETE FROM detect_mark",
)
_FORGET_STEPS = "DELETE FROM detect_step WHERE known <= $known"
_KEEP = "INSERT INTO detect_mark VALUES ($known, $clock)"


@dataclass(frozen=True)
class Noted:
    """A step besides readings: ``kind`` is tick, begin, limits, down, up or voice (``voice`` speaks for ``source``).
    ``after``: the readings that became known with it came first."""

    known: Moment
    kind: str
    source: str | None = None
    after: bool = False
    voice: str | None = None


def note(database: Database, step: Noted) -> None:
    """Keep a step (inside the transaction in which its alarms are written)."""
    database.execute(_NOTE, vars(step))


def noted(database: Database, after: Moment) -> list[Noted]:
    """Steps after a moment, in order."""
    return [Noted(*row) for row in database.query(_STEPS, {"after": after}).rows()]


def readings(database: Database, after: Moment, until: Moment | None) -> Iterator[Kept]:
    """Readings known after a moment and not after another, in order; some millions at a time."""
    bounds = {"after": after, "until": until or _NO_END}
    rows, last = database.query(_EXTENT, bounds).row(0)
    parts = math.ceil(rows / _AT_ONCE)
    for part in range(parts, 0, -1):
        end = last if part == 1 else after + (last - after) // part
        found = database.large(_READINGS, {"after": after, "until": end})
        columns = ("point", "ts", "value", "quality", "source", "known", "fold")
        yield Kept(*(found[name].to_physical().to_numpy() for name in columns))
        after = end


def mark(database: Database) -> Moment | None:
    """The commit that the kept state stands for; None before any was kept."""
    found: pl.Series = database.query(_MARK)["known"]
    return found[0] if len(found) else None


def keep(database: Database, state: State, numbers: PointNumbers, known: Moment) -> None:
    """Put the state as of a commit in place of the one before (inside the caller's transaction)."""
    for statement in _FORGET:
        database.execute(statement)
    database.execute(_FORGET_STEPS, {"known": known})
    database.execute(_KEEP, {"known": known, "clock": None if state.clock == NEVER else from_us(state.clock)})
    heard = np.flatnonzero(state.seen != NEVER).astype(np.int32)
    database.execute("INSERT INTO detect_point FROM rows", tables={"rows": _point_rows(state, heard, numbers)})
    rows = _condition_rows(state, numbers)
    database.execute("INSERT INTO detect_condition FROM rows", tables={"rows": rows})
    for voice, source in state.voices.items():
        database.execute(_SPEAKS, {"voice": voice, "source": source})
    if state.down:
        down = [(number, *_moments(each)) for number, each in state.down.items()]
        rows = pl.DataFrame(down, _SOURCE, orient="row")
        database.execute("INSERT INTO detect_source FROM rows", tables={"rows": rows})


def load(database: Database, numbers: PointNumbers) -> State:
    """The state as of the mark; of points that the park has no more nothing is left."""
    state = State.empty(len(numbers.ids))
    state.apply(Step(newest=(_newest(database.large(_POINTS), numbers, state),)))
    _lay_conditions(state, database.query(_CONDITIONS), numbers)
    clock = database.query(_MARK)["clock"].to_physical()
    if len(clock) and clock[0] is not None:
        state.clock = clock[0]
    state.voices = dict(database.query(_VOICES).rows())
    sources = database.query(_SOURCES)
    times = (sources["raised"].to_list(), _us(sources["raised_at"]).tolist(), _us(sources["cleared_at"]).tolist())
    state.down = dict(zip(sources["source"], zip(*times, strict=True), strict=True))
    return state


def _point_rows(state: State, ix: NDArray[np.int32], numbers: PointNumbers) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "point": numbers.of_ix(ix),
            "seen": _time(state.seen[ix]),
            "heard": _time(state.heard[ix]),
            "value": pl.Series(state.value[ix], nan_to_null=True),
            "value_ts": _time(state.value_ts[ix]),
            "source": state.source[ix],
            "rate": pl.Series(state.rate[ix], nan_to_null=True),
            "jump": pl.Series(state.jump[ix], nan_to_null=True),
        }
    )


def _condition_rows(state: State, numbers: PointNumbers) -> pl.DataFrame:
    some = (state.since != NEVER) | (state.raised_at != NEVER)
    condition, ix = np.nonzero(some)
    return pl.DataFrame(
        {
            "point": numbers.of_ix(ix.astype(np.int32)),
            "condition": pl.Series(CONDITIONS).gather(condition),
            "raised": state.raised[some],
            "since": _time(state.since[some]),
            "raised_at": _time(state.raised_at[some]),
            "cleared_at": _time(state.cleared_at[some]),
        }
    )


def _newest(frame: pl.DataFrame, numbers: PointNumbers, state: State) -> Newest:
    """What each point said last; the measures that are under way go straight into the state."""
    ix = numbers.to_ix(frame["point"].to_numpy())
    frame, ix = frame.filter(pl.Series(ix >= 0)), ix[ix >= 0].astype(np.int32)
    state.rate[ix], state.jump[ix] = _reals(frame["rate"]), _reals(frame["jump"])
    times = {name: _us(frame[name]) for name in ("seen", "heard", "value_ts")}
    source = frame["source"].to_numpy()
    return Newest(ix, times["seen"], times["heard"], _reals(frame["value"]), times["value_ts"], source)


def _lay_conditions(state: State, frame: pl.DataFrame, numbers: PointNumbers) -> None:
    ix = numbers.to_ix(frame["point"].to_numpy())
    frame, ix = frame.filter(pl.Series(ix >= 0)), ix[ix >= 0].astype(np.int32)
    known = {name: place for place, name in enumerate(CONDITIONS)}
    at = frame["condition"].replace_strict(known, return_dtype=pl.Int64).to_numpy(), ix
    state.raised[at] = frame["raised"].to_numpy()
    state.since[at], state.raised_at[at] = _us(frame["since"]), _us(frame["raised_at"])
    state.cleared_at[at] = _us(frame["cleared_at"])
    every = np.unique(ix).astype(np.int32)
    marks: Marks = state.marks(every)
    state.apply(Step(marks=(marks,)))  # which points are busy follows from it


def _reals(column: pl.Series) -> NDArray[np.float64]:
    return column.fill_null(math.nan).to_numpy()


def _us(times: pl.Series) -> NDArray[np.int64]:
    return times.to_physical().fill_null(int(NEVER)).to_numpy().astype(np.int64)


def _time(microseconds: NDArray[np.int64]) -> pl.Series:
    series = pl.Series(microseconds)
    return series.set(series == NEVER, None).cast(pl.Datetime("us"))


def _moments(stands: tuple[bool, int, int]) -> tuple[bool, object, object]:
    raised, *times = stands
    first, second = (None if each == NEVER else from_us(each).replace(tzinfo=None) for each in times)
    return raised, first, second
