"""What every query promises, whoever wrote it: its grain in the first line, a moment and a scope, parameters only."""

from __future__ import annotations

import re

import pytest

from tests.serving import ROOT

QUERIES = sorted((ROOT / "cache" / "sql").glob("*/*.sql"))
SCREEN_AREAS = {"alarms", "detail", "explain", "layers", "overview", "park", "state"}
BOUND = {"at", "scope", "enterprise", "zone", "only", "id", "since"}  # what builders of frames, lists and details give


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_query_states_its_grain_its_moment_and_its_scope(path):
    said = path.read_text("utf-8")
    assert re.match(r"-- one row[ :]", said, re.IGNORECASE), "the first line states the grain"
    assert "$at" in said
    assert "$scope" in said
    if path.parent.name in SCREEN_AREAS:
        assert set(re.findall(r"\$([a-z_]+)", said)) <= BOUND
