"""Set-up leaves alone what is there, and notices what has changed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT
from tools import setup


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose environment is made but not yet filled; whatever set-up would run is only written down."""
    for name in setup._INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "assets" / "vendor").mkdir(parents=True)
    (tmp_path / "assets" / "vendor" / "vendor.json").touch()
    (tmp_path / "fonts").mkdir()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3", "utf-8")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "_environment", lambda: Path(sys.executable))
    return tmp_path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    taken: list[str] = []
    monkeypatch.setattr(setup, "_step", lambda what, command: taken.append(what))
    return taken


def test_a_second_run_installs_nothing(clone: Path, steps: list[str]) -> None:
    setup.ensure()
    assert steps == ["Python packages", "browser libraries"]
    setup.ensure()
    assert len(steps) == 2


@pytest.mark.parametrize("name", setup._INPUTS)
def test_a_changed_file_installs_again(clone: Path, steps: list[str], name: str) -> None:
    setup.ensure()
    with (clone / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    setup.ensure()
    assert len(steps) == 4


@pytest.mark.parametrize("gone", setup._VENDORED)
def test_what_is_gone_of_libraries_and_fonts_comes_back(clone: Path, steps: list[str], gone: str) -> None:
    setup.ensure()
    (clone / gone).rename(clone / "elsewhere")
    setup.ensure()
    assert steps[2:] == ["Python packages", "browser libraries"]


def test_an_installation_that_failed_is_tried_again(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_wanted", lambda extra: ["--no-such-option"])
    for _ in range(2):
        with pytest.raises(SystemExit, match="Installing Python packages failed"):
            setup.ensure()


def test_where_every_package_is_at_hand_the_program_goes_on() -> None:
    setup.enter_environment(["app.py"])


def test_a_missing_program_is_one_clear_sentence() -> None:
    with pytest.raises(SystemExit, match=r"^Install it\.$"):
        setup._need("no-such-program-anywhere", "Install it.")
