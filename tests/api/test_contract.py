"""The HTTP contract, asked of a real server with the small park and readings that the tests push."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from tests.plants import wait_until
from tests.serving import ROOT, Server, free_port, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park, served."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("contract"), bare=True, fresh=True) as each:
        yield each


@pytest.fixture(scope="module")
def point(server):
    """Any point of the park."""
    found = server.get("/api/v1/layers/points").json()["features"]
    return found[0]["id"]


def push(server, point, value, ts=None, **more):
    """One reading."""
    reading = {"point": point, "ts": iso(ts or now()), "value": value, "quality": "good", **more}
    return server.post("/api/v1/readings", {"readings": [reading]})


def test_health_says_who_and_how(server):
    said = server.get("/healthz").json()
    assert said["status"] in ("ok", "degraded")
    assert {"version", "build", "park", "started_at", "store", "sources", "viewers"} <= said.keys()
    assert {"points", "readings", "size_bytes", "write_queue", "disk_free_bytes"} <= said["store"].keys()


def test_metrics_are_prometheus_text(server):
    text = server.get("/metrics").text
    for name in (
        "readings_accepted_total",
        "write_seconds_bucket",
        "frame_build_seconds",
        "hub_delay_seconds",
        "viewers",
    ):
        assert f"parktwin_{name}" in text


def test_metrics_count_what_happens(server, point):
    assert push(server, point, 4.0).status_code == 202
    names = ("readings_accepted_total", "write_seconds_count", "query_seconds_count", "hub_delay_seconds_count")

    def fed() -> bool:
        lines = server.get("/metrics").text.splitlines()
        said = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return all(float(said[f"parktwin_{name}"]) > 0 for name in names)

    wait_until(fed)  # the hub's delay is first measured a moment after the start


def test_screens_are_listed_in_both_languages(server):
    overview = next(each for each in server.get("/api/v1/screens").json() if each["id"] == "overview")
    assert overview["title_zh"] != overview["title_en"]
    assert overview["panels"]
    assert overview["layers"]


def test_a_reading_is_there_once_it_is_acknowledged(server, point):
    assert push(server, point, 12.5).json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    said = server.get(f"/api/v1/points/{point}").json()
    assert said["value"] == 12.5
    assert said["quality"] == "good"
    assert said["age_s"] < 10


def test_a_repeat_with_the_same_key_changes_nothing(server, point):
    body = {"readings": [{"point": point, "ts": iso(now()), "value": 3.0, "quality": "good"}]}
    headers = {"Idempotency-Key": "once"}
    first = server.post("/api/v1/readings", body, headers=headers).json()
    assert server.post("/api/v1/readings", body, headers=headers).json() == first


def test_the_past_is_what_the_twin_knew_then(server, point):
    push(server, point, 1.0)
    between = server.get(f"/api/v1/points/{point}").json()["at"]
    push(server, point, 2.0)
    assert server.get(f"/api/v1/points/{point}", at=between).json()["value"] == 1.0
    assert server.get(f"/api/v1/points/{point}").json()["value"] == 2.0


def test_history_keeps_every_sample_that_fits(server, point):
    start = now()
    for value in (1.0, 5.0, 3.0):
        push(server, point, value)
    said = server.get(f"/api/v1/points/{point}/history", **{"from": iso(start - timedelta(milliseconds=1))}).json()
    assert said["value"] == [1.0, 5.0, 3.0]
    assert len(server.get(f"/api/v1/points/{point}/history", max_points=2).json()["ts"]) <= 2


def test_before_the_first_data_there_is_empty_content(server):
    answer = server.get("/api/v1/screens/overview/frame", at="2001-01-01T00:00:00Z")
    assert answer.status_code == 200
    assert answer.json()["panels"].keys() == server.get("/api/v1/screens/overview/frame").json()["panels"].keys()


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/v1/screens/overview/frame?at=yesterday", 400, "at"),
        ("/api/v1/screens/overview/frame?at=2026-01-01T00:00:00", 400, "at"),
        ("/api/v1/screens/overview/frame?colour=red", 400, "colour"),
        ("/api/v1/screens/nowhere/frame", 404, "screen"),
        ("/api/v1/layers/nothing", 404, "layer"),
        ("/api/v1/layers/points?bbox=1,2,3", 400, "bbox"),
        ("/api/v1/points/NOPE", 404, "point"),
        ("/api/v1/points/NOPE/history", 404, "point"),
        ("/api/v1/screens/overview/lists/now/nothing", 404, "item"),
    ],
)
def test_a_wrong_question_gets_an_error_that_names_the_field(server, path, status, field):
    answer = server.get(path)
    assert answer.status_code == status
    assert answer.json()["error"]["field"] == field


def test_writing_needs_the_token(server, point):
    body = {"readings": [{"point": point, "ts": iso(now()), "value": 1.0, "quality": "good"}]}
    assert requests.post(f"{server.url}/api/v1/readings", json=body, timeout=10).status_code == 401


def test_layers_are_geojson_within_their_box(server):
    for layer in server.get("/api/v1/layers").json():
        found = server.get(f"/api/v1/layers/{layer['id']}").json()
        assert found["type"] == "FeatureCollection"
        for each in found["features"]:
            assert {"id", "name_zh", "name_en", "state", "updated_at"} <= each["properties"].keys()
    assert server.get("/api/v1/layers/points", bbox="0,0,1,1").json()["features"] == []


def test_a_second_process_on_the_same_file_is_told_so(server):
    second = Server(["run", "--park", str(PARK)], server.data, free_port())
    assert second.process.wait(timeout=60) == 1
    assert "another process" in second.log
    assert server.get("/healthz").status_code == 200
