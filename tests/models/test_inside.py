"""Drawn shapes: what lies in them against plain reckoning, lengths and areas against the ellipsoid's own formulas."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from models.drawing import MOST_VERTICES, read_drawn
from models.inside import circle, distances_m, polygon
from twin.errors import BadInput, TooLarge

A, F = 6_378_137.0, 1 / 298.257223563
B, E = A * (1 - F), math.sqrt(F * (2 - F))
SQUARE = [[0.0, 0.0], [0.1, 0.0], [0.1, 0.1], [0.0, 0.1], [0.0, 0.0]]
LATITUDES = st.floats(-70, 70)


def vincenty_m(lon1, lat1, lon2, lat2):
    """The geodesic's length by Vincenty's inverse formula (Survey Review 23, 1975), right to a millimetre."""
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(each))) for each in (lat1, lat2))
    turn = lam = math.radians(lon2 - lon1)
    for _ in range(30):
        east, north = (
            math.cos(u2) * math.sin(lam),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam),
        )
        sin_s = math.hypot(east, north)
        if sin_s == 0:
            return 0.0
        cos_s = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        s, sin_a = math.atan2(sin_s, cos_s), math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_s
        cos2_a = 1 - sin_a**2
        mid = cos_s - 2 * math.sin(u1) * math.sin(u2) / cos2_a if cos2_a else 0.0
        c = F / 16 * cos2_a * (4 + F * (4 - 3 * cos2_a))
        lam = turn + (1 - c) * F * sin_a * (s + c * sin_s * (mid + c * cos_s * (2 * mid**2 - 1)))
    k = cos2_a * (A**2 - B**2) / B**2
    big = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    small = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    ds = (
        small
        * sin_s
        * (mid + small / 4 * (cos_s * (2 * mid**2 - 1) - small / 6 * mid * (4 * sin_s**2 - 3) * (4 * mid**2 - 3)))
    )
    return B * big * (s - ds)


def zone_m2(west, south, east, north):
    """Ground between two meridians and two parallels on the ellipsoid (its closed integral)."""

    def up_to(lat):
        s = E * math.sin(math.radians(lat))
        return B**2 / 2 * (s / E / (1 - s**2) + math.log((1 + s) / (1 - s)) / (2 * E))

    return math.radians(east - west) * (up_to(north) - up_to(south))


def plain_inside(rings, lon, lat):
    """A ray to the east crosses the rings' edges an odd number of times."""
    crossed = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                crossed += 1
    return crossed % 2 == 1


def ragged(seed, corners):
    """A star with a hole round 119° E, 33° N, and places around it."""
    chance = np.random.default_rng(seed)
    angle = np.sort(chance.uniform(0, 2 * np.pi, corners))
    rings = []
    for low, high in ((0.02, 0.08), (0.003, 0.015)):
        reach = chance.uniform(low, high, corners)
        ring = np.column_stack((119 + reach * np.cos(angle), 33 + reach * np.sin(angle))).tolist()
        rings.append([*ring, ring[0]])
    return rings, chance.uniform(118.9, 119.1, 100), chance.uniform(32.9, 33.1, 100)


@given(LATITUDES, st.floats(0, 360), st.floats(1, 50_000))
def test_lengths_are_those_on_the_ground(lat, bearing, reach_m):
    lat2 = lat + reach_m * math.cos(math.radians(bearing)) / 111_000
    lon2 = 119 + reach_m * math.sin(math.radians(bearing)) / 111_000 / math.cos(math.radians(lat))
    true = vincenty_m(119, lat, lon2, lat2)
    assert distances_m(119, lat, np.array([lon2]), np.array([lat2]))[0] == pytest.approx(true, rel=1e-4, abs=1e-3)


@given(LATITUDES, st.floats(10, 20_000), st.floats(0, 360))
def test_a_circles_radius_is_one_on_the_ground(lat, radius_m, bearing):
    drawn = circle(119, lat, radius_m)
    east, north = math.sin(math.radians(bearing)), math.cos(math.radians(bearing))
    for factor in (0.99, 1.01):
        lat2 = lat + factor * radius_m * north / 111_000
        lon2 = 119 + factor * radius_m * east / 111_000 / math.cos(math.radians(lat))
        true = vincenty_m(119, lat, lon2, lat2)
        if abs(true / radius_m - 1) > 1e-3:
            assert drawn.holds(np.array([lon2]), np.array([lat2]))[0] == (true < radius_m)
    corners = shapely.get_coordinates(drawn.outline)
    assert [vincenty_m(119, lat, *each) for each in corners[::32]] == pytest.approx([radius_m] * 9, rel=1e-3)


@given(st.integers(0, 2**32), st.integers(5, 60))
def test_what_lies_in_a_polygon_is_what_plain_reckoning_finds(seed, corners):
    rings, lons, lats = ragged(seed, corners)
    shape = shapely.Polygon(rings[0], rings[1:])
    if not shape.is_valid:  # the hole may reach over the rim where two corners are far apart
        rings, shape = rings[:1], shapely.Polygon(rings[0])
    drawn = polygon(shape)
    assert drawn.holds(lons, lats).tolist() == [plain_inside(rings, *each) for each in zip(lons, lats, strict=True)]
    assert drawn.holds(*np.array(rings[0]).T).all()


def test_ground_is_measured_on_the_ellipsoid():
    for west, south, east, north in ((118.9, 33.3, 119.1, 33.5), (10, 60, 10.5, 60.3), (0, -0.1, 0.1, 0.1)):
        drawn = polygon(shapely.box(west, south, east, north))
        assert drawn.area_m2 == pytest.approx(zone_m2(west, south, east, north), rel=1e-4)
    hole = shapely.box(118.95, 33.35, 119.0, 33.4)
    less = polygon(shapely.box(118.9, 33.3, 119.1, 33.5) - hole).area_m2
    assert less == pytest.approx(zone_m2(118.9, 33.3, 119.1, 33.5) - zone_m2(118.95, 33.35, 119.0, 33.4), rel=1e-4)
    round_m = sum(vincenty_m(*one, *other) for one, other in pairwise(SQUARE))
    assert read_drawn({"type": "Polygon", "coordinates": [SQUARE]}).perimeter_m == pytest.approx(round_m, rel=1e-4)
    assert circle(119, 33, 500).area_m2 == pytest.approx(math.pi * 500**2)


def test_a_share_is_one_of_ground_or_of_length():
    drawn = polygon(shapely.box(119.0, 33.0, 119.1, 33.1))
    things = [
        shapely.box(118.99, 33.04, 119.01, 33.05),
        shapely.LineString([(118.98, 33.05), (119.01, 33.05)]),
        shapely.box(119.02, 33.02, 119.03, 33.03),
        shapely.box(118.9, 33.0, 119.0, 33.1),  # a neighbour that shares the edge
        shapely.box(118.0, 33.0, 118.1, 33.1),
    ]
    shares = drawn.shares(np.array(things))
    assert shares[:3] == pytest.approx([0.5, 1 / 3, 1.0], rel=1e-6)
    assert np.isnan(shares[3:]).all()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "type"),
        ({"type": "Point", "coordinates": [1, 2]}, "type"),
        ({"type": ["Polygon"], "coordinates": [SQUARE]}, "type"),
        ({"type": "Polygon"}, "coordinates"),
        ({"type": "Polygon", "coordinates": [1]}, "coordinates[0]"),
        ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, "coordinates[0]"),
        ({"type": "Polygon", "coordinates": [SQUARE, SQUARE[:-1]]}, "coordinates[1]"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [[[0, "a"]]]]}, "coordinates[1][0][0]"),
        ({"type": "Polygon", "coordinates": [[[0, 95], *SQUARE]]}, "coordinates[0][0]"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "coordinates"),
        ({"circle": []}, "circle"),
        ({"circle": {"lon": 1, "lat": 2}}, "circle.radius_m"),
        ({"circle": {"lon": 1, "lat": 2, "radius_m": 0}}, "circle.radius_m"),
        ({"circle": {"lon": True, "lat": 2, "radius_m": 5}}, "circle.lon"),
        ({"circle": {"lon": 33, "lat": 119, "radius_m": 5}}, "circle"),
    ],
)
def test_what_is_no_shape_is_refused_by_its_place(said, field):
    with pytest.raises(BadInput) as refused:
        read_drawn(said)
    assert refused.value.field == field


def test_too_many_corners_and_too_much_ground_are_refused():
    angle = np.linspace(0, 2 * np.pi, MOST_VERTICES + 1)
    ring = np.column_stack((np.cos(angle), np.sin(angle))).tolist()
    ring[-1] = ring[0]
    small = [[x / 10, y / 10] for x, y in ring]
    assert read_drawn({"type": "Polygon", "coordinates": [small]}).vertices == MOST_VERTICES
    for many in ([[0.05, 0.0], *small], ring):
        many[-1] = many[0]
        with pytest.raises(TooLarge):
            read_drawn({"type": "Polygon", "coordinates": [many]})
