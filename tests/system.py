"""What the tests need from the system: a Chromium, a Chinese font, a PostgreSQL, a MariaDB.

Run as a program it names what is missing, one a line, and exits 1; set-up asks it before any package is installed,
so it needs nothing but Python's own library.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HEADLESS = "chromium-headless-shell"  # draws the same pages for half the processor's time
_NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
_POSTGRES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)
_MARIADB = ("usr", "usr/local/mysql", "opt/homebrew/opt/mariadb", "usr/local/opt/mariadb")
_MAC_APPS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> Path | None:
    """A Chromium or Chrome that starts: ``PARKTWIN_CHROMIUM``, else the first on the system, else None."""
    named = os.environ.get("PARKTWIN_CHROMIUM")
    found = [named] if named else [*map(shutil.which, _NAMES), *(f"/Applications/{each}" for each in _MAC_APPS)]
    return next((Path(each) for each in found if each and _starts(each)), None)


def _starts(program: str) -> bool:
    # some systems have a stand-in that only says where the real one could be had
    try:
        said = subprocess.run([program, "--version"], check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs: ``PARKTWIN_POSTGRES``, else the newest on the system, else None."""
    named = os.environ.get("PARKTWIN_POSTGRES")
    folders = [Path(named)] if named else [each for place in _POSTGRES for each in _newest_first(Path("/").glob(place))]
    on_path = shutil.which("pg_ctl")
    if on_path and not named:
        folders.insert(0, Path(on_path).resolve().parent)
    return next((each for each in folders if all((each / name).exists() for name in ("initdb", "pg_ctl"))), None)


def find_mariadb() -> tuple[Path, Path] | None:
    """MariaDB's server and what makes its first tables: where ``PARKTWIN_MARIADB`` says, else on the system."""
    named = os.environ.get("PARKTWIN_MARIADB")
    places = [Path(named)] if named else [Path("/") / each for each in _MARIADB]
    path = os.pathsep.join(str(each / part) for each in places for part in ("sbin", "bin", "scripts", "libexec"))
    server, first = (shutil.which(each, path=path) for each in ("mariadbd", "mariadb-install-db"))
    # on Debian the one comes without the other's help
    helper = shutil.which("my_print_defaults", path=path)
    return (Path(server), Path(first)) if server and first and helper else None


def _newest_first(folders: Iterable[Path]) -> list[Path]:
    return sorted(folders, key=lambda each: [int(part) for part in re.findall(r"\d+", str(each))], reverse=True)


def has_chinese_font() -> bool:
    """Whether Chinese can be drawn; macOS and Windows always can."""
    if not sys.platform.startswith("linux"):
        return True
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], check=False, capture_output=True).stdout.strip())


def main() -> int:
    """Names what is missing."""
    missing = [] if find_chromium() else ["Chromium"]
    if find_postgres() is None:
        missing.append("PostgreSQL")
    if find_mariadb() is None:
        missing.append("MariaDB")
    if not has_chinese_font():
        missing.append("a Chinese font")
    for each in missing:
        print(each)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
