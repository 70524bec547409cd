"""Killed at any time, the file opens again: every acknowledged row is there, none twice.

``PARKTWIN_KILLS`` sets how many kills (6 in the tests, 200 in ``make bench``).
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path

import polars as pl
import pytest

from cache.store import Store
from tests.cache.batches import NOON, Clock, quick, readings, second
from tests.cache.writing import POINTS, ROWS, STEP_S, batch_of, moment_of, settings
from tests.serving import ROOT

KILLS = int(os.environ.get("PARKTWIN_KILLS", "6"))


def write_until_killed(folder: Path, after_s: float | None = None, **environment: str) -> list[int]:
    """Numbers of the batches that were acknowledged before the process died.

    ``after_s`` counts from the first of them: how long a start takes on a busy machine is no part of it."""
    command = [sys.executable, "-m", "tests.cache.writing", str(folder)]
    pipes = {"stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, env=os.environ | environment, **pipes) as process:
        assert process.stdout.readline().startswith("open") or environment  # who is to die may do so at once
        said = []
        for line in process.stdout:
            if after_s is not None and not said:
                threading.Timer(after_s, process.kill).start()
            said += [line] if line.endswith("\n") else []
        assert process.wait(30) == -9
    return [int(line.split()[0]) for line in said]


def reopened(folder: Path, park) -> Store:
    """The store as it is after the kill, at the time that its last batch was written."""
    clock = Clock()
    store = Store.open(folder, park, settings=settings(), clock=clock)
    clock.now = second(moment_of(int(store.cursor("plant") or 0) + 1))
    return store


def check(folder: Path, park, acknowledged: list[int]) -> Store:
    """The reopened store, once everything acknowledged has been found in it."""
    store = reopened(folder, park)
    held = set(store._database.query("SELECT batch_id FROM batch WHERE source = 'plant'")["batch_id"].cast(int))
    assert set(acknowledged) <= held
    measured = [each for each in held if each % 5 != 4]
    assert store.stats()["readings"] == ROWS * len(measured)
    check_history(store, measured)
    open_rows = store._database.query("SELECT id FROM x_hazard_alarm WHERE known_to IS NULL")["id"]
    assert open_rows.is_unique().all()
    assert len(open_rows) == len(held) - len(measured)
    assert {each: store.append(batch_of(each)).accepted for each in held} == {
        each: 1 if each % 5 == 4 else ROWS for each in held
    }
    assert store.stats()["readings"] == ROWS * len(measured)
    return store


def check_history(store: Store, measured: list[int]) -> None:
    """Each batch's readings are there, once: in full, or counted in the summaries of its five minutes."""
    kept = store.readings(second(-1), second(10**9))
    assert kept.select("point", "ts", "value").is_unique().all()
    per_batch = Counter((ts - NOON) // timedelta(seconds=STEP_S) for ts in kept["ts"])
    assert set(per_batch.values()) <= {ROWS}
    assert set(per_batch) <= set(measured)
    summed = sum(summed_rows(store).values())
    gone = set(measured) - set(per_batch)
    assert summed >= ROWS * len(gone)
    assert all(summed_rows(store).get(each) == ROWS for each in gone)


def summed_rows(store: Store) -> Counter[int]:
    """How many readings the summaries count, by batch, in the table and in the files."""
    files = store._database.query("SELECT file FROM archived")["file"]
    parts = [store._database.query("SELECT start, n FROM summary")]
    parts += [pl.read_parquet(store._database.path.parent / "archive" / each, columns=["start", "n"]) for each in files]
    counts: Counter[int] = Counter()
    for start, n in (row for part in parts for row in part.select("start", "n").rows()):
        counts[(start.replace(tzinfo=UTC) - NOON) // timedelta(seconds=STEP_S)] += n
    return counts


def check_newest(store: Store, held: list[int]) -> None:
    """The arrays stand where the rows say."""
    newest = max(each for each in held if each % 5 != 4)
    assert store.state(store.tick()).head(2)["ts"].max() >= second(newest * STEP_S + (ROWS - 2) / 1000)


def test_killed_at_random_times(tmp_path, template, small_park):
    chance, acknowledged = random.Random(7), []
    for _ in range(KILLS):
        acknowledged += write_until_killed(tmp_path, chance.uniform(0.0, 0.5))
    assert len(set(acknowledged)) >= len(acknowledged) - KILLS
    store = check(tmp_path, small_park, acknowledged)
    check_newest(store, acknowledged)
    store.close()


def test_killed_while_the_history_is_put_in_order(tmp_path, template, small_park):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    acknowledged = write_until_killed(tmp_path, 1.5)
    works = ("close", "settle", "settled", "retire", "archive", "checkpoint")
    for work, when in itertools.product(works, ("before", "after")):
        acknowledged += write_until_killed(tmp_path, PARKTWIN_CRASH=f"{when}_{work}")
    store = check(tmp_path, small_park, acknowledged)
    assert list((tmp_path / "archive").glob("*.parquet"))
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
