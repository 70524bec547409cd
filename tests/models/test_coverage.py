"""Blind spots against a plain count of places: what the geometry says is what one finds by looking everywhere."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.coverage import Gap, Reach, gaps
from models.geometry import M_PER_DEG, area_m2

LON, LAT = 119.0, 33.4
EAST = M_PER_DEG * math.cos(math.radians(LAT))


def _degrees(corners):
    return [[LON + x / EAST, LAT + y / M_PER_DEG] for x, y in corners]


def _area(corners):
    return json.dumps({"type": "Polygon", "coordinates": [_degrees([*corners, corners[0]])]})


def _device(x=0.0, y=0.0, radius=15.0, **more):
    return Reach(*_degrees([(x, y)])[0], radius, **more)


SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]


def _gap(devices, corners=SQUARE) -> Gap:
    return gaps({"A": _area(corners)}, devices)["A"]


def test_where_nobody_looks_everything_is_blind():
    gap = _gap([])
    assert gap.area_m2 == pytest.approx(10_000, rel=1e-3)
    assert gap.blind_m2 == gap.area_m2
    assert gap.silent_m2 == 0
    assert area_m2(gap.blind) == pytest.approx(10_000, rel=1e-3)


def test_what_a_circle_covers_is_not_blind():
    gap = _gap([_device(50, 50, 20)])
    assert gap.area_m2 - gap.blind_m2 == pytest.approx(math.pi * 400, rel=5e-3)


def test_a_camera_covers_the_sector_that_it_looks_into_and_nothing_behind_it():
    ahead, behind = _device(0, 50, 40, direction_deg=90, fov_deg=60), _device(0, 50, 40, direction_deg=270, fov_deg=60)
    assert 10_000 - _gap([ahead]).blind_m2 == pytest.approx(math.pi * 1600 / 6, rel=0.01)
    assert _gap([behind]).blind_m2 == pytest.approx(10_000, rel=1e-3)


def test_what_only_silent_devices_cover_is_told_apart():
    gap = _gap([_device(30, 30, 20, silent=True), _device(30, 40, 20), _device(80, 80, 10, silent=True)])
    both = _gap([_device(30, 30, 20), _device(30, 40, 20), _device(80, 80, 10)])
    assert gap.blind_m2 == pytest.approx(both.blind_m2, abs=1)
    assert math.pi * 100 < gap.silent_m2 < math.pi * (100 + 400)
    assert area_m2(gap.silent) == pytest.approx(gap.silent_m2, rel=0.05)


def test_a_covered_area_has_nothing_to_draw():
    gap = _gap([_device(50, 50, 500)])
    assert (gap.blind_m2, gap.blind, gap.silent) == (0.0, None, None)


@pytest.mark.parametrize("text", ["", "not json", '{"type":"Point","coordinates":[119,33]}', '{"type":"Polygon"}'])
def test_what_is_no_area_has_no_gaps(text):
    assert gaps({"A": text}, [_device()]) == {}


def test_a_boundary_that_crosses_itself_is_measured_as_it_is_drawn():
    bow = [(0, 0), (100, 100), (100, 0), (0, 100)]
    assert _gap([], bow).area_m2 == pytest.approx(5_000, rel=1e-3)


OFF_M2 = 150  # places that an edge cuts, and what a circle has outside of its corners

metres = st.floats(-120, 120).map(lambda each: round(each, 1))
devices = st.lists(
    st.builds(
        _device,
        metres,
        metres,
        st.floats(5, 120),
        direction_deg=st.one_of(st.none(), st.floats(0, 360)),
        fov_deg=st.one_of(st.none(), st.floats(10, 360)),
        silent=st.booleans(),
    ),
    max_size=8,
)
stars = st.lists(st.floats(20, 110), min_size=3, max_size=9)


def _star(radii):
    turns = np.linspace(0, 2 * math.pi, len(radii), endpoint=False)
    return [(r * math.cos(t), r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]


def _inside(x, y, corners):
    """Whether each place lies in the polygon, by the crossings of a ray."""
    within = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if ay != by:
            crosses = (ay > y) != (by > y)
            within ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return within


def _seen(x, y, device):
    dx, dy = x - (device.lon - LON) * EAST, y - (device.lat - LAT) * M_PER_DEG
    far = np.hypot(dx, dy) <= device.radius_m
    if device.fov_deg is None or device.fov_deg >= 360:
        return far
    off = (np.degrees(np.arctan2(dx, dy)) - (device.direction_deg or 0.0) + 180) % 360 - 180
    return far & (np.abs(off) <= device.fov_deg / 2)


@settings(max_examples=60)
@given(radii=stars, found=devices)
def test_the_gaps_are_those_of_a_raster(radii, found):
    corners, step = _star(radii), 1.0
    x, y = np.meshgrid(np.arange(-115, 115, step) + step / 2, np.arange(-115, 115, step) + step / 2)
    inside = _inside(x, y, corners)
    heard = np.any([_seen(x, y, each) for each in found if not each.silent] or [np.zeros(x.shape, bool)], axis=0)
    unheard = np.any([_seen(x, y, each) for each in found if each.silent] or [np.zeros(x.shape, bool)], axis=0)
    gap = _gap(found, corners)
    said = (gap.area_m2, gap.blind_m2, gap.silent_m2)
    found_m2 = [each.sum() for each in (inside, inside & ~heard & ~unheard, inside & ~heard & unheard)]
    assert said == pytest.approx(found_m2, abs=OFF_M2)
    assert gap.blind_m2 + gap.silent_m2 <= gap.area_m2 + 1e-6
