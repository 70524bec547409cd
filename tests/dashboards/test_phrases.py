"""Every phrase that content uses exists in Chinese and in English, and no content carries a text of its own."""

from __future__ import annotations

import re
from string import Formatter

import pytest

import dashboards
import dashboards.panels
import layers
from tests.serving import ROOT
from twin.content import text
from twin.labels import LANGUAGES, catalogue, say
from twin.registry import discover
from twin.screen import title_key

SOURCES = [path for room in ("layers", "dashboards", "models") for path in sorted((ROOT / room).rglob("*.py"))]
CHINESE = re.compile("[一-鿿]")


def _static() -> set[str]:
    return {key for path in SOURCES for key in re.findall(r'\btext\(\s*"([a-z0-9_.]+)"', path.read_text("utf-8"))}


def _families() -> set[str]:
    found = (re.findall(r'\btext\(\s*f"([a-z0-9_.]+\.)\{', path.read_text("utf-8")) for path in SOURCES)
    return {family for each in found for family in each}


def _declared() -> set[str]:
    kinds = {"screen": (dashboards, "SCREEN"), "panel": (dashboards.panels, "PANEL"), "layer": (layers, "LAYER")}
    found = {kind: discover(*where) for kind, where in kinds.items()}
    titles = {title_key(kind, key) for kind, each in found.items() for key in each}
    groups = {title_key("group", each.group) for each in found["layer"].values()}
    pages = {title_key("page", slot.page) for each in found["screen"].values() for slot in each.slots}
    lists = [each for panel in found["panel"].values() for each in panel.lists.values()]
    return titles | groups | pages | {f"column.{name}" for each in lists for name, _, _ in each.columns}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_phrase_that_is_used_exists(lang):
    assert sorted((_static() | _declared()) - set(catalogue(lang))) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_family_of_phrases_has_members(lang):
    known = catalogue(lang)
    assert [each for each in sorted(_families()) if not any(key.startswith(each) for key in known)] == []


def test_both_languages_say_the_same_things_with_the_same_arguments():
    zh, en = catalogue("zh"), catalogue("en")
    assert sorted(set(zh) ^ set(en)) == []
    told_apart = {"document.title", "document.kind"}  # documents have Chinese names only: English leads with the kind
    assert {key for key in zh if _arguments(zh[key]) != _arguments(en[key])} == told_apart


def _arguments(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_english_is_complete():
    assert [key for key, phrase in catalogue("en").items() if CHINESE.search(phrase)] == []


def test_no_content_carries_a_text_of_its_own():
    spoken = re.compile(r'"[^"\n]*[一-鿿][^"\n]*"')
    data = {"medium.py", "disaster.py"}  # names of substances, words that are looked for in what others write
    inside = {path.name: spoken.findall(path.read_text("utf-8")) for path in SOURCES if path.name not in data}
    words = {name: [each for each in found if each not in _PUNCTUATION] for name, found in inside.items()}
    assert {name: found for name, found in words.items() if found} == {}


_PUNCTUATION = {'"、"', '"区"'}


def test_a_text_is_said_in_one_language_with_its_arguments():
    place = {"zh": "氨罐区", "en": "Ammonia tanks"}
    said = text("headline.where", place=place, at={"at": "2026-11-21T06:32:00Z"})
    assert say(said, "zh", "Asia/Shanghai") == "氨罐区，14:32 起"
    assert say(said, "en", "Asia/Shanghai") == "Ammonia tanks, since 14:32"
    assert say(text("headline.outage", n=1), "en") == "No data from one source; all else quiet"
    assert say(text("headline.outage", n=2), "en") == "No data from 2 sources; all else quiet"
    assert say([text("yes"), text("no")], "zh") == "是、否"
    assert say({"key": "headline.quiet"}, "en") == "The park is quiet"
    assert say({"zh": "只有中文", "en": ""}, "en") == "只有中文"
    assert say({"key": "no.such.phrase"}, "en") == "no.such.phrase"
    assert say(None, "en") == ""
