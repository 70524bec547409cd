"""The demo park's documents: each that a record names is there, is small, is well-formed and says it is fiction."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from demo import archive, basics
from demo.folder import Folder
from tests.demo.worlds import AFTERNOON, ms, world
from tests.serving import DEMO_PARK

SHIPPED = DEMO_PARK / "archive"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"PLAN-01", "PLAN-02", "PLAN-05", "land-use-plan", "control-line-drawing", "water-network", "power-network"}


@pytest.fixture(scope="module")
def documents():
    return archive.documents(Folder(DEMO_PARK))


def named():
    """Every address of the park's own papers in its records."""
    built = world()
    entries = [entry for each in basics.SOURCES for entry in each.book(built).entries(ms(AFTERNOON))]
    values = [value for entry in entries for value in entry.fields.values() if isinstance(value, str)]
    return {value for value in values if value.startswith("archive/") and value.endswith(".svg")}


def test_every_document_that_a_record_names_is_shipped_and_no_other():
    assert named() == {f"archive/{each.name}" for each in SHIPPED.iterdir()}
    assert len(named()) > 30


def test_what_is_shipped_is_what_the_map_says(documents):
    assert {each.stem: each.read_text("utf-8") for each in SHIPPED.iterdir()} == documents


def test_each_is_small_well_formed_and_says_what_it_is(documents):
    for name, said in documents.items():
        assert len(said.encode()) <= 25_000, name
        texts = " ".join(each.text or "" for each in ElementTree.fromstring(said).iter(f"{SVG}text"))
        assert "虚构的演示园区" in texts, name
        assert "A fictional demo park" in texts, name


def test_a_drawing_has_a_map_and_a_page_has_words(documents):
    for name, said in documents.items():
        tree = ElementTree.fromstring(said)
        assert (len(list(tree.iter(f"{SVG}clipPath"))) == 1) == (name in DRAWN), name
        assert tree.get("viewBox") == ("0 0 4200 2970" if name in DRAWN else "0 0 2100 2970"), name


def test_the_assessment_counts_the_hazards_of_the_map(documents):
    hazards = Folder(DEMO_PARK).features("hazards")
    texts = [each.text for each in ElementTree.fromstring(documents["RPT-01"]).iter(f"{SVG}text")]
    for level, name in enumerate(("一级", "二级", "三级", "四级"), 1):
        shown = texts[texts.index(f"{name}重大危险源") + 2]
        assert shown == str(sum(each.props["level"] == level for each in hazards))


def test_nothing_of_a_text_leaves_the_page(documents):
    for name, said in documents.items():
        assert "<script" not in said
        assert "http" not in said.replace('xmlns="http://www.w3.org/2000/svg"', ""), name
