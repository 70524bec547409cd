"""Somebody who signs in to a real server and asks it, as a browser would."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.serving import SMALL_PARK, Server, command, running

GIVEN, OWN = "Given-pass-1", "Chosen-pass-2"


def add_user(server_data: Any, id: str, role: str, enterprise: str | None = None, password: str = GIVEN) -> None:
    """``app.py user add``."""
    words = ["user", "add", id, "--role", role, "--name", id.title(), "--data", server_data]
    done = command(*words, *(("--enterprise", enterprise) if enterprise else ()), PARKTWIN_PASSWORD=password)
    assert done.returncode == 0, done.stderr


class Somebody:
    """A browser without a screen: cookies, and the page's token with what changes something."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.line = requests.Session()

    def sign_in(self, id: str, password: str, **more: str) -> requests.Response:
        """One try."""
        return self.post("/api/v1/session", {"account": id, "password": password, **more})

    def enter(self, id: str, password: str = GIVEN, own: str = OWN) -> Somebody:
        """Sign in, with a password of one's own where the first one was given."""
        answer = self.sign_in(id, own)
        if answer.status_code == 401:
            answer = self.sign_in(id, password)
        assert answer.status_code == 200, answer.text
        if answer.json()["must_change"]:
            changed = self.post("/api/v1/session/password", {"old": password, "password": own})
            assert changed.status_code == 200, changed.text
        return self

    @property
    def cookies(self) -> dict[str, str]:
        """What the server has given."""
        return {str(each.name): str(each.value) for each in self.line.cookies}

    @property
    def csrf(self) -> str:
        """The page's token."""
        return self.cookies.get(f"parktwin_csrf_{self.server.port}", "")

    def get(self, path: str, **more: Any) -> requests.Response:
        """One reading call."""
        return self.line.get(self.server.url + path, timeout=30, allow_redirects=False, **more)

    def post(self, path: str, said: Any = None, **headers: str) -> requests.Response:
        """One writing call."""
        told = {"X-CSRFToken": self.csrf, **{name.replace("_", "-"): each for name, each in headers.items()}}
        return self.line.post(self.server.url + path, json=said, headers=told, timeout=30, allow_redirects=False)


@contextmanager
def peopled(folder: Path, people: Mapping[str, tuple[str, str | None]]) -> Iterator[Server]:
    """The small park with these accounts (role and enterprise), who may call as often as a test does."""
    shutil.copytree(SMALL_PARK, folder / "park")
    (folder / "park" / "park.toml").write_text("[login]\ncalls_a_minute = 5000\n", "utf-8")
    for id, (role, enterprise) in people.items():
        add_user(folder / "data", id, role, enterprise)
    with running(["run", "--park", str(folder / "park")], folder / "data") as server:
        yield server
