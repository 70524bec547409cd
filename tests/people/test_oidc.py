"""Sign-in by an identity provider that runs beside: who it vouches for, with which role, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from services.oidc import vouched
from tests.people.provider import CLIENT, SECRET, Provider
from tests.people.signing import GIVEN, add_user
from tests.serving import SMALL_PARK, Server, running
from twin.errors import NotSignedIn
from twin.settings import OidcSettings

TOML = """
[login]
calls_a_minute = 1000

[oidc]
issuer = "{issuer}"
client_id = "{client}"
role_claim = "realm.roles"

[oidc.roles]
chief = "safety_bureau"
plant = "enterprise_safety"

[oidc.enterprises]
haitang = "LW1"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider."""
    each = Provider()
    yield each
    each.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Server]:
    """The small park, which trusts it."""
    park = tmp_path_factory.mktemp("oidc") / "park"
    shutil.copytree(SMALL_PARK, park)
    (park / "park.toml").write_text(TOML.format(issuer=provider.issuer, client=CLIENT), "utf-8")
    data = tmp_path_factory.mktemp("data")
    add_user(data, "local", "operator")
    with running(["run", "--park", str(park)], data, PARKTWIN_OIDC_SECRET=SECRET) as each:
        yield each


def go(server: Server, provider: Provider, next: str = "/?lang=en", **claims: Any) -> tuple[requests.Session, str]:
    """A browser goes to the provider and back; where it ends up."""
    provider.claims = {"sub": "s1", "preferred_username": "chen", "name": "陈主任", **claims}
    line = requests.Session()
    away = line.get(f"{server.url}/login/oidc", params={"next": next}, allow_redirects=False, timeout=30)
    there = line.get(away.headers["Location"], allow_redirects=False, timeout=30)
    back = line.get(there.headers["Location"], allow_redirects=False, timeout=30)
    return line, back.headers["Location"]


def test_somebody_with_a_role_is_in_and_where_they_wanted_to_be(server: Server, provider: Provider) -> None:
    line, where = go(server, provider, realm={"roles": ["chief", "other"]})
    assert where == "/?lang=en"
    person = line.get(f"{server.url}/api/v1/session", timeout=30).json()["person"]
    assert (person["id"], person["name"], person["role"], person["scope"]) == (
        "chen", "陈主任", "safety_bureau", "park"
    )  # fmt: skip


def test_an_enterprise_comes_with_the_claim_and_a_changed_role_counts_at_once(
    server: Server, provider: Provider
) -> None:
    plant = {"preferred_username": "li", "realm": {"roles": ["plant"]}, "enterprise": "haitang"}
    line, _ = go(server, provider, **plant)
    told = line.get(f"{server.url}/api/v1/session", timeout=30).json()
    assert told["person"]["scope"] == "LW1"
    assert told["must_change"] is False
    line, _ = go(server, provider, preferred_username="li", realm={"roles": ["chief"]})
    assert line.get(f"{server.url}/api/v1/session", timeout=30).json()["person"]["scope"] == "park"


@pytest.mark.parametrize(
    "claims",
    [
        {"realm": {"roles": ["guest"]}},
        {},
        {"realm": {"roles": ["plant"]}},  # of no enterprise
        {"realm": {"roles": ["plant"]}, "enterprise": "elsewhere"},
        {"realm": {"roles": ["chief"]}, "preferred_username": "local"},  # an account with a password
    ],
)
def test_without_a_role_of_ours_nobody_is_in(server: Server, provider: Provider, claims: dict[str, Any]) -> None:
    line, where = go(server, provider, **{"preferred_username": "wang", **claims})
    assert where == "/login?why=oidc_role"
    assert line.get(f"{server.url}/api/v1/session", timeout=30).status_code == 401


@pytest.mark.parametrize("wrong", ["nonce", "audience", "key", "expired"])
def test_a_token_that_is_not_for_us_opens_nothing(server: Server, provider: Provider, wrong: str) -> None:
    provider.wrong = wrong
    try:
        assert go(server, provider, realm={"roles": ["chief"]})[1] == "/login?why=oidc"
    finally:
        provider.wrong = ""


def test_another_browser_cannot_be_slipped_a_sign_in(server: Server, provider: Provider) -> None:
    provider.claims = {"sub": "s1", "preferred_username": "chen", "realm": {"roles": ["chief"]}}
    line = requests.Session()
    away = line.get(f"{server.url}/login/oidc", allow_redirects=False, timeout=30)
    there = line.get(away.headers["Location"], allow_redirects=False, timeout=30)
    other = requests.get(there.headers["Location"], allow_redirects=False, timeout=30)
    assert other.headers["Location"] == "/login?why=oidc"
    used = line.get(there.headers["Location"], allow_redirects=False, timeout=30)
    assert used.headers["Location"] == "/login?why=oidc"  # each state is good for once


def test_the_sign_in_page_offers_it(server: Server) -> None:
    page = requests.get(f"{server.url}/login?next=%2Fgas", timeout=30).text
    assert "/login/oidc?next=%2Fgas" in page
    assert GIVEN not in page


def test_a_provider_that_does_not_answer_leaves_one_at_the_sign_in_page() -> None:
    with pytest.raises(NotSignedIn):
        vouched({"sub": "x"}, OidcSettings(issuer="x"))
