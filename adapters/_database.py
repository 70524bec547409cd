"""A read-only line to a PostgreSQL or MySQL database: one connection, bounded in time, its password in no message."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, Engine, Executable, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from adapters._http import BAD_ANSWER, UNREACHABLE
from twin.errors import SourceError
from twin.moment import now

_CONNECT_S = 10
_SAID = 200  # characters of what a driver says
_REFUSED = ("28P01", "28000", "1045", "1698")  # of PostgreSQL, of MySQL and MariaDB: user or password
_TOO_LONG = ("57014", "3024", "1969")
_REFUSED_WORDS = ("password authentication failed", "no password supplied", "Access denied")


class Secret(NamedTuple):
    """Where the password is: in a variable of the environment or in a file; read at every connection."""

    variable: str | None
    file: Path | None

    def __str__(self) -> str:
        """The place, never what is there."""
        return f"password_env {self.variable}" if self.variable else f"password_file {self.file}"

    def read(self) -> str | None:
        """The password; None where none is needed.

        Raises:
            SourceError: it is not where it should be.
        """
        if self.variable is not None:
            if self.variable not in os.environ:
                raise SourceError(f"the variable {self.variable}, which is to hold the password, is not set", "url")
            return os.environ[self.variable]
        try:
            return None if self.file is None else self.file.read_text("utf-8").strip()
        except OSError as error:
            raise SourceError(f"the password file {self.file} cannot be read: {error.strerror}", "url") from error


class Kind(NamedTuple):
    """What is particular to a kind of database."""

    driver: str
    connect: Callable[[int], dict[str, Any]]
    prepare: Callable[[Any, int, ZoneInfo | None], None]


def _postgres_connect(timeout_s: int) -> dict[str, Any]:
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    # no prepared statements: a pooler between may give each question another connection
    alive |= {"tcp_user_timeout": 1000 * (timeout_s + _CONNECT_S), "connect_timeout": _CONNECT_S}
    return {**alive, "prepare_threshold": None}


def _postgres_prepare(cursor: Any, timeout_s: int, zone: ZoneInfo | None) -> None:
    cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    cursor.execute("SELECT set_config('statement_timeout', %s, false)", (f"{timeout_s}s",))
    cursor.execute("SELECT set_config('TimeZone', %s, false)", (zone.key if zone else "UTC",))


def _mysql_connect(timeout_s: int) -> dict[str, Any]:
    return {"connect_timeout": _CONNECT_S, "read_timeout": timeout_s + _CONNECT_S, "charset": "utf8mb4"}


def _mysql_prepare(cursor: Any, timeout_s: int, zone: ZoneInfo | None) -> None:
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    cursor.execute("SET time_zone = %s", (_offset(zone),))
    cursor.execute("SELECT VERSION()")
    if "MariaDB" in str(cursor.fetchone()[0]):
        cursor.execute("SET max_statement_time = %s", (timeout_s,))
    else:
        cursor.execute("SET max_execution_time = %s", (1000 * timeout_s,))


def _offset(zone: ZoneInfo | None) -> str:
    """A zone as MySQL knows it without its tables of names: the offset that it has now."""
    said = now().astimezone(zone).strftime("%z") if zone else "+0000"
    return f"{said[:3]}:{said[3:]}"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "postgresql": Kind("postgresql+psycopg", _postgres_connect, _postgres_prepare),
        "mysql": Kind("mysql+pymysql", _mysql_connect, _mysql_prepare),
        "mariadb": Kind("mariadb+pymysql", _mysql_connect, _mysql_prepare),
    }
)


class Database:
    """Asks one database; connects when first asked, and again after the line broke."""

    def __init__(self, url: URL, secret: Secret, timeout_s: int, zone: ZoneInfo | None) -> None:
        kind = KINDS[url.drivername]
        self._secret = secret
        self._timeout_s = timeout_s
        self._engine = create_engine(
            url.set(drivername=kind.driver),
            connect_args=kind.connect(timeout_s),
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        self._asking: Connection | None = None
        self._closed = False
        self._listen(self._engine, kind, zone)

    def _listen(self, engine: Engine, kind: Kind, zone: ZoneInfo | None) -> None:
        def identify(dialect: Any, record: Any, args: Any, options: dict[str, Any]) -> None:
            password = self._secret.read()
            if password is not None:
                options["password"] = password

        def prepare(connection: Any, record: Any) -> None:
            with connection.cursor() as cursor:
                kind.prepare(cursor, self._timeout_s, zone)
            connection.commit()

        event.listen(engine, "do_connect", identify)
        event.listen(engine, "connect", prepare)

    def rows(self, statement: Executable) -> list[dict[str, Any]]:
        """The rows of one question, by their columns' names.

        Raises:
            SourceError: nobody answers (code ``unreachable``), or the question is refused (``bad_answer``).
        """
        try:
            with self._engine.connect() as line:
                return self._ask(line, statement)
        except DBAPIError as error:
            raise self._said(error) from error.orig

    def _ask(self, line: Connection, statement: Executable) -> list[dict[str, Any]]:
        self._asking = line
        try:
            return [dict(each) for each in line.execute(statement).mappings()]
        finally:
            self._asking = None
            if self._closed:  # the pool that would take the line back is gone
                line.invalidate()

    def close(self) -> None:
        """Hang up; a question under way is broken off where the driver can do that."""
        self._closed = True
        asking = self._asking
        if asking is not None:
            break_off = getattr(asking.connection.dbapi_connection, "cancel", None)
            if break_off is not None:
                break_off()
        self._engine.dispose()

    def _said(self, error: DBAPIError) -> SourceError:
        said = str(error.orig).strip().partition("\n")[0][:_SAID]
        code = _code(error.orig)
        if code in _REFUSED or any(each in said for each in _REFUSED_WORDS):
            return SourceError(f"the database refuses the user or the password ({self._secret})", "url", UNREACHABLE)
        if code in _TOO_LONG:
            return SourceError(f"the question took longer than {self._timeout_s} s", None, BAD_ANSWER)
        if isinstance(error, OperationalError | InterfaceError):
            return SourceError(f"the database does not answer: {said}", "url", UNREACHABLE)
        return SourceError(f"the database refuses the question: {said}", None, BAD_ANSWER)


def _code(error: Any) -> str:
    """The number of an error: SQLSTATE of PostgreSQL, MySQL's own."""
    sqlstate = getattr(error, "sqlstate", None)
    return str(sqlstate or (error.args[0] if error is not None and error.args else ""))
