"""Starts and ends the demo's feed beside the server, and makes the park it speaks for."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from demo.enlarge import enlarge
from twin.notify_settings import Channel
from twin.source import SourceSettings

PAGE = 2_000  # records: a day of passes comes in few questions


def demo_park(shipped: Path, data: Path, points: int) -> Path:
    """The shipped park, or an enlarged copy of it with ``points`` measuring points in the data folder."""
    if points <= 0:
        return shipped
    data.mkdir(parents=True, exist_ok=True)
    return enlarge(shipped, data / f"park-{points}", points)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """The feed as a process of its own; ends with the server."""

    def __init__(self, options: argparse.Namespace, park: Path, token: str) -> None:
        self._options = options
        self._park = park
        self._token = token
        self._port, self._recorder = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes]
        url = f"http://127.0.0.1:{self._port}"
        self.sources = (
            SourceSettings("park-exchange", "http_exchange", {"url": url, "limit": PAGE}),
            SourceSettings("park-socket", "socket_push", {"holder": "machine"}),
        )

        taker = f"http://127.0.0.1:{self._recorder}"
        self.channels = (
            Channel("sms", "sms", f"{taker}/sms", accepted_field="code", accepted_value="0"),
            Channel("group", "webhook", f"{taker}/group", levels=("S", "A", "orange", "red")),
        )

    def __enter__(self) -> Demo:
        words = [sys.executable, "-m", "demo.feed", "--park", str(self._park), "--exchange-port", str(self._port)]
        words += ["--target", f"http://{self._options.host}:{self._options.port}", "--seed", str(self._options.seed)]
        words += ["--speed", str(self._options.speed), "--scenario", self._options.scenario]
        words += ["--recorder-port", str(self._recorder), "--parent-pid", str(os.getpid())]
        environment = {**os.environ, "PARKTWIN_TOKEN": self._token}
        self._process = subprocess.Popen(words, cwd=Path(__file__).parent.parent, env=environment)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
