"""Papers that expire, as another program meets them: how they stand, reminders by hand, a record whose date is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.accounts import LOCAL, By
from tests.cache.batches import records
from tests.people.house import Wired, wired
from twin.moment import now

SECRETS: dict[str, str] = {}  # of who has signed in
TODAY = now().astimezone(ZoneInfo("Asia/Shanghai")).date()


def _licence(id: str, owner: str, days: int) -> dict[str, Any]:
    said = {"certificate_type": "02", "certificate_name": "安全生产许可证", "certificate_no": id}
    return {"id": id, "enterprise_id": owner, "valid_to": TODAY + timedelta(days=days)} | said


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with wired(tmp_path_factory.mktemp("expiry")) as each:
        each.parts.store.append(
            records("enterprise_certificate", _licence("EC1", "LW1", -3), _licence("EC2", "LW2", 20))
        )
        for id, role, org in (
            ("op", "operator", None),
            ("grid", "grid_officer", None),
            ("ent", "enterprise_head", "LW1"),
        ):
            SECRETS[id] = each.session(each.account(id, role, org))
        yield each


def ask(house: Wired, method: str, path: str, who: str = "op", **more: Any) -> Any:
    return house.ask(method, f"/api/v1/{path}", SECRETS[who], **more)


def notices(house: Wired) -> list[dict[str, Any]]:
    return house.parts.store._database.query("SELECT * FROM notice ORDER BY seq").to_dicts()


def test_papers_stand_as_their_days_say_and_an_enterprise_sees_its_own(house: Wired) -> None:
    found = ask(house, "GET", "expiry").get_json()["papers"]
    told = [(each["key"], each["paper_state"], each["days_left"], each["window"]) for each in found]
    assert told == [("production_licence:EC1", "overdue", -3, 0), ("production_licence:EC2", "soon", 20, 30)]
    assert [each["id"] for each in ask(house, "GET", "expiry", "ent").get_json()["papers"]] == ["EC1"]
    assert ask(house, "GET", "expiry?scene=drill").get_json()["papers"] == []
    assert ask(house, "GET", "expiry?scene=none").status_code == 400


def test_a_reminder_is_sent_by_hand_once_a_minute_and_said_to_be(house: Wired) -> None:
    sent = ask(house, "POST", "expiry/reminders", json={"paper": "production_licence:EC1"})
    assert (sent.status_code, len(sent.get_json()["sent"])) == (201, 1)
    [notice] = notices(house)
    assert (notice["kind"], notice["subject"], notice["asked_by"]) == ("expiry", "production_licence:EC1", "op")
    assert notice["addressees"] == ["post:safety_department_head@LW1", "post:enterprise_head@LW1"]
    assert notice["template"] == "expiry_overdue"
    [paper] = ask(house, "GET", "expiry?state=overdue").get_json()["papers"]
    assert (paper["reminded_by"], paper["reminded_at"] is not None) == ("op", True)
    whole = ask(house, "POST", "expiry/reminders", json={"scene": "production_licence"}).get_json()["sent"]
    assert {each.split(":")[2] for each in whole} in ({"EC2"}, {"EC1", "EC2"})  # the second where a minute has passed


@pytest.mark.parametrize(
    ("body", "who", "status", "code"),
    [
        ({}, "op", 400, "bad_input"),
        ({"scene": "drill", "paper": "x"}, "op", 400, "bad_input"),
        ({"scene": "none"}, "op", 400, "bad_input"),
        ({"paper": "drill:none"}, "op", 404, "unknown_paper"),
        ({"scene": "drill"}, "op", 409, "nothing_due"),
        ({"scene": "drill"}, "grid", 403, "no_right"),
    ],
)
def test_what_cannot_be_reminded_of_is_said(
    house: Wired, body: dict[str, str], who: str, status: int, code: str
) -> None:
    said = ask(house, "POST", "expiry/reminders", who, json=body)
    assert (said.status_code, said.get_json()["error"]["code"]) == (status, code)


def test_a_record_whose_date_is_none_is_refused_by_its_field_and_the_others_go_through(house: Wired) -> None:
    at = "2026-11-20T08:00:00Z"
    audit = {"is_deleted": False, "created_at": at, "created_by": "x", "updated_at": at, "updated_by": "x"}
    good = {"id": "PC1", "park_id": "small", "person_id": "P1", "certificate_name": "特种作业操作证", **audit}
    good |= {"certificate_type": "05", "certificate_no": "1", "issuing_authority": "x", "issue_date": "2023-12-01"}
    body = {"records": [good | {"valid_to": "2026-12-01"}, good | {"id": "PC2", "valid_to": "2026-13-40"}]}
    secret, _ = house.parts.people.keeper.add_token("feed", ["ingest"], None, By("test", LOCAL))
    bearer = {"Authorization": f"Bearer {secret}"}
    said = house.ask("POST", "/api/v1/records/person_certificate", json=body, headers=bearer).get_json()
    assert said["accepted"] == 1
    assert [(each["index"], each["field"]) for each in said["rejected"]] == [(1, "records[1].valid_to")]
    assert "2026-13-40" in said["rejected"][0]["message"]
