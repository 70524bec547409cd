"""CSV, Parquet and GeoJSON files as rows by their column names, some at a time.

Rows count as a spreadsheet shows them: from 1, the heading of a CSV included.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from adapters._json import load_json, raw_text
from twin.errors import BadInput
from twin.reading import Reject

MAX_GEOJSON_BYTES = 256 * 1024 * 1024  # read whole; the others in pieces
ENCODINGS = ("auto", "utf-8", "gb18030")
_LOOK_BYTES = 1 << 20
_WGS84_NAMES = ("CRS84", "4326")
_FIRST = 2  # row of the first record of a CSV

csv.field_size_limit(16 * 1024 * 1024)  # a boundary as WKT has more than the usual 128 kB


class Unreadable(Exception):
    """A file that cannot be read; ``for_good``: waiting will not help, it is not merely unfinished."""

    def __init__(self, code: str, said: str, *, for_good: bool = False) -> None:
        super().__init__(said)
        self.code = code
        self.for_good = for_good


@dataclass(frozen=True)
class Chunk:
    """Some rows, where each stands, and what could not be read between them; ``after``: how many are behind it."""

    rows: Sequence[dict[str, Any]]
    places: Sequence[int]
    refused: Sequence[Reject]
    after: int


@dataclass(frozen=True)
class Plan:
    """How a file is read. ``size``: rows of a chunk; ``skip``: rows that were read before; ``check``: of its columns.

    ``shape``: the column that takes a feature's geometry; ``place``: those for its longitude and latitude.
    """

    name: str
    size: int
    skip: int
    check: Callable[[Sequence[str]], None]
    encoding: str = "auto"
    delimiter: str = ","
    shape: str | None = None
    place: tuple[str, str] | None = None


def read_csv(file: BinaryIO, plan: Plan) -> Iterator[Chunk]:
    """Chunks of a CSV file with a heading.

    Raises:
        Unreadable: not a CSV that can be taken.
    """
    try:
        yield from _csv_chunks(file, plan)
    except UnicodeDecodeError as error:
        raise Unreadable("bad_encoding", "its text is neither UTF-8 nor GB 18030") from error


def _csv_chunks(file: BinaryIO, plan: Plan) -> Iterator[Chunk]:
    text = codecs.iterdecode(file, _encoding(file, plan))
    lines = csv.reader(text, delimiter=plan.delimiter, strict=True)
    heading = _heading(lines, plan)
    records = islice(_records(lines), plan.skip, None)
    after = plan.skip
    while taken := list(islice(records, plan.size)):
        yield _csv_chunk(plan.name, heading, taken, after)
        after += len(taken)


def _heading(lines: Iterator[list[str]], plan: Plan) -> list[str]:
    heading = [each.strip() for each in next(lines, [])]
    twice = next((each for each in heading if each and heading.count(each) > 1), None)
    if twice is not None:
        raise Unreadable("bad_heading", f"two columns are called '{twice}'", for_good=True)
    plan.check(heading)
    return heading


def _records(lines: Any) -> Iterator[list[str] | csv.Error]:
    """Records one by one; one that breaks the quoting costs itself only."""
    while True:
        try:
            yield next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield error


def _csv_chunk(name: str, heading: list[str], taken: list[list[str] | csv.Error], before: int) -> Chunk:
    rows: list[dict[str, Any]] = []
    places: list[int] = []
    refused: list[Reject] = []
    for place, record in enumerate(taken, before + _FIRST):
        if isinstance(record, csv.Error):
            refused.append(_bad_row(name, place, str(record), None))
        elif record and len(record) != len(heading):
            refused.append(_bad_row(name, place, f"{len(record)} cells, but the heading has {len(heading)}", record))
        elif record:
            rows.append({key: cell or None for key, cell in zip(heading, record, strict=True) if key})
            places.append(place)
    return Chunk(rows, places, refused, before + len(taken))


def _bad_row(name: str, place: int, said: str, record: Any) -> Reject:
    where = f"{name}[{place}]"
    return Reject(place, "bad_row", f"{where}: {said}", where, raw_text(record))


def _encoding(file: BinaryIO, plan: Plan) -> str:
    """UTF-8 (with or without a mark) where the whole file is, else GB 18030; what is said, where it is said."""
    if plan.encoding != "auto":
        return "utf-8-sig" if plan.encoding == "utf-8" else plan.encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_LOOK_BYTES):
            decoder.decode(piece)
        return "utf-8-sig"
    except UnicodeDecodeError:
        return "gb18030"
    finally:
        file.seek(0)


def read_parquet(file: BinaryIO, plan: Plan) -> Iterator[Chunk]:
    """Chunks of a Parquet file.

    Raises:
        Unreadable: not Parquet, or not all of it.
    """
    try:
        parquet = pq.ParquetFile(file)
        plan.check(parquet.schema_arrow.names)
        after = 0
        for batch in parquet.iter_batches(plan.size):
            before, after = after, after + batch.num_rows
            if after > plan.skip:
                rows = pl.DataFrame(pl.from_arrow(batch)).slice(max(0, plan.skip - before)).to_dicts()
                yield Chunk(rows, range(after - len(rows) + 1, after + 1), (), after)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable("bad_parquet", f"not a whole Parquet file: {str(error)[:200]}") from error


def read_geojson(file: BinaryIO, plan: Plan) -> Iterator[Chunk]:
    """Chunks of a GeoJSON FeatureCollection: properties, with the geometry where the table has a field for it.

    Raises:
        Unreadable: not GeoJSON, not all of it, or too large.
    """
    features = _features(file)
    for after in range(plan.skip, len(features), plan.size):
        some = features[after : after + plan.size]
        rows, refused = _feature_rows(some, plan, after + 1)
        places = [place for place, row in enumerate(rows, after + 1) if row is not None]
        yield Chunk([row for row in rows if row is not None], places, refused, after + len(some))


def _features(file: BinaryIO) -> list[Any]:
    raw = file.read(MAX_GEOJSON_BYTES + 1)
    if len(raw) > MAX_GEOJSON_BYTES:
        raise Unreadable("too_large", f"more than {MAX_GEOJSON_BYTES >> 20} MB of GeoJSON", for_good=True)
    try:
        body = load_json(raw, "file")
    except BadInput as error:
        raise Unreadable(error.code, f"not a whole GeoJSON file: {error.message}") from error
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list):
        raise Unreadable("bad_geojson", "not a FeatureCollection", for_good=True)
    crs = body.get("crs")
    if crs is not None and not any(each in orjson.dumps(crs).decode() for each in _WGS84_NAMES):
        raise Unreadable("unknown_crs", f"is in {raw_text(crs)[:80]}, not in WGS 84", for_good=True)
    return features


def _feature_rows(features: list[Any], plan: Plan, first: int) -> tuple[list[dict[str, Any] | None], list[Reject]]:
    rows: list[dict[str, Any] | None] = []
    refused: list[Reject] = []
    for place, feature in enumerate(features, first):
        try:
            rows.append(_row_of(feature, plan))
        except (TypeError, AttributeError, ValueError, KeyError, shapely.errors.ShapelyError) as error:
            where = f"{plan.name}[{place}]"
            refused.append(Reject(place, "bad_feature", f"{where}: not a feature: {error}", where, raw_text(feature)))
            rows.append(None)
    return rows, refused


def _row_of(feature: dict[str, Any], plan: Plan) -> dict[str, Any]:
    geometry = feature["geometry"]
    row = {**({"id": feature["id"]} if "id" in feature else {}), **(feature.get("properties") or {})}
    if geometry is None:
        return row
    shape = shapely.from_geojson(orjson.dumps(geometry))
    if plan.shape is not None:
        row.setdefault(plan.shape, geometry)
    if plan.place is not None and not shape.is_empty:
        inside = shape.representative_point()
        row = dict(zip(plan.place, (inside.x, inside.y), strict=True)) | row
    return row


READERS: Mapping[str, Callable[[BinaryIO, Plan], Iterator[Chunk]]] = {
    ".csv": read_csv,
    ".parquet": read_parquet,
    ".geojson": read_geojson,
    ".json": read_geojson,
}
