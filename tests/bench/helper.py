"""Processes beside the one that is measured: each gets ready, begins on a word, and prints what it saw as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.serving import ROOT

_READY = "ready"
_LONGEST_S = 3_600


def until_told() -> None:
    """In the helper: say that all is prepared, and wait for the word to begin."""
    print(_READY, flush=True)
    input()


class Helper:
    """A module of this folder as a process of its own; it is prepared when this returns."""

    def __init__(self, module: str, **words: object) -> None:
        told = [part for name, each in words.items() for part in _said(name, each)]
        program = [sys.executable, "-m", f"tests.bench.{module}", *told]
        self._process = subprocess.Popen(
            program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == _READY

    def go(self) -> None:
        """Begin."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def done(self) -> dict[str, Any]:
        """What it saw, once it has ended."""
        said, _ = self._process.communicate(timeout=_LONGEST_S)
        assert self._process.returncode == 0
        return json.loads(said)


def _said(name: str, each: object) -> tuple[str, ...]:
    if each is False:
        return ()
    return (f"--{name}",) if each is True else (f"--{name}", str(each))
