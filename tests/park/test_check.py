"""Every fault of a park folder is found in one run, and named by file, feature, field and value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.check import Fault, check_park, report
from park.load import load_park
from tests.conftest import DEMO_PARK, SMALL_PARK
from tests.park.folder import ParkCopy

LON, LAT = 121.5, 30.2


@pytest.mark.parametrize("folder", [DEMO_PARK, SMALL_PARK], ids=["demo", "small"])
def test_a_good_park_has_no_fault(folder: Path) -> None:
    assert check_park(folder) == []


# (file, feature, properties set) -> (field, value as shown, part of the message)
PROPERTY_FAULTS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("tanks", "LW1-T1", {"owner": "LW9"}, "owner", '"LW9"', "not in enterprises.geojson"),
    ("tanks", "LW1-T1", {"unit": "LW1-U9"}, "unit", '"LW1-U9"', "not in units.geojson"),
    ("tanks", "LW1-T1", {"hazard": "HZ9"}, "hazard", '"HZ9"', "not in hazards.geojson"),
    ("units", "LW1-U1", {"hazard": "HZ9"}, "hazard", '"HZ9"', "not in hazards.geojson"),
    ("hazards", "HZ1", {"unit": "LW2"}, "unit", '"LW2"', "not in units.geojson"),
    ("roads", "RD-1", {"from_node": "N9"}, "from_node", '"N9"', "not in road_nodes.geojson"),
    ("roads", "RD-1", {"to_node": "ZA"}, "to_node", '"ZA"', "not in road_nodes.geojson"),
    ("enterprises", "LW1", {"zone": "ZB"}, "zone", '"ZB"', "not in zones.geojson"),
    ("enterprises", "LW1", {"access_road": "RD-9"}, "access_road", '"RD-9"', "not in roads.geojson"),
    ("zones", "ZA", {"enterprises": ["LW1", "LW7"]}, "enterprises", '"LW7"', "not in enterprises.geojson"),
    ("sensors", "WX-DIR", {"parent": "N9"}, "parent", '"N9"', "no feature has this id"),
    ("sensors", "WX-DIR", {"parent": "WX-DIR"}, "parent", '"WX-DIR"', "no feature has this id"),
    ("sensors", "LW1-T1-TEMP", {"unit": "furlong"}, "unit", '"furlong"', "unknown unit for temperature"),
    ("sensors", "LW1-T1-TEMP", {"unit": "MPa"}, "unit", '"MPa"', "unknown unit for temperature"),
    ("sensors", "LW1-T1-TEMP", {"kind": "glow", "unit": "zap"}, "unit", '"zap"', "unknown unit"),
    ("sensors", "LW1-T1-TEMP", {"alarm_hi": "40"}, "alarm_hi", '"40"', "must be a number"),
    ("sensors", "LW1-T1-TEMP", {"alarm_hi": True}, "alarm_hi", "true", "must be a number"),
    ("sensors", "LW1-T1-TEMP", {"alarm_hi": float("nan")}, "alarm_hi", "NaN", "not a finite number"),
    ("sensors", "LW1-T1-TEMP", {"range_hi": 10**400}, "range_hi", "1000", "must be a number"),
    ("sensors", "LW1-T1-TEMP", {"alarm_hi": 50}, "alarm_hi", "50", "at most alarm_hi_hi = 45"),
    ("sensors", "LW1-T1-TEMP", {"alarm_hi_hi": 90}, "alarm_hi_hi", "90", "outside the instrument's range -20 to 80"),
    ("sensors", "LW1-T1-LEVEL", {"alarm_lo_lo": 1.5}, "alarm_lo_lo", "1.5", "at most alarm_lo = 1.0"),
    ("sensors", "LW1-T1-LEVEL", {"alarm_lo": 8.5}, "alarm_lo", "8.5", "below alarm_hi = 8.5"),
    ("sensors", "WX-DIR", {"range_lo": 360}, "range_lo", "360", "below range_hi = 360"),
    ("tanks", "LW1-T1", {"volume_m3": "500 m3"}, "volume_m3", '"500 m3"', "must be a number"),
    ("roads", "RD-1", {"hazmat_allowed": "yes"}, "hazmat_allowed", '"yes"', "must be true or false"),
    ("enterprises", "LW1", {"regulated_chemicals": "甲苯"}, "regulated_chemicals", '"甲苯"', "list of text"),
    ("enterprises", "LW1", {"status": "dreaming"}, "status", '"dreaming"', "not one of operating"),
    ("hazards", "HZ1", {"level": 5}, "level", "5", "not one of 1, 2, 3, 4"),
    ("enterprises", "LW1", {"name_zh": 7}, "name_zh", "7", "must be text"),
    ("enterprises", "LW1", {"id": "LW3"}, "properties.id", '"LW3"', "differs from the feature's id LW1"),
    ("enterprises", "LW1", {"label": [LON, LAT]}, "label", "[121.5, 30.2]", "outside its shape"),
    ("enterprises", "LW1", {"label": "here"}, "label", '"here"', "[longitude, latitude]"),
]


@pytest.mark.parametrize(("file", "id", "props", "field", "value", "message"), PROPERTY_FAULTS)
def test_what_a_feature_says_is_checked(
    park_copy: ParkCopy, file: str, id: str, props: dict[str, Any], field: str, value: str, message: str
) -> None:
    park_copy.set(file, id, **props)
    fault = park_copy.only_fault()
    assert (fault.file, fault.feature, fault.field) == (f"{file}.geojson", id, field)
    assert str(fault.value).startswith(value)
    assert message in fault.message


def test_a_number_inside_a_list_is_checked_too(park_copy: ParkCopy) -> None:
    park_copy.set("hazards", "HZ1", substances=[{"chemical": "甲苯", "quantity_t": "900"}])
    assert park_copy.only_fault().field == "substances[0].quantity_t"


def _coordinates(copy: ParkCopy, file: str, id: str, coordinates: Any) -> None:
    copy.edit(file, id, lambda each: each["geometry"].update(coordinates=coordinates))


def _near(*metres: tuple[float, float]) -> list[list[float]]:
    return [[LON + x / 93_000, LAT + y / 110_900] for x, y in metres]


RING = _near((100, 600), (300, 600), (300, 800), (100, 800), (100, 600))
BOW_TIE = _near((100, 600), (300, 800), (300, 600), (100, 800), (100, 600))


@pytest.mark.parametrize(
    ("file", "id", "coordinates", "field", "message"),
    [
        ("units", "LW1-U1", [BOW_TIE], "geometry", "Self-intersection"),
        ("units", "LW1-U1", [RING[:-1]], "geometry.coordinates ring 0", "not closed"),
        ("units", "LW1-U1", [[RING[0], RING[1], RING[0]]], "geometry.coordinates ring 0", "at least four"),
        ("units", "LW1-U1", [], "geometry.coordinates", "not the coordinates of a Polygon"),
        ("units", "LW1-U1", RING, "geometry.coordinates", "not the coordinates of a Polygon"),
        ("tanks", "LW1-T1", [LAT, LON], "geometry.coordinates", "longitude first"),
        ("tanks", "LW1-T1", [181.0, LAT], "geometry.coordinates", "outside longitude"),
        ("tanks", "LW1-T1", [float("inf"), LAT], "geometry.coordinates", "finite"),
        ("tanks", "LW1-T1", ["121.5", LAT], "geometry.coordinates", "two finite numbers"),
        ("tanks", "LW1-T1", [LON], "geometry.coordinates", "two finite numbers"),
        ("tanks", "LW1-T1", None, "geometry.coordinates", "not the coordinates of a Point"),
        ("roads", "RD-1", [[LON, LAT], [LON, LAT]], "geometry.coordinates", "two different positions"),
        (
            "roads",
            "RD-1",
            [[LON, LAT], [LON, LAT + 0.001, 3.0]],
            "geometry.coordinates",
            "some positions have a height",
        ),
        ("tanks", "LW1-T1", [LON + 0.1, LAT], "geometry", "m outside the park's boundary"),
        ("sensors", "WX-DIR", [LON - 0.01, LAT], "geometry", "m outside the park's boundary"),
    ],
)
def test_geometry_is_checked(
    park_copy: ParkCopy, file: str, id: str, coordinates: Any, field: str, message: str
) -> None:
    _coordinates(park_copy, file, id, coordinates)
    faults = [each for each in park_copy.faults() if each.feature == id]
    assert [each.field for each in faults] == [field] or "at least four" in message
    assert message in " ".join(each.message for each in faults)


def test_a_wrong_position_is_named_by_its_place_in_the_ring(park_copy: ParkCopy) -> None:
    ring = [[LON, LAT], [LON, 95.0], [190.0, LAT], [LON, LAT]]
    _coordinates(park_copy, "zones", "ZA", [ring])
    fault = park_copy.only_fault()
    assert (fault.field, fault.value) == ("geometry.coordinates[0][1]", "[121.5, 95.0]")
    assert "and 1 more of its 4 positions" in fault.message


@pytest.mark.parametrize(
    ("geometry", "field"),
    [(None, "geometry"), ({"type": "Circle"}, "geometry.type"), ({"type": ["Point"]}, "geometry.type")],
)
def test_a_missing_or_unknown_geometry_is_a_fault(park_copy: ParkCopy, geometry: Any, field: str) -> None:
    park_copy.edit("tanks", "LW1-T1", lambda each: each.update(geometry=geometry))
    assert park_copy.only_fault().field == field


def test_a_file_holds_its_own_geometry(park_copy: ParkCopy) -> None:
    line = {"type": "LineString", "coordinates": RING[:2]}
    park_copy.edit("sensors", "WX-DIR", lambda each: each.update(geometry=line))
    assert "sensors.geojson holds Point" in park_copy.only_fault().message


def test_neighbours_may_lie_outside_and_nothing_is_outside_without_a_boundary(park_copy: ParkCopy) -> None:
    _coordinates(park_copy, "sensitive_targets", "NB1", [LON + 0.05, LAT])
    assert park_copy.faults() == []
    _coordinates(park_copy, "tanks", "LW1-T1", [LON + 0.1, LAT])
    park_copy.path("boundary").unlink()
    assert park_copy.faults() == []


@pytest.mark.parametrize(
    ("id", "message"),
    [(None, "has no id"), (7, "as text"), ("", "as text"), ("储罐1", "plain ASCII"), ("T 1", "spaces")],
)
def test_ids_are_plain(park_copy: ParkCopy, id: Any, message: str) -> None:
    def rename(each: dict[str, Any]) -> None:
        each["id"] = each["properties"]["id"] = id
        if id is None:
            del each["id"]

    park_copy.edit("sensors", "WX-DIR", rename)
    fault = park_copy.only_fault()
    assert message in fault.message
    assert fault.feature in ("#11", id)


def test_ids_are_unique_over_all_files(park_copy: ParkCopy) -> None:
    park_copy.edit("sensors", "WX-DIR", lambda each: each.update(id="LW2"))
    park_copy.set("sensors", "LW2", id="LW2")
    assert "is also the id of feature 1 of enterprises.geojson" in park_copy.only_fault().message


@pytest.mark.parametrize("cut", [1, 40, 700, -3])
def test_a_file_that_is_cut_off_is_named_with_the_place(park_copy: ParkCopy, cut: int) -> None:
    path = park_copy.path("units")
    path.write_bytes(path.read_bytes()[:cut])
    fault = park_copy.only_fault()
    assert fault.file == "units.geojson"
    assert "line" in fault.message or "UTF-8" in fault.message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfe{}", "not UTF-8 at byte 0"),
        (b"", "not JSON"),
        (b"[" * 100_000, "nested more than"),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 50 + b"]" * 50 + b"]}", "nested more than"),
        (b'{"type":"Feature"}', "not a GeoJSON FeatureCollection"),
        (b'{"type":"FeatureCollection","features":{}}', "not a GeoJSON FeatureCollection"),
        (b'{"type":"FeatureCollection","features":[7]}', "not a GeoJSON Feature"),
    ],
)
def test_a_file_that_is_no_collection_is_a_fault(park_copy: ParkCopy, raw: bytes, message: str) -> None:
    park_copy.path("old_trees").write_bytes(raw)
    fault = park_copy.only_fault()
    assert fault.file == "old_trees.geojson"
    assert message in fault.message


def test_a_missing_word_is_a_fault(park_copy: ParkCopy) -> None:
    park_copy.edit("sensors", "WX-DIR", lambda each: each["properties"].pop("unit"))
    assert str(park_copy.only_fault()) == "sensors.geojson  WX-DIR  unit: is missing"


def test_all_faults_are_named_in_one_run(park_copy: ParkCopy) -> None:
    park_copy.set("tanks", "LW1-T1", owner="LW9", volume_m3="many")
    park_copy.set("sensors", "WX-DIR", unit="furlong")
    _coordinates(park_copy, "units", "LW1-U2", [BOW_TIE])
    park_copy.toml("zone = 'Mars/Olympus'\ncolour = 'red'\n")
    assert [(each.file, each.feature, each.field) for each in park_copy.faults()] == [
        ("park.toml", None, "colour"),
        ("park.toml", None, "zone"),
        ("sensors.geojson", "WX-DIR", "unit"),
        ("tanks.geojson", "LW1-T1", "volume_m3"),
        ("tanks.geojson", "LW1-T1", "owner"),
        ("units.geojson", "LW1-U2", "geometry"),
    ]


@pytest.mark.parametrize(
    ("toml", "field", "message"),
    [
        ("id = ", None, "not TOML"),
        ("zone = 'Mars/Olympus'", "zone", "not a time zone"),
        ("name_zh = 3", "name_zh", "must be text"),
        ("colour = 'red'", "colour", "is not known here"),
        ("map = 3", "map", "must be a table"),
        ("[map]\nzoom = 'far'", "map.zoom", "must be a number"),
        ("[map]\ncenter = [118.9]", "map.center", "must be 2 numbers"),
        ("[map]\ncenter = [33.4, 118.9]", "map.center", "longitude first"),
        ("[map]\npitch = 3", "map.pitch", "is not known here"),
        ("[reading]\nstale_s = 0", "reading.stale_s", "must be above zero"),
        ("[store]\ngroup_rows = 1.5", "store.group_rows", "must be a whole number"),
        ("[limits]\nalarms_per_hour = 'six'", "limits", "alarms_per_hour must be a number"),
        ("[limits]\nalarms_operators = 0", "limits.alarms_operators", "must be above zero"),
        ("[limits]\nalarms_per_10min = -3", "limits.alarms_per_10min", "must be above zero"),
        ("[levels]\n'gas.HH' = 'Z'", "levels.gas.HH", "not one of S, A, B, C, D"),
        ("[economy]\noutput_yuan = 2e10\nsource_zh = '年报'", "economy.year", "needs its year"),
        ("[economy]\ntax_yuan_per_mu = 1e5\nyear = 2025", "economy.source_zh", "needs its source"),
        ("[economy]\ntax_yuan_per_mu = -1\nyear = 2025\nsource_en = 'x'", "economy.tax_yuan_per_mu", "below zero"),
        ("[economy]\nyear = 25", "economy.year", "must be a year"),
        ("[economy]\noutput_yuan = 'much'\nyear = 2025\nsource_zh = 'x'", "economy.output_yuan", "must be a number"),
        ("[economy]\ntax = 3", "economy.tax", "is not known here"),
        ("[backup]\nevery_h = -1", "backup.every_h", "must be at least 0"),
        ("[backup]\nkeep = 0", "backup.keep", "must be at least 1"),
        ("[backup]\nevery = 24", "backup.every", "is not known here"),
        ("[duty]\nmorning = 'early'", "duty.morning", "must be two times"),
        ("[duty]\nmorning = 8", "duty.morning", "must be text"),
        ("[duty]\nmiddle = '09:00-16:30'", "duty.middle", "must begin when morning ends, at 08:30"),
        ("[duty]\nnight = '16:30-23:30'", "duty.morning", "must begin when night ends, at 23:30"),
        ("[expiry]\ndays = [30, -1]", "expiry.days", "must be whole days from 1"),
        ("[expiry]\ndays = []", "expiry.days", "at least one"),
        ("[expiry]\ndays = ['soon']", "expiry.days", "must be a list of whole numbers"),
        ("[expiry]\ndays = [30, 30]", "expiry.days", "twice"),
        ("[expiry.scenes]\ndrill = [-1]", "expiry.scenes.drill", "must be whole days from 1"),
        ("[expiry.scenes]\npapers = [1]", "expiry.scenes.papers", "is none of"),
        ("[expiry]\nfiling_months = 0", "expiry.filing_months", "from 1 to 240 months"),
        ("thinning = 3", "thinning", "must be a list of tables"),
        ("[[thinning]]\nkinds = ['level']", "thinning[0].deviation", "either a deviation or a percent"),
        ("[[thinning]]\nkinds = 'level'\ndeviation = 1", "thinning[0].kinds", "must be a list of texts"),
        ("[[thinning]]\nmethod = 'door'\npercent = 1", "thinning[0].method", "not one of swinging_door, deadband"),
        ("[[thinning]]\npoints = ['X']\npercent = 1", "thinning[0].points", "no such point"),
        ("alarms = 3", "alarms", "must be a table"),
        ("[alarms]\non_s = -1", "alarms.on_s", "must not be below zero"),
        ("[alarms]\noff_s = 'long'", "alarms.off_s", "must be a number"),
        ("[alarms]\ndelay_s = 3", "alarms.delay_s", "is not known here"),
        ("[alarms]\non_s = 4000", "alarms.on_s", "must be at most 3600"),
        ("[alarms]\nkinds = ['level']", "alarms.kinds", "is for all points"),
        ("[alarms]\nrules = 'all'", "alarms.rules", "must be a list of tables"),
        ("[[alarms.rules]]\non_s = 1", "alarms.rules[0].kinds", "needs kinds, media or points"),
        ("[[alarms.rules]]\npoints = ['X']", "alarms.rules[0].points", "no such point"),
        ("[[alarms.rules]]\nmedia = '氨'", "alarms.rules[0].media", "must be a list of texts"),
        (
            "[alarms]\ndeadband = 1\ndeadband_of_limit_percent = 2",
            "alarms.deadband_of_limit_percent",
            "is given by deadband already",
        ),
        ("[alarms]\ndeadband_of_range_percent = 100", "alarms.deadband_of_range_percent", "must be below 100"),
        ("masks = 3", "masks", "must be a list of tables"),
        ("[[masks]]\nkinds = 'HH'\nzone = 'Z'", "masks[0].kinds", "must be a list of texts"),
        ("[[masks]]\nkinds = ['HH']", "masks.zone", "needs points or a zone"),
        ("[[masks]]\nzone = 'Z-NONE'", "masks[0].zone", "there is no such area"),
        ("[[masks]]\nzone = 'LW1-T1-TEMP'", "masks[0].zone", "there is no such area"),
        ("[[masks]]\nzone = 'LW1'\npoints = ['NONE']", "masks[0].points", "there is no such point"),
        ("[[merges]]\nwithin_s = 'long'", "merges[0].within_s", "a number"),
        ("sources = 3", "sources", "must be a list of tables"),
        ("[[sources]]\nid = 'a'", "sources[0].protocol", "a source needs it"),
        (2 * "[[sources]]\nid = 'a'\nprotocol = 'http_push'\n", "sources[1].id", "an earlier source"),
        ('[[channels]]\nid = "a"\nkind = "pigeon"\nurl = "x"', "channels[0].kind", "not one of sms"),
        ('[[channels]]\nid = "a"\nkind = "sms"\n', "channels[0].url", "needs it"),
        ('[[channels]]\nid = "a"\nkind = "sms"\nurl = "x"\ntimeout_s = -1', "channels[0].timeout_s", "above zero"),
        ('[[routes]]\nid = "a"\nposts = ["king"]', "routes[0].posts", "not one of"),
        ('[[routes]]\nid = "a"\nposts = ["town"]\nenterprises = ["LW9"]', "routes[0].enterprises", "not one of"),
        ('[[routes]]\nid = "a"\nposts = ["town"]\ntimes = 0', "routes[0].times", "from 1 to 100"),
        ("[notify]\nretry_s = 0", "notify.retry_s", "above zero"),
        ("[notify]\ndigest_hour = 24", "notify.digest_hour", "0 to 23"),
        (
            '[notify.templates]\n"alarm.body.zh" = "{nonsense}"',
            "notify.templates.alarm.body.zh",
            "knows no field 'nonsense'",
        ),
        ('[notify.templates]\n"alarm.body.zh" = "{what"', "notify.templates.alarm.body.zh", "not a template"),
        ('[notify.templates]\n"none.body.zh" = "x"', "notify.templates.none.body.zh", "no such template"),
    ],
)
def test_settings_are_checked(park_copy: ParkCopy, toml: str, field: str | None, message: str) -> None:
    park_copy.toml(toml)
    fault = park_copy.only_fault()
    assert (fault.file, fault.field) == ("park.toml", field)
    assert message in fault.message


def test_good_settings_have_no_fault(park_copy: ParkCopy) -> None:
    park_copy.toml(
        "id = 'x'\nzone = 'Europe/Berlin'\n[map]\ncenter = [121.5, 30]\nzoom = 14\n[levels]\n'gas.HH' = 'A'\n"
        "[[sources]]\nid = 'dcs'\nprotocol = 'http_push'\nevery_s = 5\n"
    )
    assert park_copy.faults() == []
    assert load_park(park_copy.folder).zone == "Europe/Berlin"


def test_the_report_is_one_line_a_fault() -> None:
    faults = [
        Fault("tanks.geojson", "T1", "owner", '"E9"', "not in enterprises.geojson"),
        Fault("units.geojson", None, None, None, "not JSON \ud800"),
    ]
    assert report(faults).splitlines() == [
        'tanks.geojson  T1  owner = "E9": not in enterprises.geojson',
        "units.geojson: not JSON \\ud800",
        "2 faults",
    ]
    assert report([]) == "no fault found"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(
    [
        *("id", "type", "geometry", "geometry.type", "geometry.coordinates", "properties", "properties.id"),
        *("properties.owner", "properties.label", "properties.alarm_hi", "properties.unit", "properties.enterprises"),
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(["enterprises", "sensors", "zones", "roads"]), place=PLACES, said=ANYTHING)
def test_whatever_stands_in_a_file_checking_never_raises_and_a_faultless_park_opens(
    park_copy: ParkCopy, file: str, place: str, said: Any
) -> None:
    good = park_copy.read(file)
    raw = json.loads(json.dumps(good))
    *path, last = place.split(".")
    target = raw["features"][0]
    for step in path:
        target = target[step]
    target[last] = said
    park_copy.path(file).write_text(json.dumps(raw), "utf-8")
    try:
        faults = park_copy.faults()
        report(faults).encode("utf-8")
        if not faults:
            load_park(park_copy.folder)
    finally:
        park_copy.write(file, good)
