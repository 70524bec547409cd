"""The rules of accounts and sessions, with a clock of the test's own (NF-61 … NF-64)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher

from cache.accounts import Account, Accounts, MachineToken, Session
from cache.database import Database
from cache.migrate import migrate
from services import credentials
from services.accounts import LOCAL, By
from services.audit import Audit, Caller
from services.credentials import check_quality, key_of, second_step
from services.people import People
from services.sealing import Seal
from services.throttle import Throttle
from tests.cache.batches import NOON
from twin.dictionary import dictionary
from twin.errors import BadInput, Conflict, NotAllowed, NotSignedIn, TooMany, TwinError
from twin.moment import Moment
from twin.person import DEMO, machine_of
from twin.settings import LoginSettings, StoreSettings

BY = By("root", LOCAL)
HOME, AWAY = Caller("10.0.0.1", "Firefox"), Caller("10.0.0.2", "Chrome")
FIRST, OWN = "First-pass-1", "Second-pass-2"


class Journal:
    """Stands in for the journal: remembers what it is told."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def __call__(self, entries: Any) -> Future[Moment]:
        self.entries += entries
        done: Future[Moment] = Future()
        done.set_result(NOON)
        return done

    def events(self, subject: str) -> list[str]:
        """What happened to a subject."""
        return [each.event for each in self.entries if each.subject == subject]


class World:
    """People of a file, with a clock that stands still until it is moved."""

    def __init__(self, database: Database, **settings: Any) -> None:
        self.now = NOON
        self.journal = Journal()
        self.database = database
        self.gone: list[tuple[str, str]] = []
        self.people = self.open(LoginSettings(**settings))
        self.keeper, self.sessions = self.people.keeper, self.people.sessions
        self.keeper.gone = lambda key, why: self.gone.append((key, why))

    def open(self, settings: LoginSettings) -> People:
        """As a new process would."""
        self.accounts = Accounts(self.database, self._keep)
        audit = Audit(self.journal)
        seal = Seal.of(self.database.path.parent)
        known = {"enterprises": ["E1", "E2"], "first_token": "first", "seal": seal}
        who = People(self.accounts, settings, self.clock, audit, **known)  # type: ignore[arg-type]
        who.keeper.seal_old()
        return who

    def clock(self) -> datetime:
        """Now."""
        return self.now

    def later(self, **time: float) -> None:
        """Some time goes by."""
        self.now += timedelta(**time)

    def _keep(self, _name: str, work: Callable[[Moment], None], _tables: frozenset[str]) -> Future[None]:
        done: Future[None] = Future()
        with self.database.transaction():
            work(self.now)
        done.set_result(None)
        return done

    def user(self, id: str = "duty", role: str = "operator", enterprise: str | None = None) -> Account:
        """Somebody with a password of their own."""
        self.keeper.add(id, id, role, enterprise, FIRST, BY)
        return self.keeper.change_password(id, OWN, BY)

    def enter(self, id: str = "duty", caller: Caller = HOME, **more: str) -> str:
        """Sign in."""
        return self.sessions.sign_in(id, more.get("password", OWN), more.get("code", ""), caller)[0]

    def code(self, secret: str) -> str:
        """Why a session is over; empty while it is not."""
        try:
            self.sessions.find(secret)
        except TwinError as error:
            return error.code
        return ""


@pytest.fixture
def world(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An empty file; hashing is quick here."""
    monkeypatch.setattr(credentials, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    database = Database(tmp_path / "parktwin.duckdb", StoreSettings())
    migrate(database, dictionary(), NOON)
    yield World(database)
    database.close()


@pytest.mark.parametrize(
    "weak", ["Ab1!", "abcdefgh", "abcdefg1", "ABCDEFG1", "12345678!", "x" * 127 + "A1", "Xduty-99"]
)
def test_a_password_is_long_and_of_three_kinds_and_not_the_name(weak: str) -> None:
    with pytest.raises(BadInput, match="a password"):
        check_quality(weak, "duty")


@pytest.mark.parametrize("good", ["Abcdefg1", "abcdefg1!", "密码密码Abc1"])
def test_a_good_password_passes(good: str) -> None:
    check_quality(good, "duty")


def test_passwords_and_secrets_are_kept_as_hashes_only(world: World) -> None:
    world.user()
    secret = world.enter()
    token, _ = world.keeper.add_token("pump", ["ingest"], None, BY)
    kept = "".join(str(world.database.execute(f"FROM {name}")) for name in ("account", "session", "machine_token"))
    assert "$argon2id$" in kept
    assert not any(each in kept for each in (FIRST, OWN, secret, token))
    assert key_of(secret) in kept


def test_five_wrong_tries_lock_the_account_for_a_quarter_of_an_hour(world: World) -> None:
    world.user()
    world.user("other")
    for number in range(5):
        with pytest.raises(NotSignedIn) as said:
            world.enter(password="Wrong-pass-1", caller=Caller(f"10.1.0.{number}"))
        assert said.value.code == "wrong_password"
    with pytest.raises(NotSignedIn, match="locked for 15 min") as said:
        world.enter()
    assert said.value.code == "locked"
    assert world.enter("other")
    world.later(minutes=15, seconds=1)
    assert world.enter()


def test_five_wrong_tries_lock_the_address_too(world: World) -> None:
    world.user()
    for number in range(5):
        with pytest.raises(NotSignedIn):
            world.enter(f"nobody{number}", AWAY)
    with pytest.raises(NotSignedIn) as said:
        world.enter("duty", AWAY)
    assert said.value.code == "locked"
    assert world.enter("duty", HOME)


def test_a_lock_survives_a_restart(world: World) -> None:
    world.user()
    for number in range(5):
        with pytest.raises(NotSignedIn):
            world.enter(password="Wrong-pass-1", caller=Caller(f"10.1.0.{number}"))
    again = world.open(LoginSettings())
    with pytest.raises(NotSignedIn) as said:
        again.sessions.sign_in("duty", OWN, "", HOME)
    assert said.value.code == "locked"


def test_wrong_tries_far_apart_or_before_a_right_one_do_not_count(world: World) -> None:
    world.user()
    for number in range(12):
        with pytest.raises(NotSignedIn):
            world.enter(password="Wrong-pass-1", caller=Caller(f"10.1.0.{number}"))
        if number % 4 == 3:
            world.enter()
    for number in range(8):
        world.later(minutes=16)
        with pytest.raises(NotSignedIn) as said:
            world.enter(password="Wrong-pass-1", caller=Caller(f"10.2.0.{number}"))
        assert said.value.code == "wrong_password"


def test_an_unknown_account_is_refused_like_a_wrong_password(world: World) -> None:
    world.user()
    told = []
    for id, password in (("nobody", OWN), ("duty", "Wrong-pass-1")):
        with pytest.raises(NotSignedIn) as said:
            world.enter(id, password=password)
        told.append((said.value.code, said.value.message))
    assert told[0] == told[1]


def test_an_unknown_account_is_locked_like_a_known_one(world: World) -> None:
    for number in range(5):
        with pytest.raises(NotSignedIn):
            world.enter("nobody", caller=Caller(f"10.1.0.{number}"))
    with pytest.raises(NotSignedIn) as said:
        world.enter("nobody")
    assert said.value.code == "locked"


def test_an_idle_session_ends_and_a_wall_stays(world: World) -> None:
    world.user()
    world.user("wall", "kiosk")
    secret, wall = world.enter(), world.enter("wall")
    for _ in range(4):
        world.later(minutes=29)
        assert world.code(secret) == ""
    world.later(minutes=31)
    world.sessions.sweep()
    assert (key_of(secret), "idle") in world.gone
    assert world.code(secret) == "session_idle"
    assert world.code(wall) == ""


def test_what_a_page_does_by_itself_keeps_no_session_awake(world: World) -> None:
    world.user()
    secret = world.enter()
    for _ in range(3):
        world.later(minutes=11)
        try:
            world.sessions.find(secret, active=False)
        except NotSignedIn:
            break
    assert world.code(secret) == "session_idle"


def test_each_session_ends_some_time(world: World) -> None:
    world.user()
    secret = world.enter()
    while world.now < NOON + timedelta(hours=16):
        assert world.code(secret) == ""
        world.later(minutes=20)
    world.later(minutes=1)
    assert world.code(secret) == "session_old"


def test_a_second_sign_in_ends_the_first(world: World) -> None:
    world.user()
    first = world.enter()
    second = world.enter(caller=AWAY)
    assert world.code(second) == ""
    with pytest.raises(NotSignedIn) as said:
        world.sessions.find(first)
    assert said.value.code == "signed_in_elsewhere"
    assert said.value.told["by"] == AWAY.address  # type: ignore[attr-defined]
    assert (key_of(first), "elsewhere") in world.gone


def test_a_first_password_and_an_old_one_have_to_be_changed(world: World) -> None:
    world.keeper.add("duty", "Duty", "operator", None, FIRST, BY)
    signed = world.sessions.sign_in("duty", FIRST, "", HOME)[1]
    assert signed.must_change
    world.keeper.change_password("duty", OWN, BY)
    assert not world.sessions.sign_in("duty", OWN, "", HOME)[1].must_change
    world.later(days=91)
    assert world.sessions.sign_in("duty", OWN, "", HOME)[1].must_change


def test_a_lock_a_reset_and_another_role_end_what_is_open(world: World) -> None:
    world.user()
    world.keeper.add("root", "Root", "administrator", None, FIRST, BY)
    for act in (
        lambda: world.keeper.change("duty", "Duty", "expert", None, BY),
        lambda: world.keeper.disable("duty", True, BY),
    ):
        secret = world.enter()
        act()
        assert world.code(secret) in ("rights_changed", "account_locked")
    world.keeper.disable("duty", False, BY)
    secret = world.enter()
    world.keeper.reset("duty", "Third-pass-3", BY)
    assert world.code(secret) == "rights_changed"
    assert world.sessions.sign_in("duty", "Third-pass-3", "", HOME)[1].must_change


def test_the_last_administrator_stays(world: World) -> None:
    world.keeper.add("root", "Root", "administrator", None, FIRST, BY)
    with pytest.raises(Conflict):
        world.keeper.disable("root", True, BY)
    with pytest.raises(Conflict):
        world.keeper.change("root", "Root", "operator", None, BY)
    world.keeper.add("root2", "Root", "administrator", None, FIRST, BY)
    assert world.keeper.disable("root", True, BY).disabled


@pytest.mark.parametrize(
    ("role", "enterprise", "code"),
    [
        ("operator", "E1", "bad_input"),
        ("enterprise_line", None, "bad_input"),
        ("enterprise_line", "E9", "unknown_enterprise"),
        ("enterprise_line", "park", "unknown_enterprise"),
        ("enterprise_line", "masked", "unknown_enterprise"),
        ("enterprise_line", "PARK", "unknown_enterprise"),
        ("king", None, "unknown_role"),
    ],
)
def test_a_role_goes_with_an_enterprise_or_with_the_park(world: World, role: str, enterprise: Any, code: str) -> None:
    with pytest.raises(BadInput) as said:
        world.keeper.add("x", "X", role, enterprise, FIRST, BY)
    assert said.value.code == code
    assert world.accounts.find(Account, "x") is None


def test_a_second_factor_is_asked_for_and_each_code_opens_once(world: World) -> None:
    world.user("root", "administrator")
    second = world.keeper.give_second("root", BY)
    with pytest.raises(NotSignedIn) as said:
        world.enter("root")
    assert said.value.code == "second_needed"
    with pytest.raises(NotSignedIn) as said:
        world.enter("root", code="000000")
    assert said.value.code == "wrong_code"
    code = pyotp.TOTP(second).at(NOON)
    assert world.enter("root", code=code)
    with pytest.raises(NotSignedIn):
        world.enter("root", code=code)
    assert second_step(second, code, NOON + timedelta(minutes=2), 0) is None


def test_a_role_that_must_have_a_second_factor_comes_in_only_with_one(world: World) -> None:
    world.user("root", "administrator")
    strict = world.open(LoginSettings(second_factor=("administrator",)))
    with pytest.raises(NotSignedIn) as said:
        strict.sessions.sign_in("root", OWN, "", HOME)
    assert said.value.code == "second_missing"
    second = strict.keeper.give_second("root", BY)
    assert strict.sessions.sign_in("root", OWN, pyotp.TOTP(second).at(NOON), HOME)


def test_a_wall_is_never_asked_for_another_password(world: World) -> None:
    world.user("wall", "kiosk")
    secret = world.enter("wall")
    world.later(days=200)
    assert world.sessions.find(secret).must_change is False


def test_tokens_open_what_their_scopes_say_and_are_held_to_an_enterprise(world: World) -> None:
    secret, kept = world.keeper.add_token("pump", ["ingest", "read"], "E1", BY)
    person = world.people.machine(secret)
    assert (person.id, person.scope, person.kind) == ("pump", "E1", "machine")
    assert {"ingest", "view"} <= person.rights
    assert not {"view_park", "diagnose", "backup"} & person.rights
    with pytest.raises(Conflict):
        world.keeper.add_token("pump", ["read"], None, BY)
    world.keeper.revoke(kept.id, BY)
    with pytest.raises(NotSignedIn):
        world.people.machine(secret)
    assert world.accounts.find(MachineToken, kept.key)
    assert not machine_of("x", "x", ("operate", "accounts"), "E1").rights & {"backup", "manage_accounts"}


def test_login_is_off_until_there_is_an_account(world: World) -> None:
    assert world.people.nobody() is DEMO
    world.user()
    assert ("nobody", "login_on") in world.gone
    with pytest.raises(NotSignedIn):
        world.people.nobody()


def test_everything_that_happens_to_an_account_is_noted(world: World) -> None:
    world.user()
    with pytest.raises(NotSignedIn):
        world.enter(password="Wrong-pass-1")
    world.sessions.sign_out(world.enter())
    world.keeper.reset("duty", FIRST, BY)
    expected = ["made", "password_changed", "refused", "signed_in", "session_ended", "reset"]
    assert world.journal.events("duty") == expected
    assert all(each.said["address"] for each in world.journal.entries)
    assert OWN not in str(world.journal.entries)


def test_ended_sessions_are_forgotten_after_a_week_but_the_last_one(world: World) -> None:
    """When somebody was last here is told them when they come back, however late."""
    world.user()
    world.sessions.sign_out(world.enter())
    world.later(minutes=1)
    world.sessions.sign_out(world.enter())
    [before] = [
        each
        for each in world.accounts.all(Session)
        if each.ended_at == max(one.ended_at for one in world.accounts.all(Session) if one.ended_at)
    ]
    world.later(days=8)
    world.sessions.sweep()
    assert world.accounts.all(Session) == [before]
    assert len(world.database.execute("FROM session")) == 1
    now = world.sessions.find(world.enter()).session
    assert world.sessions.last_visit(now) == before.seen_at


def test_who_was_never_here_has_no_last_visit(world: World) -> None:
    world.user()
    assert world.sessions.last_visit(world.sessions.find(world.enter()).session) is None


def test_a_bucket_lets_so_many_through_and_says_when_to_come_again() -> None:
    throttle = Throttle(0.5, 3)
    for _ in range(3):
        throttle.take("a", 100.0)
    with pytest.raises(TooMany) as said:
        throttle.take("a", 100.0)
    assert said.value.retry_after_s == 2
    throttle.take("b", 100.0)
    throttle.take("a", 102.0)


def test_only_a_known_proxy_may_say_where_somebody_comes_from(world: World) -> None:
    people = world.open(LoginSettings(proxies=("10.0.0.9",)))
    told = {"HTTP_X_FORWARDED_FOR": "1.2.3.4, 5.6.7.8", "wsgi.url_scheme": "http"}
    assert people.caller({"REMOTE_ADDR": "10.0.0.9", **told}).address == "5.6.7.8"
    assert people.caller({"REMOTE_ADDR": "10.0.0.8", **told}).address == "10.0.0.8"
    assert people.caller({"REMOTE_ADDR": "x", "HTTP_X_FORWARDED_PROTO": "https"}).secure


def test_not_allowed_is_no_lack_of_a_sign_in() -> None:
    assert NotAllowed.status == 403
