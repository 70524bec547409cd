"""Sign-in by an OpenID Connect provider: the code flow with PKCE, and what its claims mean here (RO-1)."""

from __future__ import annotations

import os
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from twin.errors import NotSignedIn
from twin.moment import Moment
from twin.settings import OidcSettings

SECRET = "PARKTWIN_OIDC_SECRET"
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # signed by the provider's own key; nothing symmetric, never none
_WAIT = timedelta(minutes=10)
_FRESH = timedelta(hours=1)  # what the provider says about itself
_WAITING_MOST = 1000
_TIMEOUT_S = 10
_LEEWAY_S = 60


@dataclass(frozen=True)
class Begun:
    """A sign-in that has gone to the provider. ``state`` is also held by the browser that began it."""

    state: str
    nonce: str
    verifier: str
    back: str
    next: str
    until: Moment


@dataclass(frozen=True)
class Vouched:
    """Who the provider says somebody is, in our words."""

    id: str
    name: str
    role: str
    enterprise: str | None


class Oidc:
    """One provider; every method may be called from any native thread."""

    def __init__(self, settings: OidcSettings, clock: Callable[[], Moment]) -> None:
        self.settings = settings
        self._clock = clock
        self._lock = Lock()
        self._waiting: OrderedDict[str, Begun] = OrderedDict()
        self._told: tuple[Moment, dict[str, Any]] | None = None

    def begin(self, back: str, next: str) -> tuple[str, Begun]:
        """Where the browser goes; ``back`` is where it comes back to, with a code.

        Raises:
            NotSignedIn: the provider does not answer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = Begun(state, nonce, verifier, back, next, self._clock() + _WAIT)
        told = {"state": begun.state, "nonce": begun.nonce, "code_verifier": begun.verifier}
        address, _ = self._line(back).create_authorization_url(self._metadata()["authorization_endpoint"], **told)
        with self._lock:
            self._waiting[begun.state] = begun
            while len(self._waiting) > _WAITING_MOST:
                self._waiting.popitem(last=False)
        return str(address), begun

    def finish(self, state: str, held: str, code: str) -> tuple[Vouched, str]:
        """Who has come back, and where they wanted to be; each state is good for once.

        Raises:
            NotSignedIn: not the browser that began, too late, or the provider does not vouch.
        """
        with self._lock:
            begun = self._waiting.pop(state, None)
        if begun is None or not secrets.compare_digest(held, state) or begun.until < self._clock():
            raise NotSignedIn("this sign-in was not begun here, or too long ago", "state", "oidc")
        try:
            claims = self._claims(begun, code)
        except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as error:
            raise NotSignedIn(f"the provider does not vouch: {type(error).__name__}", "code", "oidc") from error
        return vouched(claims, self.settings), begun.next

    def _claims(self, begun: Begun, code: str) -> Mapping[str, Any]:
        line, metadata = self._line(begun.back), self._metadata()
        told = {"code": code, "code_verifier": begun.verifier, "grant_type": "authorization_code"}
        token = line.fetch_token(metadata["token_endpoint"], timeout=_TIMEOUT_S, **told)
        keys = KeySet.import_key_set(cast(KeySetSerialization, self._get(metadata["jwks_uri"])))
        read = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
        }
        params = {"nonce": begun.nonce, "client_id": self.settings.client_id}
        said = CodeIDToken(read.claims, read.header, options, params)
        said.validate(now=int(self._clock().timestamp()), leeway=_LEEWAY_S)
        return dict(said) | self._more(line, metadata, said)

    def _more(self, line: OAuth2Session, metadata: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        """What only the provider's user information says; it must be of the same person."""
        if "userinfo_endpoint" not in metadata or _at(said, self.settings.role_claim) is not None:
            return {}
        more = line.get(metadata["userinfo_endpoint"], timeout=_TIMEOUT_S).json()
        return dict(more) if isinstance(more, dict) and more.get("sub") == said["sub"] else {}

    def _line(self, back: str) -> OAuth2Session:
        settings = self.settings
        return OAuth2Session(
            settings.client_id, os.environ.get(SECRET), scope=settings.scope, redirect_uri=back,
            code_challenge_method="S256",
        )  # fmt: skip

    def _metadata(self) -> dict[str, Any]:
        now = self._clock()
        if self._told is None or now - self._told[0] > _FRESH:
            try:
                told = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            except (requests.RequestException, ValueError) as error:
                raise NotSignedIn("the identity provider does not answer", None, "oidc") from error
            if told.get("issuer") != self.settings.issuer:
                raise NotSignedIn("the identity provider calls itself otherwise", None, "oidc")
            self._told = (now, told)
        return self._told[1]

    @staticmethod
    def _get(address: str) -> dict[str, Any]:
        answer = requests.get(address, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said


def vouched(claims: Mapping[str, Any], settings: OidcSettings) -> Vouched:
    """What claims mean here: the first role of the mapping that they name, and the enterprise.

    Raises:
        NotSignedIn: they name nobody, or no role of ours.
    """
    id, said = _at(claims, settings.id_claim), _words(_at(claims, settings.role_claim))
    role = next((role for claim, role in settings.roles.items() if claim in said), None)
    if not isinstance(id, str) or not id:
        raise NotSignedIn(f"the provider tells no '{settings.id_claim}'", None, "oidc")
    if role is None:
        raise NotSignedIn("the provider names no role of this park", None, "oidc_role")
    held = _words(_at(claims, settings.enterprise_claim))
    enterprise = settings.enterprises.get(held[0], held[0]) if held else None
    name = _at(claims, settings.name_claim)
    return Vouched(id, name[:80] if isinstance(name, str) and name.strip() else id, role, enterprise)


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """A claim, also one inside of others (``realm_access.roles``)."""
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _words(said: Any) -> list[str]:
    return said.split() if isinstance(said, str) else [str(each) for each in said] if isinstance(said, list) else []
