"""Sockets of a server with accounts: who may connect, what each sees, and what happens when a session ends."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
import requests
import socketio

from tests.adapters.exchange import record
from tests.people.signing import Somebody, add_user
from tests.serving import SMALL_PARK, TOKEN, Server, running
from twin.moment import iso, now

WAIT_S = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park with people of the park and of both enterprises."""
    data = tmp_path_factory.mktemp("sockets")
    for id, role, enterprise in (
        ("duty", "operator", None), ("admin", "administrator", None),
        ("one", "enterprise_safety", "LW1"), ("two", "enterprise_safety", "LW2"),
    ):  # fmt: skip
        add_user(data, id, role, enterprise)
    with running(["run", "--park", str(SMALL_PARK)], data) as each:
        yield each


class Page:
    """A page's socket: what it hears."""

    def __init__(self, server: Server, somebody: Somebody | None = None, token: str | None = None) -> None:
        self.heard: Queue[tuple[str, Any]] = Queue()
        self.line = socketio.Client(reconnection=False)
        for event in ("alarm", "ended", "mode"):
            self.line.on(event, lambda said, event=event: self.heard.put((event, said)), namespace="/live")
        self.line.on("disconnect", lambda *_: self.heard.put(("gone", None)), namespace="/live")
        cookies = "; ".join(f"{name}={value}" for name, value in (somebody.cookies if somebody else {}).items())
        self.line.connect(
            server.url,
            namespaces=["/live"],
            headers={"Cookie": cookies} if cookies else {},
            auth={"token": token} if token else None,
            wait_timeout=WAIT_S,
        )

    def watch(self, screen: str = "overview", **params: str) -> dict[str, Any]:
        """A whole frame."""
        asked = {"screen": screen, "params": params}
        said: dict[str, Any] = self.line.call("watch", asked, namespace="/live", timeout=WAIT_S)
        return said

    def next(self) -> tuple[str, Any]:
        """What is heard next."""
        return self.heard.get(timeout=WAIT_S)

    def close(self) -> None:
        """End the line."""
        self.line.disconnect()


def points(server: Server) -> list[str]:
    """The ids of all points of the park."""
    answer = requests.get(
        f"{server.url}/api/v1/layers/points", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
    )
    return [each["id"] for each in answer.json()["features"]]


def alarm(id: str, enterprise: str, point: str) -> dict[str, Any]:
    """A grave alarm of an enterprise's point."""
    said = {"id": id, "enterprise_id": enterprise, "hazard_point_id": point, "alarm_type": "02", "alarm_value": 99.0}
    said |= {"threshold": 9.0, "alarm_at": iso(now()), "alarm_status": "01", "handling_status": "01"}
    said |= {"is_false_alarm": False, "park_id": "P", "hazard_source_id": f"{enterprise}-MH", "is_deleted": False}
    return said | {"created_at": iso(now()), "created_by": "t", "updated_at": iso(now()), "updated_by": "t"}


def test_nobody_connects_without_a_session(server: Server) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Page(server)
    with pytest.raises(socketio.exceptions.ConnectionError):
        Page(server, token="guessed")
    page = Page(server, token=TOKEN)
    assert "panels" in page.watch()
    page.close()


def test_each_sees_alarms_and_frames_of_their_own(server: Server) -> None:
    one, two, duty = (Page(server, Somebody(server).enter(each)) for each in ("one", "two", "duty"))
    point = next(each for each in points(server) if each.startswith("LW1"))
    sent = server.post("/api/v1/records/hazard_alarm", {"records": [alarm("X1", "LW1", point)]})
    assert sent.json()["accepted"] == 1, sent.text
    assert one.next()[1]["id"] == "X1"
    assert duty.next()[1]["id"] == "X1"
    assert "detail.unknown" not in str(one.watch("detail", layer="points", id=point))
    assert "detail.unknown" in str(two.watch("detail", layer="points", id=point))
    second = next(each for each in points(server) if each.startswith("LW2"))
    assert server.post("/api/v1/records/hazard_alarm", {"records": [alarm("X2", "LW2", second)]}).ok
    assert two.next()[1]["id"] == "X2"  # and not X1 before it
    assert duty.next()[1]["id"] == "X2"
    assert one.heard.empty()
    for each in (one, two, duty):
        each.close()


def test_a_session_that_ends_takes_its_pages_with_it(server: Server) -> None:
    first = Somebody(server).enter("duty")
    page = Page(server, first)
    assert page.watch()["screen"] == "overview"
    Somebody(server).enter("duty")
    assert page.next() == ("ended", {"why": "elsewhere"})
    assert page.next()[0] == "gone"
    with pytest.raises(socketio.exceptions.ConnectionError):
        Page(server, first)


def test_a_locked_account_loses_its_pages_at_once(server: Server) -> None:
    page = Page(server, Somebody(server).enter("two"))
    admin = Somebody(server).enter("admin")
    assert admin.post("/api/v1/accounts/two/lock").status_code == 200
    assert page.next() == ("ended", {"why": "disabled"})
    admin.post("/api/v1/accounts/two/open")


def test_the_first_account_ends_what_was_open_without_login(tmp_path) -> None:
    with running(["run", "--park", str(SMALL_PARK)], tmp_path) as each:
        page = Page(each)
        assert "panels" in page.watch()
        add_user(tmp_path, "root", "administrator")
        assert page.next() == ("ended", {"why": "login_on"})
        assert each.get("/api/v1/layers").status_code == 401


def test_an_enterprises_machine_delivers_its_own_only(server: Server) -> None:
    admin = Somebody(server).enter("admin")
    made = admin.post("/api/v1/tokens", {"name": "lw1-feed", "scopes": ["ingest", "read"], "enterprise": "LW1"}).json()
    headers = {"Authorization": f"Bearer {made['secret']}"}
    known = points(server)
    mine, other = (next(each for each in known if each.startswith(owner)) for owner in ("LW1", "LW2"))
    readings = [{"point": each, "ts": iso(now()), "value": 1.0, "quality": "good"} for each in (mine, other)]
    said = server.post("/api/v1/readings", {"readings": readings}, headers=headers).json()
    assert said["accepted"] == 1
    assert [each["code"] for each in said["rejected"]] == ["not_yours"]
    told = server.post("/api/v1/records/hazard_alarm", {"records": [alarm("X3", "LW2", other)]}, headers=headers)
    assert [each["code"] for each in told.json()["rejected"]] == ["not_yours"]
    refused = server.post("/api/v1/records/fire_station", {"records": [{"id": "F1"}]}, headers=headers)
    assert refused.status_code == 403


def test_an_enterprises_machine_replaces_no_record_of_anothers(server: Server) -> None:
    """By the id of a neighbour's record; the rest of the batch goes through. Nor does it tell of anothers' points."""
    admin = Somebody(server).enter("admin")
    made = admin.post("/api/v1/tokens", {"name": "lw1-own", "scopes": ["ingest"], "enterprise": "LW1"}).json()
    headers = {"Authorization": f"Bearer {made['secret']}"}
    mine, other = (next(each for each in points(server) if each.startswith(owner)) for owner in ("LW1", "LW2"))

    def send(table: str, *records: dict[str, Any], **more: Any) -> dict[str, Any]:
        said: dict[str, Any] = server.post(f"/api/v1/records/{table}", {"records": list(records)}, **more).json()
        return said

    theirs = send("hazard_source", record("hazard_source", "HZ-2", enterprise_id="LW2", hazard_source_name="theirs"))
    assert theirs["accepted"] == 1
    taken = record("hazard_source", "HZ-2", enterprise_id="LW1", hazard_source_name="taken")
    own = record("hazard_source", "HZ-1", enterprise_id="LW1", hazard_source_name="own")
    said = send("hazard_source", taken, own, headers=headers)
    assert said["accepted"] == 1
    assert [(each["index"], each["code"], each["field"]) for each in said["rejected"]] == [(0, "not_yours", "id")]
    listed = Somebody(server).enter("duty").get("/api/v1/rejects?source=lw1-own")
    assert listed.status_code == 403
    again = send("hazard_source", {**own, "hazard_source_name": "own anew"}, headers=headers)
    assert (again["accepted"], again["rejected"]) == (1, [])
    same = send("hazard_source", record("hazard_source", "HZ-2", enterprise_id="LW2", hazard_source_name="theirs"))
    assert same["duplicates"] == 1  # it says what is known already: nobody has changed it
    told = send("hazard_alarm", alarm("X4", "LW1", other), alarm("X5", "LW1", mine), headers=headers)
    assert (told["accepted"], [each["field"] for each in told["rejected"]]) == (1, ["hazard_point_id"])
    measured = {"collected_at": iso(now()), "value": 1.0, "quality": "01", "enterprise_id": "LW1"}
    values = [record("hazard_point_realtime", "V1", **measured, hazard_point_id=each) for each in (other, mine)]
    read = send("hazard_point_realtime", *values, headers=headers)
    assert (read["accepted"], [each["code"] for each in read["rejected"]]) == (1, ["not_yours"])
