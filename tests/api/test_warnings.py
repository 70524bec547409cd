"""Gas warnings over HTTP: what is told of one, what may be done, and the report that an orange one needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from cache.books import Deed
from services.gas_watch import GasWatch
from tests.people.house import Wired, wired
from twin.alarm import HAPPENED
from twin.moment import now

GAS = "LW1-U1-GC1"
PDF = b"%PDF-1.7\n%the report\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """The small park with an orange warning of LW1; four people."""
    with wired(tmp_path_factory.mktemp("warnings")) as made:
        store = made.parts.store
        found = pl.DataFrame([(GAS, "HH", "raised", now() - timedelta(seconds=5), 60.0, 50.0)], HAPPENED, orient="row")
        store.do(Deed(lambda known: store.books.alarms.happened(found, known))).result()
        GasWatch(store, made.parts.store._park).look(store.tick())
        yield made


@pytest.fixture(scope="module")
def secrets(house: Wired) -> dict[str, str]:
    """The session of each."""
    people = {
        "plant": ("enterprise_safety", "LW1"),
        "other": ("enterprise_safety", "LW2"),
        "duty": ("duty_leader", None),
    }
    people |= {"guest": ("expert", None)}
    return {id: house.session(house.account(id, role, of)) for id, (role, of) in people.items()}


@pytest.fixture
def ask(house: Wired, secrets: dict[str, str]) -> Any:
    """``ask("plant", "GET", path)``: status and answer."""

    def asked(who: str, method: str, path: str, **more: Any) -> tuple[int, Any]:
        answer = house.ask(method, path, secrets[who], **more)
        return answer.status_code, answer.get_json(silent=True) or answer.get_data()

    return asked


def test_an_orange_warning_from_its_feedback_to_its_end(ask: Any) -> None:
    status, listed = ask("duty", "GET", "/api/v1/warnings?state=open")
    (one,) = listed["warnings"]
    assert (status, one["level"], one["inside"], one["owner"], one["late"]) == (200, "orange", True, "LW1", False)
    assert ask("other", "GET", "/api/v1/warnings")[1] == {"warnings": []}
    place = f"/api/v1/warnings/{one['id']}"
    assert ask("other", "GET", place)[0] == 404
    assert ask("other", "POST", f"{place}/actions", json={"action": "feedback", "note": "x"})[0] == 404
    assert ask("guest", "POST", f"{place}/actions", json={"action": "feedback", "note": "x"})[0] == 403

    said = {"action": "feedback", "note": "已派人现场确认"}
    whole = ask("plant", "POST", f"{place}/actions", json=said)[1]
    assert (whole["feedback_by"], whole["timeline"][-1]["event_zh"]) == ("plant", "反馈")
    assert {"result", "report"} <= set(whole["actions"])
    assert not {"close", "level"} & set(whole["actions"])
    assert whole["evidence"][0]["why"] == "second"
    assert {each["addressee"] for each in whole["told"]} >= {"post:safety_deputy@LW1", "post:park_leader_safety"}
    assert ask("plant", "POST", f"{place}/actions", json={"action": "result", "note": "已关阀"})[0] == 200
    close = {"action": "close", "note": "仪表故障", "basis": "impossible"}
    status, refused = ask("duty", "POST", f"{place}/actions", json=close)
    assert (status, refused["error"]["said"]["key"]) == (409, "warning.refused.no_report")

    name = "%E8%B0%83%E6%9F%A5%E6%8A%A5%E5%91%8A.pdf"
    for body, file, code in (
        (b"", name, "empty_file"),
        (b"MZ\x90\x00", name, "file_kind"),
        (PDF, "report.exe", "file_name"),
        (PDF, "..%2Freport.pdf", "file_name"),
    ):
        status, refused = ask("plant", "POST", f"{place}/reports?name={file}", data=body)
        assert (status, refused["error"]["code"]) == (400, code)
    status, refused = ask("plant", "POST", f"{place}/reports?name={name}", data=PDF + b"0" * 10 * 1024 * 1024)
    assert (status, refused["error"]["code"]) == (413, "too_large")
    assert ask("plant", "POST", f"{place}/reports", data=PDF)[1]["error"]["field"] == "name"
    status, whole = ask("plant", "POST", f"{place}/reports?name={name}", data=PDF)
    (file,) = whole["files"]
    assert (status, file["name"], file["bytes"]) == (201, "调查报告.pdf", len(PDF))
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert ask("duty", "GET", f"{place}/reports/{file['sha256']}") == (200, PDF)
    assert ask("other", "GET", f"{place}/reports/{file['sha256']}")[0] == 404
    assert ask("duty", "GET", f"{place}/reports/{'0' * 64}")[0] == 404

    status, whole = ask("duty", "POST", f"{place}/actions", json=close)
    assert (status, whole["state"], whole["closed_by"], whole["actions"]) == (200, "closed", "duty", [])
    status, refused = ask("duty", "POST", f"{place}/actions", json=close)
    assert (status, "closed by duty" in refused["error"]["message"]) == (409, True)
    assert ask("plant", "POST", f"{place}/reports?name={name}", data=PDF)[0] == 409
    assert ask("duty", "GET", "/api/v1/warnings?state=open")[1] == {"warnings": []}
    assert ask("duty", "GET", f"{place}?at=2026-01-01T00:00:00Z")[0] == 404


def test_what_is_asked_wrongly_is_named(ask: Any) -> None:
    for path, body, field in (
        ("/api/v1/warnings/none/actions", {"note": "x"}, "action"),
        ("/api/v1/warnings/none/actions", {"action": "close", "why": "x"}, "why"),
    ):
        status, refused = ask("duty", "POST", path, json=body)
        assert (status, refused["error"]["field"]) == (400, field)
    assert ask("duty", "GET", "/api/v1/warnings?level=pink")[1]["error"]["field"] == "level"
    assert ask("duty", "GET", "/api/v1/cautions?limit=0")[1]["error"]["field"] == "limit"
    assert ask("duty", "GET", "/api/v1/cautions")[1] == {"cautions": []}
