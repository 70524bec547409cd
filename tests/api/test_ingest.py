"""Everything a source may send wrong, asked of a real server: a clear error, and nothing else is lost."""

from __future__ import annotations

import gzip
import io
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import engineio
import orjson
import pyarrow as pa
import pytest
import requests
import socketio
from flask import Flask

from api import readings as readings_resource
from api._deps import speak_errors
from tests.adapters.exchange import record
from tests.serving import ROOT, TOKEN, Server, running
from twin.errors import Busy, DiskLow
from twin.moment import iso, now
from twin.person import machine_of

PARK = ROOT / "tests" / "parks" / "small"
JSON, NDJSON, ARROW = "application/json", "application/x-ndjson", "application/vnd.apache.arrow.stream"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park, served."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("ingest")) as each:
        yield each


@pytest.fixture(scope="module")
def points(server):
    """Ids of the park's points."""
    return [each["id"] for each in server.get("/api/v1/layers/points").json()["features"]]


def send(server: Server, body: Any, media: str = JSON, path: str = "readings", **headers: str) -> requests.Response:
    """Post bytes as they are."""
    said = {"Authorization": f"Bearer {TOKEN}", "Content-Type": media, **headers}
    return requests.post(f"{server.url}/api/v1/{path}", data=body, headers=said, timeout=60)


def row(point, ts=None, value: Any = 1.0, **more):
    """One reading."""
    return {"point": point, "ts": iso(ts or now()), "value": value, "quality": "good", **more}


def newest_reject(server: Server) -> dict[str, Any]:
    """The one that was refused last."""
    return server.get("/api/v1/rejects", limit=1).json()["rejects"][0]


def test_the_rest_of_a_batch_goes_through(server, points):
    at = now()
    rows = [row(point, at) for point in points[:3]]
    rows[1:1] = [row("NOPE", at), row(points[0], at, "7"), row(points[0], at - timedelta(days=365)), 5]
    said = server.post("/api/v1/readings", {"readings": rows})
    assert said.status_code == 202
    assert said.json()["accepted"] == 3
    found = [(each["index"], each["code"], each["field"]) for each in said.json()["rejected"]]
    assert found == [
        (1, "unknown_point", "readings[1].point"),
        (2, "bad_type", "readings[2].value"),
        (3, "too_old", "readings[3].ts"),
        (4, "not_an_object", "readings[4]"),
    ]
    for point in points[:3]:
        assert server.get(f"/api/v1/points/{point}").json()["value"] == 1.0


def test_what_is_not_json_by_the_letter_costs_its_row_only(server, points):
    body = orjson.dumps({"readings": [row(points[0]), row(points[1], value=-77), row(points[2])]}).replace(
        b"-77", b"NaN"
    )
    said = send(server, body).json()
    assert said["accepted"] == 2
    assert [(each["code"], each["field"]) for each in said["rejected"]] == [("not_finite", "readings[1].value")]
    assert "NaN" in newest_reject(server)["raw"]


def test_duplicate_and_out_of_order_readings_are_counted_and_kept(server, points):
    at = now()
    first = [row(points[-1], at, 4.0), row(points[-1], at - timedelta(seconds=5), 3.0), row(points[-1], at, 4.0)]
    said = server.post("/api/v1/readings", {"readings": first}).json()
    assert (said["accepted"], said["duplicates"], said["rejected"]) == (2, 1, [])
    assert server.get(f"/api/v1/points/{points[-1]}").json()["value"] == 4.0
    since = iso(at - timedelta(seconds=6))
    assert server.get(f"/api/v1/points/{points[-1]}/history", **{"from": since}).json()["value"] == [3.0, 4.0]


UNREADABLE = {
    "malformed": (b'{"readings": [{"point": "A",', JSON, {}, 400, "bad_json", "body"),
    "empty": (b"", JSON, {}, 400, "bad_json", "body"),
    "nested": (b"[" * 200_000, JSON, {}, 400, "too_deep", "body"),
    "no list": (b"{}", JSON, {}, 400, "missing_field", "readings"),
    "a page": (b"<html/>", "text/html", {}, 415, "unsupported_media_type", "Content-Type"),
    "no gzip": (b"plain", JSON, {"Content-Encoding": "gzip"}, 400, "bad_gzip", "body"),
    "half a gzip": (gzip.compress(b"[]" * 99)[:-9], JSON, {"Content-Encoding": "gzip"}, 400, "bad_gzip", "body"),
    "many gzips": (gzip.compress(b"") * 999, JSON, {"Content-Encoding": "gzip"}, 400, "bad_gzip", "body"),
    "a bomb": (gzip.compress(b" " * 60 * MB), JSON, {"Content-Encoding": "gzip"}, 413, "too_large", "body"),
    "other packing": (b"x", JSON, {"Content-Encoding": "br"}, 415, "unsupported_media_type", "Content-Encoding"),
    "no stream": (b"ARROW1", ARROW, {}, 400, "bad_arrow", "body"),
    "a long key": (b"[]", JSON, {"Idempotency-Key": "k" * 201}, 400, "bad_type", "Idempotency-Key"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_body_of_which_nothing_can_be_read_is_an_error_and_one_kept_reject(server, what):
    body, media, headers, status, code, field = UNREADABLE[what]
    answer = send(server, body, media, **headers)
    assert answer.status_code == status
    assert (answer.json()["error"]["code"], answer.json()["error"]["field"]) == (code, field)
    kept = newest_reject(server)
    assert (kept["index"], kept["code"], kept["field"], kept["source"]) == (-1, code, field, "machine")


def test_sixty_megabytes_are_refused_and_the_server_lives(server, points):
    answer = send(server, b" " * (60 * MB))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"
    assert server.post("/api/v1/readings", {"readings": [row(points[0])]}).status_code == 202


def test_packed_bodies_and_lines_are_taken(server, points):
    lines = b"\n".join([orjson.dumps(row(points[0])), b"{", orjson.dumps(row(points[1]))])
    said = send(server, gzip.compress(lines), NDJSON + "; charset=utf-8", **{"Content-Encoding": "gzip"}).json()
    assert said["accepted"] == 2
    assert [(each["index"], each["code"]) for each in said["rejected"]] == [(1, "bad_json")]


def stream(points, values):
    """An Arrow stream as the contract has it."""
    table = pa.table(
        {
            "point": pa.array(points).dictionary_encode(),
            "ts": pa.array([now()] * len(points), pa.timestamp("us", "UTC")),
            "value": pa.array(values),
            "quality": pa.array([0] * len(points), pa.uint8()),
        }
    )
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def test_an_arrow_stream_is_taken(server, points):
    said = send(server, stream([*points[:3], "NOPE"], [1.0, float("nan"), 3.0, 4.0]), ARROW).json()
    assert said["accepted"] == 2
    assert [(each["index"], each["code"]) for each in said["rejected"]] == [(1, "not_finite"), (3, "unknown_point")]


def test_a_wrong_column_is_named(server, points):
    answer = send(server, stream(points[:2], [1, 2]), ARROW)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "value")


def test_a_repeat_with_its_key_gets_the_same_answer_rejects_and_all(server, points):
    body = orjson.dumps({"readings": [row(points[0]), row("NOPE")]})
    answers = [send(server, body, **{"Idempotency-Key": "again"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["accepted"] == 1


def test_the_same_bytes_without_a_key_are_judged_anew(server, points):
    body = orjson.dumps({"readings": [row(points[0])]})
    assert [send(server, body).json()["duplicates"] for _ in range(2)] == [0, 1]


def test_records_are_held_to_the_dictionary(server):
    sent = [record("hazard_alarm", "A1"), record("hazard_alarm", "A2", alarm_type="77"), record("hazard_alarm", "A3")]
    said = server.post("/api/v1/records/hazard_alarm", {"records": sent})
    assert said.status_code == 202
    assert said.json()["accepted"] == 2
    [reject] = said.json()["rejected"]
    assert (reject["index"], reject["code"], reject["field"]) == (1, "unknown_code", "records[1].alarm_type")
    assert "A2" in reject["message"]
    again = server.post("/api/v1/records/hazard_alarm", {"records": [sent[0], {**sent[2], "alarm_value": 9.0}]}).json()
    assert (again["accepted"], again["duplicates"]) == (1, 1)


def test_a_table_that_the_dictionary_does_not_have(server):
    answer = server.post("/api/v1/records/coffee_machine", {"records": []})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_table")


@pytest.mark.parametrize("path", ["readings", "records/hazard_alarm"])
def test_without_a_token_nothing_is_taken(server, path):
    answer = requests.post(f"{server.url}/api/v1/{path}", json={}, timeout=10)
    assert answer.status_code == 401


def test_rejects_can_be_listed_by_source_and_time(server):
    began = now()
    send(server, b"{")
    assert len(server.get("/api/v1/rejects", source="machine", **{"from": iso(began)}).json()["rejects"]) == 1
    assert server.get("/api/v1/rejects", source="nobody").json() == {"rejects": []}
    assert server.get("/api/v1/rejects", **{"from": "2026-11-21"}).json()["error"]["field"] == "from"
    assert server.get("/api/v1/rejects", limit="x").status_code == 400


def test_health_counts_who_sent_what(server, points):
    server.post("/api/v1/readings", {"readings": [row(points[0])]})
    [said] = [each for each in server.get("/healthz").json()["sources"] if each["protocol"] == "http_push"]
    assert said["state"] == "ok"
    assert said["rows"] > 0
    assert said["rejected"] > 0


@pytest.mark.parametrize(("error", "status"), [(Busy("the queue is full"), 429), (DiskLow("no room"), 507)])
def test_when_the_store_cannot_take_more_the_sender_is_told(error, status):
    def fail(batch):
        raise error

    viewer = machine_of("machine", "machine", ("ingest",), None)
    deps = SimpleNamespace(deliver=fail, clock=now, needs=lambda right: lambda view: view, viewer=lambda: viewer)
    app = Flask("full")
    speak_errors(app)
    app.register_blueprint(readings_resource.RESOURCE.routes(deps))
    answer = app.test_client().post("/api/v1/readings", json={"readings": []})
    assert answer.status_code == status
    assert answer.get_json()["error"]["code"] == error.code
    assert ("Retry-After" in answer.headers) == (status == 429)


# --- the same through a socket ---


@pytest.fixture
def push(server, monkeypatch):
    """Sends a body through ``/ingest`` and gives the acknowledgement.

    A sender writes NaN as Python does; a server made in this very process by another test would have
    changed that for all of its clients (the setting is one for the process).
    """
    monkeypatch.setattr(socketio.packet.Packet, "json", json)
    monkeypatch.setattr(engineio.packet.Packet, "json", json)
    line = socketio.Client(reconnection=False)
    line.connect(server.url, auth={"token": TOKEN}, namespaces=["/ingest"])
    yield lambda body: line.call("readings", body, namespace="/ingest", timeout=20)
    line.disconnect()


def test_a_push_is_answered_like_a_post(push, points):
    at = now()
    body = {"batch_id": "p-1", "readings": [row(points[0], at), row("NOPE", at), row(points[1], at, float("nan"))]}
    said = push(body)
    assert said["accepted"] == 1
    found = [(each["code"], each["field"]) for each in said["rejected"]]
    assert found == [("unknown_point", "readings[1].point"), ("not_finite", "readings[2].value")]
    assert push(body) == said


@pytest.mark.parametrize("body", [7, None, {}, {"readings": 7}, '{"readings": [', {"batch_id": 7, "readings": []}])
def test_a_push_of_which_nothing_can_be_read_is_an_error_and_the_line_stays(push, points, server, body):
    assert push(body)["error"]["field"]
    assert push({"readings": [row(points[0])]})["accepted"] == 1
