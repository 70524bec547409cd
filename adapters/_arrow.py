"""Readings as an Arrow IPC stream, taken column by column without looking at single rows.

A stream is memory laid out by someone else, so nothing of it is believed: the schema is compared, buffers
are validated, and compressed buffers are refused, because they could unpack to any size.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from uuid import uuid4

import polars as pl
import pyarrow as pa

from adapters._rules import Rule, refuse
from twin.errors import BadInput
from twin.moment import Moment
from twin.reading import DECODED_READINGS, QUALITY_NAMES, READING_TABLE, Batch

_LONGEST_ID = 256  # a dictionary repeats its words without cost; rows of columns do not
_RECORD_BATCH, _COMPRESSION = 3, 3  # header type of a message; place of the compression in its table


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_moment(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.unit == "us" and kind.tz in ("UTC", "+00:00", "Etc/UTC")


_COLUMNS: dict[str, tuple[Callable[[pa.DataType], bool], str]] = {
    "point": (_is_text, "dictionary<utf8>"),
    "ts": (_is_moment, "timestamp[us, UTC]"),
    "value": (pa.types.is_float64, "float64"),
    "quality": (pa.types.is_uint8, "uint8"),
}
_RULES = (
    Rule("bad_type", "point", pl.col("point").is_null(), f"null or longer than {_LONGEST_ID} characters"),
    Rule("bad_time", "ts", pl.col("ts").is_null(), "null is not a time"),
    Rule("bad_type", "value", pl.col("value").is_null(), "null is not a number"),
    Rule("not_finite", "value", ~pl.col("value").is_finite(), "{value} is not a finite number"),
    Rule(
        "unknown_quality",
        "quality",
        pl.col("quality").is_null() | (pl.col("quality") > max(QUALITY_NAMES)),
        "{quality} is not one of 0, 1, 2",
    ),
)


def read_stream(body: bytes, source: str, batch_id: str | None, received_at: Moment) -> Batch:
    """A batch of readings from an Arrow IPC stream.

    Raises:
        BadInput: not a whole stream, or a column is missing or of another type (the field names it).
    """
    try:
        _refuse_compressed(body)
        with pa.ipc.open_stream(body) as stream:
            _check_schema(stream.schema)
            table = stream.read_all().select(list(_COLUMNS))
        table.validate(full=True)
        frame = _frame(table)
    except (pa.ArrowException, OSError, ValueError, struct.error) as error:
        raise BadInput(f"body: not an Arrow IPC stream: {str(error)[:200]}", "body", "bad_arrow") from error
    rows, rejects = refuse(frame, _RULES, lambda index, column: f"readings[{index}].{column}")
    own, once = batch_id or uuid4().hex, not batch_id
    return Batch(READING_TABLE, rows, source, own, received_at, rejects, once=once)


def _check_schema(schema: pa.Schema) -> None:
    for name, (fits, wanted) in _COLUMNS.items():
        places = schema.get_all_field_indices(name)
        if len(places) != 1:
            raise BadInput(f"{name}: the stream has {len(places)} columns of that name", name, "missing_field")
        kind = schema.field(places[0]).type
        if not fits(kind):
            raise BadInput(f"{name}: the column is {kind}, not {wanted}", name, "bad_type")


def _frame(table: pa.Table) -> pl.DataFrame:
    column = table.column("point")
    chunks = [_words(each) for each in column.chunks] or [pl.Series(dtype=pl.String)]
    rest = [pl.Series(name, pl.from_arrow(table.column(name))) for name in ("ts", "value", "quality")]
    index = pl.int_range(table.num_rows, eager=True).alias("index")
    return pl.DataFrame([index, pl.concat(chunks).alias("point"), *rest]).cast(DECODED_READINGS)


def _words(chunk: pa.Array) -> pl.Series:
    if isinstance(chunk, pa.DictionaryArray):
        return _short(chunk.dictionary).gather(pl.Series(pl.from_arrow(chunk.indices)))
    return _short(chunk)


def _short(words: pa.Array) -> pl.Series:
    """Texts; null for those too long for an id, before a dictionary repeats them."""
    said = pl.Series(pl.from_arrow(words)).cast(pl.String)
    long = said.str.len_chars() > _LONGEST_ID
    return said.set(long, None) if long.any() else said


def _refuse_compressed(body: bytes) -> None:
    for message in _messages(body):
        if message.type == "record batch" and _is_compressed(message.metadata.to_pybytes()):
            raise BadInput("body: compressed Arrow buffers are not taken; use gzip", "body", "bad_arrow")


def _messages(body: bytes) -> Iterator[pa.Message]:
    reader = pa.ipc.MessageReader.open_stream(pa.BufferReader(body))
    try:
        while True:
            yield reader.read_next_message()
    except StopIteration:
        return


def _is_compressed(metadata: bytes) -> bool:
    """Whether the record batch of a message (a flatbuffer) carries a compression."""
    message = struct.unpack_from("<I", metadata)[0]
    header = message + _field(metadata, message, 2)
    batch = header + struct.unpack_from("<I", metadata, header)[0]
    return _field(metadata, batch, _COMPRESSION) != 0


def _field(metadata: bytes, table: int, number: int) -> int:
    """Where a field of a flatbuffer table stands from the table's start; 0 when it is not there."""
    vtable = table - struct.unpack_from("<i", metadata, table)[0]
    size = struct.unpack_from("<H", metadata, vtable)[0]
    place = 4 + 2 * number
    return int(struct.unpack_from("<H", metadata, vtable + place)[0]) if place < size else 0
