"""``app.py user`` and ``app.py token``, straight in the file of a stopped server and at a running one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app import main
from cache.database import FILE, Database
from services import credentials
from tests.people.signing import GIVEN, OWN, Somebody
from tests.serving import SMALL_PARK, running
from twin.settings import StoreSettings

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """One command on a data folder: its exit code, and what it wrote."""

    def run(*words: str, password: str = GIVEN) -> tuple[int, str]:
        monkeypatch.setenv("PARKTWIN_PASSWORD", password)
        done = main([*words, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return done, said.out + said.err

    return run


def test_the_life_of_an_account_while_no_server_runs(say: Say) -> None:
    assert say("user", "add", "duty", "--role", "operator", "--name", "Chen")[0] == 0
    assert say("user", "add", "duty", "--role", "operator")[0] == 1
    assert say("user", "add", "weak", "--role", "operator", password="short")[0] == 1
    assert "expert" in say("user", "change", "duty", "--role", "expert")[1]
    assert (
        "enterprise_line of LW1" in say("user", "change", "duty", "--role", "enterprise_line", "--enterprise", "LW1")[1]
    )
    assert "disabled" in say("user", "lock", "duty")[1]
    assert "disabled" not in say("user", "open", "duty")[1]
    assert say("user", "reset", "duty", password=OWN)[0] == 0
    assert "otpauth://totp/" in say("user", "second", "duty")[1]
    listed = say("user", "list")[1]
    assert "duty  Chen  enterprise_line of LW1  must_change" in listed
    assert "weak" not in listed


def test_a_role_that_there_is_not_is_no_word_of_the_command(say: Say) -> None:
    with pytest.raises(SystemExit):
        say("user", "add", "x", "--role", "king")


def test_tokens_made_beside_a_stopped_server_open_the_running_one(say: Say, tmp_path: Path) -> None:
    secret = say("token", "add", "pump", "--scope", "read")[1].strip()
    say("user", "add", "root", "--role", "administrator")
    with running(["run", "--park", str(SMALL_PARK)], tmp_path) as server:
        held = {"Authorization": f"Bearer {secret}"}
        one = Somebody(server)
        assert one.get("/api/v1/layers", headers=held).status_code == 200
        id = credentials.key_of(secret)[:12]
        assert id in say("token", "list")[1]
        assert say("token", "revoke", id)[0] == 0
        assert one.get("/api/v1/layers", headers=held).status_code == 401
        assert say("user", "add", "late", "--role", "gate")[0] == 0
        assert "otpauth" in say("user", "second", "late")[1]
        assert "clerk" in say("user", "change", "late", "--role", "closure_clerk")[1]
        assert say("user", "reset", "late", password=OWN)[0] == 0
        # a reset takes the second factor away; another one has to be set up
        assert one.sign_in("late", OWN).json()["must_change"] is True


def test_what_is_done_beside_a_stopped_server_stands_in_the_journal(say: Say, tmp_path: Path) -> None:
    say("user", "add", "root", "--role", "administrator")
    say("user", "second", "root")
    id = credentials.key_of(say("token", "add", "pump", "--scope", "read")[1].strip())[:12]
    say("token", "revoke", id)
    with closing(Database(tmp_path / FILE, StoreSettings())) as database:
        noted = database.execute("SELECT stream, subject, event, who FROM journal ORDER BY seq")
    assert noted == [
        ("account", "root", "made", "terminal"),
        ("account", "root", "second_given", "terminal"),
        ("account", "pump", "token_made", "terminal"),
        ("account", "pump", "token_revoked", "terminal"),
    ]
    done, said = say("verify")
    assert (done, "4 entries, every one sealed" in said, "0 entries came after" in said) == (0, True, True)
    with running(["run", "--park", str(SMALL_PARK)], tmp_path):
        assert say("user", "lock", "nobody")[0] == 1
    assert say("verify")[0] == 0
    with closing(Database(tmp_path / FILE, StoreSettings())) as database:
        database.execute("DELETE FROM journal WHERE event = 'token_revoked'")
    done, said = say("verify")
    assert (done, "the journal is not what was written" in said) == (1, True)
