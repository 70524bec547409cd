"""Limits stay in order, and are changed between two people only."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.limits import Bounds, Change, asked, check_limits, decided
from twin.errors import BadInput, Conflict, NotAllowed

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIMITS = {"LL": None, "L": 5.0, "H": 80.0, "HH": 90.0}
BOUNDS = Bounds(0.0, 200.0)


def change(**said) -> Change:
    plain = {"which": "H", "old": None, "new": 70.0, "reason": "新工艺"}
    return Change(**{"id": "LC-1", "point": "T1", "author": "ann", "asked_at": NOON, **plain, **said})


@pytest.mark.parametrize(
    ("which", "value", "said"),
    [
        ("H", 90.0, "H = 90: must be below HH = 90"),
        ("H", 5.0, "H = 5: must be above L = 5"),
        ("HH", 80.0, "HH = 80: must be above H = 80"),
        ("L", 85.0, "L = 85: must be below H = 80"),
        ("LL", 6.0, "LL = 6: must be below L = 5"),
        ("LL", 95.0, "LL = 95: must be below L = 5"),
        ("HH", 201.0, "HH = 201: outside the instrument's range 0 to 200"),
        ("HH", math.inf, "HH: must be a finite number"),
        ("HH", math.nan, "HH: must be a finite number"),
    ],
)
def test_a_limit_that_does_not_fit_is_named_with_what_it_does_not_fit(which, value, said):
    with pytest.raises(BadInput) as caught:
        check_limits({**LIMITS, which: value}, which, BOUNDS)
    assert (caught.value.field, caught.value.message) == (which, said)


def test_a_limit_fits_where_others_are_not_set_and_an_old_fault_of_others_is_not_its_own():
    check_limits({"LL": None, "L": None, "H": 3.0, "HH": None}, "H", Bounds())
    check_limits({"LL": 5.0, "L": 5.0, "H": 70.0, "HH": 90.0}, "H", BOUNDS)
    check_limits({**LIMITS, "H": None}, "H", BOUNDS)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"which": "HHH"}, "which"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"new": 80.0}, "new"),
        ({"which": "LL", "new": None}, "new"),
        ({"new": 95.0}, "H"),
    ],
)
def test_what_cannot_be_asked_for(said, field):
    with pytest.raises(BadInput) as caught:
        asked(change(**said), LIMITS, BOUNDS, None)
    assert caught.value.field == field


def test_one_change_of_a_limit_waits_at_a_time():
    assert asked(change(), LIMITS, BOUNDS, None).old == 80.0
    with pytest.raises(Conflict, match="ann has asked for 70"):
        asked(change(author="bob"), LIMITS, BOUNDS, change())


def test_another_one_approves_or_refuses_with_a_word():
    waiting = change(old=80.0)
    approved = decided(waiting, True, "bob", "", NOON, LIMITS, BOUNDS)
    assert (approved.state, approved.approver, approved.approved_at) == ("approved", "bob", NOON)
    refused = decided(waiting, False, "bob", "太高", NOON, LIMITS, BOUNDS)
    assert (refused.state, refused.note) == ("refused", "太高")
    with pytest.raises(NotAllowed):
        decided(waiting, True, "ann", "", NOON, LIMITS, BOUNDS)
    with pytest.raises(NotAllowed):
        decided(waiting, False, "ann", "no", NOON, LIMITS, BOUNDS)
    with pytest.raises(BadInput) as caught:
        decided(waiting, False, "bob", "", NOON, LIMITS, BOUNDS)
    assert caught.value.field == "note"


def test_two_who_decide_at_once_and_what_changed_meanwhile():
    approved = decided(change(old=80.0), True, "bob", "", NOON, LIMITS, BOUNDS)
    with pytest.raises(Conflict, match="bob has approved it already"):
        decided(approved, False, "eve", "no", NOON + timedelta(minutes=1), LIMITS, BOUNDS)
    with pytest.raises(Conflict, match="is 60 now"):
        decided(change(old=80.0), True, "bob", "", NOON, {**LIMITS, "H": 60.0}, BOUNDS)
    with pytest.raises(Conflict, match="must be below HH = 65"):
        decided(replace(change(), old=80.0), True, "bob", "", NOON, {**LIMITS, "HH": 65.0}, BOUNDS)
