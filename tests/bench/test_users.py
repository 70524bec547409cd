"""Three hundred people with a chart open, while readings come."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import monotonic

import pytest

from tests.bench.conftest import serving
from tests.bench.fill import Filled
from tests.bench.helper import Helper
from tests.bench.measure import cpu_seconds, percent
from tests.bench.scale import SHORT_S, USERS
from tests.conftest import Figure

pytestmark = pytest.mark.bench
CHARTED = 50  # points that they look at
RATE = 4_000


@pytest.mark.parametrize("alike", [False, True])
def test_charts_of_many_users(tmp_path: Path, hour_store: Filled, figure: Figure, alike: bool) -> None:
    shutil.copytree(hour_store.folder, tmp_path / "data")
    ids = hour_store.park.points["id"].sample(CHARTED, seed=7).to_list()
    seconds = round(SHORT_S)
    with serving(hour_store.park, tmp_path / "data") as server:
        users = Helper("users", port=server.port, points=",".join(ids), users=USERS, seconds=seconds, alike=alike)
        sources = Helper("sender", port=server.port, park=hour_store.park.folder, seconds=seconds, rate=RATE)
        began, spent = monotonic(), cpu_seconds(server.process.pid)
        sources.go()
        users.go()
        sent, said = sources.done(), users.done()
        core = (cpu_seconds(server.process.pid) - spent) / (monotonic() - began)
    how = "all alike" if alike else "each its own span"
    told = f"{said['ms']['p95']:.0f} ms ({said['kB']:.0f} kB each, server {percent(core)} of a core)"
    name = f"a chart of 2,000 s, {USERS} users once a second, {how}, beside {RATE:,} readings/s: p95"
    figure(name, "≤ 20 ms", told)
    assert sent["accepted"] == sent["sent"]
    assert said["failed"] == 0
    assert said["ms"]["p95"] <= 20
