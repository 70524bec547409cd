"""The test of the design: a new screen, layer and panel are one new file each, and two locale lines a name."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.serving import ROOT, running

LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "data", "node_modules", "tests", "__pycache__", ".*_cache", "out")

SCREEN = '''
"""A screen that the product does not have."""

from twin.screen import Screen, Slot

SCREEN = Screen("harbour", "/harbour", (Slot("ships", "left"),), layers=("boundary", "buoys"), order=99)
'''
PANEL = '''
"""A panel that the product does not have."""

from twin.content import figure, text, value
from twin.screen import Panel


def _draw(rows, look):
    return figure([{"key": "ships", "label": text("panel.ships"), "value": value(rows["n"]["n"][0])}])


PANEL = Panel("ships", frozenset({"reading"}), {"n": "harbour/ships"}, _draw)
'''
SQL = """-- one row: how many points there are
select count(*) as n from state where $at is not null and ($scope = 'park' or owner = $scope)
"""
LAYER = '''
"""A layer that the product does not have."""

from twin.screen import Layer, Mark

LAYER = Layer("buoys", "base", Mark("point", symbol="dot"), geo="sensors")
'''


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A copy of the product with three new files, one query and the locale lines; nothing else is touched."""
    root = tmp_path_factory.mktemp("copy") / "parktwin"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    (root / "dashboards" / "harbour.py").write_text(SCREEN)
    (root / "dashboards" / "panels" / "ships.py").write_text(PANEL)
    (root / "layers" / "buoys.py").write_text(LAYER)
    (root / "cache" / "sql" / "harbour").mkdir()
    (root / "cache" / "sql" / "harbour" / "ships.sql").write_text(SQL)
    for lang, said in (("zh", ("港口", "船舶", "浮标")), ("en", ("Harbour", "Ships", "Buoys"))):
        path = root / "twin" / "locale" / f"{lang}.json"
        phrases = json.loads(path.read_text("utf-8"))
        phrases |= dict(zip(("screen.harbour", "panel.ships", "layer.buoys"), said, strict=True))
        path.write_text(json.dumps(phrases, ensure_ascii=False), "utf-8")
    data = tmp_path_factory.mktemp("adding")
    with running(["run", "--park", str(ROOT / "tests" / "parks" / "small")], data, root=root) as server:
        yield server


def test_the_new_screen_is_listed_by_its_names(extended):
    found = next(each for each in extended.get("/api/v1/screens").json() if each["id"] == "harbour")
    assert (found["title_zh"], found["title_en"], found["path"]) == ("港口", "Harbour", "/harbour")


def test_its_panel_and_layer_are_served(extended):
    frame = extended.get("/api/v1/screens/harbour/frame").json()
    points = len(extended.get("/api/v1/layers/points").json()["features"])
    assert frame["panels"]["ships"]["items"][0]["value"]["value"] == points > 0
    assert len(extended.get("/api/v1/layers/buoys").json()["features"]) == points


def test_its_page_is_served(extended):
    assert extended.get("/harbour").status_code == 200
