"""A front database: a real PostgreSQL and a real MariaDB (as MySQL), asked page by page for what is new."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.asking import NOW
from tests.adapters.exchange import record
from tests.adapters.fronts import KINDS, MysqlFront, row, values_of
from twin.errors import SourceError

FILL = """
    INSERT INTO c WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 30)
    SELECT cursor, 'P', now(), n FROM r
"""


def test_rows_come_page_by_page_and_then_only_what_is_new(front):
    front.put([row(n, n) for n in range(25)])
    front.ask(page_rows=10)
    first = front.turn()
    assert values_of(first) == list(map(float, range(25)))
    assert {(each.table, each.source) for each in first} == {("reading", "front")}
    assert [each.rows.height for each in first] == [10, 10, 5]
    assert front.turn() == []
    front.put([row(25, 25)])
    assert values_of(front.turn()) == [25.0]


def test_after_a_restart_it_goes_on_where_the_store_says(front):
    front.put([row(n, n) for n in range(25)])
    first = front.ask(page_rows=10, overlap=0).turn(pages=1)
    assert values_of(first + front.ask(page_rows=10, overlap=0).turn()) == list(map(float, range(25)))


def test_rows_with_the_same_stamp_are_not_lost_between_two_pages(front):
    front.put([row(n, 0) for n in range(25)])
    assert values_of(front.ask(page_rows=7, overlap=0).turn()) == list(map(float, range(25)))


@pytest.mark.parametrize("page_rows", [1, 2, 3, 5_000])
def test_a_cursor_that_does_not_tell_rows_apart_is_refused_instead_of_losing_some(front, page_rows):
    front.put([row(n, 0) for n in range(3)])
    with pytest.raises(SourceError, match=r"several rows have updated_at .*: name one more column in 'cursor'"):
        front.ask(cursor=["updated_at"], page_rows=page_rows).turn()


def test_names_that_the_database_holds_equal_are_not_parted_between_two_pages(front):
    front.do("CREATE TABLE n (name varchar(10), point varchar(10), ts timestamp, value int)")
    for value, name in enumerate(["a", "b", "B", "c", "e", "É"]):
        front.do("INSERT INTO n VALUES (%s, 'P', now(), %s)", values=(name, value))
    options = {"from": f"{front.schema}.n", "cursor": "name", "columns": {}, "zone": "UTC", "page_rows": 2}
    assert sorted(values_of(front.ask(**options).turn())) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_row_whose_transaction_ended_late_is_not_missed_and_the_others_do_not_come_twice(front):
    front.put([row(1, 0)])
    with closing(front.connect()) as slow:
        front.insert(slow.cursor(), [row(2, 1)])
        front.put([row(3, 2)])
        front.ask(overlap=10)
        assert values_of(front.turn()) == [1.0, 3.0]
        slow.commit()
    assert values_of(front.turn()) == [2.0]
    assert front.turn() == []


def test_a_late_row_behind_a_long_line_of_full_pages_is_not_missed(front):
    front.put([row(n, n) for n in range(60)])
    front.ask(page_rows=10, overlap=5)
    first = front.turn(pages=4)
    front.put([row(n, n) for n in range(60, 90)])
    front.put([row(1000, 85.5), row(1001, 55.5)])
    batches = first + front.turn() + front.turn()
    assert sorted(values_of(batches)) == [*map(float, range(90)), 1000.0, 1001.0]
    front.put([row(1002, 84.5)])
    assert values_of(front.turn()) == [1002.0]


def test_an_overlap_that_is_larger_than_a_page_still_comes_to_an_end(front):
    front.put([row(n, n / 100) for n in range(100)])
    front.ask(page_rows=7, overlap=60)
    assert values_of(front.turn()) == list(map(float, range(100)))
    assert front.turn() == []


def test_a_page_that_was_not_kept_comes_again_as_the_same_batch(front):
    front.put([row(n, n) for n in range(25)])
    front.ask(page_rows=10)
    lost = front.poll.decode(front.poll.fetch(None), NOW)
    front.poll.forget()
    batches = front.turn()
    assert batches[0].batch_id == lost.batch_id
    assert values_of(batches) == list(map(float, range(25)))


def test_cells_that_are_no_numbers_cost_their_row_only(front):
    at = NOW
    front.put([("P-1", at, each, at) for each in ("1.5", None, "NaN", "high", "-2e3")])
    [batch] = front.ask().turn()
    assert batch.rows["value"].to_list() == [1.5, -2000.0]
    assert [(each.index, each.code) for each in batch.rejects] == [(2, "bad_type"), (3, "not_finite"), (4, "bad_type")]
    assert batch.rejects[2].field == f"{front.schema}.Values[4].value"


def test_nothing_where_a_point_or_a_time_should_be_costs_its_row_only(front):
    front.put([(None, NOW, "1", NOW), ("P-1", None, "2", NOW), ("P-1", NOW, "3", None), row(4)])
    [batch] = front.ask().turn()
    assert batch.rows["value"].to_list() == [4.0]
    assert [(each.index, each.code, each.field) for each in batch.rejects] == [
        (1, "bad_type", f"{front.schema}.Values[1].point"),
        (2, "bad_type", f"{front.schema}.Values[2].ts"),
    ]


@pytest.mark.parametrize(("kind", "said"), [("numeric", "'NaN'"), ("double precision", "'Infinity'")])
def test_numbers_without_end_are_refused_whatever_type_they_have(postgres_front, kind, said):
    query = f"SELECT 1 AS id, 'P-1' AS point, now() AS ts, {said}::{kind} AS value"
    [batch] = postgres_front.ask(query=query, cursor="id", columns={}).turn()
    assert [each.code for each in batch.rejects] == ["not_finite"]


def test_a_query_may_hold_colons_and_percent_signs(front):
    front.put([row(1, 0), row(2, 1, "Q:x"), row(3, 2)])
    query = "SELECT * FROM here.\"Values\" WHERE \"TAG\" LIKE 'P%' AND val <> ':val' AND id % 1 = 0;"
    query = front.quoted(query.replace("here", front.schema))
    assert values_of(front.ask(query=query).turn()) == [1.0, 3.0]


@pytest.mark.parametrize(
    ("front", "type_"), [(kind, type_) for kind in KINDS for type_ in KINDS[kind].cursors], indirect=["front"]
)
def test_any_ordered_column_may_be_the_cursor(front, type_):
    front.do(f"CREATE TABLE c (c {type_}, point varchar(9), ts timestamp, value int)")
    front.do(FILL.replace("cursor", front.cursors[type_]))
    options = {"from": f"{front.schema}.c", "cursor": "c", "columns": {}, "page_rows": 7, "zone": "UTC"}
    first = front.ask(**options).turn(pages=2)
    assert sorted(set(values_of(first + front.ask(**options).turn()))) == list(map(float, range(1, 31)))


@pytest.mark.parametrize("zone", [{}, {"zone": "Asia/Shanghai"}, {"zone": "America/New_York"}])
def test_a_first_value_spares_what_is_older(front, zone):
    front.put([row(n, n) for n in range(10)])
    assert values_of(front.ask(start=NOW + timedelta(seconds=6), **zone).turn()) == [6.0, 7.0, 8.0, 9.0]


def test_a_first_value_means_the_clock_of_a_time_without_offset(front):
    front.do("CREATE TABLE c (id int, point varchar(9), ts timestamp, value int)")
    if isinstance(front, MysqlFront):
        front.do("ALTER TABLE c MODIFY ts datetime")
    for n in range(4):
        front.do("INSERT INTO c VALUES (%s, 'P', %s, %s)", values=(n, f"2026-11-21 14:0{n}:00", n))
    options = {"from": f"{front.schema}.c", "cursor": ["ts", "id"], "columns": {}, "zone": "Asia/Shanghai"}
    front.ask(**options, start=datetime(2026, 11, 21, 6, 2, tzinfo=UTC))
    assert values_of(front.turn()) == [2.0, 3.0]


def test_times_without_offset_are_in_the_zone_that_is_said(front):
    query = "SELECT 1 AS id, 'P-1' AS point, timestamp '2026-11-21 14:00:00' AS ts, 1 AS value"
    options = {"query": query, "cursor": "id", "columns": {}}
    [batch] = front.ask(**options).turn()
    assert [each.code for each in batch.rejects] == ["no_offset"]
    front.cursor = None
    [batch] = front.ask(**options, zone="Asia/Shanghai").turn()
    assert batch.rows["ts"].to_list() == [datetime(2026, 11, 21, 6, tzinfo=UTC)]


@pytest.mark.parametrize("zone", [{}, {"zone": "Asia/Shanghai"}, {"zone": "America/New_York"}])
def test_moments_are_the_same_in_whatever_zone_they_are_asked_for(front, zone):
    summer, winter = datetime(2026, 7, 1, 6, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC)
    front.put([("P-1", summer, "1", summer), ("P-1", winter, "2", winter)])
    [batch] = front.ask(**zone).turn()
    assert batch.rows["ts"].to_list() == [summer, winter]
    front.put([row(3, 0)])
    assert values_of(front.ask(**zone, overlap=86_400 * 365).turn()) == [1.0, 3.0, 2.0]


def test_a_mysql_time_that_is_none_is_refused_and_does_not_stop_the_rest(mysql_front):
    mysql_front.do("SET sql_mode = ''", "INSERT INTO `Values` VALUES (1, 'P-1', 0, '1', 0), (2, 'P-1', 0, '2', now())")
    mysql_front.put([row(3)])
    batches = mysql_front.ask(page_rows=1).turn() + mysql_front.turn()
    assert values_of(batches) == [3.0]
    assert {(each.index, each.code) for batch in batches for each in batch.rejects} == {(1, "bad_time")}


@pytest.mark.parametrize(("type_", "said"), [("boolean", "true"), ("bit(1)", "b'1'")])
def test_an_exchange_table_is_filled_by_typed_columns(front, type_, said):
    values = record("gas_leak_statistic", "7")
    values.pop("is_deleted")
    kinds = {str: "text", int: "integer", float: "double precision"}
    columns = ", ".join(f"{name} {kinds[type(each)]}" for name, each in values.items())
    front.do(f"CREATE TABLE g ({columns}, is_deleted {type_})")
    front.do(" ".join(("INSERT INTO g VALUES (", "%s, " * len(values), said, ")")), values=[*values.values()])
    options = {"from": f"{front.schema}.g", "cursor": "id", "columns": {}, "table": "gas_leak_statistic"}
    [batch] = front.ask(**options).turn()
    assert [each.message for each in batch.rejects] == []
    assert batch.rows.select("id", "longitude", "is_deleted").row(0) == ("7", 119.0, True)
