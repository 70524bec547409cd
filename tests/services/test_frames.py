"""Patches: applying them one by one, or several merged, gives the same state as the whole frame."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.frames import TURNS, begun, merge, patch_layers
from tests.cache.batches import NOON

ROWS = st.dictionaries(
    st.sampled_from("abcdef"), st.fixed_dictionaries({"state": st.sampled_from(["red", "off", "stale"])}), max_size=6
)
STATES = st.lists(st.fixed_dictionaries({"points": ROWS, "gates": ROWS}), min_size=2, max_size=8)


def apply(state: dict[str, dict[str, Any]], patch: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a page does with a patch."""
    after = {key: dict(rows) for key, rows in state.items()}
    for key, change in patch.items():
        for each in change["upsert"]:
            after[key][each["id"]] = {name: said for name, said in each.items() if name != "id"}
        for gone in change["remove"]:
            after[key].pop(gone, None)
    return after


@given(STATES)
def test_patches_one_by_one_lead_to_the_newest_state(states):
    now = states[0]
    for after in states[1:]:
        now = apply(now, patch_layers(now, after))
    assert now == states[-1]


@given(STATES)
def test_merged_patches_lead_to_the_newest_state(states):
    pairs = pairwise(states)
    patches = [{"panels": {}, "layers": patch_layers(before, after)} for before, after in pairs]
    _, layers = merge(patches)
    assert apply(states[0], layers) == states[-1]


def test_merged_panels_keep_the_newest_word():
    patches = [{"panels": {"now": 1, "wind": 1}, "layers": {}}, {"panels": {"now": 2}, "layers": {}}]
    assert merge(patches)[0] == {"now": 2, "wind": 1}


@pytest.mark.parametrize(
    ("seconds", "turns"),
    [((0, 59), set()), ((0, 60), {"minute"}), ((599, 600), {"minute", "ten_minutes"}), ((60, 7000), set(TURNS))],
)
def test_a_turn_of_the_clock_is_told_once(seconds, turns):
    before, at = (NOON + timedelta(seconds=each) for each in seconds)
    assert begun(before, at) == turns
    assert begun(None, at) == set(TURNS)
