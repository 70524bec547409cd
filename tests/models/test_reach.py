"""What a device covers: a circle round it, or the sector that it looks into."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from models.geometry import area_m2, distance_m, reach

DEVICE = {"lon": 119.0, "lat": 33.4, "radius_m": 500.0}


def _rim(covered):
    return covered["coordinates"][0]


def test_a_circle_lies_at_its_radius_all_round_and_closes():
    covered = reach(DEVICE)
    assert _rim(covered)[0] == _rim(covered)[-1]
    far = [distance_m(119.0, 33.4, *corner) for corner in _rim(covered)]
    assert far == pytest.approx([500.0] * len(far), rel=1e-3)
    assert area_m2(covered) == pytest.approx(math.pi * 500**2, rel=5e-3)


def test_a_sector_begins_and_ends_at_the_device_and_looks_where_it_is_turned():
    covered = reach({**DEVICE, "direction_deg": 90.0, "fov_deg": 40.0})
    assert _rim(covered)[0] == _rim(covered)[-1] == [119.0, 33.4]
    assert all(lon > 119.0 for lon, _ in _rim(covered)[1:-1])
    assert area_m2(covered) == pytest.approx(math.pi * 500**2 * 40 / 360, rel=5e-3)


@pytest.mark.parametrize("fov", [None, 360.0, 400.0])
def test_who_looks_everywhere_covers_a_circle(fov):
    assert area_m2(reach({**DEVICE, "fov_deg": fov})) == pytest.approx(area_m2(reach(DEVICE)))


def test_corners_are_no_further_apart_than_five_degrees():
    rim = _rim(reach({**DEVICE, "direction_deg": 10.0, "fov_deg": 33.0}))[1:-1]
    steps = [distance_m(*one, *two) for one, two in pairwise(rim)]
    assert max(steps) <= 500.0 * math.radians(5.0)


@pytest.mark.parametrize("radius", [None, 0])
def test_without_a_radius_nothing_is_covered(radius):
    assert reach({**DEVICE, "radius_m": radius}) is None
