"""The history of a point as the bytes of its JSON, written column by column, because every chart of every viewer asks
for them again and again."""

from __future__ import annotations

import orjson

from cache.history.past import Told
from services.packed import numbers, times


def curve(point: str, unit: str | None, told: Told) -> bytes:
    """The columns of a history; times in ISO 8601, quality as its number, what is not a number as null."""
    rows = told.rows
    mean = numbers(rows.mean)
    low, high = (mean if each is rows.mean else numbers(each) for each in (rows.min, rows.max))
    head = {"point": point, "unit": unit, "bucket_s": told.bucket_s, "resolution": told.resolution}
    names = (b',"ts":', b',"value":', b',"min":', b',"max":', b',"quality":')
    columns = (times(rows.ts), mean, low, high, numbers(rows.quality))
    parts = [part for pair in zip(names, columns, strict=True) for part in pair]
    return b"".join((orjson.dumps(head)[:-1], *parts, b"}"))
