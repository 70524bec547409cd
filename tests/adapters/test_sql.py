"""A front database: a real PostgreSQL, asked page by page, taken down, brought back, and read by the wrong password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from queue import Queue
from threading import Thread

import psycopg
import pytest
from psycopg import sql

from adapters.sql import PROTOCOL
from tests.adapters.exchange import record
from tests.postgres import PASSWORD, Postgres, postgres_cluster
from twin.errors import SourceError
from twin.moment import parse_moment
from twin.source import SourceSettings

NOW = parse_moment("2026-11-21T06:00:00Z")
VARIABLE = "FRONT_PASSWORD"
TABLE = 'CREATE TABLE "Values" (id bigserial PRIMARY KEY, "TAG" text, at timestamptz, val text, updated_at timestamptz)'
COLUMNS = {"point": "TAG", "ts": "at", "value": "val"}


class Front:
    """A schema of one's own in the database, and who asks it."""

    def __init__(self, url: str, schema: str, park) -> None:
        self.url = url
        self.schema = schema
        self.park = park
        self.cursor: str | None = None
        self.do(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        self.do(TABLE)
        self.server = None

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url, options=f"-c search_path={self.schema}")

    def do(self, *statements) -> None:
        with self.connect() as line:
            for each in statements:
                line.execute(each)

    def put(self, rows: list[tuple]) -> None:
        """Rows of (point, time, value, stamp)."""
        with self.connect() as line, line.cursor() as cursor:
            cursor.executemany('INSERT INTO "Values" ("TAG", at, val, updated_at) VALUES (%s, %s, %s, %s)', rows)

    def settings(self, **options) -> SourceSettings:
        said = {"url": self.url.replace(f":{PASSWORD}", ""), "password_env": VARIABLE, "cursor": ["updated_at", "id"]}
        said |= {"columns": COLUMNS, "every_s": 0.05}
        if "query" not in options:
            said["from"] = f"{self.schema}.Values"
        return SourceSettings("front", "sql", {**said, **options})

    def ask(self, **options):
        """Whoever asks begins anew, with the cursor as the store has it."""
        self.close()
        [self.server] = PROTOCOL.make(self.settings(**options), self.park)
        [self.poll] = self.server.polls()
        return self

    def turn(self, pages: int | None = None) -> list:
        batches = []
        while pages is None or len(batches) < pages:
            raw = self.poll.fetch(self.cursor)
            if raw is None:
                break
            batches.append(self.poll.decode(raw, NOW))
            self.cursor = batches[-1].cursor
        return batches

    def close(self) -> None:
        if self.server is not None:
            self.server.close()


@pytest.fixture
def front(postgres, small_park, request, monkeypatch) -> Iterator[Front]:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    each = Front(postgres, f"t{abs(hash(request.node.name))}", small_park)
    yield each
    each.close()


def values_of(batches):
    return [each for batch in batches for each in batch.rows["value"].to_list()]


def row(value, seconds=0, point="P-1"):
    stamp = NOW + timedelta(seconds=seconds)
    return point, stamp, str(value), stamp


def test_rows_come_page_by_page_and_then_only_what_is_new(front):
    front.put([row(n, n) for n in range(25)])
    front.ask(page_rows=10)
    first = front.turn()
    assert values_of(first) == list(map(float, range(25)))
    assert {(each.table, each.source) for each in first} == {("reading", "front")}
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


def test_a_cursor_that_does_not_tell_rows_apart_is_refused_instead_of_losing_some(front):
    front.put([row(n, 0) for n in range(3)])
    with pytest.raises(SourceError, match=r"several rows have updated_at .*: name one more column in 'cursor'"):
        front.ask(cursor=["updated_at"]).turn()


def test_a_row_whose_transaction_ended_late_is_not_missed_and_the_others_do_not_come_twice(front):
    front.put([row(1, 0)])
    slow = front.connect()
    slow.execute('INSERT INTO "Values" ("TAG", at, val, updated_at) VALUES (%s, %s, %s, %s)', row(2, 1))
    front.put([row(3, 2)])
    front.ask(overlap=10)
    assert values_of(front.turn()) == [1.0, 3.0]
    slow.commit()
    slow.close()
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


@pytest.mark.parametrize(("kind", "said"), [("numeric", "'NaN'"), ("double precision", "'Infinity'")])
def test_numbers_without_end_are_refused_whatever_type_they_have(front, kind, said):
    query = f"SELECT 1 AS id, 'P-1' AS point, now() AS ts, {said}::{kind} AS value"
    [batch] = front.ask(query=query, cursor="id", columns={}).turn()
    assert [each.code for each in batch.rejects] == ["not_finite"]


def test_a_query_may_hold_colons_and_percent_signs(front):
    front.put([row(1, 0), row(2, 1, "Q:x"), row(3, 2)])
    query = "SELECT * FROM \"Values\" WHERE \"TAG\" LIKE 'P%' AND val::text <> ':val' AND id % 1 = 0;"
    query = query.replace('"Values"', f'{front.schema}."Values"')
    assert values_of(front.ask(query=query).turn()) == [1.0, 3.0]


@pytest.mark.parametrize("kind", ["timestamp", "timestamptz", "date", "bigint", "integer", "numeric", "uuid", "text"])
def test_any_ordered_column_may_be_the_cursor(front, kind):
    made = {
        "timestamp": "timestamp '2026-11-21 06:00:00.000001' + n * interval '1 second'",
        "timestamptz": "timestamptz '2026-11-21 06:00:00.000001+08' + n * interval '1 second'",
        "date": "date '2026-11-21' + n",
        "bigint": "5000000000 + n",
        "uuid": "lpad(to_hex(n), 32, '0')::uuid",
        "text": "lpad(n::text, 4, '0')",
    }.get(kind, f"n::{kind}")
    front.do(f"CREATE TABLE c (c {kind}, point text, ts timestamptz, value int)")
    rows = sql.SQL("INSERT INTO c SELECT {}, 'P', now(), n FROM generate_series(1, 30) n")
    front.do(rows.format(sql.SQL(made)))
    options = {"from": f"{front.schema}.c", "cursor": "c", "columns": {}, "page_rows": 7}
    first = front.ask(**options).turn(pages=2)
    assert sorted(set(values_of(first + front.ask(**options).turn()))) == list(map(float, range(1, 31)))


def test_a_first_value_spares_what_is_older(front):
    front.put([row(n, n) for n in range(10)])
    assert values_of(front.ask(start=NOW + timedelta(seconds=6)).turn()) == [6.0, 7.0, 8.0, 9.0]


def test_times_without_offset_are_in_the_zone_that_is_said(front):
    query = "SELECT 1 AS id, 'P-1' AS point, timestamp '2026-11-21 14:00:00' AS ts, 1 AS value"
    options = {"query": query, "cursor": "id", "columns": {}}
    [batch] = front.ask(**options).turn()
    assert [each.code for each in batch.rejects] == ["no_offset"]
    front.cursor = None
    [batch] = front.ask(**options, zone="Asia/Shanghai").turn()
    assert batch.rows["ts"].to_list() == [datetime(2026, 11, 21, 6, tzinfo=UTC)]


def test_an_exchange_table_is_filled_by_typed_columns(front):
    said = record("gas_leak_statistic", "7", is_deleted=True)
    kinds = {str: "text", int: "integer", float: "double precision", bool: "boolean"}
    front.do(f"CREATE TABLE g ({', '.join(f'{name} {kinds[type(each)]}' for name, each in said.items())})")
    front.do(sql.SQL("INSERT INTO g VALUES ({})").format(sql.SQL(", ").join(map(sql.Literal, said.values()))))
    options = {"from": f"{front.schema}.g", "cursor": "id", "columns": {}, "table": "gas_leak_statistic"}
    [batch] = front.ask(**options).turn()
    assert [each.message for each in batch.rejects] == []
    assert batch.rows.select("id", "longitude", "is_deleted").row(0) == ("7", 119.0, True)


def test_nothing_can_be_written(front):
    front.do("CREATE SEQUENCE s")
    query = f"SELECT nextval('{front.schema}.s') AS id, 'P' AS point, now() AS ts, 1 AS value"
    with pytest.raises(SourceError, match="read-only transaction"):
        front.ask(query=query, cursor="id", columns={}).turn()


def test_a_question_that_takes_too_long_is_ended(front):
    query = "SELECT 1 AS id, 'P' AS point, now() AS ts, 1 AS value FROM pg_sleep(20)"
    with pytest.raises(SourceError, match="the question took longer than 1 s"):
        front.ask(query=query, cursor="id", columns={}, timeout_s=1).turn()


def test_hanging_up_breaks_off_a_question_under_way(front):
    query = "SELECT 1 AS id, 'P' AS point, now() AS ts, 1 AS value FROM pg_sleep(20)"
    front.ask(query=query, cursor="id", columns={}, overlap=0)
    ended: Queue[str] = Queue()

    def ask() -> None:
        try:
            front.turn()
        except SourceError as error:
            ended.put(error.message)

    asking = Thread(target=ask)
    asking.start()
    with front.connect() as line:
        running = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE query LIKE '%parktwin_rows%' AND state = 'active' AND pid <> pg_backend_pid()"
        )
        while line.execute(running).fetchone() == (0,):
            line.rollback()
    front.close()
    assert ended.get(timeout=10)
    asking.join()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"from": "nowhere"}, "refuses the question: relation .nowhere. does not exist"),
        ({"cursor": "nothing"}, "refuses the question: column .nothing. does not exist"),
        ({"query": "SELECT 1 AS id", "cursor": ["id", "no"]}, "refuses the question: column .no. does not exist"),
    ],
)
def test_a_wrong_name_is_one_sentence(front, options, said):
    with pytest.raises(SourceError, match=said) as caught:
        front.ask(**options).turn()
    assert caught.value.code == "bad_answer"
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("wrong", ["another", ""])
def test_a_wrong_password_is_said_without_telling_any(front, monkeypatch, wrong):
    monkeypatch.setenv(VARIABLE, wrong)
    with pytest.raises(SourceError) as caught:
        front.ask().turn()
    assert caught.value.message == f"the database refuses the user or the password (password_env {VARIABLE})"


def test_a_password_that_is_not_where_it_should_be_is_said(front, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(SourceError, match=f"the variable {VARIABLE}, which is to hold the password, is not set"):
        front.ask().turn()


def test_the_password_may_stand_in_a_file_and_change_there(front, tmp_path):
    secret = tmp_path / "secret"
    front.put([row(1)])
    settings = front.settings(password_file=str(secret))
    del settings.options["password_env"]
    [front.server] = PROTOCOL.make(settings, front.park)
    [front.poll] = front.server.polls()
    with pytest.raises(SourceError, match="secret cannot be read: No such file"):
        front.turn()
    secret.write_text(f"{PASSWORD}\n")
    assert values_of(front.turn()) == [1.0]


def test_without_a_postgresql_the_tests_say_so_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PARKTWIN_POSTGRES", str(tmp_path))
    with pytest.raises(RuntimeError, match="no PostgreSQL; `make test` installs one"), postgres_cluster():
        pass


@pytest.fixture
def cluster(monkeypatch) -> Iterator[Postgres]:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with postgres_cluster() as each:
        yield each


def test_a_database_that_goes_away_and_comes_back_is_said_once_each(cluster, small_park, supervisor, sink, told):
    front = Front(cluster.url, "front", small_park)
    front.put([row(1, 0)])
    [server] = PROTOCOL.make(front.settings(), small_park)
    supervisor.add(server)
    supervisor.start()
    sink.wait_rows(1)
    cluster.down()
    told.wait("source front fails")
    cluster.up()
    front.put([row(2, 1)])
    sink.wait_rows(2)
    told.wait("source front is back")
    assert values_of(sink.batches) == [1.0, 2.0]
    assert (told.count("fails"), told.count("is back")) == (1, 1)
    assert PASSWORD not in "".join(told.lines)
