"""The whole application without a server: wired as ``app.py`` wires it, asked in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

import adapters
from cache.accounts import Account
from park.load import load_park
from serve import Twin, find_house
from services.audit import Caller
from services.compose import Parts, compose
from services.credentials import csrf_of
from tests.serving import SMALL_PARK
from twin.moment import now
from twin.registry import discover
from twin.settings import RunSettings

PORT = 8050
HERE = "http://127.0.0.1"


class Wired:
    """An application, and whoever asks it."""

    def __init__(self, twin: Twin, parts: Parts, app: Flask) -> None:
        self.twin = twin
        self.parts = parts
        self.app = app

    def account(self, id: str, role: str, enterprise: str | None = None) -> Account:
        """Somebody whose password need not be changed; made without the slow hash."""
        made = Account(id, id, role, enterprise, None, False, now(), now(), "test")
        self.parts.store.accounts.put(made)
        return made

    def session(self, account: Account) -> str:
        """The secret of a new session."""
        return self.parts.people.sessions.sign_in_by(account, Caller("127.0.0.1"))[0]

    def ask(self, method: str, path: str, secret: str | None = None, **more: Any) -> TestResponse:
        """One request of a session, or of nobody."""
        client = self.app.test_client()
        headers = dict(more.pop("headers", {}))
        if secret is not None:
            csrf = csrf_of(secret)
            client.set_cookie(f"parktwin_{PORT}", secret, domain="127.0.0.1")
            client.set_cookie(f"parktwin_csrf_{PORT}", csrf, domain="127.0.0.1")
            headers["X-CSRFToken"] = csrf
        return client.open(path, method=method, base_url=HERE, headers=headers, **more)


@contextmanager
def wired(folder: Path) -> Iterator[Wired]:
    """The small park."""
    twin = Twin(RunSettings(SMALL_PARK, folder, port=PORT))
    protocols = discover(adapters, "PROTOCOL")
    parts = compose(
        twin.run,
        load_park(SMALL_PARK),
        find_house(),
        protocols,
        {},
        twin.metrics,
        "build",
        twin._send,
        twin._cry,
        twin._tell,
    )
    try:
        vault = twin._wire(parts, "build")
        yield Wired(twin, parts, vault._app)  # type: ignore[arg-type]
    finally:
        parts.frames._worker.shutdown()
        parts.supervisor.stop()
        parts.loud.stop()
        parts.store.close()
