"""Signing in to a real server: accounts made beside it, cookies, the page's token, and the ends of a session."""

from __future__ import annotations

import pytest
import requests

from tests.people.signing import GIVEN, OWN, Somebody, add_user
from tests.serving import SMALL_PARK, TOKEN, Server, command, free_port, running


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The small park with accounts; the first was made before the server began, the others while it runs."""
    data = tmp_path_factory.mktemp("people")
    add_user(data, "root", "administrator")
    with running(["run", "--park", str(SMALL_PARK)], data) as each:
        add_user(data, "duty", "operator")
        add_user(data, "check", "auditor")
        yield each


def test_nothing_is_told_to_who_has_not_signed_in(server):
    for path in ("/api/v1/layers", "/api/v1/screens/overview/frame", "/_dash-layout", "/_dash-dependencies"):
        answer = server.get(path)
        assert answer.status_code == 401, path
        assert answer.json()["error"]["code"] == "not_signed_in"
    assert server.get("/healthz").status_code == 200


def test_a_page_leads_to_the_sign_in_page_and_back_to_the_same_address(server):
    answer = requests.get(f"{server.url}/?enterprise=E1&lang=en", allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=%2F%3Fenterprise%3DE1%26lang%3Den"
    page = requests.get(server.url + answer.headers["Location"], timeout=10)
    assert page.status_code == 200
    assert "Sign in" in page.text
    assert 'data-next="/?enterprise=E1&amp;lang=en"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "next", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "javascript:x", "/\t/elsewhere"]
)
def test_the_sign_in_page_leads_nowhere_else(server, next):
    page = requests.get(f"{server.url}/login", params={"next": next}, timeout=10)
    assert 'data-next="/"' in page.text


def test_a_given_password_opens_nothing_but_its_own_change(server):
    add_user(server.data, "newcomer", "operator")
    one = Somebody(server)
    assert one.sign_in("newcomer", GIVEN).json()["must_change"] is True
    assert one.get("/api/v1/layers").json()["error"]["code"] == "password_change"
    assert one.get("/").headers["Location"].startswith("/login?")
    weak = one.post("/api/v1/session/password", {"old": GIVEN, "password": "short"})
    assert weak.json()["error"]["code"] == "weak_password"
    again = one.post("/api/v1/session/password", {"old": GIVEN, "password": GIVEN})
    assert again.json()["error"]["code"] == "same_password"
    assert one.post("/api/v1/session/password", {"old": GIVEN, "password": OWN}).status_code == 200
    assert one.get("/api/v1/layers").status_code == 200


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(server):
    answer = Somebody(server).sign_in("duty", GIVEN)
    session, csrf = (each for each in answer.raw.headers.getlist("Set-Cookie"))
    assert f"parktwin_{server.port}=" in session
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "HttpOnly" not in csrf
    secure = requests.post(
        f"{server.url}/api/v1/session",
        json={"account": "duty", "password": GIVEN},
        headers={"X-Forwarded-Proto": "https"},
        timeout=10,
    )
    assert all("Secure" in each for each in secure.raw.headers.getlist("Set-Cookie"))


def test_what_changes_something_needs_the_pages_token(server):
    one = Somebody(server).enter("duty")
    assert one.post("/api/v1/session/end", X_CSRFToken="").json()["error"]["code"] == "csrf"
    assert one.post("/api/v1/session/end", X_CSRFToken="0" * 64).status_code == 403
    body = {"circle": {"lon": 0, "lat": 0, "radius_m": 100}}
    assert one.post("/api/v1/within", body, X_CSRFToken="").status_code == 403
    assert one.post("/api/v1/within", body).status_code == 200
    assert one.post("/api/v1/within", body, Origin="https://elsewhere.example").status_code == 403


def test_a_second_sign_in_ends_the_first_and_the_first_is_told(server):
    first = Somebody(server).enter("duty")
    second = Somebody(server).enter("duty")
    error = first.get("/api/v1/layers").json()["error"]
    assert error["code"] == "signed_in_elsewhere"
    assert error["told"]["by"] == "127.0.0.1"
    assert second.get("/api/v1/layers").status_code == 200
    assert "why=signed_in_elsewhere" in first.get("/").headers["Location"]


def test_signing_out_leaves_nothing_behind(server):
    one = Somebody(server).enter("duty")
    held = dict(one.line.cookies)
    answer = one.post("/api/v1/session/end")
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert not one.cookies
    stolen = requests.get(f"{server.url}/api/v1/layers", cookies=held, timeout=10)
    assert stolen.json()["error"]["code"] == "signed_out"


def test_who_is_signed_in_is_told_with_their_rights(server):
    said = Somebody(server).enter("duty").get("/api/v1/session").json()
    assert said["person"]["role"] == "operator"
    assert said["person"]["scope"] == "park"
    assert "view" in said["person"]["rights"]
    assert "manage_accounts" not in said["person"]["rights"]


def test_answers_for_one_person_stay_out_of_common_caches(server):
    one = Somebody(server).enter("duty")
    assert one.get("/api/v1/layers").headers["Cache-Control"] == "no-store"
    listed = next(each for each in one.get("/api/v1/layers").json() if each["static"])
    assert one.get(listed["static"]).headers["Cache-Control"].startswith("private")


def test_an_administrator_makes_accounts_and_tokens_and_an_operator_does_not(server):
    root, duty = Somebody(server).enter("root"), Somebody(server).enter("duty")
    assert duty.get("/api/v1/accounts").status_code == 403
    made = root.post("/api/v1/accounts", {"id": "gate1", "name": "Gate", "role": "gate", "password": GIVEN})
    assert made.status_code == 201
    assert root.post("/api/v1/accounts", {"id": "gate1", "name": "Gate", "role": "gate"}).status_code == 409
    assert root.post("/api/v1/accounts/gate1/lock").json()["account"]["disabled"] is True
    assert Somebody(server).sign_in("gate1", GIVEN).status_code == 401
    assert root.post("/api/v1/accounts/root/lock").json()["error"]["code"] == "last_administrator"
    bad = {"id": "x", "name": "X", "role": "enterprise_line", "enterprise": "park"}
    assert root.post("/api/v1/accounts", bad).json()["error"]["code"] == "unknown_enterprise"


def test_a_token_opens_what_its_scopes_say_until_it_is_revoked(server):
    root = Somebody(server).enter("root")
    given = root.post("/api/v1/tokens", {"name": "pump", "scopes": ["read"]}).json()
    headers = {"Authorization": f"Bearer {given['secret']}"}

    def ask(method: str, path: str) -> int:
        return requests.request(method, server.url + path, headers=headers, json={}, timeout=10).status_code

    assert ask("GET", "/api/v1/layers") == 200
    assert ask("POST", "/api/v1/readings") == 403
    assert ask("GET", "/api/v1/accounts") == 403
    assert given["secret"] not in root.get("/api/v1/tokens").text
    assert root.post(f"/api/v1/tokens/{given['token']['id']}/revoke").status_code == 200
    assert ask("GET", "/api/v1/layers") == 401


def test_the_first_token_delivers_and_operates_but_makes_no_accounts(server):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    asked = {path: requests.get(server.url + path, headers=headers, timeout=10).status_code for path in (
        "/api/v1/layers", "/api/v1/backup", "/api/v1/accounts", "/api/v1/audit"
    )}  # fmt: skip
    assert asked == {
        "/api/v1/layers": 200, "/api/v1/backup": 200, "/api/v1/accounts": 403, "/api/v1/audit": 403
    }  # fmt: skip


def test_any_other_address_is_refused_without_accounts(tmp_path):
    refused = command("run", "--park", SMALL_PARK, "--data", tmp_path, "--host", "0.0.0.0", "--port", str(free_port()))
    assert refused.returncode == 1
    assert "there are no accounts" in refused.stderr


def called(server: Server, host: str) -> int:
    """The answer to who calls the server by a name."""
    return requests.get(f"{server.url}/api/v1/layers", headers={"Host": host}, timeout=10).status_code


def test_any_other_address_is_served_with_accounts(tmp_path):
    add_user(tmp_path, "root", "administrator")
    with running(["run", "--park", str(SMALL_PARK), "--host", "0.0.0.0"], tmp_path) as each:
        hosts = ("127.0.0.1", "10.1.2.3", "[fe80::1]", "twin.example", "10.1.2.3.evil.example")
        asked = {host: called(each, f"{host}:{each.port}") for host in hosts}
        assert list(asked.values()) == [401, 401, 401, 403, 403]
        assert Somebody(each).enter("root").get("/api/v1/session").status_code == 200
        assert "root" in command("user", "list", "--data", tmp_path).stdout


def test_sessions_survive_a_restart(tmp_path):
    add_user(tmp_path, "root", "administrator")
    port = free_port()
    with running(["run", "--park", str(SMALL_PARK)], tmp_path, port) as each:
        one = Somebody(each).enter("root")
    with running(["run", "--park", str(SMALL_PARK)], tmp_path, port):
        assert one.get("/api/v1/accounts").status_code == 200
    with (tmp_path / "parktwin.duckdb").open("rb") as file:
        kept = file.read()
    assert not any(secret.encode() in kept for secret in one.cookies.values())


def test_a_password_is_never_taken_from_the_command_line(tmp_path):
    done = command("user", "add", "a", "--role", "operator", "--data", tmp_path)
    assert done.returncode == 1
    assert "PARKTWIN_PASSWORD" in done.stderr
    assert command("user", "add", "a", "--role", "operator", "--password", "x", "--data", tmp_path).returncode == 2


def test_a_data_folder_belongs_to_one_server_that_its_commands_ask(server: Server):
    listed = command("user", "list", "--data", server.data)
    assert "duty  Duty  operator" in listed.stdout
    assert command("user", "lock", "nobody", "--data", server.data).returncode == 1
    assert (server.data / "console").stat().st_mode & 0o777 == 0o600
