"""What lies within a drawn shape, asked of a real server with the small park: counts, people, the past, files."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta

import pytest

from tests.adapters.exchange import record
from tests.serving import ROOT, Server, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"
POINT = "LW1-T1-LEVEL"
# the plant of LW1, and its western half
WEST, EAST, SOUTH, NORTH, MIDDLE = 121.500538, 121.507527, 30.204959, 30.208566, 121.5040325


def box(west, south, east, north, **more):
    """A rectangle as it is posted."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring], **more}


PLANT = box(WEST, SOUTH, EAST, NORTH)
ROUND = {"circle": {"lon": 121.505, "lat": 30.205, "radius_m": 5_000}}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park, served."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("within")) as each:
        yield each


def within(server: Server, shape, **asked):
    """The answer."""
    answer = server.post("/api/v1/within", shape, params=asked, headers={"Authorization": ""})
    assert answer.status_code == 200, answer.text
    return answer.json()


def layer(said, key):
    """One layer of an answer."""
    return next(each for each in said["layers"] if each["id"] == key)


def tell(server: Server, table: str, key: str, **more):
    """A record of a table, stored."""
    answer = server.post(f"/api/v1/records/{table}", {"records": [record(table, key, is_deleted=False, **more)]})
    assert answer.json()["accepted"] == 1, answer.text


def test_a_circle_round_the_park_holds_what_every_layer_has(server):
    said = within(server, ROUND, limit=2000)
    assert said["shape"]["kind"] == "circle"
    for each in server.get("/api/v1/layers").json():
        found = layer(said, each["id"])
        assert (found["count"], sum(found["states"].values())) == (each["count"], each["count"]), each["id"]
        assert len(found["features"]) == each["count"]


def test_what_lies_in_a_rectangle_is_what_its_box_has(server):
    said = layer(within(server, PLANT, limit=2000), "points")
    box = server.get("/api/v1/layers/points", bbox=f"{WEST},{SOUTH},{EAST},{NORTH}").json()["features"]
    assert {each["id"] for each in said["features"]} == {each["id"] for each in box} != set()
    assert [each["distance_m"] for each in said["features"]] == sorted(each["distance_m"] for each in said["features"])


def test_only_the_layers_that_are_named_are_looked_at(server):
    said = within(server, {**PLANT, "layers": ["tanks", "points", "tanks"]}, limit=1)
    assert sorted(each["id"] for each in said["layers"]) == ["points", "tanks"]
    assert all(each["count"] > len(each["features"]) == 1 for each in said["layers"])


def test_the_gravest_stands_first_and_the_past_is_what_was_known_then(server):
    before = within(server, PLANT)
    more = {"alarm_type": "02", "alarm_at": iso(now()), "alarm_status": "01", "handling_status": "01"}
    tell(server, "hazard_alarm", "IN", hazard_point_id=POINT, enterprise_id="LW1", cleared_at=None, **more)
    after = within(server, PLANT)
    assert after["layers"][0]["id"] == "alarms"
    worst = layer(after, "points")["features"][0]
    assert (worst["id"], worst["state"]) == (POINT, next(iter(layer(after, "alarms")["states"])))
    again = within(server, PLANT, at=before["at"])
    assert again == before
    assert layer(again, "alarms")["count"] == 0


def test_people_are_told_as_far_as_they_are_known(server):
    unknown = within(server, PLANT)["people"]
    assert (unknown["fewest"], unknown["by_share"], unknown["most"], unknown["counted"]) == (None, None, None, 0)
    at = iso(now() - timedelta(minutes=2))
    tell(server, "area_presence", "P", enterprise_id="LW1", area_type="01", person_count=40, collected_at=at)
    whole = within(server, PLANT)
    assert [whole["people"][name] for name in ("fewest", "by_share", "most", "counted")] == [40, 40, 40, 1]
    half = within(server, box(WEST, SOUTH, MIDDLE, NORTH))
    assert [half["people"][name] for name in ("fewest", "by_share", "most", "touched")] == [0, 20, 40, 1]
    assert half["enterprises"][0]["share"] == pytest.approx(0.5, abs=1e-3)
    assert within(server, ROUND)["people"]["residents"] == 600


def test_who_is_at_work_inside_is_told(server):
    assert within(server, PLANT)["people"]["workers"] is None
    start, end = iso(now() - timedelta(hours=1)), iso(now() + timedelta(hours=1))
    more = {"work_status": "02", "plan_start_at": start, "plan_end_at": end, "worker_count": 3}
    tell(server, "special_work_plan", "W", enterprise_id="LW1", longitude=121.502, latitude=30.206, **more)
    assert [within(server, PLANT)["people"][name] for name in ("works", "workers")] == [1, 3]
    assert within(server, box(121.6, 30.2, 121.7, 30.3))["people"]["workers"] == 0


def test_a_file_has_a_row_for_each_that_is_counted(server):
    said, asked = within(server, PLANT, limit=0), {"format": "csv", "lang": "en"}
    text = server.post("/api/v1/within", PLANT, params=asked).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    head = next(number for number, line in enumerate(lines) if line[:2] == ["Layer", "Id"])
    names = [line[0] for line in lines[head + 1 :]]
    counts = {each["title_en"]: each["count"] for each in said["layers"] if each["count"]}
    assert {name: names.count(name) for name in names} == counts
    assert {line[0]: int(line[1]) for line in lines[2 : head - 1]} == counts
    book = server.post("/api/v1/within", PLANT, params={"format": "xlsx"}).content
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == head + 1 + len(names) - 1  # the empty line between is none


@pytest.mark.parametrize(
    ("asked", "body", "status", "field"),
    [
        ({}, {}, 400, "type"),
        ({}, [], 400, "body"),
        ({}, box(WEST, SOUTH, EAST, 95), 400, "coordinates[0][2]"),
        ({}, {**PLANT, "layers": "points"}, 400, "layers"),
        ({}, {**PLANT, "layers": ["nothing"]}, 404, "layer"),
        ({"at": "yesterday"}, PLANT, 400, "at"),
        ({"limit": "2001"}, PLANT, 400, "limit"),
        ({"format": "pdf"}, PLANT, 400, "format"),
        ({}, box(100, 20, 110, 30), 413, "coordinates"),
        ({}, {"type": "Polygon", "coordinates": [[[0.0, 0.0]] * 3000]}, 413, "coordinates"),
    ],
)
def test_a_wrong_question_gets_an_error_that_names_the_field(server, asked, body, status, field):
    answer = server.post("/api/v1/within", body, params=asked)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_a_body_beyond_the_limit_is_refused(server):
    answer = server.post("/api/v1/within", data=b"[" * (17 << 20))
    assert (answer.status_code, answer.json()["error"]["field"]) == (413, "body")
