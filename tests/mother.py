"""The process that has loaded the program, and forks a server whenever one is ordered (``tests/nursery.py``)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

import adapters
import api
import app
import callbacks
import serve
from twin.registry import discover, modules

_MUCH = 1 << 20


def load() -> None:
    """Every module that a server finds by itself."""
    serve.find_house()
    discover(adapters, "PROTOCOL")
    discover(api, "RESOURCE", optional=True)
    modules(callbacks)


def fork_on_order(line: socket.socket) -> None:
    """Until nobody can order any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers of children
    while True:
        said, handed, _, _ = socket.recv_fds(line, _MUCH, 1)
        if not said:
            return
        with socket.socket(fileno=handed[0]) as wire:
            if os.fork() == 0:
                line.close()
                _keep(wire, json.loads(said))


def _keep(wire: socket.socket, order: dict[str, Any]) -> NoReturn:
    """Start the child, tell its number, and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        wire.close()
        _be(order)
    wire.sendall(b"%d\n" % child)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):  # whoever wanted to know has ended
        wire.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _be(order: dict[str, Any]) -> NoReturn:
    """Be ``python app.py …``."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["app.py", *order["words"]]
    sys.exit(app.main(sys.argv[1:]))


if __name__ == "__main__":
    load()
    fork_on_order(socket.socket(fileno=int(sys.argv[1])))
