"""The history of points over HTTP: what is asked for, what is refused, and what is taken away as a file."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.serving import ROOT, running
from twin.moment import iso, now, parse_moment

PARK = ROOT / "tests" / "parks" / "small"
START = now().replace(second=0, microsecond=0) - timedelta(minutes=30)  # buckets begin at whole multiples
SAMPLES = 400
HALF = timedelta(milliseconds=500)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park, fed by hand."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("points")) as each:
        yield each


@pytest.fixture(scope="module")
def points(server):
    """Ids of the park's points; the first two have a history of a sample a second."""
    found = [each["id"] for each in server.get("/api/v1/layers/points").json()["features"]]
    for number, point in enumerate(found[:2]):
        rows = [
            {"point": point, "ts": iso(START + timedelta(seconds=at)), "value": at + number / 2, "quality": "good"}
            for at in range(SAMPLES)
        ]
        rows[7]["quality"], rows[8]["quality"] = "uncertain", "bad"
        assert server.post("/api/v1/readings", {"readings": rows}).json()["accepted"] == SAMPLES
    return found


def asked(server, point, **more):
    """An answer of the history of a point over all that was pushed."""
    span = {"from": iso(START), "to": iso(START + timedelta(seconds=SAMPLES - 1))}
    return server.get(f"/api/v1/points/{point}/history", **{**span, **more})


def sheet(answer):
    """The lines of an exported CSV, and the rows below its header."""
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    names = lines.index([]) + 1
    return lines[: names - 1], lines[names], lines[names + 1 :]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"from": "2026-11-21T06:00:00Z", "to": "2026-11-21T05:00:00Z"}, "from", "bad_input"),
        ({"from": "yesterday"}, "from", "bad_time"),
        ({"from": "2026-11-21T06:00:00"}, "from", "no_offset"),
        ({"to": "2026-11-21T06:00"}, "to", "no_offset"),
        ({"at": "2026-13-41T06:00:00Z"}, "at", "bad_time"),
        ({"max_points": "0"}, "max_points", "bad_input"),
        ({"max_points": "20001"}, "max_points", "bad_input"),
        ({"max_points": "many"}, "max_points", "bad_input"),
        ({"knowledge": "guessed"}, "knowledge", "bad_input"),
        ({"format": "pdf"}, "format", "bad_input"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(server, points, query, field, code):
    answer = server.get(f"/api/v1/points/{points[0]}/history", **query)
    assert answer.status_code == 400
    assert (answer.json()["error"]["field"], answer.json()["error"]["code"]) == (field, code)


@pytest.mark.parametrize("most", [1, 2, 7, 100, SAMPLES - 1, SAMPLES, 20_000])
def test_there_are_never_more_rows_than_asked_for_and_no_extreme_is_lost(server, points, most):
    said = asked(server, points[0], max_points=most).json()
    assert 0 < len(said["ts"]) <= most
    assert {len(said[name]) for name in ("ts", "value", "min", "max", "quality")} == {len(said["ts"])}
    assert (min(said["min"]), max(said["max"]), max(said["quality"])) == (0, SAMPLES - 1, 2)
    assert (said["bucket_s"] == 0) is (most >= SAMPLES)


def test_the_nearer_one_looks_the_finer_it_is(server, points):
    whole = asked(server, points[0], max_points=100).json()
    near = asked(server, points[0], max_points=100, to=iso(START + timedelta(seconds=60))).json()
    assert whole["bucket_s"] > 0 == near["bucket_s"]
    assert near["value"] == list(range(61))


def test_the_past_is_told_as_it_was_known_then_or_as_corrected_since(server, points):
    point, ts = points[2], iso(START)
    reading = {"point": point, "ts": ts, "value": 1.0, "quality": "good"}
    assert server.post("/api/v1/readings", {"readings": [reading]}).json()["accepted"] == 1
    known = now().isoformat()
    server.post("/api/v1/readings", {"readings": [{**reading, "value": 2.0}]})
    then = {"from": ts, "to": ts, "at": known}
    assert server.get(f"/api/v1/points/{point}/history", **then).json()["value"] == [1.0]
    assert server.get(f"/api/v1/points/{point}/history", **then, knowledge="latest").json()["value"] == [2.0]


def test_what_comes_late_or_corrected_shows_at_once_to_who_asked_the_same_before(server, points):
    point, times = points[5], [START + timedelta(seconds=at) for at in (0, 60, 120)]
    for said in ([(0, 1.0), (2, 3.0)], [(1, 2.0)], [(0, 9.0)]):
        rows = [{"point": point, "ts": iso(times[at]), "value": value, "quality": "good"} for at, value in said]
        assert server.post("/api/v1/readings", {"readings": rows}).json()["accepted"] == len(rows)
        answers = [asked(server, point, to=iso(times[2])).json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert all(value in answers[0]["value"] for _, value in said)
    assert answers[0]["value"] == [9.0, 2.0, 3.0]
    assert [parse_moment(each) for each in answers[0]["ts"]] == times


def test_a_point_tells_after_how_long_it_is_stale(server, points):
    assert server.get(f"/api/v1/points/{points[0]}").json()["stale_s"] == 15


def test_a_file_holds_what_the_answer_says_with_both_times_and_units(server, points):
    query = {"from": iso(START), "to": iso(START + timedelta(seconds=SAMPLES - 1)), "max_points": 100, "lang": "en"}
    about, names, rows = sheet(server.get("/api/v1/points/history.csv", points=",".join(points[:2]), **query))
    zone = ZoneInfo("Asia/Shanghai")
    assert query["from"] in about[0][2]
    assert f"{START.astimezone(zone):%Y-%m-%d %H:%M:%S}" in about[0][1]
    for number, point in enumerate(points[:2]):
        said = asked(server, point, max_points=100).json()
        assert f"{said['bucket_s']:g} s" in about[2 + number][2]
        assert [name for name in names if name.startswith(point) and said["unit"] in name]
        assert [float(row[2 + 4 * number]) for row in rows] == pytest.approx(said["value"])
        assert [float(row[4 + 4 * number]) for row in rows] == pytest.approx(said["max"])
        assert [row[1] for row in rows] == said["ts"]
        assert rows[1][5 + 4 * number] == "bad"
    first = datetime.fromisoformat(rows[0][0]).replace(tzinfo=zone)
    assert first == parse_moment(rows[0][1])


def test_points_with_other_times_stand_side_by_side_in_order(server, points):
    moments = [START + timedelta(seconds=at) for at in (1000, 1001, 1002)]
    for point, own in ((points[3], moments[::2]), (points[4], moments[1:2])):
        rows = [{"point": point, "ts": iso(each), "value": 5.0, "quality": "good"} for each in own]
        assert server.post("/api/v1/readings", {"readings": rows}).status_code == 202
    query = {"points": f"{points[3]},{points[4]}", "from": iso(moments[0] - HALF), "to": iso(moments[2] + HALF)}
    _, names, rows = sheet(server.get("/api/v1/points/history.csv", **query))
    assert len(names) == 6  # two times; of every point its value and quality
    assert [(row[2], row[4]) for row in rows] == [("5.0", ""), ("", "5.0"), ("5.0", "")]


def test_the_same_comes_as_excel(server, points):
    answer = server.get("/api/v1/points/history.xlsx", points=points[0], **{"from": iso(START)})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()
        assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == SAMPLES + 4  # explanation, names


@pytest.mark.parametrize("asked_for", ["", ",", ",".join(f"P{number}" for number in range(9))])
def test_a_file_needs_one_to_eight_points(server, asked_for):
    assert server.get("/api/v1/points/history.csv", points=asked_for).json()["error"]["field"] == "points"


def test_a_file_of_a_point_that_is_not_there_is_not_found(server, points):
    assert server.get("/api/v1/points/history.csv", points=f"{points[0]},NOPE").status_code == 404


def whens(said):
    """The moments of a row, however they are written."""
    return {name: said[name] and parse_moment(said[name]) for name in ("ts", "known")}


def columns(server, **asked):
    """The newest values of many points, and how many there are; by id."""
    answer = server.get("/api/v1/points", **asked)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    listed = {name: each for name, each in said.items() if isinstance(each, list)}
    assert len({len(each) for each in listed.values()}) == 1
    rows = [dict(zip(listed, each, strict=True)) for each in zip(*listed.values(), strict=True)]
    return {row["id"]: row for row in rows}, said["count"]


@pytest.mark.parametrize("at", [None, iso(START + timedelta(days=-3))])
def test_the_newest_values_of_many_points_are_those_of_each(server, points, at):
    when = {"at": at} if at else {"at": iso(now() - timedelta(milliseconds=50))}
    told, count = columns(server, **when)
    assert list(told) == points
    assert count == len(points)
    for id, row in told.items():
        one = server.get(f"/api/v1/points/{id}", **when).json()
        assert row | whens(row) == {name: one[name] for name in row} | whens(one)
    assert {each["ts"] is None for each in told.values()} == ({True} if at else {True, False})


def test_points_are_found_by_box_owner_and_kind_and_turned_over_page_by_page(server, points):
    known = {each: server.get(f"/api/v1/points/{each}").json() for each in points}
    lon, lat = known[points[0]]["lon"], known[points[0]]["lat"]
    box = (lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    here = [id for id, each in known.items() if box[0] <= each["lon"] <= box[2] and box[1] <= each["lat"] <= box[3]]
    assert 0 < len(here) < len(points)
    assert list(columns(server, bbox=",".join(map(str, box)))[0]) == here
    for name in ("owner", "kind"):
        wanted = known[points[0]][name]
        assert list(columns(server, **{name: wanted})[0]) == [id for id in points if known[id][name] == wanted]
    assert columns(server, owner="nobody") == ({}, 0)
    turned, after = [], {}
    while page := list(columns(server, limit=3, **after)[0]):
        assert len(page) <= 3
        turned += page
        after = {"after": page[-1]}
    assert turned == points


@pytest.mark.parametrize(
    ("query", "field"),
    [({"bbox": "1,2,3"}, "bbox"), ({"bbox": "2,2,1,1"}, "bbox"), ({"limit": "0"}, "limit"), ({"after": "X"}, "after"),
     ({"unit": "m"}, "unit")],
)  # fmt: skip
def test_points_that_cannot_be_asked_for_so_are_refused_by_name(server, points, query, field):
    answer = server.get("/api/v1/points", **query)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
