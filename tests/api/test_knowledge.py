"""Two kinds of knowledge of a past moment: what was known then, and what is known of it by now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.serving import ROOT, Server, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park, fed by hand."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("knowledge")) as each:
        yield each


@pytest.fixture
def told_twice(server: Server) -> tuple[str, str, str]:
    """A point, the time of a reading that was corrected, and a moment between the two."""
    ts, point = iso(now() - timedelta(seconds=2)), server.get("/api/v1/layers/points").json()["features"][0]["id"]

    def tell(value: float) -> None:
        body = {"readings": [{"point": point, "ts": ts, "value": value, "quality": "good"}]}
        assert server.post("/api/v1/readings", body).json()["accepted"] == 1

    tell(3.0)
    at = server.get(f"/api/v1/points/{point}").json()["at"]
    tell(7.5)
    return point, ts, at


def test_a_frame_a_layer_and_a_point_of_the_past_can_be_asked_with_what_is_known_by_now(server, told_twice):
    point, _, at = told_twice
    for knowledge, value in (("known", 3.0), ("latest", 7.5)):
        params = {"layer": "points", "id": point, "at": at, "knowledge": knowledge}
        detail = server.get("/api/v1/screens/detail/frame", **params).json()["panels"]["detail"]
        assert detail["parts"][0]["items"][0]["value"]["value"] == value
        asked = {"at": at, "knowledge": knowledge}
        assert server.get(f"/api/v1/points/{point}", **asked).json()["value"] == value
        assert server.get("/api/v1/layers/points", **asked).status_code == 200
        assert server.get(f"/api/v1/points/{point}/history", **asked).json()["value"][-1] == value


@pytest.mark.parametrize("path", ["screens/overview/frame", "layers/points"])
def test_an_unknown_knowledge_is_refused_by_name(server, path):
    said = server.get(f"/api/v1/{path}", at=iso(now()), knowledge="guessed")
    assert (said.status_code, said.json()["error"]["field"]) == (400, "knowledge")
