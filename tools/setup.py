"""Set-up: from a fresh clone to something that runs. Needs nothing but Python's own library.

``python3 tools/setup.py`` makes ``.venv``, installs the packages at the versions of ``constraints.txt`` and puts the
browser libraries in place; ``--test`` adds what the tests need: a browser, a Chinese font, a PostgreSQL, a MariaDB.
What is already there is left alone, so a second run starts at once.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(f"ParkTwin needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

import argparse
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
_DEBIAN = {
    "Chromium": ["chromium"],
    "a Chinese font": ["fonts-noto-cjk"],
    "PostgreSQL": ["postgresql"],
    "MariaDB": ["mariadb-server-core", "mariadb-client-core"],  # programs only: no server that starts by itself
}
_APT = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
_LIGHT = "chromium-headless-shell"  # Debian's Chromium without a window: half the processor's time for the same pages
_BREW = {"Chromium": ["--cask", "chromium"], "PostgreSQL": ["postgresql"], "MariaDB": ["mariadb"]}
_INPUTS = (
    "pyproject.toml",
    "constraints.txt",
    "package.json",
    "package-lock.json",
    "tools/setup.py",
    "tools/vendor.py",
)
_VENDORED = ("assets/vendor/vendor.json", "fonts")  # what tools/vendor.py puts in place


def ensure(extra: bool = False) -> Path:
    """Make sure that everything is installed (with ``extra`` what the tests need too); the environment's Python.

    Raises:
        SystemExit: something is missing that only the operator can give; says what, in one sentence.
    """
    python = _environment()
    if not _stamped("run"):
        _install(python, extra=False)
        _step("browser libraries", [python, ROOT / "tools/vendor.py"])
        _stamp("run")
    if extra and not _stamped("test"):
        _install(python, extra=True)
        _light_browser()
        _stamp("test")
    if extra:
        _need("git", "ParkTwin's tests need git; install it and run this again.")
        _system(python)
    return python


def _environment() -> Path:
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if _works([python, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]):
        return python
    print(f"Creating {VENV.name} with Python {sys.version.split()[0]}", flush=True)
    if not _works([sys.executable, "-m", "venv", "--clear", VENV], quiet=False):
        sys.exit("ParkTwin needs Python's venv module; on Debian and Ubuntu: apt-get install python3-venv.")
    return python


def enter_environment(argv: Sequence[str]) -> None:
    """Return when every package is at hand; else install them and run ``argv`` again in the environment.

    Raises:
        SystemExit: on Windows, with the exit code of that run; elsewhere it takes this process's place.
    """
    if _at_hand():
        return
    command = [str(ensure()), *argv]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def _wanted(extra: bool) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names: list[str] = project["optional-dependencies"]["test"] if extra else project["dependencies"]
    return names


def _at_hand() -> bool:
    names = (re.split(r"[\[;]", each)[0].strip() for each in _wanted(extra=False) if ";" not in each)
    try:
        return all(map(importlib.metadata.version, names))
    except importlib.metadata.PackageNotFoundError:
        return False


def _install(python: Path, extra: bool) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    constraints = ["-c", str(ROOT / "constraints.txt")]
    _step("test packages" if extra else "Python packages", [*pip, *constraints, *_wanted(extra)])


def _step(what: str, command: Sequence[str | Path]) -> None:
    print(f"Installing {what}", flush=True)
    if subprocess.run([str(each) for each in command], check=False, cwd=ROOT).returncode:
        sys.exit(f"Installing {what} failed; the lines above say why.")


def _works(command: Sequence[str | Path], quiet: bool = True) -> bool:
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(each) for each in command], check=False, stdout=sink, stderr=sink).returncode == 0
    except OSError:
        return False


def _fingerprint() -> str:
    said = b"\0".join((ROOT / each).read_bytes() for each in _INPUTS)
    return hashlib.sha256(said + (VENV / "pyvenv.cfg").read_bytes()).hexdigest()


def _stamped(name: str) -> bool:
    stamp = VENV / f"parktwin-{name}.stamp"
    in_place = name != "run" or all((ROOT / each).exists() for each in _VENDORED)
    return in_place and stamp.exists() and stamp.read_text("utf-8") == _fingerprint()


def _stamp(name: str) -> None:
    (VENV / f"parktwin-{name}.stamp").write_text(_fingerprint(), "utf-8")


def _need(program: str, sentence: str) -> None:
    if shutil.which(program) is None:
        sys.exit(sentence)


def _system(python: Path) -> None:
    """A browser, a Chinese font and two databases, from the system's packages where that may be done."""
    missing = _missing(python)
    if not missing:
        return
    for command in _package_commands(missing):
        print(f"Installing {' and '.join(missing)}: {' '.join(command)}", flush=True)
        _works(command, quiet=False)
    missing = _missing(python)
    if missing:
        sys.exit(
            f"ParkTwin's tests need {' and '.join(missing)}; install it with your system's packages "
            f"(Debian: apt-get install {' '.join(each for parts in _DEBIAN.values() for each in parts)}), or name a "
            "Chromium or Chrome in PARKTWIN_CHROMIUM, the folder of PostgreSQL's programs in PARKTWIN_POSTGRES, the "
            "one that MariaDB is installed in in PARKTWIN_MARIADB."
        )


def _light_browser() -> None:
    """The lightest Chromium where the system has it; any other does as well."""
    if shutil.which(_LIGHT) is None and _is_debian():
        print(f"Installing {_LIGHT}", flush=True)
        for command in ([*_APT, "update"], [*_APT, "install", "--no-install-recommends", _LIGHT]):
            _works(command)


def _is_debian() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _missing(python: Path) -> list[str]:
    """What ``tests/system.py`` does not find."""
    said = subprocess.run(
        [str(python), str(ROOT / "tests/system.py")], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    return said.stdout.split("\n")[:-1] if said.returncode else []


def _package_commands(missing: Sequence[str]) -> list[list[str]]:
    if sys.platform == "darwin" and shutil.which("brew"):
        return [["brew", "install", *_BREW[each]] for each in missing if each in _BREW]
    if not _is_debian():
        return []
    return [[*_APT, "update"], *([*_APT, "install", "--no-install-recommends", *_DEBIAN[each]] for each in missing)]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Install what ParkTwin needs.")
    parser.add_argument("--test", action="store_true", help="also what the tests need")
    ensure(extra=parser.parse_args().test)


if __name__ == "__main__":
    main()
