"""`/metrics`: figures that are fed, and none that stays behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.adapters.exchange import record
from tests.serving import ROOT, Server, running
from twin.moment import iso, now


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park, fed by hand."""
    words = ["run", "--park", str(ROOT / "tests" / "parks" / "small")]
    with running(words, tmp_path_factory.mktemp("metrics")) as each:
        yield each


def told(server: Server, name: str) -> dict[str, float]:
    """The values of one figure by their labels."""
    found = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", server.get("/metrics").text, re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def send(server: Server, **more: Any) -> None:
    """What its source says of the one alarm."""
    said = {"hazard_point_id": "LW1-T1-LEVEL", "enterprise_id": "LW1", "alarm_at": iso(now()), "cleared_at": None}
    sent = record("hazard_alarm", "M1", is_deleted=False, **said | more)
    assert server.post("/api/v1/records/hazard_alarm", {"records": [sent]}).json()["accepted"] == 1


def test_alarms_are_counted_in_the_state_they_are_in_and_in_no_other(server: Server) -> None:
    assert told(server, "parktwin_alarms") == {}
    send(server, alarm_status="01", handling_status="01")
    assert told(server, "parktwin_alarms") == {'handling="open"': 1.0}
    send(server, alarm_status="01", handling_status="02")
    assert told(server, "parktwin_alarms") == {'handling="handling"': 1.0}
    send(server, alarm_status="02", handling_status="03", cleared_at=iso(now()))
    assert told(server, "parktwin_alarms") == {}


def test_every_request_feeds_the_query_histogram(server: Server) -> None:
    before = told(server, "parktwin_query_seconds_count")[""]
    server.get("/api/v1/screens")
    assert told(server, "parktwin_query_seconds_count")[""] >= before + 2  # that one, and the asking before it
