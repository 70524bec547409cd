"""What may be said of a front database, and what MySQL is asked; no database is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.dialects import mysql

from adapters._database import KINDS
from adapters._paging import Position
from adapters.sql import PROTOCOL
from twin.errors import ParkError
from twin.source import SourceSettings


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"url": None}, "sources.url"),
        ({"url": "nonsense"}, "sources.url"),
        ({"url": "oracle://a@b/c"}, "sources.url"),
        ({"url": "postgresql://a:topsecret@b/c"}, "sources.url"),
        ({"url": "mysql://a@b/c?password=topsecret"}, "sources.url"),
        ({"query": "SELECT 1"}, "sources.from"),
        ({"from": None}, "sources.from"),
        ({"cursor": None}, "sources.cursor"),
        ({"cursor": []}, "sources.cursor"),
        ({"overlap": -1}, "sources.overlap"),
        ({"timeout_s": "soon"}, "sources.timeout_s"),
        ({"table": "coffee_machine"}, "sources.table"),
        ({"pasword_env": "X"}, "sources.pasword_env"),
    ],
)
def test_a_wrong_option_is_named_before_anything_runs(small_park, options, field):
    said = {"url": "postgresql://a@b/c", "from": "t", "cursor": "id", **options}
    settings = SourceSettings("front", "sql", {name: each for name, each in said.items() if each is not None})
    with pytest.raises(ParkError) as caught:
        PROTOCOL.make(settings, small_park)
    assert caught.value.field == field
    assert "topsecret" not in caught.value.message


def test_mysql_is_asked_in_its_own_words(small_park):
    start = datetime(2026, 11, 21, 6, tzinfo=UTC)
    options = {"url": "mysql://reader@b/c", "from": "plant.Values", "cursor": ["at", "Id"], "start": start}
    settings = SourceSettings("front", "sql", {**options, "zone": "Asia/Shanghai", "overlap": 0})
    [server] = PROTOCOL.make(settings, small_park)
    paging = server.polls()[0]._paging
    first = paging.statement(Position()).compile(dialect=mysql.dialect())
    assert list(first.params.values()) == [(start + timedelta(hours=8)).replace(tzinfo=None), 5000]
    after = str(paging.statement(Position((start, 7))).compile(dialect=mysql.dialect()))
    assert "FROM plant.`Values`" in after
    assert "at > %s OR at = %s AND `Id` > %s" in after
    assert "ORDER BY at, `Id`" in after


class Session:
    """Writes down what a MySQL session is told."""

    def __init__(self, version: str) -> None:
        self.told: list[tuple] = []
        self._version = version

    def execute(self, words, values=()):
        self.told.append((words, *values))

    def fetchone(self):
        return (self._version,)


@pytest.mark.parametrize(
    ("version", "limit"),
    [
        ("8.4.3", ("SET max_execution_time = %s", 30_000)),
        ("10.11.6-MariaDB-1", ("SET max_statement_time = %s", 30)),
    ],
)
def test_a_mysql_session_is_read_only_bounded_and_in_the_operators_zone(version, limit):
    session = Session(version)
    KINDS["mysql"].prepare(session, 30, ZoneInfo("Asia/Shanghai"))
    assert session.told[0] == ("SET SESSION TRANSACTION READ ONLY",)
    assert ("SET time_zone = %s", "+08:00") in session.told
    assert session.told[-1] == limit
