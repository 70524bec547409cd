"""What waits for somebody's decision is told to who may decide, and the decision to who had asked (MS-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.first_token import first_token
from services.round.approvals import ROUND
from tests.people.house import Wired, wired
from twin.moment import iso, now

LEVEL = "LW1-T1-LEVEL"


@pytest.fixture
def house(tmp_path) -> Iterator[Wired]:
    """The small park, with nobody in its address book."""
    with wired(tmp_path) as each:
        yield each


@pytest.fixture
def people(house: Wired) -> dict[str, str]:
    """Sessions of whoever asks and decides."""
    roles = {"boss": ("safety_bureau", None), "second": ("safety_bureau", None), "duty": ("duty_leader", None)}
    roles |= {"plant": ("enterprise_safety", "LW1"), "shift": ("operator", None), "other": ("enterprise_safety", "LW2")}
    return {id: house.session(house.account(id, *role)) for id, role in roles.items()}


def look(house: Wired) -> None:
    """What the twin does by itself."""
    store = house.parts.store
    ROUND.make(store, house.parts.park)(store.tick())
    house.parts.dispatcher.look(store.tick())


def inbox(house: Wired, secret: str, **asked: str) -> list[dict[str, Any]]:
    said = house.ask("GET", "/api/v1/messages/mine", secret, query_string=asked).json
    assert said is not None
    return list(said["messages"])


def apply(house: Wired, secret: str, target: str = LEVEL) -> str:
    said = {"target": target, "reason": "repair", "note": "更换浮子"}
    said |= {"starts": iso(now() - timedelta(minutes=1)), "ends": iso(now() + timedelta(hours=2))}
    answer = house.ask("POST", "/api/v1/faults", secret, json=said)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])  # type: ignore[index]


def test_an_application_is_told_to_who_may_decide_and_its_decision_to_who_had_asked(house, people):
    id = apply(house, people["plant"])
    look(house)
    look(house)
    for each in ("boss", "second", "duty"):
        [told] = inbox(house, people[each])
        assert (told["kind"], told["subject"], told["notice"]) == ("approval", id, f"approval:faults:{id}:pending")
        assert "待审批" in told["title_zh"]
        assert "plant" in told["body_zh"]
        assert "检修" in told["body_zh"]
        assert "{" not in told["body_zh"] + told["title_en"] + told["body_en"]
    for each in ("plant", "shift", "other"):
        assert inbox(house, people[each]) == []
    said = {"action": "refuse", "note": "先出作业票"}
    assert house.ask("POST", f"/api/v1/faults/{id}/actions", people["duty"], json=said).status_code == 200
    look(house)
    [told] = inbox(house, people["plant"])
    assert "已驳回" in told["title_zh"]
    assert "先出作业票" in told["body_zh"]
    assert "duty" in told["body_en"]
    assert len(inbox(house, people["boss"])) == 1


def test_what_is_applied_for_is_called_by_its_name_point_or_not(house, people):
    named = {each.id: each.name_zh for each in house.parts.park.features["tanks"]}
    for target in ("LW1-T1", LEVEL):
        apply(house, people["plant"], target)
        look(house)
    told = {each["title_zh"] for each in inbox(house, people["boss"])}
    assert any(named["LW1-T1"] in each for each in told), told
    assert len(told) == 2


def test_a_change_of_a_limit_is_told_to_the_bureau_alone(house, people):
    said = {"point": LEVEL, "which": "H", "new": None, "reason": "夏季工况"}
    answer = house.ask("POST", "/api/v1/limits", people["plant"], json=said)
    assert answer.status_code == 201, answer.text
    look(house)
    [told] = inbox(house, people["boss"])
    assert "→ 无" in told["title_zh"]
    assert "夏季工况" in told["body_zh"]
    assert "→ none" in told["title_en"]
    assert inbox(house, people["duty"]) == []
    id = answer.json["id"]
    decided = house.ask("POST", f"/api/v1/limits/{id}/decision", people["boss"], json={"decision": "approve"})
    assert decided.status_code == 200, decided.text
    look(house)
    assert "已批准" in inbox(house, people["plant"])[0]["title_zh"]


def test_what_is_withdrawn_before_anybody_was_told_is_not_told(house, people):
    id = apply(house, people["plant"])
    house.ask("POST", f"/api/v1/faults/{id}/actions", people["plant"], json={"action": "withdraw"})
    look(house)
    assert inbox(house, people["boss"]) == []


def test_the_inbox_is_narrowed_by_kind_and_to_what_is_unread(house, people):
    apply(house, people["plant"])
    look(house)
    house.ask("POST", "/api/v1/messages", people["boss"], json={"to": "10100001", "words": "请核实"})
    [told] = inbox(house, people["boss"], kind="approval", unread="1")
    assert inbox(house, people["boss"], kind="alarm") == []
    house.ask("POST", "/api/v1/messages/mine/read", people["boss"], json={"ids": [told["id"]]})
    assert inbox(house, people["boss"], unread="1") == []
    assert len(inbox(house, people["boss"])) == 1
    assert house.ask("GET", "/api/v1/messages/mine?kind=x", people["boss"]).status_code == 400


def test_without_accounts_whoever_looks_is_told(house):
    said = {"point": LEVEL, "which": "H", "new": None, "reason": "夏季工况"}
    token = {"Authorization": f"Bearer {first_token(house.twin.run.data)[0]}"}
    assert house.app.test_client().post("/api/v1/limits", json=said, headers=token).status_code == 201
    look(house)
    [told] = house.parts.store.reader().read(
        "notify/mine", at=house.parts.store.tick(), account="demo", unread=False, kind=None, limit=9
    )["subject"]
    assert told.startswith("LC-")
