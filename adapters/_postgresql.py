"""What is particular to a session with PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

_KEEPALIVE = MappingProxyType({"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3})


class PostgresSession:
    """Read only, bounded in time; ``zone``: the one that times without an offset are in."""

    def __init__(self, connect_s: int, timeout_s: int, zone: ZoneInfo | None) -> None:
        self._timeout_s = timeout_s
        self._zone = zone.key if zone else "UTC"
        # no prepared statements: a pooler between may give each question another connection
        own = {"tcp_user_timeout": 1000 * (timeout_s + connect_s), "prepare_threshold": None}
        self.arguments: Mapping[str, Any] = {**_KEEPALIVE, "connect_timeout": connect_s, **own}

    def prepare(self, cursor: Any) -> None:
        """Say it to a new connection."""
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", (f"{self._timeout_s}s",))
        cursor.execute("SELECT set_config('TimeZone', %s, false)", (self._zone,))

    def break_off(self, engine: Engine, asking: Connection) -> None:
        """End the question that another thread waits for."""
        line: Any = asking.connection.dbapi_connection
        line.cancel()

    def lost(self, error: DBAPIError) -> bool:
        """Whether nobody answers, rather than that the question is refused."""
        return isinstance(error, OperationalError | InterfaceError)

    def said(self, error: DBAPIError) -> tuple[str, str]:
        """The SQLSTATE and the words."""
        return str(getattr(error.orig, "sqlstate", None) or ""), str(error.orig)
