"""Acknowledged means durable: a server killed at any time has every acknowledged row once, and sources resume.

``PARKTWIN_KILLS`` sets how many kills at random times (8 in the tests, 200 in ``make bench``).
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import duckdb
import orjson
import pytest
import requests

from cache.store import Store
from park.load import load_park
from tests.serving import ROOT, TOKEN, Server, free_port
from twin.moment import EPOCH, Moment, iso, now

PARK = ROOT / "tests" / "parks" / "small"
KILLS = int(os.environ.get("PARKTWIN_KILLS", "8"))
POINTS = ("before_commit", "after_commit", "before_ack", "after_decode")


class Plant:
    """A source of readings that keeps a batch until it is acknowledged, and sends it again with the same key."""

    def __init__(self, point: str, url: str) -> None:
        self.point = point
        self.url = url
        self.began = now()
        self.acknowledged: list[tuple[Moment, float]] = []
        self.sent = 0
        self._kept: list[tuple[Moment, float]] = []

    def push(self) -> bool:
        """Send the next batch, or again the one that was not acknowledged; whether it was acknowledged."""
        if not self._kept:
            self._kept = [self._reading(self.sent + index) for index in range(20)]
        rows = [{"point": self.point, "ts": iso_us(ts), "value": value, "quality": "good"} for ts, value in self._kept]
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": f"batch-{self.sent}"}
        try:
            answer = requests.post(f"{self.url}/api/v1/readings", json={"readings": rows}, headers=headers, timeout=10)
        except requests.RequestException:
            return False
        if answer.status_code != 202:
            return False
        assert answer.json()["accepted"] == 20, answer.text
        self.acknowledged += self._kept
        self.sent, self._kept = self.sent + 20, []
        return True

    def _reading(self, number: int) -> tuple[Moment, float]:
        return self.began + timedelta(microseconds=1000 * number), float(number)


def iso_us(moment: Moment) -> str:
    """ISO 8601 to the microsecond."""
    return moment.isoformat(timespec="microseconds")


class Exchange:
    """A real exchange server whose table grows by one record with every question."""

    def __init__(self) -> None:
        exchange = self
        self.made = 0
        self.cursors: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = exchange.answer(urlparse(self.path).path, parse_qs(urlparse(self.path).query))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str, query: dict[str, list[str]]) -> bytes:
        """A page of ``safety_commitment``, from the cursor on."""
        if path == "/exchange":
            return orjson.dumps({"tables": ["safety_commitment"]})
        since = int(query.get("since", ["0"])[0] or 0)
        self.cursors.append(since)
        self.made += 1
        records = [commitment(number) for number in range(since, self.made)]
        return orjson.dumps({"table": "safety_commitment", "records": records, "next": str(self.made), "more": False})


def commitment(number: int) -> dict[str, object]:
    """A record with every required field."""
    at = iso(now())
    return {
        "id": f"C{number}", "park_id": "SMALL", "enterprise_id": "E1", "commitment_date": at[:10], "committed_at": at,
        "committer": "tester", "risk_grade": "04", "unit_total": 1, "unit_running": 1, "unit_stopped": 0,
        "commitment_text": "safe", "is_deleted": "0", "created_at": at, "created_by": "t", "updated_at": at,
        "updated_by": "t",
    }  # fmt: skip


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """A source of records."""
    each = Exchange()
    yield each
    each.server.shutdown()
    each.server.server_close()


@pytest.fixture
def park(tmp_path: Path, exchange: Exchange) -> Path:
    """The small park with that source."""
    folder = tmp_path / "park"
    (folder / "geo").mkdir(parents=True)
    for path in (PARK / "geo").glob("*.geojson"):
        (folder / "geo" / path.name).write_bytes(path.read_bytes())
    text = (
        f'id = "SMALL"\n[[sources]]\nid = "plant"\nprotocol = "http_exchange"\nurl = "{exchange.url}"\nevery_s = 0.2\n'
    )
    (folder / "park.toml").write_text(text)
    return folder


def start(park: Path, data: Path, port: int, **environment: str) -> Server:
    """A server on the park, ready unless it is to die by itself."""
    server = Server(["run", "--park", str(park)], data, port, **environment)
    return server.wait_ready()


def verify(park: Path, data: Path, plant: Plant) -> int:
    """Everything acknowledged is in the file once; returns how many records there are."""
    store = Store.open(data, load_park(park))
    kept = store.readings(EPOCH, datetime(9999, 1, 1, tzinfo=UTC)).filter(point=plant.point)
    store.close()
    stored = Counter(kept.select("ts", "value").iter_rows())
    for reading in plant.acknowledged:
        assert stored[reading] == 1, f"{reading}: {stored[reading]} times"
    assert max(stored.values()) == 1
    with duckdb.connect(str(data / "parktwin.duckdb"), read_only=True) as file:
        twice = file.sql(
            "select count(*) - count(distinct id) from x_safety_commitment where known_to is null"
        ).fetchall()
        assert twice == [(0,)]
        held = file.sql("select count(distinct id) from x_safety_commitment").fetchall()
    return int(held[0][0])


def first_point(park: Path) -> str:
    """An id of the park."""
    return orjson.loads((park / "geo" / "sensors.geojson").read_bytes())["features"][0]["id"]


def test_killed_at_random_times_nothing_acknowledged_is_lost(park, exchange, tmp_path):
    port, data, chance = free_port(), tmp_path / "data", random.Random(4)
    plant = Plant(first_point(park), f"http://127.0.0.1:{port}")
    for _ in range(KILLS):
        server = start(park, data, port)
        killer = threading.Timer(chance.uniform(0.05, 1.2), server.kill)
        killer.start()
        while server.process.poll() is None:
            plant.push()
        killer.join()
    server = start(park, data, port)
    assert plant.push()
    wait_until(lambda: exchange.cursors[-1] > 0 and verify_live(server))
    assert server.stop() == 0
    assert verify(park, data, plant) > 0
    assert plant.sent >= 20 * KILLS
    assert max(exchange.cursors) >= exchange.made - 2, "the source resumed where it had been"


@pytest.mark.parametrize("name", POINTS)
def test_killed_at_a_named_point_nothing_acknowledged_is_lost(park, exchange, tmp_path, name):
    port, data = free_port(), tmp_path / "data"
    plant = Plant(first_point(park), f"http://127.0.0.1:{port}")
    server = start(park, data, port)
    assert plant.push()
    server.stop()
    dying = Server(["run", "--park", str(park)], data, port, PARKTWIN_CRASH=name)
    while dying.process.poll() is None:
        plant.push()
    assert dying.process.returncode == -9
    server = start(park, data, port)
    assert plant.push()
    assert server.stop() == 0
    verify(park, data, plant)


def verify_live(server: Server) -> bool:
    """The source of records is well."""
    sources = server.get("/healthz").json()["sources"]
    return any(each["id"] == "plant" and each["state"] == "ok" for each in sources)


def wait_until(true, timeout_s: float = 20.0) -> None:
    """Until a condition holds; fails when it does not in time."""
    done = threading.Event()
    deadline = now() + timedelta(seconds=timeout_s)
    while not true():
        assert now() < deadline, "it did not come true in time"
        done.wait(0.05)
