"""The history of a point as the bytes of its JSON, written column by column: thousands of rows in a fraction of a
millisecond, because every chart of every viewer asks for them again and again."""

from __future__ import annotations

import numpy as np
import orjson
from numpy.typing import NDArray

from cache.history.past import Told

_DAY_MS, _MINUTE_MS = 86_400_000, 60_000
_DAY_MINUTES = _DAY_MS // _MINUTE_MS
# "2026-11-21T06:00:00.000Z", – every time is as long as any other, so they are laid side by side
_TIME = np.dtype([("open", "S1"), ("day", "S10"), ("minute", "S7"), ("second", "S7"), ("close", "S2")])
_MINUTES = np.array([f"T{each // 60:02}:{each % 60:02}:" for each in range(_DAY_MINUTES)], "S7")
_WITHIN = np.empty((60, 1000), [("second", "S3"), ("ms", "S4")])
_WITHIN["second"] = np.array([f"{each:02}." for each in range(60)])[:, None]
_WITHIN["ms"] = np.array([f"{each:03}Z" for each in range(1000)])
_SECONDS = _WITHIN.reshape(-1).view("S7")


def curve(point: str, unit: str | None, told: Told) -> bytes:
    """The columns of a history; times in ISO 8601, quality as its number, what is not a number as null."""
    rows = told.rows
    mean = _list(rows.mean)
    low, high = (mean if each is rows.mean else _list(each) for each in (rows.min, rows.max))
    head = {"point": point, "unit": unit, "bucket_s": told.bucket_s, "resolution": told.resolution}
    names = (b',"ts":', b',"value":', b',"min":', b',"max":', b',"quality":')
    columns = (_times(rows.ts), mean, low, high, _list(rows.quality))
    parts = [part for pair in zip(names, columns, strict=True) for part in pair]
    return b"".join((orjson.dumps(head)[:-1], *parts, b"}"))


def _list(column: NDArray) -> bytes:
    return orjson.dumps(np.ascontiguousarray(column), option=orjson.OPT_SERIALIZE_NUMPY)


def _times(ts: NDArray[np.int64]) -> bytes:
    """Times (microseconds) with their milliseconds, what is beyond them left out."""
    if not len(ts):
        return b"[]"
    ms = ts // 1000
    minute = ms // _MINUTE_MS
    day = minute // _DAY_MINUTES
    first = int(day.min())
    text = np.empty(len(ts), _TIME)
    text["open"], text["close"] = b'"', b'",'
    text["day"] = _days(first, int(day.max()))[day - first]
    text["minute"], text["second"] = _MINUTES[minute - day * _DAY_MINUTES], _SECONDS[ms - minute * _MINUTE_MS]
    return b"[%b]" % text.tobytes()[:-1]


def _days(first: int, last: int) -> NDArray[np.bytes_]:
    """ISO 8601 of some days since 1970."""
    return np.datetime_as_string(np.arange(first, last + 1).astype("datetime64[D]")).astype("S10")
