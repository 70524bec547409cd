"""The five-level table, and what a park may change in it."""

from __future__ import annotations

import pytest

from models.alarm_level import CLASSES, level_rows, point_class
from twin.alarm import Condition
from twin.errors import ParkError


def test_the_table_is_the_one_of_the_rules():
    said = {(owner, kind): (level, colour) for owner, kind, level, colour in level_rows({})}
    assert said["hazard", "HH"] == ("S", "red")
    assert said["hazard", "H"] == said["process", "HH"] == said["gas", "HH"] == ("A", "red")
    assert said["process", "H"] == said["gas", "H"] == ("B", "orange")
    assert {said[each, "LL"] for each in ("gas", "hazard", "process")} == {("B", "orange")}
    assert {said[each, "L"] for each in ("gas", "hazard", "process")} == {("C", "yellow")}


def test_every_kind_of_detection_has_a_level_in_every_class():
    said = {(owner, kind): level for owner, kind, level, _ in level_rows({})}
    assert {said[owner, kind] for owner in CLASSES for kind in Condition} <= set("SABCD")
    assert said["video", "HZ"] == said["video", "YW"] == said["fire", "fire"] == "S"
    assert said["process", "jump"] == said["gas", "frozen"] == "D"


def test_a_park_may_change_a_row():
    assert ("gas", "H", "C", "yellow") in level_rows({"gas.H": "C"})


@pytest.mark.parametrize("changed", [{"gas.X": "A"}, {"gas.H": "Z"}])
def test_a_change_of_nothing_is_refused(changed):
    with pytest.raises(ParkError, match=r"\[levels\]"):
        list(level_rows(changed))


def test_gas_points_are_gas_wherever_they_stand():
    assert point_class("toxic_gas", "MH01") == "gas"
    assert point_class("level", "MH01") == "hazard"
    assert point_class("level", None) == "process"
