"""Everything about who asks, at one place: is login on, who is it, from where, and not too often."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from threading import Event, Thread
from typing import Any

from cache.accounts import Account, Accounts, MachineToken
from services.accounts import Keeper
from services.audit import Audit, Caller
from services.credentials import key_of, same
from services.sealing import Seal
from services.sessions import Sessions, Signed
from services.throttle import Throttle
from twin.errors import NotSignedIn
from twin.moment import Moment
from twin.person import DEMO, Person, machine_of
from twin.settings import LoginSettings

log = logging.getLogger("parktwin.people")
FIRST_TOKEN = "machine"  # who holds the first token
_FIRST_SCOPES = ("ingest", "operate")
CONSOLE = "console"  # who sits at the machine itself
_SWEEP_S = 5.0
_BEARER = "Bearer "


class People:
    """Every method may be called from any thread, and none but signing in and changing waits for the file."""

    def __init__(
        self,
        accounts: Accounts,
        settings: LoginSettings,
        clock: Callable[[], Moment],
        audit: Audit,
        *,
        seal: Seal,
        enterprises: Collection[str] = (),
        first_token: str | None = None,
        console: str | None = None,
        oidc: bool = False,
    ) -> None:
        self.settings = settings
        self.audit = audit
        self.keeper = Keeper(accounts, settings, clock, audit, seal, enterprises)
        self.sessions = Sessions(accounts, self.keeper, settings, clock, audit)
        self.sign_ins = Throttle(settings.calls_a_minute / 60, settings.calls_a_minute)
        self.writes = Throttle(settings.writes_a_minute / 60, settings.writes_a_minute)
        self.machine_writes = Throttle(settings.machine_writes_a_second, 2 * settings.machine_writes_a_second)
        self._accounts = accounts
        self._oidc = oidc
        self._first = key_of(first_token) if first_token else None
        self._console = key_of(console) if console else None
        self._ended = Event()
        self._sweeper = Thread(target=self._sweep, name="sessions", daemon=True)

    @property
    def login_on(self) -> bool:
        """Whether people have to sign in: as soon as there is an account, or an identity provider."""
        return self._oidc or bool(self._accounts.all(Account))

    def start(self) -> None:
        """Begin to end the sessions that are over."""
        self._sweeper.start()

    def stop(self) -> None:
        """End with that."""
        self._ended.set()
        if self._sweeper.is_alive():
            self._sweeper.join()

    def _sweep(self) -> None:
        while not self._ended.wait(_SWEEP_S):
            try:
                self.sessions.sweep()
            except Exception:
                log.exception("sessions that are over could not all be ended; it is tried again")

    def signed(self, secret: str | None, active: bool = True) -> Signed:
        """Who holds the secret of a session.

        Raises:
            NotSignedIn: nobody, or it is over.
        """
        if not secret:
            raise NotSignedIn("sign in first, or send 'Authorization: Bearer <token>'", "Authorization")
        return self.sessions.find(secret, active)

    def machine(self, sent: str) -> Person:
        """Who holds a token.

        Raises:
            NotSignedIn: an unknown or revoked one.
        """
        key = key_of(sent)
        if self._first is not None and same(key, self._first):
            return machine_of(FIRST_TOKEN, FIRST_TOKEN, _FIRST_SCOPES, None)
        if self._console is not None and same(key, self._console):
            return machine_of(CONSOLE, CONSOLE, ("accounts",), None)
        found = self._accounts.find(MachineToken, key)
        if found is None or found.revoked_at is not None:
            raise NotSignedIn("this token is not known here, or was revoked", "Authorization", "unknown_token")
        return self.keeper.machine(found)

    def nobody(self) -> Person:
        """Who asks without saying who: while login is off, the demo operator.

        Raises:
            NotSignedIn: login is on.
        """
        if self.login_on:
            raise NotSignedIn("sign in first, or send 'Authorization: Bearer <token>'", "Authorization")
        return DEMO

    def sources_of(self, enterprise: str) -> list[str]:
        """The names under which an enterprise's machines deliver."""
        return [each.name for each in self._accounts.all(MachineToken) if each.enterprise == enterprise]

    def caller(self, environ: Mapping[str, Any]) -> Caller:
        """Where a request comes from; what a proxy says of that is believed only of proxies that are known."""
        address, agent = str(environ.get("REMOTE_ADDR") or ""), str(environ.get("HTTP_USER_AGENT") or "")
        told = str(environ.get("HTTP_X_FORWARDED_FOR") or "").split(",")[-1].strip()
        if told and address in self.settings.proxies:
            address = told[:64]
        schemes = (environ.get("wsgi.url_scheme"), environ.get("HTTP_X_FORWARDED_PROTO"))
        return Caller(address, agent, "https" in schemes)


def bearer(environ: Mapping[str, Any]) -> str | None:
    """The token that a request sends, None where it sends none."""
    said = str(environ.get("HTTP_AUTHORIZATION") or "")
    return said[len(_BEARER) :].strip() if said.startswith(_BEARER) else None
