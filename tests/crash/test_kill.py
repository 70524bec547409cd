"""Acknowledged means durable: a server killed at any time has every acknowledged row once, and sources resume.

``PARKTWIN_KILLS`` sets how many kills at random times (5 in the tests, 200 in ``make bench``).
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from cache.store import Store
from park.load import load_park
from tests.plants import Exchange, Plant, first_point, park_with_source, wait_until
from tests.serving import Server, free_port
from twin.moment import EPOCH

KILLS = int(os.environ.get("PARKTWIN_KILLS", "5"))
OFTEN = 50  # so many times it goes well
POINTS = ("before_commit", "after_commit", "before_ack", "after_decode")


@pytest.fixture
def park(tmp_path: Path, exchange: Exchange) -> Path:
    """The small park with a source of records."""
    return park_with_source(tmp_path / "park", exchange.url, 'id = "SMALL"')


def start(park: Path, data: Path, port: int, **environment: str) -> Server:
    """A server on the park, ready."""
    return Server(["run", "--park", str(park)], data, port, **environment).wait_ready()


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


def test_killed_at_random_times_nothing_acknowledged_is_lost(park, exchange, tmp_path):
    port, data, chance = free_port(), tmp_path / "data", random.Random(4)
    plant = Plant(first_point(park), f"http://127.0.0.1:{port}")
    for _ in range(KILLS):
        server = start(park, data, port)
        assert plant.push(), "how busy the machine is does not matter: the time counts from here"
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
    assert exchange.cursors == sorted(exchange.cursors), "what was asked on from has been kept: it is not asked again"


@pytest.mark.parametrize("name", POINTS)
def test_killed_at_a_named_point_nothing_acknowledged_is_lost(park, exchange, tmp_path, name):
    port, data = free_port(), tmp_path / "data"
    plant = Plant(first_point(park), f"http://127.0.0.1:{port}")
    dying = start(park, data, port, PARKTWIN_CRASH=f"{name}*{OFTEN}")
    while dying.process.poll() is None:
        plant.push()
    assert dying.process.returncode == -9
    assert plant.acknowledged
    server = start(park, data, port)
    assert plant.push()
    assert server.stop() == 0
    verify(park, data, plant)


def verify_live(server: Server) -> bool:
    """The source of records is well."""
    sources = server.get("/healthz").json()["sources"]
    return any(each["id"] == "plant" and each["state"] == "ok" for each in sources)
