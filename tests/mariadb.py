"""A real MariaDB for tests, which speaks as MySQL does: a server of its own in a temporary folder, on a free port."""

from __future__ import annotations

import os
import subprocess
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from time import monotonic

import pymysql

from tests.clusters import PASSWORD, USER, cluster_of, run
from tests.system import find_mariadb

_SMALL = ("--innodb-log-file-size=4M", "--innodb-buffer-pool-size=16M", "--innodb-temp-data-file-path=t:1M:autoextend")
_FAST = ("--innodb-flush-method=nosync", "--debug-no-sync=1", "--aria-log-file-size=8M", "--skip-log-bin")
_MAY = f"""CREATE OR REPLACE USER {USER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON *.* TO {USER}@'127.0.0.1';
"""
_START_S, _LOOK_S = 30.0, 0.05


class Mariadb:
    """One server; it can be taken down and brought up again."""

    def __init__(self, folder: Path, port: int) -> None:
        found = find_mariadb()
        if found is None:
            raise RuntimeError("no MariaDB; `make test` installs one, or name its place in PARKTWIN_MARIADB")
        self._server, installer = found
        self._folder = folder
        self._port = port
        self.url = f"mysql://{USER}:{PASSWORD}@127.0.0.1:{port}/"
        (folder / "may.sql").write_text(_MAY)
        # it does not run as root unless it is told to
        self._words = [f"--datadir={folder / 'data'}", *_SMALL, *_FAST, *(["--user=root"] if os.geteuid() == 0 else [])]
        first = ("--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
        run([installer, *first, *self._words], folder)

    def up(self) -> None:
        """Start it; it answers when this returns."""
        own = (f"--socket={self._folder / 's'}", f"--port={self._port}", "--bind-address=127.0.0.1")
        words = [self._server, "--no-defaults", *self._words, *own, f"--init-file={self._folder / 'may.sql'}"]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, cwd=self._folder)
        deadline = monotonic() + _START_S
        while not self._answers():
            if monotonic() > deadline or self._process.poll() is not None:
                said = (self._folder / "server.log").read_text(errors="replace")
                raise RuntimeError(f"MariaDB did not start: {said[-2000:]}")

    def down(self) -> None:
        """Stop it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            pymysql.connect(host="127.0.0.1", port=self._port, user=USER, password=PASSWORD).close()
        except pymysql.OperationalError:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LOOK_S)
            return False
        return True


def mariadb_cluster() -> AbstractContextManager[Mariadb]:
    """A server that is up, and is gone afterwards."""
    return cluster_of(Mariadb)
