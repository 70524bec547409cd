"""Secrets of second factors are kept sealed, with a key that is not in the file that holds them (NF-62, NF-69)."""

from __future__ import annotations

import base64
import logging
import os
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import argon2
import pyotp
import pytest

from app import main
from cache.database import FILE, Database
from services import credentials
from services.sealing import FILE as KEY
from services.sealing import VARIABLE, Seal
from tests.people.test_sessions import BY, OWN, World, world
from twin.errors import BadInput, NotSignedIn
from twin.settings import LoginSettings, StoreSettings

__all__ = ["world"]


def kept(world: World) -> str:
    """All that the file says of accounts."""
    return str(world.database.execute("FROM account")) + str(world.database.execute("FROM account_version"))


def key_file(world: World) -> Path:
    """Where the key lies."""
    return world.database.path.parent / KEY


def enters(world: World, second: str) -> bool:
    """Whether a code of a secret opens."""
    return bool(world.enter("root", code=pyotp.TOTP(second).at(world.now)))


def test_the_file_holds_no_secret_and_the_key_is_its_owners_only(world: World) -> None:
    world.user("root", "administrator")
    second = world.keeper.give_second("root", BY)
    assert second not in kept(world)
    assert key_file(world).stat().st_mode & 0o777 == 0o600
    assert key_file(world).read_text() not in kept(world)
    assert enters(world, second)


def test_a_secret_that_an_older_version_kept_is_sealed_at_the_next_start(world: World) -> None:
    world.user("root", "administrator")
    second = credentials.new_second()
    world.accounts.put(replace(world.keeper.account("root"), second=second))
    assert second in kept(world)
    world.sessions = world.open(LoginSettings()).sessions
    assert second not in kept(world)
    assert enters(world, second)


def test_without_its_key_a_second_factor_opens_nothing_until_a_new_one_is_given(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.user("root", "administrator")
    second = world.keeper.give_second("root", BY)
    held = key_file(world).read_text()
    key_file(world).unlink()
    with caplog.at_level(logging.WARNING):
        again = world.open(LoginSettings())
    assert "the second factors of root" in caplog.text
    world.sessions = again.sessions
    with pytest.raises(NotSignedIn) as said:
        enters(world, second)
    assert said.value.code == "second_unreadable"
    anew = again.keeper.give_second("root", BY)
    assert enters(world, anew)
    key_file(world).write_text(held)
    world.sessions = world.open(LoginSettings()).sessions
    with pytest.raises(NotSignedIn):
        enters(world, anew)


def test_the_key_may_come_from_the_environment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = base64.urlsafe_b64encode(os.urandom(32)).decode()
    sealed = Seal.of(world.database.path.parent).seal("secret", "root")
    monkeypatch.setenv(VARIABLE, given)
    other = Seal.of(world.database.path.parent)
    assert other.open(sealed, "root") is None
    assert Seal.of(Path("nowhere")).open(other.seal("secret", "root"), "root") == "secret"
    monkeypatch.setenv(VARIABLE, "too short")
    with pytest.raises(BadInput, match=VARIABLE):
        Seal.of(world.database.path.parent)


def test_one_accounts_second_factor_is_not_anothers(world: World) -> None:
    for id in ("root", "duty"):
        world.user(id, "administrator")
        world.keeper.give_second(id, BY)
    stolen = world.keeper.account("duty").second
    world.accounts.put(replace(world.keeper.account("root"), second=stolen))
    assert world.keeper.second_of(world.keeper.account("root")) is None


def test_a_backup_does_not_carry_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, file = tmp_path / "data", tmp_path / "kept.tar"
    monkeypatch.setenv("PARKTWIN_PASSWORD", OWN)
    assert main(["user", "add", "root", "--role", "administrator", "--data", str(data)]) == 0
    assert main(["user", "second", "root", "--data", str(data)]) == 0
    assert main(["backup", str(file), "--data", str(data)]) == 0
    key = (data / KEY).read_bytes()
    with tarfile.open(file) as tar:
        bodies = {each.name: tar.extractfile(each) for each in tar}
        assert KEY not in bodies
        assert not any(key in body.read() for body in bodies.values() if body)
    back = tmp_path / "back"
    assert main(["restore", str(file), "--data", str(back)]) == 0
    assert not (back / KEY).exists()
    with closing(Database(back / FILE, StoreSettings())) as database:
        [(sealed,)] = database.execute("SELECT second FROM account")
    assert Seal.of(data).open(sealed, "root") is not None
    assert Seal.of(back).open(sealed, "root") is None


def test_who_is_not_there_is_checked_with_the_parameters_of_who_is() -> None:
    """Else the time of an answer would tell which accounts there are."""
    assert argon2.extract_parameters(credentials._NOBODY) == argon2.extract_parameters(
        argon2.PasswordHasher().hash("anything")
    )


def test_versions_of_an_account_are_kept_without_what_proves_who_somebody_is(world: World) -> None:
    world.user("root", "administrator")
    world.later(minutes=1)
    world.keeper.give_second("root", BY)
    world.later(minutes=1)
    world.enter("root", code=pyotp.TOTP(str(world.keeper.second_of(world.keeper.account("root")))).at(world.now))
    told = world.database.execute("SELECT second, must_change, known_from, known_to FROM account_version ORDER BY ALL")
    assert [each[:2] for each in told] == [(False, False), (False, True), (True, False)]  # a sign-in makes no version
    assert sum(each[3] is None for each in told) == 1
    names = {each[0] for each in world.database.execute("SELECT column_name FROM (DESCRIBE account_version)")}
    assert "secret" not in names
