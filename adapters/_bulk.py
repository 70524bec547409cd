"""Many readings as lines of JSON or as one JSON body, read as a table at once: no object is made of any row, and who
waits for the interpreter meanwhile has it.

The table's reader takes more than it should (a number where there should be a text, a name that comes twice). So only
bodies that are plain are read here: with neither escapes nor lists, and with just as many names, and texts after them,
as so many rows of the four have. All others, and all with a fault in any row, are read row by row.
"""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from adapters._times import RFC_3339
from twin.reading import QUALITY_CODES, QUALITY_NAMES, Quality

LEAST_BYTES = 65_536  # shorter bodies are read sooner row by row
_NAMES = (3, 4)  # a source that says nothing about quality means well
_QUOTE, _COLON, _END = b'":\n'
_SAID = {"point": pl.String, "ts": pl.String, "value": pl.Float64, "quality": pl.String}
_HEAD = re.compile(rb'\s*(?:\{\s*"readings"\s*:\s*)?\[\s*(?=\{)')
_TAIL = re.compile(rb"\}\s*(\]\s*\}|\])\s*\Z")
_TAIL_BYTES = 64
_JOINTS = {b"},{": b"}\n{", b"}, {": b"}\n{"}
_ROWS = (
    pl.int_range(pl.len(), dtype=pl.Int64).alias("index"),
    pl.col("point"),
    pl.col("ts").str.to_datetime(RFC_3339, time_unit="us", time_zone="UTC", strict=False),
    pl.col("value"),
    pl.col("quality").replace_strict(QUALITY_CODES, default=None, return_dtype=pl.UInt8),
)


def rows_of_lines(body: bytes) -> pl.DataFrame | None:
    """Rows of ``DECODED_READINGS`` of a body of lines, None where it is not plain or a row has a fault."""
    return _rows(body.strip(b" \t\r\n")) if _plain(body) and b"[" not in body and b"]" not in body else None


def rows_of_body(body: bytes) -> pl.DataFrame | None:
    """The same of a JSON body: a list of readings, or an object with nothing but that list."""
    if not _plain(body):
        return None
    head, tail = _HEAD.match(body), _TAIL.search(body, max(0, len(body) - _TAIL_BYTES))
    if head is None or tail is None or (b"{" in head[0]) != (b"}" in tail[1]):
        return None
    inside = body[head.end() : tail.start() + 1]
    if b"[" in inside or b"]" in inside or b"\n" in inside:
        return None
    for joint, lines in _JOINTS.items():
        if joint in inside:
            return _rows(inside.replace(joint, lines))
    return None


def _plain(body: bytes) -> bool:
    return len(body) >= LEAST_BYTES and b"\\" not in body


def _rows(lines: bytes) -> pl.DataFrame | None:
    """One row a line, None where any line is more, less or something else than one reading."""
    signs = np.frombuffer(lines, np.uint8)
    count = int(np.count_nonzero(signs == _END)) + 1
    names = _names(signs, count)
    if names is None:
        return None
    try:
        said = pl.read_ndjson(BytesIO(lines), schema=_SAID)
    except pl.exceptions.PolarsError:
        return None
    if names < len(_SAID) and said["quality"].null_count() == said.height:
        said = said.with_columns(quality=pl.lit(QUALITY_NAMES[Quality.GOOD]))
    rows = said.select(_ROWS)
    sound = not any(each.null_count() for each in rows) and bool(rows["value"].is_finite().all())
    return rows if sound and rows.height == count else None


def _names(signs: NDArray[np.uint8], count: int) -> int | None:
    """How many names every row has, if it has each of them once and all but the value are followed by a text.

    Without escapes a quotation mark with a colon after it ends a name, and nothing but a name. So rows that all have
    the names that they need have no others where there are so many in all; and then none has more texts than it
    should, so none has fewer where there are as many as all should have.
    """
    quotes = signs == _QUOTE
    names, rest = divmod(int(np.count_nonzero(quotes[:-1] & (signs[1:] == _COLON))), count)
    marks = 2 * (names + names - 1) * count
    return names if not rest and names in _NAMES and int(np.count_nonzero(quotes)) == marks else None
