"""A real PostgreSQL for tests: a cluster of its own in a temporary folder, on a free port; nothing of it is durable."""

from __future__ import annotations

import os
import pwd
import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from tests.clusters import PASSWORD, USER, cluster_of, run
from tests.system import find_postgres

_SETTINGS = ("fsync=off", "full_page_writes=off", "max_wal_size=4GB")


class Postgres:
    """One cluster; it can be taken down and brought up again."""

    def __init__(self, folder: Path, port: int) -> None:
        found = find_postgres()
        if found is None:
            raise RuntimeError(
                "no PostgreSQL; `make test` installs one, or name its folder of programs in PARKTWIN_POSTGRES"
            )
        self._programs = found
        self._folder = folder
        self._port = port
        self.url = f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"
        secret = folder / "password"
        secret.write_text(PASSWORD)
        self._own()
        self._run("initdb", "-D", str(folder / "data"), "-U", USER, "-A", "scram-sha-256", "-E", "UTF8",
                  "--locale=C", "--no-sync", f"--pwfile={secret}")  # fmt: skip

    def up(self) -> None:
        """Start it; it answers when this returns."""
        words = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        words += "".join(f" -c {each}" for each in _SETTINGS)
        self._run(
            "pg_ctl", "start", "-w", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"), "-o", words
        )

    def down(self) -> None:
        """Stop it as a power cut would."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._folder / "data"))

    def _own(self) -> None:
        """PostgreSQL will not run as root: the folder belongs to whoever runs it."""
        if self._user:
            for path in (self._folder, *self._folder.iterdir()):
                shutil.chown(path, self._user)

    @property
    def _user(self) -> str | None:
        if os.geteuid() != 0:
            return None
        known = {each.pw_name for each in pwd.getpwall()}
        return next(each for each in ("postgres", "nobody") if each in known)

    def _run(self, program: str, *words: str) -> None:
        run([self._programs / program, *words], self._folder, self._user)


def postgres_cluster() -> AbstractContextManager[Postgres]:
    """A cluster that is up, and is gone afterwards."""
    return cluster_of(Postgres)
