"""Front databases of tests: a schema of one's own in a real PostgreSQL or MariaDB, and who asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any, ClassVar

import psycopg
import pymysql
from sqlalchemy import make_url

from adapters.sql import PROTOCOL
from park.load import Park
from tests.adapters.asking import NOW, Asking
from tests.clusters import PASSWORD
from twin.reading import Batch
from twin.source import SourceSettings

VARIABLE = "FRONT_PASSWORD"
COLUMNS = {"point": "TAG", "ts": "at", "value": "val"}
Row = tuple[str, Any, str | None, Any]


class Front(Asking):
    """A schema with one table, ``Values``. What the two kinds say differently stands in their classes."""

    table: ClassVar[str]
    quote: ClassVar[str]
    schema_sql: ClassVar[str]
    slow: ClassVar[str]  # a question of twenty seconds
    running: ClassVar[str]  # how many questions of a source are under way
    next_value: ClassVar[str]  # of the sequence s
    cursors: ClassVar[dict[str, str]]  # values of ordered types, the n-th of them

    def __init__(self, url: str, schema: str, park: Park) -> None:
        self.url = url
        self.schema = schema
        self.park = park
        self.server: Any = None
        self._do_in("", self.schema_sql.format(schema))
        self.do(self.table)

    def connect(self, schema: str | None = None) -> Any:
        """A connection that may write; nothing is kept before its ``commit``."""
        raise NotImplementedError

    def quoted(self, words: str) -> str:
        """Standard SQL, with names quoted as this kind does."""
        return words.replace('"', self.quote)

    def do(self, *statements: str, values: Sequence[Any] = ()) -> None:
        """Statements, in the schema."""
        self._do_in(self.schema, *statements, values=values)

    def _do_in(self, schema: str, *statements: str, values: Sequence[Any] = ()) -> None:
        with closing(self.connect(schema)) as line, line.cursor() as cursor:
            for each in statements:
                cursor.execute(each, values or None)
            line.commit()

    def insert(self, cursor: Any, rows: Iterable[Row]) -> None:
        """Rows of (point, time, value, stamp), in a transaction of one's own."""
        words = 'INSERT INTO "Values" ("TAG", at, val, updated_at) VALUES (%s, %s, %s, %s)'
        cursor.executemany(self.quoted(words), list(rows))

    def put(self, rows: Iterable[Row]) -> None:
        """The same, kept at once."""
        with closing(self.connect()) as line, line.cursor() as cursor:
            self.insert(cursor, rows)
            line.commit()

    def settings(self, **options: Any) -> SourceSettings:
        """How a source is told of it."""
        said = {"url": self.url.replace(f":{PASSWORD}", ""), "password_env": VARIABLE, "cursor": ["updated_at", "id"]}
        said |= {"columns": COLUMNS, "every_s": 0.05}
        if "query" not in options:
            said["from"] = f"{self.schema}.Values"
        return SourceSettings("front", "sql", {**said, **options})

    def ask(self, **options: Any) -> Front:
        """Whoever asks begins anew, with the cursor as the store has it."""
        self.close()
        self.ask_by(self.settings(**options))
        return self

    def ask_by(self, settings: SourceSettings) -> None:
        """The same, told exactly so."""
        [self.server] = PROTOCOL.make(settings, self.park)
        [self.poll] = self.server.polls()

    def close(self) -> None:
        """Hang up."""
        if self.server is not None:
            self.server.close()


class PostgresFront(Front):
    """In PostgreSQL."""

    table = (
        'CREATE TABLE "Values" (id bigserial PRIMARY KEY, "TAG" text, at timestamptz, val text, updated_at timestamptz)'
    )
    quote = '"'
    schema_sql = "CREATE SCHEMA {}"
    slow = "SELECT 1 AS id, 'P' AS point, now() AS ts, 1 AS value FROM pg_sleep(20)"
    running = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE query LIKE '%parktwin_rows%' AND state = 'active' AND pid <> pg_backend_pid()"
    )
    next_value = "nextval('{}.s')"
    cursors: ClassVar[dict[str, str]] = {
        "timestamp": "timestamp '2026-11-21 06:00:00.000001' + n * interval '1 second'",
        "timestamptz": "timestamptz '2026-11-21 06:00:00.000001+08' + n * interval '1 second'",
        "date": "date '2026-11-21' + n",
        "bigint": "5000000000 + n",
        "integer": "n",
        "numeric": "n",
        "uuid": "lpad(to_hex(n), 32, '0')::uuid",
        "text": "lpad(n::text, 4, '0')",
    }

    def connect(self, schema: str | None = None) -> Any:
        return psycopg.connect(self.url, options=f"-c search_path={self.schema if schema is None else schema}")


class MysqlFront(Front):
    """In MariaDB, as MySQL."""

    table = (
        "CREATE TABLE `Values` (id bigint PRIMARY KEY AUTO_INCREMENT, `TAG` varchar(40), at timestamp(6) NULL, "
        "val text, updated_at timestamp(6) NULL, KEY (updated_at, id))"
    )
    quote = "`"
    schema_sql = "CREATE DATABASE {}"
    slow = "SELECT 1 AS id, 'P' AS point, now() AS ts, 1 AS value FROM (SELECT SLEEP(20)) AS slept"
    running = (
        "SELECT count(*) FROM information_schema.processlist "
        "WHERE info LIKE '%parktwin_rows%' AND command = 'Query' AND id <> CONNECTION_ID()"
    )
    next_value = "nextval({}.s)"
    cursors: ClassVar[dict[str, str]] = {
        "datetime(6)": "timestamp '2026-11-21 06:00:00.000001' + interval n second",
        "timestamp(6)": "timestamp '2026-11-21 06:00:00.000001' + interval n second",
        "datetime": "timestamp '2026-11-21 06:00:00' + interval n second",
        "date": "date '2026-11-21' + interval n day",
        "bigint": "5000000000 + n",
        "int unsigned": "4000000000 + n",
        "decimal(20, 6)": "n + 0.000001",
        "uuid": "lpad(hex(n), 32, '0')",
        "char(36)": "lpad(n, 4, '0')",
    }

    def connect(self, schema: str | None = None) -> Any:
        to = make_url(self.url)
        line: Any = pymysql.connect(host=to.host, port=to.port, user=to.username, password=str(to.password))
        with line.cursor() as cursor:
            cursor.execute("SET time_zone = '+00:00'")
            if schema != "":
                cursor.execute(f"USE {schema or self.schema}")
        return line


KINDS: dict[str, Callable[[str, str, Park], Front]] = {"postgres": PostgresFront, "mysql": MysqlFront}


def values_of(batches: Iterable[Batch]) -> list[float]:
    """What was read, in its order."""
    return [each for batch in batches for each in batch.rows["value"].to_list()]


def row(value: object, seconds: float = 0, point: str = "P-1") -> Row:
    """A row so many seconds after ``NOW``."""
    stamp = NOW + timedelta(seconds=seconds)
    return point, stamp, str(value), stamp
