"""Where a figure comes from, asked of a real server with the small park and readings that the tests push."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dashboards.reckon import agrees, computed
from tests.serving import ROOT, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park, fed by hand."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("explain")) as each:
        yield each


@pytest.fixture(scope="module")
def gas(server):
    """A gas detector of the park, with its first limit."""
    found = server.get("/api/v1/layers/points").json()["features"]
    said = (server.get(f"/api/v1/points/{each['id']}").json() for each in found)
    return next(
        each for each in said if each["kind"] in ("combustible_gas", "toxic_gas") and each["limits"]["alarm_hi"]
    )


def push(server, point, value, ts, quality="good"):
    """One reading."""
    body = {"readings": [{"point": point, "ts": iso(ts), "value": value, "quality": quality}]}
    assert server.post("/api/v1/readings", body).json()["accepted"] == 1


def test_a_figure_names_the_reading_it_is_made_of(server, gas):
    ts, limit = now() - timedelta(seconds=1), gas["limits"]["alarm_hi"]
    push(server, gas["id"], limit / 2, ts)
    said = server.get("/api/v1/explain/overview/gas_top", figure=f"rows/{gas['id']}/share").json()
    share, (row,) = said["figures"][0], said["inputs"]["points"]["rows"]
    assert (share["shown"], share["rules"], share["coverage"]) == (0.5, ["R-GAS-15"], [1, 1])
    assert (row["id"], row["kind"], row["quality"], row["value"]) == (gas["id"], "point", "good", limit / 2)
    assert row["ts"] == iso(ts)
    assert row["known"] > row["ts"]
    assert 0 < row["age_s"] < 60
    assert row["source"]
    assert computed(share["formula"], said["inputs"]) == 0.5


def test_what_was_known_then_and_what_is_known_by_now(server, gas):
    ts = now() - timedelta(seconds=1)
    push(server, gas["id"], 3.0, ts)
    at = server.get(f"/api/v1/points/{gas['id']}").json()["at"]
    push(server, gas["id"], 4.0, ts)
    for knowledge, value in (("known", 3.0), ("latest", 4.0)):
        asked = {"at": at, "knowledge": knowledge}
        frame = server.get("/api/v1/screens/overview/frame", **asked).json()
        said = server.get("/api/v1/explain/overview/gas_top", figure=f"rows/{gas['id']}/value", **asked).json()
        shown = frame["panels"]["gas_top"]["rows"][0]["value"]
        assert (said["at"], said["figures"][0]["shown"], shown) == (at, value, value)
        assert said["inputs"]["points"]["rows"][0]["value"] == value


def test_a_figure_of_a_frame_is_explained_at_the_moment_of_the_frame(server, gas):
    ts = now()
    push(server, gas["id"], 5.0, ts)
    frames = iter(lambda: server.get("/api/v1/screens/strip/frame").json(), None)
    # the live one that knows of it comes with the next tick
    frame = next(each for each in frames if each["panels"]["freshness"]["items"][0]["value"].get("ts") == iso(ts))
    said = server.get("/api/v1/explain/strip/freshness", at=frame["at"]).json()
    newest = next(each for each in said["figures"] if each["key"] == "items/newest/value/ts")
    assert newest["shown"] == frame["panels"]["freshness"]["items"][0]["value"]["ts"]
    assert agrees(newest["shown"], computed(newest["formula"], said["inputs"]), None)


def test_a_number_of_a_card_names_the_reading_it_is_made_of(server, gas):
    ts = now()
    push(server, gas["id"], 6.5, ts, "uncertain")
    asked = {"layer": "points", "id": gas["id"]}
    said = server.get("/api/v1/explain/detail/detail", figure="parts/0/items/value/value/value", **asked).json()
    newest, (row,) = said["figures"][0], said["inputs"]["points"]["rows"]
    assert (said["screen"], said["panel"], said["params"]) == ("detail", "detail", asked)
    assert (newest["shown"], newest["unit"]) == (6.5, gas["unit"])
    assert (row["id"], row["kind"], row["quality"], row["value"]) == (gas["id"], "point", "uncertain", 6.5)
    assert row["ts"] == iso(ts)
    assert row["pick"] == asked


def test_a_card_is_explained_as_it_was_known_then_and_as_it_is_known_by_now(server, gas):
    ts, asked = now(), {"layer": "points", "id": gas["id"]}
    push(server, gas["id"], 7.0, ts)
    at = server.get(f"/api/v1/points/{gas['id']}").json()["at"]
    push(server, gas["id"], 8.0, ts)
    for knowledge, value in (("known", 7.0), ("latest", 8.0)):
        said = server.get("/api/v1/explain/detail/detail", at=at, knowledge=knowledge, **asked).json()
        told = {each["key"]: each for each in said["figures"]}
        assert (said["at"], told["parts/0/items/value/value/value"]["shown"]) == (at, value)
        assert [row["value"] for row in said["inputs"]["points"]["rows"]] == [value]


def test_a_thing_that_nobody_knows_has_no_numbers(server):
    said = server.get("/api/v1/explain/detail/detail", layer="points", id="NO-SUCH-POINT")
    assert (said.status_code, said.json()["figures"], said.json()["inputs"]) == (200, [], {})


def test_inputs_are_told_page_by_page(server):
    first = server.get("/api/v1/explain/strip/freshness", limit=5).json()
    total = first["inputs"]["points"]["total"]
    asked = {"limit": 5, "at": first["at"]}
    second = server.get("/api/v1/explain/strip/freshness", cursor=first["next"], **asked).json()
    both = [row["id"] for each in (first, second) for row in each["inputs"]["points"]["rows"]]
    assert len(set(both)) == 10 < total == second["inputs"]["points"]["total"]


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("nowhere/now", 404, "screen"),
        ("overview/nothing", 404, "panel"),
        ("detail/points", 404, "panel"),
        ("detail/detail", 404, "layer"),
        ("detail/detail?layer=nowhere&id=x", 404, "layer"),
        ("detail/detail?layer=points&id=x&figure=parts/9", 404, "figure"),
        ("detail/detail?layer=points&point=x", 400, "point"),
        ("overview/now?figure=parts/7", 404, "figure"),
        ("overview/now?colour=red", 400, "colour"),
        ("strip/freshness?enterprise=E01", 400, "enterprise"),
        ("overview/now?at=yesterday", 400, "at"),
        ("overview/now?knowledge=guessed", 400, "knowledge"),
        ("overview/now?limit=0", 400, "limit"),
        ("overview/now?cursor=-1", 400, "cursor"),
        ("overview/now?cursor=5", 400, "cursor"),
    ],
)
def test_a_wrong_question_is_refused_by_name(server, path, status, field):
    said = server.get(f"/api/v1/explain/{path}")
    assert (said.status_code, said.json()["error"]["field"]) == (status, field)


def test_before_the_first_data_nothing_is_named_but_what_the_park_itself_has(server):
    said = server.get("/api/v1/explain/overview/online", at="2001-01-01T00:00:00Z").json()
    rows = said["inputs"]["points"]["rows"]
    assert {row["ts"] for row in rows} == {None}
    assert {row["quality"] for row in rows} == {None}
    assert next(each for each in said["figures"] if each["key"] == "items/online/value/value")["shown"] == 0
