"""A real server for tests: its own process, its own port and data folder; asked over HTTP, killed for real."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import requests

from cache.database import FILE, Database
from cache.migrate import migrate
from tests.nursery import Child, nursery
from twin.dictionary import dictionary
from twin.moment import now
from twin.settings import StoreSettings

ROOT = Path(__file__).parent.parent
DEMO_PARK = ROOT / "demo" / "park"
SMALL_PARK = ROOT / "tests" / "parks" / "small"
TOKEN = "token-of-the-tests"
FORKS = hasattr(os, "fork")
LOOSE: set[Server] = set()  # those that no ``running`` ends: killed after the test that started them


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def empty_cache() -> bytes:
    """A cache that has its tables and nothing else. Most servers of the tests begin with one, for making the tables is
    a third of a first start; ``bare`` ones make them."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / FILE, StoreSettings())
        migrate(database, dictionary(), now())
        database.close()
        return (Path(folder) / FILE).read_bytes()


class Server:
    """One ``python app.py …`` (or another program that starts it) and how to talk to it. It is forked from a process
    that has loaded the program; a ``fresh`` one loads it itself, so that what it uses is what an operator's uses."""

    def __init__(
        self,
        words: list[str],
        data: Path,
        port: int,
        root: Path = ROOT,
        program: tuple[str, ...] = ("app.py",),
        told: bool = False,
        bare: bool = False,
        fresh: bool = False,
        **environment: str,
    ) -> None:
        self.port = port
        self.data = data
        self.url = f"http://127.0.0.1:{port}"
        data.mkdir(parents=True, exist_ok=True)
        if not bare and not list(data.glob(f"{Path(FILE).stem}*")):
            (data / FILE).write_bytes(empty_cache())
        environ = {**os.environ, "PARKTWIN_TOKEN": TOKEN, **environment}
        words = [*words, "--data", str(data), "--port", str(port)]
        LOOSE.add(self)
        log = data / "server.log"
        if program == ("app.py",) and root == ROOT and not told and not fresh and FORKS:
            self.process: subprocess.Popen[bytes] | Child = nursery().start(words, log, log, environ)
            return
        ear = subprocess.PIPE if told else None
        with log.open("ab") as sink:
            words = [sys.executable, *program, *words]
            self.process = subprocess.Popen(words, cwd=root, env=environ, stdin=ear, stdout=sink, stderr=sink)

    @property
    def log(self) -> str:
        """What the server wrote."""
        return (self.data / "server.log").read_text(errors="replace")

    def wait_ready(self, timeout_s: float = 60.0) -> Server:
        """Until ``/healthz`` answers 200; fails with the log when the process ends or time runs out."""
        deadline = monotonic() + timeout_s
        with requests.Session() as line:
            while monotonic() < deadline:
                if self.process.poll() is not None:
                    raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log}")
                try:
                    if line.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                        return self
                except (requests.ConnectionError, requests.Timeout):
                    self._pause()
        raise AssertionError(f"the server was not ready after {timeout_s} s:\n{self.log}")

    def _pause(self) -> None:
        try:
            self.process.wait(0.05)
        except subprocess.TimeoutExpired:
            return

    def get(self, path: str, **params: Any) -> requests.Response:
        """One reading call."""
        return requests.get(self.url + path, params=params, timeout=30)

    def post(self, path: str, json: Any = None, **more: Any) -> requests.Response:
        """One writing call with the machine's token."""
        headers = {"Authorization": f"Bearer {TOKEN}", **more.pop("headers", {})}
        return requests.post(self.url + path, json=json, headers=headers, timeout=60, **more)

    def act(self, path: str, json: Any = None) -> requests.Response:
        """One writing call of a person at the page: while login is off, the demo's operator."""
        return requests.post(self.url + path, json=json, timeout=60)

    def tell(self, line: str) -> None:
        """One line to its standard input."""
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End it as an operator would; the exit code."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=30)


@contextmanager
def running(
    words: list[str], data: Path, port: int | None = None, ready_s: float = 60.0, **more: Any
) -> Iterator[Server]:
    """A server that is ready, and is ended afterwards."""
    server = Server(words, data, port or free_port(), **more)
    LOOSE.discard(server)
    try:
        yield server.wait_ready(ready_s)
    finally:
        server.stop()


def command(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One ``python app.py …`` to its end."""
    environ, said = {**os.environ, "PARKTWIN_TOKEN": TOKEN, **environment}, [str(each) for each in words]
    if not FORKS:
        line = [sys.executable, "app.py", *said]
        return subprocess.run(line, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        code = nursery().start(said, out, err, environ).wait(120)
        return subprocess.CompletedProcess(said, code, out.read_text("utf-8"), err.read_text("utf-8"))
