"""Limits over HTTP: what counts at a moment, what is refused, and that nobody approves their own change."""

from __future__ import annotations

import pytest

from tests.serving import ROOT, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"
POINT = "LW1-T1-TEMP"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("limits")) as each:
        yield each


def ask(server, **said):
    return server.act("/api/v1/limits", {"point": POINT, "which": "H", "new": 70.0, "reason": "夏季", **said})


def test_limits_history_and_a_change_that_waits(server):
    before = server.get(f"/api/v1/points/{POINT}/limits").json()
    assert set(before["limits"]) == {"LL", "L", "H", "HH"}
    assert before["limits"] == before["given"]
    asked = ask(server, new=before["limits"]["H"] - 1)
    assert asked.status_code == 201
    change = asked.json()
    assert (change["state"], change["old"]) == ("waiting", before["limits"]["H"])
    said = server.get(f"/api/v1/points/{POINT}/limits").json()
    assert said["limits"] == before["limits"]
    assert [each["id"] for each in said["history"]] == [change["id"]]
    then = server.get(f"/api/v1/points/{POINT}/limits", at=before["at"]).json()
    assert then["history"] == []
    waiting = server.get("/api/v1/limits", state="waiting").json()["changes"]
    assert [each["id"] for each in waiting] == [change["id"]]
    again = ask(server, new=before["limits"]["H"] - 2)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "waiting")
    own = server.act(f"/api/v1/limits/{change['id']}/decision", {"decision": "approve"})
    assert (own.status_code, own.json()["error"]["code"]) == (403, "own_change")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"which": "X"}, "which"),
        ({"new": "high"}, "new"),
        ({"new": True}, "new"),
        ({"which": "HH", "new": -1e9}, "HH"),
        ({"which": "HH", "reason": ""}, "reason"),
        ({"reason": 3}, "reason"),
        ({"more": "x"}, "more"),
    ],
)
def test_what_cannot_be_asked_for_is_named(server, said, field):
    refused = ask(server, **said)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)


def test_unknown_points_changes_and_words(server):
    assert ask(server, point="NOPE").status_code == 404
    assert server.get("/api/v1/points/NOPE/limits").status_code == 404
    assert server.act("/api/v1/limits/LC-9/decision", {"decision": "approve"}).status_code == 404
    refused = server.act("/api/v1/limits/LC-9/decision", {"decision": "perhaps"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "decision")
    assert server.act("/api/v1/limits/LC-9/decision", {}).json()["error"]["field"] == "decision"
    assert server.get("/api/v1/limits", at=iso(now()), state="gone").status_code == 400
