"""A disk that runs full: nothing acknowledged is lost, nothing crashes, and it goes on by itself once there is room.

A small file system of its own where one may be mounted, and everywhere a limit on the size of files: both fail in
the very write.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from cache.database import FILE
from tests.plants import Exchange, park_with_source, wait_until
from tests.serving import Server, free_port
from twin.moment import now

ARROW = "application/vnd.apache.arrow.stream"
LIMIT = 8 * 1024 * 1024
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")


@dataclass
class Disk:
    """A data folder that runs full, and how to give it room."""

    folder: Path
    begin: Callable[[Server], None]
    make_room: Callable[[Server], None]


def mounted(tmp_path: Path, size_mb: int = 24) -> Iterator[Disk]:
    """A small file system."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here; the limit on files stands for it")
    larger = ["mount", "-o", "remount,size=400m", str(folder)]
    yield Disk(folder / "data", lambda _: None, lambda _: subprocess.run(larger, check=True) and None)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def limit_files(server: Server, size: int = resource.RLIM_INFINITY) -> None:
    """No file of a running server may become larger."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def limited(tmp_path: Path) -> Iterator[Disk]:
    """No file of the server may become larger than 8 MB."""
    yield Disk(tmp_path / "data", lambda each: limit_files(each, LIMIT), limit_files)


@pytest.fixture(params=[mounted, limited], ids=["file-system", "file-size"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A place that runs full."""
    yield from request.param(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    """A file system of its own, with room for a log beside the file."""
    yield from mounted(tmp_path, 48)


@pytest.fixture
def park(tmp_path: Path, exchange: Exchange) -> Path:
    """The small park with a source of records, and no care for the disk before it is full."""
    return park_with_source(tmp_path / "park", exchange.url, "[store]\nmin_free_bytes = 0")


@dataclass
class Plant:
    """Sends readings, the same again until they are acknowledged."""

    server: Server
    point: str = "LW1-T1-LEVEL"
    rows: int = 20_000
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    readings: int = 0

    def push(self, again: tuple[str, bytes] | None = None) -> int:
        """Send the next batch, or one again; the status of the answer."""
        key, body = again or (f"b{len(self.sent)}", self._body())
        answer = self.server.post(
            "/api/v1/readings", headers={"Content-Type": ARROW, "Idempotency-Key": key}, data=body
        )
        if answer.status_code == 202 and not again:
            assert answer.json()["accepted"] == self.rows
            self.sent.append((key, body))
            self.readings += self.rows
        elif answer.status_code == 507:
            assert answer.json()["error"]["code"] == "disk_low"
        return answer.status_code

    def _body(self) -> bytes:
        values = np.random.default_rng(len(self.sent)).random(self.rows)
        base = now()
        ts = [base + timedelta(microseconds=each) for each in range(self.rows)]
        frame = pl.DataFrame({"point": [self.point] * self.rows, "ts": ts, "value": values})
        table = (
            frame.with_columns(quality=pl.lit(0, pl.UInt8))
            .to_arrow()
            .cast(
                pa.schema(
                    [
                        ("point", pa.string()),
                        ("ts", pa.timestamp("us", "UTC")),
                        ("value", pa.float64()),
                        ("quality", pa.uint8()),
                    ]
                )
            )
        )
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        return sink.getvalue()


def fill(plant: Plant) -> None:
    """Send until not even a single reading is taken."""
    for rows in (20_000, 500, 20, 1):
        plant.rows = rows
        while (status := plant.push()) == 202:
            continue
        assert status == 507


def health(server: Server) -> dict:
    """What ``/healthz`` says; it always answers."""
    answer = server.get("/healthz")
    assert answer.status_code == 200
    return answer.json()


def state_of(server: Server, source: str) -> str:
    """How a source is."""
    return next(each["state"] for each in health(server)["sources"] if each["id"] == source)


def test_a_full_disk_costs_nothing_that_was_acknowledged(disk, park):
    server = Server(["run", "--park", str(park)], disk.folder, free_port()).wait_ready()
    disk.begin(server)
    plant = Plant(server)
    fill(plant)
    wait_until(lambda: state_of(server, "plant") == "down")
    said = health(server)
    assert said["status"] == "degraded"
    assert said["store"]["disk_low"] is True
    assert server.get("/api/v1/screens/overview/frame").status_code == 200, "reading goes on"
    disk.make_room(server)
    plant.rows = 20_000
    wait_until(lambda: plant.push() == 202)
    wait_until(lambda: state_of(server, "plant") == "ok")
    assert health(server)["store"]["disk_low"] is False
    assert server.log.count("is full; nothing is acknowledged") < 40, "said when it begins, not with every batch"
    nothing_is_lost(server, plant, park)


def nothing_is_lost(server: Server, plant: Plant, park: Path) -> None:
    """What was acknowledged is there, once, now and after a restart."""
    held = health(server)["store"]["readings"]
    assert server.stop() == 0
    again = Server(["run", "--park", str(park)], server.data, free_port()).wait_ready()
    plant.server = again
    assert health(again)["store"]["readings"] == held == plant.readings
    assert [plant.push(each) for each in plant.sent[-20:]] == [202] * min(20, len(plant.sent))
    assert health(again)["store"]["readings"] == held, "what is sent again is known"
    assert again.stop() == 0


def given_up_and_opened_again(server: Server, plant: Plant) -> None:
    """Send until the log is to be brought into the file, which fails; who reads sees nothing of it."""
    wait_until(lambda: plant.push() in (202, 507) and "it was opened again" in server.log)
    assert "the log could not be brought into the file" in server.log
    assert server.get("/api/v1/screens/overview/frame").status_code == 200, "reading goes on"


@pytest.fixture
def park_of_short_logs(park: Path) -> Path:
    """The log is brought into the file with every second batch."""
    settings = (park / "park.toml").read_text().replace("[store]", "[store]\nlog_bytes = 500_000")
    (park / "park.toml").write_text(settings)
    return park


def test_a_checkpoint_that_may_not_let_the_file_grow_costs_nothing(park_of_short_logs, tmp_path):
    server = Server(["run", "--park", str(park_of_short_logs)], tmp_path / "data", free_port()).wait_ready()
    plant = Plant(server)
    assert plant.push() == 202
    limit_files(server, (server.data / FILE).stat().st_size)
    given_up_and_opened_again(server, plant)
    limit_files(server)
    wait_until(lambda: plant.push() == 202)
    nothing_is_lost(server, plant, park_of_short_logs)


def test_something_else_that_fills_the_disk_during_a_checkpoint_costs_nothing(park_of_short_logs, small_disk):
    words = ["run", "--park", str(park_of_short_logs)]
    server = Server(words, small_disk.folder, free_port(), program=("-m", "tests.api.filling")).wait_ready()
    plant = Plant(server)
    given_up_and_opened_again(server, plant)
    wait_until(lambda: plant.push() == 507)
    wait_until(lambda: state_of(server, "plant") == "down")
    assert health(server)["store"]["disk_low"] is True
    (server.data / "ballast").unlink()
    wait_until(lambda: plant.push() == 202)
    wait_until(lambda: state_of(server, "plant") == "ok")
    nothing_is_lost(server, plant, park_of_short_logs)
