"""What may be said of a front database, and what is particular to MySQL's own server; no database is needed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pymysql
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters._database import KINDS
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


class Told:
    """Writes down what a MySQL session is told."""

    def __init__(self, version: str) -> None:
        self.lines: list[tuple] = []
        self._version = version

    def execute(self, words, values=()):
        self.lines.append((words, *values))

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
    told = Told(version)
    KINDS["mysql"].session(10, 30, ZoneInfo("Asia/Shanghai")).prepare(told)
    assert told.lines[0] == ("SET SESSION TRANSACTION READ ONLY",)
    assert ("SET time_zone = %s", "+08:00") in told.lines
    assert told.lines[-1] == limit


def test_a_password_can_be_sent_as_mysql_8_wants_it_where_the_line_is_not_encrypted():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    told = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    sent = pymysql._auth.sha2_rsa_encrypt(b"secret", bytes(20), told)
    assert key.decrypt(sent, padding.OAEP(padding.MGF1(SHA1()), SHA1(), None)) == b"secret\0"
