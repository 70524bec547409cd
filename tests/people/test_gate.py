"""What the gate adds to every answer: notes for the log, limits, the page's policy; and what the auditor reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cache.ledger import Entry
from services.first_token import first_token
from services.throttle import Throttle
from tests.cache.batches import records
from tests.people.house import Wired, wired
from tests.people.test_sessions import Journal


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """The small park, wired."""
    with wired(tmp_path_factory.mktemp("gate")) as each:
        yield each


@pytest.fixture
def journal(house: Wired) -> Iterator[Journal]:
    """What is noted meanwhile."""
    audit, each = house.parts.people.audit, Journal()
    before, audit._note = audit._note, each
    yield each
    audit._note = before


@pytest.fixture
def duty(house: Wired) -> str:
    """An operator's session."""
    return house.session(house.account("duty", "operator"))


def test_what_is_done_and_what_is_taken_out_is_noted_with_who_when_from_where_and_result(
    house: Wired, journal: Journal
) -> None:
    root = house.session(house.account("root", "administrator"))
    journal.entries.clear()
    agent = {"User-Agent": "Firefox"}
    house.ask("POST", "/api/v1/tokens", root, json={"name": "pump", "scopes": ["read"]}, headers=agent)
    [action] = [each for each in journal.entries if each.stream == "audit"]
    assert (action.who, action.event, action.subject) == ("root", "done", "POST /api/v1/tokens")
    assert action.said["address"] == "127.0.0.1"
    assert action.said["agent"] == "Firefox"
    assert action.said["status"] == 201
    [made] = [each for each in journal.entries if each.stream == "account"]
    assert (made.subject, made.event, made.who) == ("pump", "token_made", "root")


def test_a_file_that_leaves_the_house_is_noted(house: Wired, journal: Journal, duty: str) -> None:
    journal.entries.clear()
    house.ask("GET", "/api/v1/layers", duty)
    assert journal.entries == []
    answer = house.ask("GET", "/api/v1/points/LW1-T1-LEVEL/history?format=csv", duty)
    assert answer.status_code == 200
    [entry] = journal.entries
    assert entry.subject == "GET /api/v1/points/LW1-T1-LEVEL/history"
    assert "format=csv" in entry.said["query"]


def test_each_refusal_is_noted_but_a_scanner_does_not_fill_the_log(house: Wired, journal: Journal, duty: str) -> None:
    journal.entries.clear()
    for _ in range(200):
        house.ask("GET", "/api/v1/accounts", duty)
    refused = [each for each in journal.entries if each.event == "refused"]
    assert refused[0].who == "duty"
    assert refused[0].said["code"] == "no_right"
    assert 0 < len(refused) < 100


def test_the_demo_operators_actions_are_noted_as_such(tmp_path) -> None:
    with wired(tmp_path) as free:
        journal = Journal()
        free.parts.people.audit._note = journal
        free.ask("POST", "/api/v1/backup", json={})
        free.ask("GET", "/api/v1/points/LW1-T1-LEVEL/history?format=csv")
        assert [each.who for each in journal.entries] == ["demo", "demo"]
        assert journal.entries[1].said["role"] == "demo"


def test_a_machine_that_operates_is_noted_and_one_that_delivers_is_not(house: Wired, journal: Journal) -> None:
    token = {"Authorization": f"Bearer {first_token(house.twin.run.data)[0]}"}
    house.ask("POST", "/api/v1/readings", json={"readings": []}, headers=token)
    house.ask("POST", "/api/v1/backup", json={}, headers=token)
    assert [(each.who, each.subject, each.event) for each in journal.entries] == [
        ("machine", "POST /api/v1/backup", "failed")
    ]


def test_the_auditor_reads_the_journal_and_nobody_else(house: Wired, duty: str) -> None:
    check = house.session(house.account("check", "auditor"))
    locked = Entry("account", "duty", "locked", "root", {"address": "10.0.0.1"})
    noted = [locked, Entry("audit", "POST /x", "done", "root")]
    house.parts.store.note(noted).result()
    newest = house.ask("GET", "/api/v1/audit?limit=2", check).get_json()
    assert [each["event"] for each in newest["entries"]] == ["done", "locked"]
    assert newest["entries"][1]["said"] == {"address": "10.0.0.1"}
    accounts = house.ask("GET", "/api/v1/audit?stream=account", check).get_json()["entries"]
    assert (accounts[0]["event"], {each["stream"] for each in accounts}) == ("locked", {"account"})
    first = house.ask("GET", "/api/v1/audit?limit=1", check).get_json()
    following = house.ask("GET", f"/api/v1/audit?cursor={first['next']}", check).get_json()["entries"]
    assert following[0] == newest["entries"][1]
    assert house.ask("GET", "/api/v1/audit?stream=nothing", check).status_code == 400
    assert house.ask("GET", "/api/v1/audit", duty).status_code == 403
    assert house.ask("GET", "/api/v1/audit").status_code == 401


def test_too_many_sign_ins_and_too_many_writes_are_put_off(
    house: Wired, duty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = house.parts.people
    monkeypatch.setattr(people, "sign_ins", Throttle(1 / 60, 2))
    said = [house.ask("POST", "/api/v1/session", json={"account": "x", "password": "y"}) for _ in range(3)]
    assert [each.status_code for each in said] == [401, 401, 429]
    assert int(said[2].headers["Retry-After"]) > 0
    assert said[2].get_json()["error"]["code"] == "too_many"
    monkeypatch.setattr(people, "writes", Throttle(1 / 60, 1))
    body: dict[str, Any] = {"circle": {"lon": 0, "lat": 0, "radius_m": 10}}
    answers = [house.ask("POST", "/api/v1/within", duty, json=body) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
    assert "Retry-After" in answers[1].headers


def test_the_page_runs_only_what_comes_from_here(house: Wired, duty: str) -> None:
    page = house.ask("GET", "/", duty)
    said = dict(each.strip().split(" ", 1) for each in page.headers["Content-Security-Policy"].split(";"))
    scripts = said["script-src"].split()
    assert scripts[0] == "'self'"
    assert all(each.startswith("'sha256-") for each in scripts[1:])
    assert said["style-src"] == "'self' 'unsafe-inline'"
    assert said["worker-src"] == "blob:"
    assert said["img-src"].startswith("'self' data: blob:")
    assert said["connect-src"] == "'self' ws: wss:"
    assert "unsafe-eval" not in page.headers["Content-Security-Policy"]
    assert len(scripts) > 1


def test_the_document_says_which_right_each_call_needs(house: Wired, duty: str) -> None:
    said = house.ask("GET", "/api/v1/openapi.json", duty).get_json()
    calls = {f"{method} {path}": call for path, each in said["paths"].items() for method, call in each.items()}
    assert calls["post /api/v1/readings"]["x-right"] == "ingest"
    assert calls["get /api/v1/audit"]["x-right"] == "read_audit"
    assert calls["get /healthz"]["security"] == []
    assert {"401", "403", "429"} <= set(calls["get /api/v1/layers"]["responses"])
    unsaid = [name for name, call in calls.items() if "security" not in call]
    assert unsaid == []


def test_exports_need_their_right(house: Wired) -> None:
    gate = house.session(house.account("porter", "gate"))
    assert house.ask("GET", "/api/v1/points/LW1-T1-LEVEL/history", gate).status_code == 200
    refused = house.ask("GET", "/api/v1/points/LW1-T1-LEVEL/history?format=csv", gate)
    assert refused.get_json()["error"]["code"] == "no_right"
    for path in ("/api/v1/points/history.csv?points=LW1-T1-LEVEL", "/api/v1/screens/overview/lists/now/gas?format=csv"):
        assert house.ask("GET", path, gate).status_code == 403, path


def test_anothers_point_is_unknown_to_an_enterprise(house: Wired) -> None:
    one = house.session(house.account("one", "enterprise_safety", "LW1"))
    points = house.parts.park.points
    other = next(each for each, owner in zip(points["id"], points["owner"], strict=True) if owner == "LW2")
    for path in (
        f"/api/v1/points/{other}",
        f"/api/v1/points/{other}/history",
        f"/api/v1/points/{other}/history?format=csv",
        f"/api/v1/points/history.csv?points=LW1-T1-LEVEL,{other}",
    ):
        assert house.ask("GET", path, one).status_code == 404, path
    listed = house.ask("GET", "/api/v1/layers/points", one).get_json()["features"]
    assert {each["id"].split("-")[0] for each in listed} == {"LW1"}
    assert house.ask("GET", "/api/v1/rejects", one).get_json() == {"rejects": []}
    park = house.session(house.account("all", "operator"))
    whole = next(each for each in house.ask("GET", "/api/v1/layers", park).get_json() if each["id"] == "points")
    assert house.ask("GET", whole["static"], one).status_code == 404  # another's version is no way round
    found = house.ask("GET", "/api/v1/search?q=LW2", one).get_json()
    assert {each["layer"] for each in found} <= {"enterprises"}


def test_an_enterprise_opens_only_files_that_are_everybodys(house: Wired, duty: str) -> None:
    archive = house.parts.store._database.path.parent / "archive"
    archive.mkdir()
    for name in ("plan.pdf", "secret.pdf"):
        (archive / name).write_bytes(b"%PDF-1.4")
    plan = {"id": "P1", "plan_name": "plan", "plan_type": "01", "plan_file": "plan.pdf"}
    house.parts.store.append(records("park_plan", plan))
    one = house.session(house.account("reader", "enterprise_safety", "LW1"))
    opened = {name: house.ask("GET", f"/api/v1/files/{name}", one).status_code for name in ("plan.pdf", "secret.pdf")}
    assert opened == {"plan.pdf": 200, "secret.pdf": 404}
    assert house.ask("GET", "/api/v1/files/secret.pdf", duty).status_code == 200
