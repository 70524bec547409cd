"""Every address × every role: who has the right is let in, nobody else is, no address lacks a right (NF-65)."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from api._gate import ANYONE, OPEN, PAGES, needed
from services.accounts import LOCAL, By
from tests.people.house import Wired, wired
from twin.roles import DEMO_RIGHTS, ENTERPRISE_ROLES, ROLES, SCOPES, Right

ENTERPRISE = "LW1"
FILL = {"layer": "points", "screen": "overview", "panel": "online", "item": "x", "point": "LW1-T1-LEVEL", "form": "csv"}
FILL |= {"table": "enterprise", "what": "none", "id": "nobody", "lang": "zh", "name": "none.pdf"}
METHODS = ("GET", "POST")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """The small park, wired; the log of failing callbacks is not looked at."""
    logging.getLogger("parktwin").setLevel(logging.CRITICAL)
    with wired(tmp_path_factory.mktemp("matrix")) as each:
        each.app.logger.setLevel(logging.CRITICAL)
        yield each
    logging.getLogger("parktwin").setLevel(logging.NOTSET)


def rules(house: Wired) -> list[Rule]:
    """All addresses; what ends a session comes last."""
    found = list(house.app.url_map.iter_rules())
    return sorted(found, key=lambda each: ("session" in each.rule, each.rule))


def address(rule: Rule) -> str:
    """An address of a rule."""
    built = rule.build({name: FILL.get(name, "x") for name in rule.arguments}, append_unknown=False)
    assert built
    return str(built[1])


def test_no_address_is_without_a_right(house: Wired) -> None:
    assert [each.rule for each in rules(house) if needed(house.app, each) is None] == []


def test_what_the_document_says_is_what_the_gate_asks(house: Wired) -> None:
    views = {each.rule: house.app.view_functions[each.endpoint] for each in rules(house)}
    declared = {rule: view for rule, view in views.items() if hasattr(view, "contract")}
    assert [rule for rule, view in declared.items() if view.contract.needs != view.needs] == []
    assert len(declared) > 20


def test_what_is_open_is_named_here(house: Wired) -> None:
    found = {each.rule for each in rules(house) if needed(house.app, each) == OPEN}
    assert found == {
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "/_favicon.ico",
        "/api/",
        "/api/<path:rest>",
        "/api/v1/session",
        "/assets/<path:filename>",
        "/assets/parktwin.js",
        "/healthz",
        "/locale/<lang>.json",
        "/login",
        "/login/oidc",
        "/login/oidc/back",
        "/login/password",
    }


def test_every_row_of_the_table_of_pages_is_an_address(house: Wired) -> None:
    assert set(PAGES) <= {each.rule for each in rules(house)}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_where_it_has_the_right_and_nowhere_else(house: Wired, role: str) -> None:
    account = house.account(role, role, ENTERPRISE if role in ENTERPRISE_ROLES else None)
    secret = house.session(account)
    for rule in rules(house):
        need = needed(house.app, rule)
        for method in METHODS:
            if method not in (rule.methods or ()) or (need == OPEN and method == "POST"):
                continue
            if rule.rule == "/api/v1/session/end":
                continue
            answer = house.ask(method, address(rule), secret, json={} if method == "POST" else None)
            said = answer.get_json(silent=True)
            code = said["error"]["code"] if isinstance(said, dict) and said.get("error") else ""
            allowed = need in (OPEN, ANYONE) or Right(str(need)) in ROLES[role]
            if allowed:
                assert answer.status_code != 401, (rule.rule, method)
                assert code != "no_right" or _sometimes(rule), (rule.rule, method)
            else:
                assert (answer.status_code, code) == (403, "no_right"), (rule.rule, method)


def _sometimes(rule: Rule) -> bool:
    """What asks for one more right, because of what is asked."""
    return rule.rule in ("/api/v1/rejects", "/api/v1/points/history.<form>")


@pytest.mark.parametrize("scope", SCOPES)
def test_each_scope_of_a_token_opens_what_it_says(house: Wired, scope: str) -> None:
    keeper = house.parts.people.keeper
    by = _by()
    secret, _ = keeper.add_token(f"m-{scope}", [scope], None, by)
    for rule in rules(house):
        need = needed(house.app, rule)
        if need in (OPEN, ANYONE):
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = house.ask(method, address(rule), headers={"Authorization": f"Bearer {secret}"}, json=None)
        if Right(str(need)) not in SCOPES[scope]:
            assert answer.status_code == 403, rule.rule
        else:
            assert answer.status_code != 401, rule.rule


def _by() -> By:

    return By("test", LOCAL)


def test_who_has_not_signed_in_comes_nowhere(house: Wired) -> None:
    house.account("somebody", "operator")
    for rule in rules(house):
        if needed(house.app, rule) == OPEN:
            continue
        for method in {"GET", "POST"} & set(rule.methods or ()):
            answer = house.ask(method, address(rule), json={} if method == "POST" else None)
            assert answer.status_code in (401, 302), rule.rule


def test_without_login_the_demo_operator_may_act_but_keeps_no_accounts(tmp_path) -> None:
    with wired(tmp_path) as house:
        for rule in rules(house):
            need = needed(house.app, rule)
            if need in (OPEN, ANYONE) or "GET" not in (rule.methods or ()):
                continue
            status = house.ask("GET", address(rule)).status_code
            assert (status == 401) == (Right(str(need)) not in DEMO_RIGHTS), rule.rule


def test_administrator_auditor_and_operator_are_apart() -> None:
    admin, auditor, operator = (ROLES[each] for each in ("administrator", "auditor", "operator"))
    acts = {Right.act_alarm, Right.judge_alarm, Right.close_alarm, Right.propose_limit, Right.approve_limit}
    assert not admin & acts
    assert not auditor & acts
    assert Right.read_audit not in admin | operator
    assert Right.manage_accounts not in auditor | operator
    assert auditor <= {Right.view, Right.view_masked, Right.read_audit}
    for role in ROLES.values():
        assert not {Right.manage_accounts, Right.read_audit} <= role
        assert Right.ingest not in role


@pytest.mark.parametrize("role", sorted(ENTERPRISE_ROLES))
def test_no_role_of_an_enterprise_sees_the_park(role: str) -> None:
    assert not ROLES[role] & {Right.view_park, Right.view_masked, Right.diagnose, Right.backup, Right.approve_fault}
