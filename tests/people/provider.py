"""A small OpenID Connect provider: discovery, keys, the code flow with PKCE and a client's secret, signed tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from twin.moment import now

CLIENT, SECRET = "parktwin", "secret-of-the-tests"


class Provider:
    """``claims``: who signs in next. ``wrong`` makes it lie: nonce, audience, key, expired."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.wrong = ""
        self._key = RSAKey.generate_key(2048, {"kid": "one"})
        self._other = RSAKey.generate_key(2048, {"kid": "one"})
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {name: each[0] for name, each in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(asked))
                    self.end_headers()
                else:
                    self.tell(provider.told(parts.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = {name: each[0] for name, each in parse_qs(body).items()}
                self.tell(provider.token(asked, self.headers.get("Authorization", "")))

            def tell(self, said: dict[str, Any] | None) -> None:
                body = json.dumps(said or {"error": "invalid_grant"}).encode()
                self.send_response(200 if said else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler

    def told(self, path: str) -> dict[str, Any] | None:
        """What it says about itself."""
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer, **{name: f"{self.issuer}/{each}" for name, each in ends.items()}}
        return {"keys": [self._key.as_dict(private=False)]} if path == "/keys" else None

    def authorize(self, asked: dict[str, str]) -> str:
        """Somebody has signed in here: back with a code."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """A token for a code, once, for who knows the client's secret and the verifier."""
        begun = self._codes.pop(asked.get("code", ""), None)
        known = authorization == "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if begun is None or not known or challenge != begun["code_challenge"]:
            return None
        if asked["redirect_uri"] != begun["redirect_uri"]:
            return None
        return {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": self._signed(begun)}

    def _signed(self, begun: dict[str, str]) -> str:
        at = int(now().timestamp()) - (7200 if self.wrong == "expired" else 0)
        said = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": begun["nonce"], **self.claims}
        if self.wrong == "nonce":
            said["nonce"] = "another"
        if self.wrong == "audience":
            said["aud"] = "somebody-else"
        return jwt.encode({"alg": "RS256", "kid": "one"}, said, self._other if self.wrong == "key" else self._key)
