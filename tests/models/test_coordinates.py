"""Shifted coordinates: the published pairs, round trips, and places that nobody shifts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.coordinates import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

ERROR_M = 0.1
M_PER_DEG = 111_320.0

# test vectors of the projects eviltransform and coordtransform
TO_GCJ = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),  # Shanghai
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),  # Shenzhen
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),  # Beijing
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]
GCJ_TO_BD = [((116.404, 39.915), (116.41036949371029, 39.92133699351021))]
TO_BD = [((116.404, 39.915), (116.41662724378733, 39.922699552216216))]
INSIDE = st.tuples(st.floats(72.1, 137.7), st.floats(1.0, 55.7))
OUTSIDE = st.one_of(
    st.tuples(st.floats(-180.0, 72.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(137.84, 180.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 0.82)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(55.83, 90.0)),
)


def shifted(way, place):
    """One place through an array function."""
    lon, lat = way(np.array([place[0]]), np.array([place[1]]))
    return float(lon[0]), float(lat[0])


def apart_m(one, other):
    """Metres between two places near each other."""
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1]) * M_PER_DEG


PAIRS = [
    *((wgs84_to_gcj02, gcj02_to_wgs84, *pair) for pair in TO_GCJ),
    *((gcj02_to_bd09, bd09_to_gcj02, *pair) for pair in GCJ_TO_BD),
    *((wgs84_to_bd09, bd09_to_wgs84, *pair) for pair in TO_BD),
]


@pytest.mark.parametrize(("way", "back", "here", "there"), PAIRS)
def test_the_published_pairs_both_ways(way, back, here, there):
    assert apart_m(shifted(way, here), there) <= ERROR_M
    assert apart_m(shifted(back, there), here) <= ERROR_M


@pytest.mark.parametrize(("way", "back"), [(wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)])
@given(place=INSIDE)
def test_there_and_back_is_the_same_place(way, back, place):
    there = shifted(way, place)
    assert apart_m(there, place) > 10, "a shift that can be seen"
    assert apart_m(shifted(back, there), place) <= ERROR_M


@pytest.mark.parametrize("way", [wgs84_to_gcj02, gcj02_to_wgs84, gcj02_to_bd09, bd09_to_wgs84])
@given(place=OUTSIDE)
def test_outside_of_china_nothing_is_shifted(way, place):
    assert shifted(way, place) == place


def test_a_missing_place_stays_missing_and_harms_no_other():
    lon, lat = gcj02_to_wgs84(np.array([np.nan, 116.41024449916938]), np.array([39.9, 39.91640428150164]))
    assert math.isnan(lon[0])
    assert apart_m((lon[1], lat[1]), (116.404, 39.915)) <= ERROR_M
