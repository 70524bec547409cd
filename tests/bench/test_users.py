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
from tests.bench.users import OPENING_S
from tests.conftest import Figure

pytestmark = pytest.mark.bench
ALIKE = 50  # points that all look at who ask alike
RATE = 4_000


@pytest.mark.parametrize(("seconds", "alike"), [(2_000, True), (2_000, False), (3_600, False)])
def test_charts_of_many_users(tmp_path: Path, hour_store: Filled, figure: Figure, seconds: int, alike: bool) -> None:
    shutil.copytree(hour_store.folder, tmp_path / "data")
    ids = hour_store.park.points["id"].sample(ALIKE if alike else USERS, seed=7).to_list()
    lasts = round(SHORT_S)
    with serving(hour_store.park, tmp_path / "data") as server:
        habit = {"points": ",".join(ids), "chart": seconds, "alike": alike}
        users = Helper("users", port=server.port, users=USERS, seconds=lasts, **habit)
        sources = Helper("sender", port=server.port, park=hour_store.park.folder, seconds=OPENING_S + lasts, rate=RATE)
        began, spent = monotonic(), cpu_seconds(server.process.pid)
        sources.go()
        users.go()
        sent, said = sources.done(), users.done()
        core = (cpu_seconds(server.process.pid) - spent) / (monotonic() - began)
    how = "all alike" if alike else "each its own point and span"
    first = f"first looks {said['first_ms']['p95']:.0f} ms"
    told = f"{said['ms']['p95']:.0f} ms ({said['kB']:.0f} kB each, {first}, server {percent(core)} of a core)"
    name = f"a chart of {seconds:,} s, {USERS} users once a second, {how}, beside {RATE:,} readings/s: p95"
    figure(name, "≤ 20 ms", told)
    assert sent["accepted"] == sent["sent"]
    assert said["failed"] == 0
    assert said["ms"]["p95"] <= 20
