"""What is particular to a session with MySQL or MariaDB.

TIMESTAMP is a moment, but comes without an offset, in the session's zone; so that zone is one offset that we know, and
each such value is given it again. DATETIME is a clock's time, and stays without. BIT is a number, by which many mean
yes and no.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions, convert_datetime, escape_datetime
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from twin.moment import now

# too many connections, shutdown, host blocked or not allowed, packets, connections of one user, killed
_LOST = frozenset({1040, 1053, 1129, 1130, 1158, 1159, 1160, 1161, 1203, 1226, 1927})
_CLIENT = range(2000, 3000)  # what the client finds out by itself: no server, a server that has gone


class MysqlSession:
    """Read only, bounded in time; ``zone``: the one that times without an offset are in."""

    def __init__(self, connect_s: int, timeout_s: int, zone: ZoneInfo | None) -> None:
        self._timeout_s = timeout_s
        offset = now().astimezone(zone).utcoffset() if zone else None
        self._offset = timezone(offset or timedelta())
        ours = {datetime: self._written, FIELD_TYPE.TIMESTAMP: self._stamp, FIELD_TYPE.BIT: _bits}
        known = {"connect_timeout": connect_s, "read_timeout": timeout_s + connect_s, "charset": "utf8mb4"}
        self.arguments: Mapping[str, Any] = {**known, "conv": conversions | ours}

    def prepare(self, cursor: Any) -> None:
        """Say it to a new connection."""
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        # as an offset: a server knows no names of zones before somebody has filled its tables of them
        cursor.execute("SET time_zone = %s", (str(self._offset).removeprefix("UTC") or "+00:00",))
        cursor.execute("SELECT VERSION()")
        if "MariaDB" in str(cursor.fetchone()[0]):
            cursor.execute("SET max_statement_time = %s", (self._timeout_s,))
        else:
            cursor.execute("SET max_execution_time = %s", (1000 * self._timeout_s,))

    def break_off(self, engine: Engine, asking: Connection) -> None:
        """End the question that another thread waits for; a server that is gone has ended it already."""
        line: Any = asking.connection.dbapi_connection
        with suppress(DBAPIError), engine.connect() as other:
            other.exec_driver_sql("KILL QUERY %s", (line.thread_id(),))

    def lost(self, error: DBAPIError) -> bool:
        """Whether nobody answers, rather than that the question is refused."""
        code, _ = _parts(error)
        return code in _LOST or code in _CLIENT

    def said(self, error: DBAPIError) -> tuple[str, str]:
        """The number and the words."""
        code, words = _parts(error)
        return str(code), words

    def _written(self, value: datetime, mapping: Any = None) -> str:
        moved = value.astimezone(self._offset) if value.tzinfo else value
        return str(escape_datetime(moved))

    def _stamp(self, said: str) -> Any:
        value = convert_datetime(said)
        # 0000-00-00 stays a text
        return value.replace(tzinfo=self._offset) if isinstance(value, datetime) else value


def _bits(said: bytes) -> int:
    return int.from_bytes(said, "big")


def _parts(error: DBAPIError) -> tuple[int, str]:
    args = error.orig.args if error.orig is not None else ()
    return (int(args[0]), str(args[1])) if len(args) > 1 else (0, str(error.orig))
