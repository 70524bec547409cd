"""The screens of accounts and of the log: whose they are to see, what stands in them, and what never does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from cache.ledger import Entry
from services.credentials import key_of
from tests.people.house import Wired, wired
from twin.errors import NotAllowed
from twin.moment import iso
from twin.roles import ROLES, Right

SCREENS = {"accounts": Right.manage_accounts, "audit": Right.read_audit}
PANELS = {"accounts": "account_list", "audit": "audit_log"}
HELD = {"enterprise_head": "LW1", "enterprise_safety": "LW1", "enterprise_line": "LW1"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """The small park, wired."""
    with wired(tmp_path_factory.mktemp("screens")) as each:
        yield each


@pytest.fixture(scope="module")
def root(house: Wired) -> str:
    """An administrator's session."""
    return house.session(house.account("root", "administrator"))


@pytest.fixture(scope="module")
def check(house: Wired) -> str:
    """An auditor's session."""
    return house.session(house.account("check", "auditor"))


def noted(house: Wired) -> None:
    """Until all that was noted is in the journal."""
    house.parts.store.note([]).result()


def frame(house: Wired, secret: str, screen: str, **params: str) -> dict[str, Any]:
    """What a screen shows now, as another program gets it for a moment."""
    noted(house)
    at = iso(house.parts.store.tick())
    answer = house.ask("GET", f"/api/v1/screens/{screen}/frame", secret, query_string={"at": at, **params})
    assert answer.status_code == 200, answer.text
    panels: dict[str, Any] = answer.get_json()["panels"]
    return panels


def log(house: Wired, secret: str, **params: str) -> list[dict[str, Any]]:
    """The lines of the log."""
    rows: list[dict[str, Any]] = frame(house, secret, "audit", **params)["audit_log"]["rows"]
    return rows


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_open_to_who_has_its_right_and_to_nobody_else(house: Wired, role: str, screen: str) -> None:
    secret = house.session(house.account(role, role, HELD.get(role)))
    may, panel = SCREENS[screen] in ROLES[role], PANELS[screen]
    listed = {each["id"] for each in house.ask("GET", "/api/v1/screens", secret).get_json()}
    assert (screen in listed) is may
    asked = (f"/api/v1/screens/{screen}/frame?at=2026-11-21T00:00:00Z", f"/api/v1/explain/{screen}/{panel}")
    answers = [house.ask("GET", each, secret) for each in asked]
    assert {each.status_code for each in answers} == {200 if may else 403}
    if not may:
        assert {each.get_json()["error"]["code"] for each in answers} == {"no_right"}
        assert house.ask("GET", f"/api/v1/screens/{screen}/lists/{panel}/x", secret).status_code == 403
    page = house.ask("GET", f"/{screen}", secret)
    assert (page.status_code, page.mimetype) == (200 if may else 403, "text/html")
    shell = house.ask("GET", "/_dash-layout", secret).get_data(as_text=True)  # what the page's navigation is made of
    assert (f'{{"key":"{screen}","path"' in shell) is may


@pytest.mark.parametrize("screen", SCREENS)
def test_no_socket_shows_it_to_who_may_not(house: Wired, screen: str) -> None:
    person = house.parts.people.keeper.person(house.account("duty", "operator"))
    with pytest.raises(NotAllowed):
        house.parts.builder.key_for(person, screen, {})


def test_a_refused_page_is_noted(house: Wired, check: str) -> None:
    duty = house.session(house.account("curious", "operator"))
    elsewhere = {"REMOTE_ADDR": "10.5.5.5"}  # so many refusals of one address are noted, and no more
    assert house.ask("GET", "/accounts", duty, environ_overrides=elsewhere).status_code == 403
    [entry] = log(house, check, who="curious", action="refused")
    assert (entry["about"], entry["result"]["args"]["status"]) == ("GET /accounts", 403)


def test_without_login_they_are_nobodys(tmp_path: Any) -> None:
    with wired(tmp_path) as free:
        assert not SCREENS.keys() & {each["id"] for each in free.ask("GET", "/api/v1/screens").get_json()}
        assert [free.ask("GET", f"/{each}").status_code for each in SCREENS] == [403, 403]


def test_nothing_secret_stands_in_a_frame_or_an_explanation(house: Wired, root: str) -> None:
    given = house.ask("POST", "/api/v1/tokens", root, json={"name": "pump", "scopes": ["read"]}).get_json()
    person = {"id": "keeper", "name": "K", "role": "gate", "password": "Given-pass-1"}
    assert house.ask("POST", "/api/v1/accounts", root, json=person).status_code == 201
    second = house.ask("POST", "/api/v1/accounts/keeper/second", root, json={}).get_json()["second"]
    account = house.parts.people.keeper.account("keeper")
    shown = orjson.dumps(frame(house, root, "accounts")).decode()
    asked = [house.ask("GET", f"/api/v1/explain/accounts/{each}", root).get_data(as_text=True) for each in (
        "account_list", "account_tokens", "account_counts",
    )]  # fmt: skip
    hidden = (given["secret"], key_of(given["secret"]), second, account.secret, account.second, root, key_of(root))
    for told in (shown, *asked):
        assert [each for each in hidden if each and each in told] == []
    assert given["token"]["id"] in shown


def test_accounts_are_shown_as_they_were_at_any_moment(house: Wired, root: str) -> None:
    keys = lambda at: {row["key"] for row in _accounts(house, root, at)}  # noqa: E731
    before = iso(house.parts.store.tick())
    person = {"id": "later", "name": "Later", "role": "gate", "password": "Given-pass-1"}
    assert house.ask("POST", "/api/v1/accounts", root, json=person).status_code == 201
    made = iso(house.parts.store.tick())
    assert house.ask("POST", "/api/v1/accounts/later/lock", root, json={}).status_code == 200
    locked = iso(house.parts.store.tick())
    assert ("later" in keys(before), "later" in keys(made)) == (False, True)
    states = [_one(house, root, at, "later")["right"]["key"] for at in (made, locked)]
    assert states == ["accounts.state.open", "accounts.state.disabled"]


def _accounts(house: Wired, root: str, at: str) -> list[dict[str, Any]]:
    answer = house.ask("GET", f"/api/v1/screens/accounts/frame?at={at}", root).get_json()
    rows: list[dict[str, Any]] = answer["panels"]["account_list"]["rows"]
    return rows


def _one(house: Wired, root: str, at: str, id: str) -> dict[str, Any]:
    return next(row for row in _accounts(house, root, at) if row["key"] == id)


def test_who_is_locked_by_wrong_tries_is_shown_so_until_opened(house: Wired, root: str) -> None:
    person = {"id": "hasty", "name": "Hasty", "role": "gate", "password": "Given-pass-1"}
    assert house.ask("POST", "/api/v1/accounts", root, json=person).status_code == 201
    for number in range(5):
        wrong = {"account": "hasty", "password": "Wrong-pass-1"}
        address = {"REMOTE_ADDR": f"10.9.0.{number}"}
        assert house.ask("POST", "/api/v1/session", json=wrong, environ_overrides=address).status_code == 401
    locked = house.ask("POST", "/api/v1/session", json=wrong).get_json()["error"]
    assert (locked["code"], locked["told"]) == ("locked", {"min": 15})  # the sign-in page says so
    noted(house)
    line = _one(house, root, iso(house.parts.store.tick()), "hasty")
    assert line["right"]["key"] == "accounts.state.locked"
    assert [each["key"] for each in line["acts"]] == ["change", "open", "reset", "second"]
    assert house.ask("POST", "/api/v1/accounts/hasty/open", root, json={}).status_code == 200
    noted(house)
    line = _one(house, root, iso(house.parts.store.tick()), "hasty")
    assert line["right"]["key"] == "accounts.state.open"


def test_the_log_is_narrowed_by_what_stands_in_the_address(house: Wired, check: str) -> None:
    said = {"address": "10.7.7.7", "status": 200}
    house.parts.store.note(
        [Entry("audit", "POST /api/v1/limits", "done", "chen", said), Entry("limit", "P1", "asked", "chen")]
    ).result()
    [line] = log(house, check, who="chen")
    assert (line["who"], line["about"], line["address"]) == ("chen", "POST /api/v1/limits", "10.7.7.7")
    assert len(log(house, check, who="chen", stream="all")) == 2
    assert [each["about"] for each in log(house, check, stream="limit", words="p1")] == ["P1"]
    assert log(house, check, who="chen", action="failed") == []
    assert len(log(house, check, words="10.7.7.7")) == 1
    at = line["at"]["at"]
    assert log(house, check, who="chen", since=at, until=at) == [line]
    assert log(house, check, who="chen", until="2026-01-01T00:00:00Z") == []
    assert len(log(house, check, who="chen", since="no time", before="no number")) == 1


def test_the_log_comes_page_by_page_there_and_back(house: Wired, check: str) -> None:
    house.parts.store.note([Entry("audit", f"GET /{n:03}", "done", "pager") for n in range(250)]).result()
    pages, params = [], {"who": "pager"}
    while True:
        shown = frame(house, check, "audit", **params)["audit_log"]
        assert shown["total"] == 250
        pages.append([each["about"] for each in shown["rows"]])
        ways = {each["key"]: {name: said for name, said in each["params"].items() if said} for each in shown["acts"]}
        if "older" not in ways:
            break
        params = {"who": "pager", **ways["older"]}
    assert [len(each) for each in pages] == [100, 100, 50]
    assert [each for page in pages for each in page] == [f"GET /{n:03}" for n in reversed(range(250))]
    back = frame(house, check, "audit", who="pager", **ways["newer"])["audit_log"]
    assert [each["about"] for each in back["rows"]] == pages[1]
    assert {each["key"] for each in back["acts"]} == {"newest", "newer", "older"}
    first = next(each["params"] for each in back["acts"] if each["key"] == "newer")
    there = frame(house, check, "audit", who="pager", after=first["after"])["audit_log"]
    assert [each["about"] for each in there["rows"]] == pages[0]
    assert {each["key"] for each in there["acts"]} == {"older"}
