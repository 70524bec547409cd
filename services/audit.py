"""Who did what, when, from where, and with what result (RO-4, NF-66): noted in the journal, which nobody can change."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from cache.ledger import Entry
from services.throttle import Throttle
from twin.errors import TwinError
from twin.moment import Moment
from twin.person import Person

_log = logging.getLogger("parktwin.audit")
AUDIT, ACCOUNT = "audit", "account"  # streams of the journal
_TEXT_MOST = 200
_AGENT_MOST = 120


class Note(Protocol):
    """Where entries go: ``Store.note``."""

    def __call__(self, entries: Sequence[Entry]) -> Future[Moment]:
        """Write them with whatever else is written; resolves once they are durable."""


@dataclass(frozen=True)
class Caller:
    """Where a request comes from. ``secure``: over TLS, or by a proxy that says so."""

    address: str
    agent: str = ""
    secure: bool = False

    def told(self) -> dict[str, str]:
        """As an entry says it."""
        return {"address": self.address, "agent": self.agent[:_AGENT_MOST]}


class Audit:
    """Notes what people do and what they were refused; every method may be called from any thread."""

    def __init__(self, note: Note | None) -> None:
        self._note = note
        self._refusals = Throttle(0.5, 60)  # of one address: a scanner must not fill the journal

    def account(self, event: str, subject: str, who: str, caller: Caller, **said: Any) -> None:
        """Something happened to an account: made, changed, locked, signed in, signed out, refused."""
        self._write(Entry(ACCOUNT, subject, event, who, {**caller.told(), **said}))

    def action(self, person: Person, caller: Caller, what: str, status: int, **said: Any) -> None:
        """Somebody did something; ``what`` is method and path, ``status`` the result."""
        told = {"role": person.role, "status": status, **caller.told(), **said}
        self._write(Entry(AUDIT, what[:_TEXT_MOST], "done" if status < 400 else "failed", person.id, told))

    def refused(self, who: str, caller: Caller, what: str, code: str, status: int) -> None:
        """Somebody was refused something."""
        if self._refusals.has(caller.address):
            told = {"code": code, "status": status, **caller.told()}
            self._write(Entry(AUDIT, what[:_TEXT_MOST], "refused", who, told))

    def _write(self, entry: Entry) -> None:
        _log.info("%s %s %s by %s %s", entry.stream, entry.subject, entry.event, entry.who, dict(entry.said))
        if self._note is None:
            return
        try:
            self._note([entry]).add_done_callback(_tell_failure)
        except TwinError as error:
            _log.error("an entry of the journal was not written: %s", error.message)


def _tell_failure(done: Future[Moment]) -> None:
    failed = done.exception()
    if failed is not None:
        _log.error("an entry of the journal was not written", exc_info=failed)
