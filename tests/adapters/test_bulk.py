"""Large bodies are read as a table: the very same readings, or none where a row is not plain."""

from __future__ import annotations

import json

import numpy as np
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from adapters import _bulk, http_push
from adapters._body import rows_inside, rows_of_lines
from adapters._json import load_json
from adapters._readings import read_rows
from twin.errors import BadInput
from twin.moment import parse_moment

NOW = parse_moment("2026-11-21T06:00:00Z")
PLAIN = {"point": "P1", "ts": "2026-11-21T06:00:00Z", "value": 1.5, "quality": "good"}
UNTOLD = {name: said for name, said in PLAIN.items() if name != "quality"}
WORDS = some.sampled_from(["P1", "罐区", 'a"b', "a\\b", "},{", "[", '":', "", "a\nb", "good"])
ODD = some.one_of(WORDS, some.none(), some.booleans(), some.integers(), some.floats(), some.lists(WORDS, max_size=2))
TIMES = some.sampled_from(["2026-11-21T06:00:00Z", "2026-11-21T14:00:00.123456789+08:00", "2026-11-21T06:00Z", "noon"])


@pytest.fixture(autouse=True)
def _short_too(monkeypatch):
    monkeypatch.setattr(_bulk, "LEAST_BYTES", 0)


@some.composite
def readings(draw):
    """Mostly plain ones, now and then one with something odd at some place."""
    row = {**PLAIN, "value": draw(some.floats(allow_nan=False, allow_infinity=False) | some.integers())}
    if draw(some.integers(0, 3)) == 0:
        name = draw(some.sampled_from([*PLAIN, "more"]))
        if draw(some.booleans()):
            row.pop(name, None)
        else:
            row[name] = draw(TIMES if name == "ts" else ODD)
    return dict(draw(some.permutations(list(row.items()))))


def slowly(body: bytes, media: str):
    """What reading row by row makes of a body: the rows, and how many were refused."""
    if media == http_push.NDJSON:
        rows, places, refused = rows_of_lines(body, "readings")
    else:
        rows, refused = rows_inside(load_json(body), "readings"), ()
        places = range(len(rows))
    frame, rejects = read_rows(rows, places)
    return frame, len(rejects) + len(refused)


def body_of(rows, media: str, spaced: bool) -> bytes:
    """As programs write it: the standard library with its spaces, others without."""
    between = (", ", ": ") if spaced else (",", ":")
    said = [json.dumps(row, ensure_ascii=False, separators=between) for row in rows]
    if media == http_push.NDJSON:
        return "\n".join(said).encode()
    return ('{"readings": [' + (", " if spaced else ",").join(said) + "]}").encode()


READ = {http_push.NDJSON: _bulk.rows_of_lines, http_push.JSON: _bulk.rows_of_body}
MEDIA = sorted(READ)


@given(some.lists(readings(), min_size=1, max_size=6), some.sampled_from(MEDIA), some.booleans())
@example([{**PLAIN, "point": 5}, {**PLAIN, "more": "x"}], http_push.NDJSON, False)
@example([{**PLAIN, "quality": 0}, {**PLAIN, "more": "x"}], http_push.JSON, False)
@example([UNTOLD, {**PLAIN, "more": 1}], http_push.NDJSON, False)
@example([{**PLAIN, "point": "a},{b"}, PLAIN], http_push.JSON, False)
@example([{**PLAIN, "point": 'a":b'}, PLAIN], http_push.JSON, False)
def test_a_table_holds_the_same_or_there_is_none(rows, media, spaced):
    body = body_of(rows, media, spaced)
    table = READ[media](body)
    if table is not None:
        frame, refused = slowly(body, media)
        assert refused == 0
        assert table.equals(frame)
        assert table.schema == frame.schema


@pytest.mark.parametrize(
    "text",
    [
        '{"point":"P1","point":"P2","ts":"@","value":1,"quality":"good"}\n{"point":"P1","ts":"@","value":1}',
        '{"point":"P1","point":"P2","ts":"@","value":1,"quality":"good"}',
        '{"point":5,"point":"P2","ts":"@","value":1,"quality":"good"}\n{"ts":"@","value":1,"quality":"good"}',
        '{"point":"P1","ts":"@","value":1,"quality":"good"}{"point":"P1","ts":"@","value":1,"quality":"good"}',
        '{"point":"P1","ts":"@","value":1,"quality":"good"}\n\n{"point":"P1","ts":"@","value":1,"quality":"good"}',
        '{"point":{"a":1},"ts":"@","value":1,"quality":"good"}',
        '{"point":"P1","ts":"@","value":"1","quality":"good"}',
        '{"point":"P1","ts":"@","value":1e999,"quality":"good"}',
        "5",
        "",
    ],
)
def test_what_is_not_plain_is_left_to_those_who_read_row_by_row(text):
    assert _bulk.rows_of_lines(text.replace("@", PLAIN["ts"]).encode()) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"readings":[%b],"more":1}',
        b'{"more":[1],"readings":[%b]}',
        b'{"readings":[%b]',
        b"[%b]}",
        b'{"readings":[%b]}]',
        b'{"other":[%b]}',
        b"%b",
        b"[[%b]]",
    ],
)
def test_a_body_of_another_shape_is_not_taken_for_one(body):
    row = orjson.dumps(PLAIN)
    assert _bulk.rows_of_body(body % (row + b"," + row)) is None


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("row", [PLAIN, UNTOLD, dict(reversed(PLAIN.items()))])
def test_plain_bodies_are_read_at_once(media, spaced, row):
    values = np.random.default_rng(1).normal(size=50) * 10.0 ** np.arange(-25, 25)
    body = body_of([{**row, "value": each} for each in values.tolist()], media, spaced)
    table = READ[media](body)
    assert table is not None
    assert table["value"].to_list() == values.tolist()
    assert table.equals(slowly(body, media)[0])
    assert table["index"].to_list() == list(range(50))


@pytest.mark.parametrize("media", MEDIA)
def test_a_large_body_with_one_bad_row_loses_only_that(media, monkeypatch):
    monkeypatch.setattr(_bulk, "LEAST_BYTES", 65_536)
    rows = [{**PLAIN, "value": each} for each in range(2_000)]
    rows[7] = {**PLAIN, "value": "x"}
    batch = http_push.decode(body_of(rows, media, False), media, source="s", batch_id=None, received_at=NOW)
    assert [(each.index, each.code) for each in batch.rejects] == [(7, "bad_type")]
    assert batch.rows.height == 1_999


@given(some.binary(max_size=200), some.sampled_from(MEDIA))
def test_bytes_of_any_kind_break_nothing(body, media):
    table = READ[media](body)
    if table is not None:
        try:
            assert slowly(body, media)[1] == 0
        except BadInput:
            pytest.fail("read at once what is refused row by row")
