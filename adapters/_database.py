"""A read-only line to a PostgreSQL or MySQL database: one connection, bounded in time, its password in no message."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, Engine, Executable, create_engine, event
from sqlalchemy.exc import DBAPIError

from adapters._http import BAD_ANSWER, UNREACHABLE
from adapters._mysql import MysqlSession
from adapters._postgresql import PostgresSession
from twin.errors import SourceError

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


class Session(Protocol):
    """What is particular to a kind of database; ``arguments``: of its driver's ``connect``."""

    arguments: Mapping[str, Any]

    def prepare(self, cursor: Any) -> None:
        """Tell a new connection what it may do, for how long, and in which zone its times are."""

    def break_off(self, engine: Engine, asking: Connection) -> None:
        """End the question that another thread waits for."""

    def lost(self, error: DBAPIError) -> bool:
        """Whether nobody answers, rather than that the question is refused."""

    def said(self, error: DBAPIError) -> tuple[str, str]:
        """The code and the words of an error."""


class Kind(NamedTuple):
    """The driver of a kind of database, and what makes a session with it of two time limits and a zone."""

    driver: str
    session: Callable[[int, int, ZoneInfo | None], Session]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "postgresql": Kind("postgresql+psycopg", PostgresSession),
        "mysql": Kind("mysql+pymysql", MysqlSession),
        "mariadb": Kind("mariadb+pymysql", MysqlSession),
    }
)


class Database:
    """Asks one database; connects when first asked, and again after the line broke."""

    def __init__(self, url: URL, secret: Secret, timeout_s: int, zone: ZoneInfo | None) -> None:
        kind = KINDS[url.drivername]
        self._session = kind.session(_CONNECT_S, timeout_s, zone)
        self._secret = secret
        self._timeout_s = timeout_s
        self._engine = create_engine(
            url.set(drivername=kind.driver),
            connect_args={**self._session.arguments},
            pool_size=1,
            max_overflow=1,  # to break off the question of the other
            pool_pre_ping=True,
            hide_parameters=True,
        )
        self._asking: Connection | None = None
        self._closed = False
        self._listen(self._engine)

    def _listen(self, engine: Engine) -> None:
        def identify(dialect: Any, record: Any, args: Any, options: dict[str, Any]) -> None:
            password = self._secret.read()
            if password is not None:
                options["password"] = password

        def prepare(connection: Any, record: Any) -> None:
            with connection.cursor() as cursor:
                self._session.prepare(cursor)
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
        """Hang up; a question under way is broken off."""
        self._closed = True
        asking = self._asking
        if asking is not None:
            self._session.break_off(self._engine, asking)
        self._engine.dispose()

    def _said(self, error: DBAPIError) -> SourceError:
        code, words = self._session.said(error)
        said = words.strip().partition("\n")[0][:_SAID]
        if code in _REFUSED or any(each in said for each in _REFUSED_WORDS):
            return SourceError(f"the database refuses the user or the password ({self._secret})", "url", UNREACHABLE)
        if code in _TOO_LONG:
            return SourceError(f"the question took longer than {self._timeout_s} s", None, BAD_ANSWER)
        if self._session.lost(error):
            return SourceError(f"the database does not answer: {said}", "url", UNREACHABLE)
        return SourceError(f"the database refuses the question: {said}", None, BAD_ANSWER)
