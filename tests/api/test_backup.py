"""A backup of a running server under load, taken back into an empty folder: the same rows, and it goes on from there.

And what is refused, by whom it may be asked for, and what a kill leaves of it.
"""

from __future__ import annotations

import io
import stat
import tarfile
import threading
from datetime import timedelta
from pathlib import Path
from time import monotonic

import duckdb
import orjson
import pytest
import requests

from cache.database import FILE
from cache.heads import HEADS
from tests.plants import Exchange, Plant, first_point, iso_us, park_with_source, wait_until
from tests.serving import TOKEN, Server, command, free_port, running


@pytest.fixture
def park(tmp_path: Path, exchange: Exchange) -> Path:
    """The small park with a source of records and a file in its data's archive."""
    (tmp_path / "data" / "archive" / "plans").mkdir(parents=True)
    (tmp_path / "data" / "archive" / "plans" / "P-1.pdf").write_bytes(b"%PDF-1.4 a plan")
    return park_with_source(tmp_path / "park", exchange.url, 'id = "SMALL"')


class Load:
    """A plant that pushes as fast as it is answered, beside whatever the test does."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.took_s: list[tuple[float, float]] = []  # when, how long
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            began = monotonic()
            assert self.plant.push()
            self.took_s.append((began, monotonic() - began))

    def end(self) -> None:
        """Stop pushing."""
        self._stop.set()
        self._thread.join()


def values_of(server: Server, plant: Plant) -> list[float]:
    """Every value kept of a plant's point, in order of time: ten seconds, a value a millisecond, at a time."""
    found: list[float] = []
    for first in range(0, plant.sent + 20, 10_000):
        start = plant.began + timedelta(milliseconds=first)
        asked = {"from": iso_us(start), "to": iso_us(start + timedelta(seconds=9.9999)), "max_points": 10_000}
        said = server.get(f"/api/v1/points/{plant.point}/history", **asked).json()
        assert said["bucket_s"] == 0
        found += said["value"]
    return found


def test_a_backup_under_load_restored_goes_on_with_nothing_lost_or_doubled(park, exchange, tmp_path):
    data, back, file = tmp_path / "data", tmp_path / "back", tmp_path / "kept" / "small.tar"
    port = free_port()
    with running(["run", "--park", str(park)], data, port) as server:
        load = Load(Plant(first_point(park), server.url))
        wait_until(lambda: load.plant.sent > 200 and exchange.made > 3, 60)
        said = {"point": "LW1-T1-TEMP", "which": "H", "new": 41.0, "reason": "summer"}
        assert server.act("/api/v1/limits", said).status_code == 201, "so that there is a journal"
        acknowledged = load.plant.sent
        began = monotonic()
        said = command("backup", file, "--data", data)
        ended = monotonic()
        load.end()
        assert said.returncode == 0, said.stderr
        during = [took for at, took in load.took_s if began <= at <= ended]
        assert len(during) >= 5, "writing went on"
        assert max(during) < (ended - began) / 2, "and was not held up"
        assert "asking the running server" in said.stdout
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list((data / "backups").glob("*")) == [], "it was moved away whole"
        held_before = values_of(server, load.plant)
    said = command("restore", file, "--data", back)
    assert said.returncode == 0, said.stderr
    with tarfile.open(file) as tar:
        members = ["archive/plans/P-1.pdf", "manifest.json", FILE, HEADS]
        assert sorted(tar.getnames()) == members
        manifest = orjson.loads(tar.extractfile("manifest.json").read())
    assert manifest["park"] == "SMALL"
    assert f"{sum(each['rows'] for each in manifest['tables'].values())} rows" in said.stdout
    assert (back / "archive" / "plans" / "P-1.pdf").read_bytes() == b"%PDF-1.4 a plan"
    resumed = len(exchange.cursors)
    with running(["run", "--park", str(park)], back, port) as server:
        held = values_of(server, load.plant)
        assert len(held) >= acknowledged, "all that was acknowledged before the backup began"
        assert held == held_before[: len(held)], "and what came after it up to one moment, whole batches only"
        assert len(held) % 20 == 0
        wait_until(lambda: len(exchange.cursors) > resumed)
        assert 0 < exchange.cursors[resumed] <= exchange.made, "the source resumed from the backup's cursor"
        load.plant.sent, load.plant._kept = len(held), []
        while load.plant.sent < len(held_before):
            assert load.plant.push()
        assert values_of(server, load.plant) == held_before, "what came after the backup was sent again, once"


def test_a_backup_of_a_closed_folder(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data") as server:
        plant = Plant(first_point(park), server.url)
        assert plant.push()
    said = command("backup", tmp_path / "closed.tar", "--data", tmp_path / "data")
    assert said.returncode == 0, said.stderr
    assert command("restore", tmp_path / "closed.tar", "--data", tmp_path / "back").returncode == 0
    with running(["run", "--park", str(park)], tmp_path / "back") as server:
        assert values_of(server, plant) == [value for _, value in plant.acknowledged]


def verified(folder: Path) -> tuple[int, str]:
    """What ``app.py verify`` says of a folder, and its exit code."""
    said = command("verify", "--data", folder)
    return said.returncode, said.stdout + said.stderr


def test_a_restored_folder_has_its_journal_and_how_far_it_went(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data") as server:
        for which, new in (("H", 41.0), ("HH", 46.0)):
            said = {"point": "LW1-T1-TEMP", "which": which, "new": new, "reason": "summer"}
            assert server.act("/api/v1/limits", said).status_code == 201
        made = command("backup", tmp_path / "one.tar", "--data", server.data)
        assert made.returncode == 0, made.stderr
    assert command("restore", tmp_path / "one.tar", "--data", tmp_path / "back").returncode == 0
    code, said = verified(tmp_path / "back")
    assert (code, "0 entries came after the last of them" in said) == (0, True), said
    assert stat.S_IMODE((tmp_path / "back" / HEADS).stat().st_mode) == 0o600
    with running(["run", "--park", str(park)], tmp_path / "back") as server:
        said = {"point": "LW1-T2-TEMP", "which": "H", "new": 42.0, "reason": "autumn"}
        assert server.act("/api/v1/limits", said).status_code == 201
    assert verified(tmp_path / "back")[0] == 0, "it goes on where it was"


def test_what_was_cut_off_a_restored_journal_is_missed(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data") as server:
        said = {"point": "LW1-T1-TEMP", "which": "H", "new": 41.0, "reason": "summer"}
        assert server.act("/api/v1/limits", said).status_code == 201
        assert command("backup", tmp_path / "one.tar", "--data", server.data).returncode == 0
    assert command("restore", tmp_path / "one.tar", "--data", tmp_path / "back").returncode == 0
    with duckdb.connect(str(tmp_path / "back" / FILE)) as file:
        file.execute("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    code, told = verified(tmp_path / "back")
    assert (code, "the end is cut off" in told) == (1, True), told


def test_a_backup_of_before_the_heads_is_taken_back_and_has_one_from_then_on(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data") as server:
        said = {"point": "LW1-T1-TEMP", "which": "H", "new": 41.0, "reason": "summer"}
        assert server.act("/api/v1/limits", said).status_code == 201
    assert command("backup", tmp_path / "one.tar", "--data", tmp_path / "data").returncode == 0
    old = without(tmp_path / "one.tar", HEADS)
    assert command("restore", old, "--data", tmp_path / "back").returncode == 0
    code, told = verified(tmp_path / "back")
    assert (code, "1 heads kept" in told) == (0, True), told


def without(file: Path, member: str) -> Path:
    """The same backup as a version of before that member would have made it."""
    old = file.with_name("old.tar")
    with tarfile.open(file) as new, tarfile.open(old, "w", format=tarfile.PAX_FORMAT) as made:
        for info in new:
            body = new.extractfile(info).read()
            if info.name == "manifest.json":
                said = orjson.loads(body)
                del said["members"][member]
                body = orjson.dumps({**said, "format": 1})
                info.size = len(body)
            if info.name != member:
                made.addfile(info, io.BytesIO(body))
    return old


def test_no_secret_is_in_a_backup(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data", PARKTWIN_TOKEN="") as server:
        token = (tmp_path / "data" / "token").read_text()
        said = command("backup", tmp_path / "one.tar", "--data", server.data, PARKTWIN_TOKEN="")
        assert said.returncode == 0, said.stderr
    assert token.encode() not in (tmp_path / "one.tar").read_bytes()


def test_the_call_takes_a_plain_name_and_a_token(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data") as server:
        assert requests.post(f"{server.url}/api/v1/backup", json={"name": "a"}, timeout=10).status_code == 401
        assert requests.get(f"{server.url}/api/v1/backup", timeout=10).status_code == 401
        for name in ("../a", "/tmp/a", "a/b", "", ".a", "a\\b", "auto-20260101T000000Z.tar", 7, None):
            answer = server.post("/api/v1/backup", {"name": name})
            assert (answer.status_code, answer.json()["error"]["field"]) == (400, "name"), name
        assert server.post("/api/v1/backup", {"name": "mine"}).status_code == 202
        headers = {"Authorization": f"Bearer {TOKEN}"}
        said = {"state": "running", "number": 0}
        while said["state"] == "running":
            asked = {"seen": said["number"], "wait_s": 5}
            said = requests.get(f"{server.url}/api/v1/backup", params=asked, headers=headers, timeout=30).json()
        assert said["state"] == "done"
        assert [each.name for each in (server.data / "backups").iterdir()] == ["mine.tar"]
        assert server.post("/api/v1/backup", {"name": "mine"}).status_code == 409
        assert server.get("/healthz").json()["backup"]["newest"] is not None


def test_backups_by_the_clock_are_made_and_let_go(park, tmp_path):
    toml = park / "park.toml"
    toml.write_text(toml.read_text().replace("[[sources]]", "[backup]\nevery_h = 0.0003\nkeep = 2\n[[sources]]"))
    with running(["run", "--park", str(park)], tmp_path / "data") as server:
        seen: set[str] = set()

        def several() -> bool:
            seen.update(each.name for each in (server.data / "backups").glob("auto-*.tar"))
            return len(seen) >= 4

        wait_until(several, 60)
        wait_until(lambda: len(list((server.data / "backups").glob("auto-*.tar"))) == 2)
        assert server.get("/healthz").json()["backup"]["newest"] is not None


@pytest.mark.parametrize("place", ["backup_copied", "backup_packed"])
def test_a_server_killed_while_it_makes_a_backup_leaves_none(park, tmp_path, place):
    data = tmp_path / "data"
    dying = Server(["run", "--park", str(park)], data, free_port(), PARKTWIN_CRASH=place).wait_ready()
    plant = Plant(first_point(park), dying.url)
    assert plant.push()
    said = command("backup", tmp_path / "one.tar", "--data", data)
    assert said.returncode == 1
    assert "did not answer" in said.stderr
    assert dying.process.wait(30) == -9
    assert not (tmp_path / "one.tar").exists()
    assert list((data / "backups").glob("*.tar")) == []
    assert list((data / "backups").iterdir()) != []
    with running(["run", "--park", str(park)], data) as server:
        assert list((data / "backups").iterdir()) == [], "what was half made is cleared away"
        assert values_of(server, plant) == [value for _, value in plant.acknowledged]
        assert command("backup", tmp_path / "one.tar", "--data", data).returncode == 0


def test_a_broken_backup_is_refused_by_the_name_of_its_member(park, tmp_path):
    with running(["run", "--park", str(park)], tmp_path / "data"):
        pass
    file = tmp_path / "whole.tar"
    assert command("backup", file, "--data", tmp_path / "data").returncode == 0
    whole = file.read_bytes()
    with tarfile.open(file) as tar:
        where = {each.name: each.offset_data for each in tar}
    for member, broken in {
        "parktwin.duckdb": whole[: where["parktwin.duckdb"] + 70_000],
        "archive/plans/P-1.pdf": changed(whole, where["archive/plans/P-1.pdf"] + 3),
        "manifest.json": whole[: where["manifest.json"] - 512],
    }.items():
        (tmp_path / "broken.tar").write_bytes(broken)
        said = command("restore", tmp_path / "broken.tar", "--data", tmp_path / "back")
        assert said.returncode == 1
        assert member in said.stderr
        assert "Traceback" not in said.stderr
        assert list((tmp_path / "back").iterdir()) == []
    (tmp_path / "broken.tar").write_bytes(changed(whole, where["parktwin.duckdb"] + 50_000))
    assert "parktwin.duckdb" in command("restore", tmp_path / "broken.tar", "--data", tmp_path / "back").stderr
    (tmp_path / "back" / "something").touch()
    said = command("restore", file, "--data", tmp_path / "back")
    assert said.returncode == 1
    assert "is not empty" in said.stderr
    said = command("backup", file, "--data", tmp_path / "data")
    assert said.returncode == 1
    assert "overwrites nothing" in said.stderr
    assert file.read_bytes() == whole


def changed(body: bytes, at: int) -> bytes:
    """The same with one byte turned over."""
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]
