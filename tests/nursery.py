"""Servers that need not load the program first: forked from a process that has loaded it, and waits.

Loading is four fifths of what a start costs, and the tests start hundreds of servers. What is forked is a process like
any other, with its own environment, files and signals; nothing of the program ran before it but its modules.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import weakref
from functools import cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parent.parent


class Child:
    """A forked server, as ``subprocess.Popen`` would tell of it."""

    stdin = None

    def __init__(self, line: socket.socket) -> None:
        self._line = line.detach()
        weakref.finalize(self, os.close, self._line)
        self._lock = Lock()
        self.pid = int(self._hear())
        self.returncode: int | None = None

    def _hear(self) -> bytes:
        said = b""
        while not said.endswith(b"\n"):
            more = os.read(self._line, 1)
            if not more:
                raise AssertionError("the nursery ended before its child")
            said += more
        return said

    def _said(self, timeout: float | None) -> bool:
        return bool(select.select([self._line], [], [], timeout)[0])

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with self._lock:
            if self.returncode is None and self._said(0):
                self.returncode = int(self._hear())
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended."""
        while (code := self.poll()) is None:
            if not self._said(timeout):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """A signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Nursery:
    """The process that has loaded everything, and the line to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = Lock()
        with theirs:
            words = [sys.executable, "-m", "tests.mother", str(theirs.fileno())]
            self._mother = subprocess.Popen(words, cwd=ROOT, pass_fds=[theirs.fileno()])

    def start(self, words: list[str], out: Path, err: Path, environment: dict[str, str]) -> Child:
        """``python app.py …`` with these words, its output and what it complains of at the end of files."""
        ours, theirs = socket.socketpair()
        order = json.dumps({"words": words, "out": str(out), "err": str(err), "environment": environment}).encode()
        with theirs, self._lock:
            socket.send_fds(self._line, [order], [theirs.fileno()])
        return Child(ours)


@cache
def nursery() -> Nursery:
    """The one of this process of tests, with which it ends."""
    return Nursery()
