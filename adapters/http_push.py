"""What a source posts: readings as a JSON body, lines of JSON or an Arrow IPC stream; records as the first two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from adapters import _bulk
from adapters._arrow import read_stream
from adapters._batch import make_batch
from adapters._body import rows_inside, rows_of_lines
from adapters._json import load_json
from adapters._passive import make_passive
from adapters._readings import reading_batch
from adapters._records import record_batch
from twin.dictionary import Table
from twin.errors import BadMedia
from twin.moment import Moment
from twin.reading import READING_TABLE, Batch, Reject
from twin.source import ProtocolMaker

JSON, NDJSON, ARROW = "application/json", "application/x-ndjson", "application/vnd.apache.arrow.stream"
_Rows = tuple[Sequence[Any], Sequence[int], Sequence[Reject]]


def decode(body: bytes, media: str, *, source: str, batch_id: str | None, received_at: Moment) -> Batch:
    """Posted readings to a batch; rows that are not well-formed are among its rejects.

    Raises:
        BadMedia: ``media`` is not one of the three.
        BadInput: nothing of the body can be understood.
    """
    if media == ARROW:
        return read_stream(body, source, batch_id, received_at)
    table = _BULK[media](body) if media in _BULK else None
    if table is not None:
        return make_batch(READING_TABLE, table, (), source, batch_id, received_at, "readings")
    rows, places, refused = _rows(body, media, "readings", (*_ROWS, ARROW))
    return reading_batch(rows, source, batch_id, received_at, places, refused)


def decode_records(
    body: bytes, media: str, table: Table, source: str, batch_id: str | None, received_at: Moment
) -> Batch:
    """Posted records of an exchange table to a batch; those with faults are among its rejects.

    Raises:
        BadMedia: ``media`` is neither JSON nor NDJSON.
        BadInput: nothing of the body can be understood.
    """
    rows, places, refused = _rows(body, media, "records", tuple(_ROWS))
    return record_batch(table, rows, source, batch_id, received_at, places, refused)


def _rows(body: bytes, media: str, name: str, taken: Sequence[str]) -> _Rows:
    read = _ROWS.get(media)
    if read is None:
        raise BadMedia(f"Content-Type '{media[:60]}' is not one of {', '.join(taken)}", "Content-Type")
    return read(body, name)


def _rows_of_json(body: bytes, name: str) -> _Rows:
    rows = rows_inside(load_json(body), name)
    return rows, range(len(rows)), ()


_ROWS: Mapping[str, Callable[[bytes, str], _Rows]] = {JSON: _rows_of_json, NDJSON: rows_of_lines}
_BULK: Mapping[str, Callable[[bytes], pl.DataFrame | None]] = {
    JSON: _bulk.rows_of_body,
    NDJSON: _bulk.rows_of_lines,
}
PROTOCOL = ProtocolMaker("http_push", make_passive)
