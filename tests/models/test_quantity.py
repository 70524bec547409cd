"""A measured number is said with enough digits to act on."""

from __future__ import annotations

import pytest

from models.quantity import plain, quantity


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (0.0042, "0.0042"), (0.004, "0.004"), (0.035, "0.035"), (0.1, "0.1"), (0.17, "0.17"), (1.236, "1.24"),
     (38.04, "38"), (38.44, "38.4"), (381.6, "382"), (None, "–")],
)  # fmt: skip
def test_no_value_is_rounded_to_nothing_and_none_looks_more_exact_than_it_is(value, said):
    assert plain(value) == said


def test_a_unit_may_ask_for_its_own_digits():
    assert quantity(0.0442, "MPa") == "0.044 MPa"
    assert quantity(12.04, "%LEL") == "12 %LEL"
