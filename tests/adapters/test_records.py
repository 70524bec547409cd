"""Records against the dictionary: typed when they are sound, refused with every fault named when not."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import orjson
import polars as pl
import pytest

from adapters import http_push
from adapters.http_exchange import TablePoll
from tests.adapters.exchange import record
from twin.dictionary import dictionary
from twin.errors import BadInput, BadMedia
from twin.moment import parse_moment
from twin.reading import UTC_US

NOW = parse_moment("2026-11-21T06:00:00Z")
ALARM = "hazard_alarm"


def decode(*rows, table=ALARM, media=http_push.JSON):
    """What posted records become."""
    body = orjson.dumps({"records": rows}) if media == http_push.JSON else b"\n".join(map(orjson.dumps, rows))
    return http_push.decode_records(body, media, dictionary().table(table), "test", None, NOW)


@pytest.mark.parametrize("table", [each.name for each in dictionary()])
def test_a_sound_record_of_every_table_is_taken(table):
    batch = decode(record(table, "K1"), table=table)
    assert [each.message for each in batch.rejects] == []
    assert batch.rows.columns == ["index", *(field.name for field in dictionary().table(table).fields)]


def test_cells_are_typed():
    row = record(ALARM, "A1", alarm_at="2026-11-21T14:00:00+08:00", alarm_value=3, is_deleted=True, cleared_at=None)
    rows = decode(row).rows
    assert rows["alarm_at"].dtype == UTC_US
    assert rows.select("id", "alarm_at", "alarm_value", "is_deleted", "cleared_at").row(0) == (
        "A1",
        NOW,
        3.0,
        True,
        None,
    )
    day = decode(record("safety_commitment", "C1", unit_total=4.0), table="safety_commitment").rows
    assert day.select("commitment_date", "unit_total").row(0) == (date(2026, 11, 21), 4)


FAULTS = [
    ({"alarm_type": "09"}, "unknown_code", "alarm_type", "09 is not one of 01, 02, 03, 04"),
    ({"alarm_type": 1}, "bad_type", "alarm_type", "1 is not text"),
    ({"alarm_at": "2026-11-21T06:00:00"}, "no_offset", "alarm_at", "has no offset"),
    ({"alarm_at": "soon"}, "bad_time", "alarm_at", "soon"),
    ({"alarm_at": None}, "missing_field", "alarm_at", "is missing"),
    ({"alarm_at": ""}, "missing_field", "alarm_at", "is missing"),
    ({"alarm_value": "high"}, "bad_type", "alarm_value", "high is not a number"),
    ({"alarm_value": True}, "bad_type", "alarm_value", "true is not a number"),
    ({"is_deleted": "no"}, "bad_type", "is_deleted", "no is not true, false, 1 or 0"),
    ({"enterprise_id": {}}, "bad_type", "enterprise_id", "is not text"),
    ({"id": ""}, "missing_field", "id", "is missing"),
]


@pytest.mark.parametrize(("wrong", "code", "name", "said"), FAULTS)
def test_a_fault_is_named_by_record_and_field_and_the_others_go_through(wrong, code, name, said):
    batch = decode(record(ALARM, "A0"), record(ALARM, "A1", **wrong), record(ALARM, "A2"))
    assert batch.rows["index"].to_list() == [0, 2]
    [reject] = batch.rejects
    assert (reject.index, reject.code, reject.field) == (1, code, f"records[1].{name}")
    assert name in reject.message
    assert said in reject.message


@pytest.mark.parametrize(
    ("table", "wrong", "code"),
    [
        ("gas_leak_statistic", {"longitude": 181}, "out_of_range"),
        ("gas_leak_statistic", {"latitude": -90.5}, "out_of_range"),
        ("safety_commitment", {"unit_total": 1.5}, "bad_type"),
        ("safety_commitment", {"unit_total": 1e30}, "out_of_range"),
        ("safety_commitment", {"commitment_date": "21.11.2026"}, "bad_time"),
    ],
)
def test_numbers_dates_and_places_are_held_to_what_they_are(table, wrong, code):
    [reject] = decode(record(table, "K1", **wrong), table=table).rejects
    assert reject.code == code


def test_numbers_without_end_cost_their_record_only():
    body = orjson.dumps({"records": [record(ALARM, "A0"), record(ALARM, "A1", alarm_value=-7)]}).replace(b"-7", b"NaN")
    batch = http_push.decode_records(body, http_push.JSON, dictionary().table(ALARM), "test", None, NOW)
    assert batch.rows["id"].to_list() == ["A0"]
    assert [(each.code, each.field) for each in batch.rejects] == [("not_finite", "records[1].alarm_value")]


def test_all_faults_of_a_record_are_told_at_once():
    [reject] = decode(record(ALARM, "A1", alarm_type="09", alarm_at=None)).rejects
    assert reject.message == "records[0] (id A1): alarm_type: 09 is not one of 01, 02, 03, 04; alarm_at: is missing"


def test_geometry_is_kept_as_text_and_nesting_without_end_is_refused():
    table = next(each.name for each in dictionary() if any(field.type == "geometry" for field in each.fields))
    name = next(field.name for field in dictionary().table(table).fields if field.type == "geometry")
    point = {"type": "Point", "coordinates": [119.0, 33.4]}
    assert orjson.loads(decode(record(table, "K", **{name: point}), table=table).rows[name][0]) == point
    deep = '{"type": "Polygon", "coordinates": ' + "[" * 400 + "]" * 400 + "}"
    row = orjson.dumps(record(table, "K", **{name: "@"})).decode().replace('"@"', deep)
    body = f'{{"records": [{row}]}}'.encode()
    batch = http_push.decode_records(body, http_push.JSON, dictionary().table(table), "test", None, NOW)
    assert [(each.code, each.field) for each in batch.rejects] == [("too_deep", f"records[0].{name}")]


def test_several_attachments_are_one_text():
    batch = decode(record("park_recognition_material", "M1"), table="park_recognition_material")
    files = [field.name for field in dictionary().table("park_recognition_material").fields if field.type == "file"]
    several = record("park_recognition_material", "M1", **{files[0]: ["a.pdf", "b.pdf"]})
    assert batch.rows[files[0]].to_list() == ["a.pdf"]
    assert decode(several, table="park_recognition_material").rows[files[0]].to_list() == ["a.pdf;b.pdf"]


def test_a_field_that_the_dictionary_does_not_have_is_left_out_and_said_once(caplog):
    with caplog.at_level(logging.WARNING):
        for key in ("A1", "A2"):
            batch = decode(record(ALARM, key, colour_of_tomorrow="red"))
            assert batch.rows.height == 1
            assert "colour_of_tomorrow" not in batch.rows.columns
    assert sum("colour_of_tomorrow" in each.message for each in caplog.records) == 1


def test_of_lines_each_record_stands_for_itself():
    batch = decode(record(ALARM, "A0"), 7, record(ALARM, "A2"), media=http_push.NDJSON)
    assert batch.rows["id"].to_list() == ["A0", "A2"]
    assert [each.field for each in batch.rejects] == ["records[1]"]


def test_arrow_is_for_readings_only():
    with pytest.raises(BadMedia):
        http_push.decode_records(b"", http_push.ARROW, dictionary().table(ALARM), "test", None, NOW)


# --- pages of an exchange server ---


@pytest.fixture
def poll():
    """The decoder of a table's pages; it never talks here."""
    return TablePoll("plant", dictionary().table(ALARM), None, 500, timedelta(seconds=2))


def page(*rows, **more):
    """A captured page."""
    return orjson.dumps({"table": ALARM, "records": rows, "next": "17~A1", "more": False, **more})


def test_a_page_becomes_a_batch_that_knows_where_to_go_on(poll):
    batch = poll.decode(page(record(ALARM, "A1")), NOW)
    assert (batch.table, batch.source, batch.cursor) == (ALARM, "plant/hazard_alarm", "17~A1")
    assert batch.rows["id"].to_list() == ["A1"]


def test_the_same_page_is_the_same_batch_and_another_is_another(poll):
    one, again = poll.decode(page(record(ALARM, "A1")), NOW), poll.decode(page(record(ALARM, "A1")), NOW)
    other = poll.decode(page(record(ALARM, "A1", alarm_value=9)), NOW)
    assert one.batch_id == again.batch_id != other.batch_id


@pytest.mark.parametrize(
    "body", [b"7", b"{}", b'{"records": 1}', page(table="park"), page(next=7), b"<html>", b"", page()[:-3]]
)
def test_what_is_no_page_is_an_error(poll, body):
    with pytest.raises(BadInput):
        poll.decode(body, NOW)


def test_an_empty_page_has_all_columns(poll):
    rows = poll.decode(page(), NOW).rows
    assert rows.height == 0
    assert rows["alarm_at"].dtype == UTC_US
    assert rows["index"].dtype == pl.Int64
