"""Killed at any time, the file opens again: every acknowledged row is there, none twice.

``PARKTWIN_KILLS`` sets how many kills (10 in the tests, 200 in ``make bench``).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cache.store import Store
from tests.cache.batches import quick, readings, second
from tests.cache.writing import POINTS, ROWS, batch_of
from tests.serving import ROOT

KILLS = int(os.environ.get("PARKTWIN_KILLS", "10"))


def write_until_killed(folder: Path, after_s: float | None = None, **environment: str) -> list[int]:
    """Numbers of the batches that were acknowledged before the process died."""
    command = [sys.executable, "-m", "tests.cache.writing", str(folder)]
    pipes = {"stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, env=os.environ | environment, **pipes) as process:
        assert process.stdout.readline().startswith("open")
        if after_s is not None:
            threading.Timer(after_s, process.kill).start()
        said = [line for line in process.stdout if line.endswith("\n")]
        assert process.wait(30) == -9
    return [int(line.split()[0]) for line in said]


def check(folder: Path, park, acknowledged: list[int]) -> Store:
    """The reopened store, once everything acknowledged has been found in it."""
    store = Store.open(folder, park, settings=quick())
    twice = store._database.query("SELECT point, ts, value FROM reading GROUP BY ALL HAVING count(*) > 1")
    assert twice.is_empty()
    open_rows = store._database.query("SELECT id FROM x_hazard_alarm WHERE known_to IS NULL")["id"]
    assert open_rows.is_unique().all()
    held = set(store._database.query("SELECT batch_id FROM batch WHERE source = 'plant'")["batch_id"].cast(int))
    assert set(acknowledged) <= held
    measured = [each for each in held if each % 5 != 4]
    assert store.stats()["readings"] == ROWS * len(measured)
    assert len(open_rows) == len(held) - len(measured)
    assert {each: store.append(batch_of(each)).accepted for each in held} == {
        each: 1 if each % 5 == 4 else ROWS for each in held
    }
    assert store.stats()["readings"] == ROWS * len(measured)
    return store


def check_newest(store: Store, held: list[int]) -> None:
    """The arrays stand where the rows say."""
    newest = max(each for each in held if each % 5 != 4)
    state = store.state(store.tick()).head(2)
    assert state["ts"].max() == second(newest + (ROWS - 1) / 1000) or state["ts"].max() > second(newest)


def test_killed_at_random_times(tmp_path, template, small_park):
    chance, acknowledged = random.Random(7), []
    for _ in range(KILLS):
        acknowledged += write_until_killed(tmp_path, chance.uniform(0.0, 0.5))
    assert len(acknowledged) > KILLS
    assert len(set(acknowledged)) >= len(acknowledged) - KILLS
    store = check(tmp_path, small_park, acknowledged)
    check_newest(store, acknowledged)
    store.close()


@pytest.mark.parametrize("name", ["before_commit", "after_commit", "before_ack"])
def test_killed_at_a_named_point(tmp_path, small_park, name):
    Store.open(tmp_path, small_park, settings=quick()).close()
    assert write_until_killed(tmp_path, PARKTWIN_CRASH=name) == []
    store = check(tmp_path, small_park, [])
    assert store.stats()["readings"] == (0 if name == "before_commit" else ROWS)
    store.close()


def test_a_torn_log_costs_only_what_was_torn(tmp_path, small_park):
    acknowledged = write_until_killed(tmp_path, 0.5)
    log = tmp_path / "parktwin.duckdb.wal"
    whole = log.read_bytes()
    log.write_bytes(whole[:-37])
    store = Store.open(tmp_path, small_park, settings=quick())
    held = set(store._database.query("SELECT batch_id FROM batch")["batch_id"].cast(int))
    assert set(acknowledged[:-2]) <= held
    assert store.append(readings((POINTS[0], 10**6, 1.0))).accepted == 1
    store.close()
