"""The ledger over HTTP: filters, pages, timelines, actions and everything that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.adapters.exchange import record
from tests.serving import ROOT, Server, running
from twin.moment import iso, now

PARK = ROOT / "tests" / "parks" / "small"
LEVEL, PRESS, GAS = "LW1-T1-LEVEL", "LW1-U2-PRESS", "LW2-U1-GC1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small park, fed by hand."""
    with running(["run", "--park", str(PARK)], tmp_path_factory.mktemp("ledger")) as each:
        yield each


def tell(server: Server, id: str, point: str = LEVEL, minutes: float = 5, **more: Any) -> None:
    """An alarm as its source reports it."""
    said = {"hazard_point_id": point, "enterprise_id": point[:3], "alarm_type": "02", "cleared_at": None}
    said |= {"alarm_status": "01", "handling_status": "01", "alarm_at": iso(now() - timedelta(minutes=minutes))}
    sent = record("hazard_alarm", id, is_deleted=False, is_false_alarm=False, **said | more)
    assert server.post("/api/v1/records/hazard_alarm", {"records": [sent]}).json()["accepted"] == 1


def act(server: Server, id: str, action: str, **more: Any) -> Any:
    return server.act(f"/api/v1/alarms/{id}/actions", {"action": action, **more})


def ids(server: Server, **asked: Any) -> list[str]:
    return [each["id"] for each in server.get("/api/v1/alarms", **asked).json()["alarms"]]


def test_the_ledger_is_filtered(server: Server) -> None:
    tell(server, "F1", minutes=3)
    tell(server, "F2", PRESS, minutes=2, alarm_type="01")
    tell(server, "F3", GAS, minutes=1, alarm_status="03", handling_status="03", cleared_at=iso(now()))
    newest = ["F3", "F2", "F1"]
    assert ids(server, state="all") == newest
    assert ids(server) == ["F2", "F1"]
    assert ids(server, state="closed") == ["F3"]
    assert ids(server, level="S,B") == ["F2", "F1"]
    assert ids(server, level="S") == ["F1"]
    assert ids(server, state="all", screen="gas") == ["F3"]
    assert ids(server, screen="process", kind="H") == ["F2"]
    assert ids(server, state="all", owner="LW2") == ["F3"]
    assert ids(server, point=PRESS) == ["F2"]
    assert ids(server, q="press") == ["F2"]
    assert ids(server, stage="new,watch") == ["F2", "F1"]
    assert ids(server, **{"from": iso(now() - timedelta(seconds=150)), "to": iso(now())}) == ["F2"]
    assert ids(server, at="2001-01-01T00:00:00Z", state="all") == []


def test_an_alarm_says_all_of_itself_in_both_languages(server: Server) -> None:
    tell(server, "A1", alarm_value=96.5, threshold=95.0)
    said = server.get("/api/v1/alarms/A1").json()
    assert (said["level"], said["kind"], said["state"], said["stage"], said["limit"]) == (
        "S",
        "HH",
        "open",
        "new",
        95.0,
    )
    assert "超二级限值" in said["message_zh"]
    assert "above second limit" in said["message_en"]
    assert [(each["event"], each["who"], each["event_en"]) for each in said["timeline"]] == [
        ("raised", "machine", "raised")
    ]
    assert "acknowledge" in said["actions"]
    assert "close" not in said["actions"]


def test_pages_follow_each_other_whatever_is_written_meanwhile(server: Server) -> None:
    for number in range(7):
        tell(server, f"P{number}", PRESS, minutes=60 + number // 2, alarm_type="04")  # two at a time
    asked = {"state": "all", "kind": "LL", "limit": 3}
    first = server.get("/api/v1/alarms", **asked).json()
    tell(server, "P9", PRESS, minutes=61.5, alarm_type="04")
    act(server, "P6", "acknowledge")
    found, cursor = [each["id"] for each in first["alarms"]], first["next"]
    while cursor:
        page = server.get("/api/v1/alarms", **asked, cursor=cursor).json()
        assert page["at"] == first["at"]
        found, cursor = found + [each["id"] for each in page["alarms"]], page["next"]
    assert sorted(found) == [f"P{number}" for number in range(7)]
    assert found[0] == "P1"
    assert "P9" in ids(server, **asked | {"limit": 9})


def test_what_was_open_then(server: Server) -> None:
    tell(server, "T1", kind="L", alarm_type="03")
    before = server.get("/api/v1/alarms", point=LEVEL).json()["at"]
    assert act(server, "T1", "judge", **{"as": "false", "note": "probe wet"}).json()["closed_as"] == "false"
    assert "T1" in ids(server, point=LEVEL, at=before)
    assert "T1" not in ids(server, point=LEVEL)
    assert server.get("/api/v1/alarms/T1", at=before).json()["stage"] == "new"


def test_an_alarm_of_level_a_is_confirmed_by_telephone_and_its_timeline_says_with_whom(server: Server) -> None:
    tell(server, "C1", alarm_type="01")
    said = server.get("/api/v1/alarms/C1").json()
    assert (said["level"], said["needs_call"]) == ("A", True)
    told = act(server, "C1", "judge", to="LW1 control room", **{"as": "confirmed"}).json()
    assert (told["judged"], told["needs_call"]) == ("confirmed", False)
    assert told["contacted_at"] == told["timeline"][-1]["at"]
    assert (told["timeline"][-1]["event"], told["timeline"][-1]["said"]) == (
        "judge", {"as": "confirmed", "to": "LW1 control room"},
    )  # fmt: skip


def test_a_life_from_the_call_to_the_closure(server: Server) -> None:
    tell(server, "L1", PRESS)
    assert act(server, "L1", "acknowledge").json()["stage"] == "screen"
    contacted = act(server, "L1", "contact", to="LW1", note="called the control room").json()
    assert contacted["contact_by"] > contacted["contacted_at"]
    assert act(server, "L1", "judge", **{"as": "confirmed"}).json()["judged"] == "confirmed"
    assert act(server, "L1", "report", note="valve shut").json()["stage"] == "handled"
    refused = act(server, "L1", "close", note="seen")
    assert (refused.status_code, "still lasts" in refused.json()["error"]["message"]) == (409, True)
    tell(server, "L1", PRESS, alarm_status="02", cleared_at=iso(now()))
    assert act(server, "L1", "off").json()["stage"] == "off"
    closed = act(server, "L1", "close", note="seen on the spot").json()
    assert (closed["state"], closed["closed_as"], closed["handler"]) == ("closed", "verified", "demo")
    events = ["raised", "acknowledge", "contact", "judge", "report", "cleared", "off", "close"]
    assert [each["event"] for each in closed["timeline"] if each["event"] != "told"] == events
    assert closed["timeline"][-1]["note"] == "seen on the spot"
    assert not any("from" in each["said"] for each in closed["timeline"])
    late = act(server, "L1", "acknowledge")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "conflict")
    assert "'close' by demo at" in late.json()["error"]["message"]
    assert act(server, "L1", "reopen", note="it smells").json()["state"] == "open"


def test_two_at_once_one_wins(server: Server) -> None:
    tell(server, "W1", PRESS, alarm_type="03")
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(each.status_code for each in pool.map(lambda _: act(server, "W1", "acknowledge"), range(4)))
    assert codes == [200, 409, 409, 409]


def test_several_at_once(server: Server) -> None:
    for number in range(3):
        tell(server, f"B{number}", PRESS, alarm_type="03", minutes=30 + number)
    act(server, "B1", "acknowledge")
    body = {"ids": ["B0", "B1", "B2", "B0", "nothing"], "action": "acknowledge"}
    said = server.act("/api/v1/alarms/actions", body).json()
    assert said["done"] == ["B0", "B2"]
    wrong = server.act("/api/v1/alarms/actions", {"ids": ["nothing"], "action": "delete"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "action")
    assert [(each["id"], each["code"]) for each in said["refused"]] == [
        ("nothing", "unknown_alarm"),
        ("B1", "conflict"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"action": "delete"}, 400, "action"),
        ({}, 400, "action"),
        ({"action": "report"}, 400, "note"),
        ({"action": "judge"}, 400, "as"),
        ({"action": "judge", "as": "false"}, 400, "note"),
        ({"action": "note", "note": "x" * 2001}, 400, "note"),
        ({"action": "note", "note": 5}, 400, "note"),
        ({"action": "acknowledge", "seen": -1}, 400, "seen"),
        ({"action": "acknowledge", "seen": 99}, 409, "seen"),
        ({"action": "acknowledge", "colour": "red"}, 400, "colour"),
        ({"action": "release"}, 409, "action"),
        ({"action": "second_look", "agree": True}, 409, "action"),
        ([], 400, "body"),
    ],
)
def test_a_wrong_action_changes_nothing(server: Server, body: Any, status: int, field: str) -> None:
    if server.get("/api/v1/alarms/N1").status_code == 404:
        tell(server, "N1", GAS)
    answer = server.act("/api/v1/alarms/N1/actions", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert server.get("/api/v1/alarms/N1").json()["events"] == 1


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/v1/alarms?level=X", 400, "level"),
        ("/api/v1/alarms?stage=gone", 400, "stage"),
        ("/api/v1/alarms?state=maybe", 400, "state"),
        ("/api/v1/alarms?cursor=abc", 400, "cursor"),
        ("/api/v1/alarms?limit=0", 400, "limit"),
        ("/api/v1/alarms/nothing", 404, "id"),
        ("/api/v1/faults/nothing", 404, "id"),
    ],
)
def test_a_wrong_question_is_told_so(server: Server, path: str, status: int, field: str) -> None:
    answer = server.get(path)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_an_action_on_nothing_and_one_with_an_unknown_token(server: Server) -> None:
    assert act(server, "nothing", "acknowledge").status_code == 404
    unknown = {"Authorization": "Bearer of-nobody"}
    assert server.post("/api/v1/alarms/N1/actions", {"action": "note"}, headers=unknown).status_code == 401


def test_an_id_may_hold_whatever_its_source_put_there(server: Server) -> None:
    tell(server, "plant/7:HH?", GAS, alarm_type="03")
    assert server.get("/api/v1/alarms/plant/7:HH%3F").json()["id"] == "plant/7:HH?"
    assert act(server, "plant/7:HH%3F", "acknowledge").json()["stage"] == "screen"


def test_a_fault_application_is_handed_in_and_not_decided_by_who_made_it(server: Server) -> None:
    body = {"target": LEVEL, "reason": "repair", "note": "new probe"}
    body |= {"starts": iso(now()), "ends": iso(now() + timedelta(hours=1))}
    made = server.act("/api/v1/faults", body)
    assert (made.status_code, made.json()["state"], made.json()["points"]) == (201, "pending", [LEVEL])
    id = made.json()["id"]
    assert [each["id"] for each in server.get("/api/v1/faults", state="pending", point=LEVEL).json()["faults"]] == [id]
    assert server.act(f"/api/v1/faults/{id}/actions", {"action": "approve"}).status_code == 403
    assert server.act(f"/api/v1/faults/{id}/actions", {"action": "withdraw"}).json()["state"] == "withdrawn"
    assert server.act(f"/api/v1/faults/{id}/actions", {"action": "withdraw"}).status_code == 409
    for wrong, field in (({"target": "nowhere"}, "target"), ({"ends": body["starts"]}, "ends"), ({"note": ""}, "note")):
        answer = server.act("/api/v1/faults", body | wrong)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert server.get(f"/api/v1/points/{LEVEL}").json()["repair"] is None
    assert server.act("/api/v1/faults", {"target": LEVEL}).json()["error"]["field"] == "reason"


def test_open_alarms_are_counted_at_any_moment(server: Server) -> None:
    before = server.get("/api/v1/alarms/counts").json()
    tell(server, "COUNTED", minutes=0)
    told = server.get("/api/v1/alarms/counts").json()
    listed = server.get("/api/v1/alarms", limit=500).json()["alarms"]
    assert told["open"] == len(listed) == before["open"] + 1
    assert told["lasting"] == sum(each["active"] for each in listed)
    assert told["levels"] == {level: sum(each["level"] == level for each in listed) for level in "SABCD"}
    act(server, "COUNTED", "acknowledge")
    later = server.get("/api/v1/alarms/counts").json()
    assert later["stages"]["screen"] == told["stages"]["screen"] + 1
    assert server.get("/api/v1/alarms/counts", at=told["at"]).json() == told
    assert server.get("/api/v1/alarms/counts", at=before["at"]).json() == before
