"""Bytes to readings: what a good message becomes, and what each bad row is told."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta

import orjson
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from adapters import http_push, socket_push
from twin.errors import BadInput, BadMedia
from twin.moment import now, parse_moment
from twin.reading import DECODED_READINGS

AT = "2026-11-21T06:00:00Z"
GOOD = {"point": "P1", "ts": AT, "value": 1.5, "quality": "good"}
NOW = parse_moment(AT)


def decode(body, media=http_push.JSON):
    """What a posted body becomes."""
    return http_push.decode(body, media, source="test", batch_id=None, received_at=NOW)


def among_good(row):
    """A body whose second row is the given text (@ stands for a good time), between two good ones."""
    good = orjson.dumps(GOOD).decode()
    return f'{{"readings": [{good}, {row.replace("@", AT)}, {good}]}}'.encode()


def test_a_json_body_becomes_columns():
    batch = decode(orjson.dumps({"readings": [GOOD, {**GOOD, "value": 2, "quality": 1}]}))
    assert batch.rows.schema == DECODED_READINGS
    assert batch.rows.rows() == [(0, "P1", NOW, 1.5, 0), (1, "P1", NOW, 2.0, 1)]
    assert batch.rejects == ()


BAD_ROWS = [
    ('{"point": "P1", "ts": "@", "value": NaN}', "not_finite", "value"),
    ('{"point": "P1", "ts": "@", "value": Infinity}', "not_finite", "value"),
    ('{"point": "P1", "ts": "@", "value": -Infinity}', "not_finite", "value"),
    ('{"point": "P1", "ts": "@", "value": 1e999}', "not_finite", "value"),
    ('{"point": "P1", "ts": "@", "value": ' + "9" * 5000 + "}", "not_finite", "value"),
    ('{"point": "P1", "ts": "@", "value": "1.5"}', "bad_type", "value"),
    ('{"point": "P1", "ts": "@", "value": null}', "bad_type", "value"),
    ('{"point": "P1", "ts": "@", "value": true}', "bad_type", "value"),
    ('{"point": "P1", "ts": "@", "value": [1]}', "bad_type", "value"),
    ('{"point": "P1", "ts": "@", "value": ' + "[" * 500 + "]" * 500 + "}", "bad_type", "value"),
    ('{"point": "P1", "ts": "@"}', "missing_field", "value"),
    ('{"point": "P1", "value": 1}', "missing_field", "ts"),
    ('{"ts": "@", "value": 1}', "missing_field", "point"),
    ('{"point": 7, "ts": "@", "value": 1}', "bad_type", "point"),
    ('{"point": "\\ud800", "ts": "@", "value": 1}', "bad_type", "point"),
    ('{"point": "P1", "ts": 1700000000, "value": 1}', "bad_type", "ts"),
    ('{"point": "P1", "ts": "2026-11-21T06:00:00", "value": 1}', "no_offset", "ts"),
    ('{"point": "P1", "ts": "2026-11-21", "value": 1}', "no_offset", "ts"),
    ('{"point": "P1", "ts": "2026-02-30T06:00:00Z", "value": 1}', "bad_time", "ts"),
    ('{"point": "P1", "ts": "yesterday", "value": 1}', "bad_time", "ts"),
    ('{"point": "P1", "ts": "", "value": 1}', "bad_time", "ts"),
    ('{"point": "P1", "ts": "@", "value": 1, "quality": "fine"}', "unknown_quality", "quality"),
    ('{"point": "P1", "ts": "@", "value": 1, "quality": 3}', "unknown_quality", "quality"),
    ('{"point": "P1", "ts": "@", "value": 1, "quality": true}', "unknown_quality", "quality"),
    ('{"point": "P1", "ts": "@", "value": 1, "quality": null}', "unknown_quality", "quality"),
    ('{"point": "P1", "ts": "@", "value": 1, "quality": []}', "unknown_quality", "quality"),
]


@pytest.mark.parametrize(("row", "code", "name"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_field_and_the_others_go_through(row, code, name):
    batch = decode(among_good(row))
    assert batch.rows["index"].to_list() == [0, 2]
    [reject] = batch.rejects
    assert (reject.index, reject.code, reject.field) == (1, code, f"readings[1].{name}")
    assert reject.message.startswith(f"readings[1].{name}: ")
    assert len(reject.message) < 300
    assert 0 < len(reject.raw.encode()) <= 2048


@pytest.mark.parametrize("row", ["7", "null", '"text"', "[]", "[[[]]]"])
def test_a_row_that_is_no_object_is_named(row):
    [reject] = decode(among_good(row)).rejects
    assert (reject.code, reject.field) == ("not_an_object", "readings[1]")


def test_the_raw_text_says_what_was_sent():
    [reject] = decode(among_good('{"point": "罐", "ts": "@", "value": NaN}')).rejects
    assert reject.raw == '{"point": "罐", "ts": "2026-11-21T06:00:00Z", "value": NaN}'


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-21T14:00:00+08:00", "2026-11-21T06:00:00+00:00"),
        ("2026-11-21T14:00:00.5+0800", "2026-11-21T06:00:00.500000+00:00"),
        ("2026-11-20T20:30:00-09:30", "2026-11-21T06:00:00+00:00"),
        ("2026-11-21 06:00:00Z", "2026-11-21T06:00:00+00:00"),
        ("2026-11-21T06:00Z", "2026-11-21T06:00:00+00:00"),
        ("20261121T060000Z", "2026-11-21T06:00:00+00:00"),
        ("2026-11-21T06:00:00.123456789Z", "2026-11-21T06:00:00.123456+00:00"),
    ],
)
def test_a_time_may_be_written_in_any_way_that_names_its_offset(said, meant):
    batch = decode(orjson.dumps({"readings": [GOOD, {**GOOD, "ts": said}]}))
    assert batch.rows["ts"][1].isoformat() == meant


def test_without_a_word_on_quality_a_reading_is_good():
    assert decode(orjson.dumps([{"point": "P1", "ts": AT, "value": 1}])).rows["quality"].to_list() == [0]


def test_without_a_key_each_body_is_a_batch_of_its_own():
    body = orjson.dumps({"readings": [GOOD]})
    assert decode(body).batch_id != decode(body).batch_id


UNREADABLE = [
    (b"", "bad_json"),
    (b'{"readings": [{"point": "P1", ', "bad_json"),
    (b"\xff\xfe\x00", "bad_json"),
    (b"[" * 100_000, "too_deep"),
    (b'{"readings": ' + b"[" * 5000 + b"]" * 5000 + b"}", "too_deep"),
    (b"7", "not_an_object"),
    (b"{}", "missing_field"),
    (b'{"readings": {}}', "bad_type"),
    (b'{"readings": null}', "bad_type"),
]


@pytest.mark.parametrize(("body", "code"), UNREADABLE)
def test_a_body_of_which_nothing_can_be_read_is_an_error(body, code):
    with pytest.raises(BadInput) as caught:
        decode(body)
    assert caught.value.code == code
    assert len(caught.value.message) < 300


def test_a_type_that_is_not_taken():
    with pytest.raises(BadMedia):
        decode(b"<xml/>", "text/xml")


# --- lines of JSON ---


def test_of_lines_each_stands_for_itself():
    lines = [orjson.dumps(GOOD), b'{"point": ', b"", b'\xff{"point"}', b"NaN", orjson.dumps(GOOD), b"[" * 9000]
    batch = decode(b"\n".join(lines) + b"\n", http_push.NDJSON)
    assert batch.rows["index"].to_list() == [0, 4]
    found = [(each.index, each.code) for each in batch.rejects]
    assert found == [(1, "bad_json"), (2, "bad_json"), (3, "not_an_object"), (5, "too_deep")]
    assert batch.rejects[0].raw == '{"point": '


SOUND = orjson.dumps(GOOD)
# pieces that are nothing by themselves, or more than one thing, and might be taken for a row where they meet
PIECES = [
    SOUND,
    SOUND + b"\r",
    b" " + SOUND,
    SOUND + b"," + SOUND,
    b"{}",
    b"{},{}",
    b"5",
    b"",
    b"{",
    b"}",
    b'{"a":{',
    b"}}",
]
PIECES += [b'{"a":"x}', b'{y"}', b'{"a":1', b'{"b":2}', b'"b":2}', b'{"a":[{}', b"{}]}", b"[{}]", b'{"a":"[\\n{"}']


@given(some.lists(some.sampled_from(PIECES), max_size=6))
@example([b'{"a":[{}', b"{}]}", b"{},{}"])
@example([b'{"a":"x}', b'{y"}', b"{},{}"])
@example([b'{"a":1', b'"b":2}', b"{},{}"])
@settings(max_examples=200)
def test_lines_together_say_what_each_says_alone(lines):
    rows, codes = [], []
    for place, line in enumerate(each for each in lines if each.strip()):
        alone = decode(line, http_push.NDJSON)
        rows += [place] * alone.rows.height
        codes += [(place, each.code, each.raw) for each in alone.rejects]
    batch = decode(b"\n".join(lines), http_push.NDJSON)
    assert batch.rows["index"].to_list() == rows
    assert [(each.index, each.code, each.raw) for each in batch.rejects] == codes


# --- Arrow ---


def table(**columns):
    """Three readings as the contract has them."""
    usual = {
        "point": pa.array(["P1", "P2", "P1"]).dictionary_encode(),
        "ts": pa.array([NOW] * 3, pa.timestamp("us", "UTC")),
        "value": pa.array([1.0, 2.0, 3.0]),
        "quality": pa.array([0, 1, 2], pa.uint8()),
    }
    return pa.table({name: each for name, each in {**usual, **columns}.items() if each is not None})


def stream(rows, **options):
    """An Arrow IPC stream."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(rows, max_chunksize=2)
    return sink.getvalue()


def test_an_arrow_stream_becomes_the_same_columns():
    batch = decode(stream(table(), emit_dictionary_deltas=True), http_push.ARROW)
    assert batch.rows.schema == DECODED_READINGS
    assert batch.rows.rows() == [(0, "P1", NOW, 1.0, 0), (1, "P2", NOW, 2.0, 1), (2, "P1", NOW, 3.0, 2)]


@pytest.mark.parametrize(
    "points", [pa.array(["P1", "P2", "P1"]), pa.array(["P1", "P2", "P1"], pa.large_string())], ids=["utf8", "large"]
)
def test_points_may_also_be_plain_text(points):
    assert decode(stream(table(point=points)), http_push.ARROW).rows["point"].to_list() == ["P1", "P2", "P1"]


def test_an_empty_stream_is_no_fault():
    assert decode(stream(table().slice(0, 0)), http_push.ARROW).rows.is_empty()


def test_rows_of_arrow_that_say_nothing_usable_are_named():
    rows = table(
        point=pa.array(["P1", None, "x" * 300]).dictionary_encode(),
        value=pa.array([float("nan"), 2.0, 3.0]),
    )
    batch = decode(stream(rows), http_push.ARROW)
    found = [(each.field, each.code) for each in batch.rejects]
    assert found == [
        ("readings[0].value", "not_finite"),
        ("readings[1].point", "bad_type"),
        ("readings[2].point", "bad_type"),
    ]
    rows = table(
        value=pa.array([float("inf"), None, 1.0]), quality=pa.array([0, 0, 9], pa.uint8()),
    )  # fmt: skip
    assert [each.code for each in decode(stream(rows), http_push.ARROW).rejects] == [
        "not_finite",
        "bad_type",
        "unknown_quality",
    ]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("point", pa.array([1, 2, 3])),
        ("ts", pa.array([NOW.replace(tzinfo=None)] * 3, pa.timestamp("us"))),
        ("ts", pa.array([NOW] * 3, pa.timestamp("ns", "UTC"))),
        ("ts", pa.array([NOW] * 3, pa.timestamp("us", "Asia/Shanghai"))),
        ("value", pa.array([1, 2, 3])),
        ("quality", pa.array([0, 1, 2])),
        ("quality", None),
    ],
)
def test_a_wrong_schema_is_refused_by_the_name_of_the_column(name, column):
    with pytest.raises(BadInput) as caught:
        decode(stream(table(**{name: column})), http_push.ARROW)
    assert caught.value.field == name


def test_packed_buffers_are_refused_before_they_are_unpacked():
    with pytest.raises(BadInput, match="use gzip"):
        decode(stream(table(value=pa.array([0.0] * 3)), compression="zstd"), http_push.ARROW)


def test_an_index_beyond_its_dictionary_is_refused():
    broken = pa.DictionaryArray.from_arrays(pa.array([0, 1, 99], pa.int8()), pa.array(["P1", "P2"]), safe=False)
    with pytest.raises(BadInput, match="body"):
        decode(stream(table(point=broken)), http_push.ARROW)


@settings(max_examples=150)
@given(some.data())
def test_a_damaged_stream_never_does_worse_than_an_error(data):
    sound = bytearray(stream(table()))
    for _ in range(data.draw(some.integers(1, 4))):
        sound[data.draw(some.integers(0, len(sound) - 1))] = data.draw(some.integers(0, 255))
    end = data.draw(some.integers(0, len(sound)))
    with suppress(BadInput):
        decode(bytes(sound[:end]), http_push.ARROW)


# --- whatever comes ---

json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
near_rows = some.fixed_dictionaries(
    {},
    optional={
        "point": some.just("P1") | json_values,
        "ts": some.just(AT) | json_values,
        "value": some.floats() | json_values,
        "quality": some.sampled_from(["good", 0, 1, 2]) | json_values,
    },
)


@settings(max_examples=300)
@given(some.lists(near_rows | json_values, max_size=8))
def test_every_row_is_either_kept_or_refused(rows):
    batch = socket_push.decode({"readings": rows}, NOW)
    places = batch.rows["index"].to_list() + [each.index for each in batch.rejects]
    assert sorted(places) == list(range(len(rows)))
    assert batch.rows.select(pl.all_horizontal(pl.all().is_not_null()).all()).item() or not batch.rows.height


@settings(max_examples=200)
@given(some.binary(max_size=200))
def test_no_bytes_do_worse_than_an_error(body):
    for media in (http_push.JSON, http_push.ARROW):
        with suppress(BadInput):
            decode(body, media)
    decode(body, http_push.NDJSON)


# --- sockets ---


@pytest.mark.parametrize("wrap", [lambda body: body, orjson.dumps, lambda body: orjson.dumps(body).decode()])
def test_a_push_is_the_same_body_with_its_id(wrap):
    batch = socket_push.decode(wrap({"batch_id": "b-1", "readings": [GOOD]}), NOW, "gates")
    assert (batch.batch_id, batch.source, batch.rows.height) == ("b-1", "gates", 1)


@pytest.mark.parametrize("batch_id", [7, "", "x" * 201, ["b"]])
def test_an_id_that_is_no_short_text_is_refused(batch_id):
    with pytest.raises(BadInput) as caught:
        socket_push.decode({"batch_id": batch_id, "readings": []}, NOW)
    assert caught.value.field == "batch_id"


# --- how fast ---


@pytest.mark.bench
@pytest.mark.parametrize("media", [http_push.JSON, http_push.NDJSON, http_push.ARROW])
def test_four_thousand_readings_take_at_most_15_ms(media, figure):
    rows = [{**GOOD, "point": f"P{n}", "ts": (NOW + timedelta(microseconds=n)).isoformat()} for n in range(4000)]
    arrow = table(
        point=pa.array([f"P{n}" for n in range(4000)]).dictionary_encode(),
        ts=pa.array([NOW + timedelta(microseconds=n) for n in range(4000)], pa.timestamp("us", "UTC")),
        value=pa.array([1.5] * 4000),
        quality=pa.array([0] * 4000, pa.uint8()),
    )
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_table(arrow)
    bodies = {
        http_push.JSON: orjson.dumps({"readings": rows}),
        http_push.NDJSON: b"\n".join(orjson.dumps(row) for row in rows),
        http_push.ARROW: sink.getvalue(),
    }
    taken = []
    for _ in range(15):
        began = now()
        assert decode(bodies[media], media).rows.height == 4000
        taken.append((now() - began).total_seconds() * 1000)
    typical = sorted(taken)[len(taken) // 2]
    figure(f"decoding 4,000 readings, {media}", "≤ 15 ms", f"{typical:.1f} ms")
    assert typical <= 15
