"""Browser libraries: the versions that are meant, the bytes that are meant, nothing committed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import subprocess
from typing import Any

import plotly.offline
import pytest

from tests.serving import ROOT
from tools.vendor import DECK_SHA256

VENDOR = ROOT / "assets" / "vendor"
FOLDERS = {"fonts": ROOT / "fonts"}  # what is not served
PACKAGE = json.loads((ROOT / "package.json").read_text("utf-8"))
LOCK_TEXT = (ROOT / "package-lock.json").read_text("utf-8")


@pytest.fixture(scope="module")
def vendored() -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in json.loads((VENDOR / "vendor.json").read_text("utf-8"))}


@pytest.mark.parametrize("wanted", PACKAGE["vendor"], ids=lambda each: each["package"])
def test_a_library_in_place_is_the_one_that_the_project_names(wanted: dict[str, str], vendored: dict[str, Any]) -> None:
    said, folder = vendored[wanted["package"]], FOLDERS.get(wanted.get("into", ""), VENDOR)
    found = hashlib.sha256((folder / said["file"]).read_bytes()).hexdigest()
    assert found == said["sha256"] == wanted["sha256"]
    assert said["version"] == PACKAGE["dependencies"][wanted["package"]]
    assert (folder / said["license"]).read_text("utf-8").strip()


def test_the_lock_names_exact_versions_with_integrity_and_no_address() -> None:
    lock = json.loads(LOCK_TEXT)["packages"]
    installed = {name: each for name, each in lock.items() if name}
    assert all(each["version"] and each["integrity"].startswith("sha512-") for each in installed.values())
    assert "resolved" not in LOCK_TEXT
    assert "://" not in LOCK_TEXT
    for name, version in PACKAGE["dependencies"].items():
        assert lock[f"node_modules/{name}"]["version"] == version


def test_deck_is_the_bundle_of_the_pydeck_that_is_pinned(vendored: dict[str, Any]) -> None:
    said = vendored["pydeck"]
    assert f"pydeck=={said['version']}" in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert said["version"] == importlib.metadata.version("pydeck")
    assert hashlib.sha256((VENDOR / said["file"]).read_bytes()).hexdigest() == said["sha256"] == DECK_SHA256
    assert (VENDOR / said["license"]).read_text("utf-8").strip()


def test_plotly_draws_with_the_version_that_plotly_py_carries() -> None:
    assert PACKAGE["dependencies"]["plotly.js-cartesian-dist-min"] == plotly.offline.get_plotlyjs_version()


def test_no_library_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "assets/vendor", "fonts", "node_modules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout == ""
